"""How does a program get a kernel where there is one, and XLA's passes elsewhere?  By a primitive lowered for each."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.core import Tracer
from jax.extend.core import ClosedJaxpr, Primitive, Var, jaxpr_as_fun
from jax.interpreters import ad, batching, mlir

from adam_jax.backends.platforms import LOWERED_FOR, is_spread, platform

_WITH_KERNELS = Primitive("with_kernels")
_WITH_KERNELS.multiple_results = True


class Way(NamedTuple):
    """One way to compute the same, traced."""

    jaxpr: Any  # of a function without arguments: `constvars` are what it closes over
    operands: tuple[int, int]  # where these are among the operands of the primitive
    any_devices: bool = True  # False: it must see whole arrays, and XLA cannot cut it for several devices

    def run(self, operands: Sequence[Any]) -> Any:
        return _run(self.jaxpr, operands[slice(*self.operands)])


def with_kernels(
    kernels: Mapping[str, Callable[[], Any]],
    otherwise: Callable[[], Any] | None,
    *arrays: Any,
    refusal: str | None = None,
    whole_arrays: bool = False,
) -> Any:
    """`kernels[platform]()` on a platform that has one, else `otherwise()`; arrays: what all compute on.

    Where the platform is not known yet all are traced, and one of them is lowered.  Not by `lax.platform_dependent`:
    exported for several platforms, it lowers a kernel for each, and it differentiates and batches the kernel too.

    otherwise: what is differentiated and batched too; None: the kernel, of which there is one.
    refusal: what a ValueError says where there is no kernel.
    whole_arrays: a CPU's kernel needs whole arrays on one device; where they are spread there is none.
    """
    if not any(isinstance(x, Tracer) for x in arrays):
        here = platform(*arrays)
        kernel = None if here == "cpu" and whole_arrays and is_spread(*arrays) else kernels.get(here or "")
        if kernel is not None:
            return otherwise() if here == "cpu" and otherwise and _reads_tracers(kernel) else kernel()
        return _refuse(refusal) if refusal or otherwise is None else otherwise()
    traced = {name: jax.make_jaxpr(_traced(kernel, name), return_shape=True)() for name, kernel in kernels.items()}
    programs = {name: closed for name, (closed, _) in traced.items()}
    if otherwise is not None:
        programs[""] = jax.make_jaxpr(_traced(otherwise, ""))()
    operands: list[Any] = []
    ways: dict[str, Way] = {}
    for name, closed in programs.items():
        start = len(operands)
        operands += closed.consts
        ways[name] = Way(closed.jaxpr, (start, len(operands)), any_devices=not (name == "cpu" and whole_arrays))
        assert _arrays(closed) == _arrays(next(iter(programs.values())))
    results = _WITH_KERNELS.bind(*operands, ways=tuple(ways.items()), refusal=refusal)
    return jax.tree.unflatten(jax.tree.structure(next(iter(traced.values()))[1]), results)


def _reads_tracers(kernel: Callable[[], Any]) -> bool:
    """Whether a hyperparameter is traced though the arrays are not: somebody differentiates by it."""
    return any(isinstance(x, Tracer) for x in jax.make_jaxpr(kernel)().consts)


def _traced(function: Callable[[], Any], name: str) -> Callable[[], Any]:
    def branch() -> Any:
        token = LOWERED_FOR.set(name)
        try:
            return function()
        finally:
            LOWERED_FOR.reset(token)

    return branch


def _arrays(closed: ClosedJaxpr) -> list[tuple[Any, Any]]:
    return [(aval.shape, aval.dtype) for aval in closed.out_avals]


def _refuse(refusal: str | None) -> Any:
    raise ValueError(refusal)


@_WITH_KERNELS.def_impl
def _(*operands: Any, **params: Any) -> Any:
    return jax.jit(functools.partial(_WITH_KERNELS.bind, **params))(*operands)


def _definition(ways: tuple[tuple[str, Way], ...]) -> Way:
    return dict(ways).get("", ways[0][1])


@_WITH_KERNELS.def_abstract_eval
def _(*_: Any, ways: Any, **__: Any) -> Any:
    return [variable.aval for variable in _definition(ways).jaxpr.outvars]


def _run(jaxpr: Any, operands: Sequence[Any]) -> Any:
    """Of a jaxpr without arguments, with what its function closed over."""
    return jaxpr_as_fun(ClosedJaxpr(jaxpr, tuple(operands)))()


def _lowered(context: Any, *operands: Any, name: str, ways: Any, refusal: str | None) -> Any:
    known = dict(ways)
    way = known.get(name)
    if way is not None and name == "cpu" and not _may_call_a_library(context, way, named=bool(refusal)):
        way = None
    if way is None and refusal:
        _refuse(refusal)
    chosen = way or known[""]
    return mlir.lower_fun(lambda *x: chosen.run(x), multiple_results=True)(context, *operands)


def _may_call_a_library(context: Any, way: Way, named: bool) -> bool:
    """Whether a custom call of a library can run where this program, or its part for a CPU, will."""
    module = context.module_context
    if "cpu" not in module.platforms:  # of compute_on("device_host"): its code cannot call what is registered for a CPU
        return False
    if getattr(module.lowering_parameters, "for_export", False) and not named:  # it may be absent where it is loaded
        return False
    return way.any_devices or not _is_of_many_devices(context)


def _is_of_many_devices(context: Any) -> bool:
    """Whether XLA would cut this part of the program, so that it must know how."""
    axes = context.module_context.axis_context
    manual, mesh = getattr(axes, "manual_axes", None), getattr(axes, "mesh", None)
    if manual is not None and mesh is not None:
        return mesh.size > 1 and set(manual) != set(mesh.axis_names)
    return (getattr(axes, "num_devices", 1) or 1) > 1


def _batched(operands: Sequence[Any], axes: Sequence[int | None], *, ways: Any, refusal: str | None) -> Any:
    del refusal
    way = _definition(ways)
    mine = slice(*way.operands)
    results = jax.vmap(lambda *x: _run(way.jaxpr, x), in_axes=tuple(axes[mine]))(*operands[mine])
    return results, [0] * len(results)


def _differentiated(primals: Sequence[Any], tangents: Sequence[Any], *, ways: Any, refusal: str | None) -> Any:
    del refusal
    way = _definition(ways)
    mine = slice(*way.operands)
    primals, tangents = primals[mine], tangents[mine]
    # Only of what moves: 8-bit moments refuse every tangent that is not known to be zero.
    moving = [i for i, tangent in enumerate(tangents) if type(tangent) is not ad.Zero]

    def moved(*some: Any) -> Any:
        operands = list(primals)
        for i, x in zip(moving, some, strict=True):
            operands[i] = x
        return _run(way.jaxpr, operands)

    results, changes = jax.jvp(moved, [primals[i] for i in moving], [tangents[i] for i in moving])
    return results, [
        change if moves else ad.Zero(jax.typeof(result).to_tangent_aval())
        for result, change, moves in zip(results, changes, _that_move(way.jaxpr, moving), strict=True)
    ]


def _that_move(jaxpr: Any, operands: Sequence[int]) -> list[bool]:
    """Which results depend on some operands through floats only; what passes through integers has no derivative."""
    moving = {jaxpr.constvars[i] for i in operands}
    for equation in jaxpr.eqns:
        if any(isinstance(x, Var) and x in moving for x in equation.invars):
            moving |= {x for x in equation.outvars if jnp.issubdtype(x.aval.dtype, jnp.inexact)}
    return [isinstance(x, Var) and x in moving for x in jaxpr.outvars]


mlir.register_lowering(_WITH_KERNELS, functools.partial(_lowered, name=""))
for _name in ("tpu", "cpu"):
    mlir.register_lowering(_WITH_KERNELS, functools.partial(_lowered, name=_name), platform=_name)
batching.primitive_batchers[_WITH_KERNELS] = _batched
ad.primitive_jvps[_WITH_KERNELS] = _differentiated
