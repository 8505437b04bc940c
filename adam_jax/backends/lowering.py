"""How does a program get a kernel on a TPU, and XLA's passes elsewhere?  By a primitive with a lowering for each."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax.core import Tracer
from jax.extend.core import ClosedJaxpr, Primitive, Var, jaxpr_as_fun
from jax.interpreters import ad, batching, mlir

from adam_jax.backends.platforms import FOR_TPU, platform

_WITH_TPU_KERNEL = Primitive("with_tpu_kernel")
_WITH_TPU_KERNEL.multiple_results = True


def with_tpu_kernel(
    kernel: Callable[[], Any], otherwise: Callable[[], Any], *arrays: Any, refusal: str | None = None
) -> Any:
    """`kernel()` on a TPU, else `otherwise()`; arrays: what both compute on.

    Where the platform is not known yet both are traced (ask `may_be_tpu` first), and one of them is lowered.  Not by
    `lax.platform_dependent`: exported for several platforms, it lowers the kernel for each, and it differentiates and
    batches the kernel too.

    refusal: what a ValueError says where it is no TPU.
    """
    if not any(isinstance(x, Tracer) for x in arrays):
        if platform(*arrays) == "tpu":
            return kernel()
        return _refuse(refusal) if refusal else otherwise()
    for_tpu, shape = jax.make_jaxpr(_traced(kernel, True), return_shape=True)()
    traced = for_tpu if refusal else jax.make_jaxpr(_traced(otherwise, False))()
    assert _arrays(traced) == _arrays(for_tpu)
    results = _WITH_TPU_KERNEL.bind(
        *traced.consts,
        *for_tpu.consts,
        otherwise=traced.jaxpr,
        kernel=for_tpu.jaxpr,
        split=len(traced.consts),
        refusal=refusal,
    )
    return jax.tree.unflatten(jax.tree.structure(shape), results)


def _traced(function: Callable[[], Any], for_tpu: bool) -> Callable[[], Any]:
    def branch() -> Any:
        token = FOR_TPU.set(for_tpu)
        try:
            return function()
        finally:
            FOR_TPU.reset(token)

    return branch


def _arrays(closed: ClosedJaxpr) -> list[tuple[Any, Any]]:
    return [(aval.shape, aval.dtype) for aval in closed.out_avals]


def _refuse(refusal: str) -> Any:
    raise ValueError(refusal)


@_WITH_TPU_KERNEL.def_impl
def _(*operands: Any, **params: Any) -> Any:
    return jax.jit(functools.partial(_WITH_TPU_KERNEL.bind, **params))(*operands)


@_WITH_TPU_KERNEL.def_abstract_eval
def _(*_: Any, otherwise: Any, **__: Any) -> Any:
    return [variable.aval for variable in otherwise.outvars]


def _run(jaxpr: Any, operands: Sequence[Any]) -> Any:
    """Of a jaxpr without arguments, with what its function closed over."""
    return jaxpr_as_fun(ClosedJaxpr(jaxpr, tuple(operands)))()


def _elsewhere(*operands: Any, otherwise: Any, split: int, refusal: str | None, **_: Any) -> Any:
    return _refuse(refusal) if refusal else _run(otherwise, operands[:split])


def _on_a_tpu(*operands: Any, kernel: Any, split: int, **_: Any) -> Any:
    return _run(kernel, operands[split:])


def _batched(operands: Sequence[Any], axes: Sequence[int | None], *, otherwise: Any, split: int, **_: Any) -> Any:
    results = jax.vmap(lambda *x: _run(otherwise, x), in_axes=tuple(axes[:split]))(*operands[:split])
    return results, [0] * len(results)


def _differentiated(primals: Sequence[Any], tangents: Sequence[Any], *, otherwise: Any, split: int, **_: Any) -> Any:
    # Only of what moves: 8-bit moments refuse every tangent that is not known to be zero.
    moving = [i for i in range(split) if type(tangents[i]) is not ad.Zero]

    def moved(*some: Any) -> Any:
        operands = list(primals[:split])
        for i, x in zip(moving, some, strict=True):
            operands[i] = x
        return _run(otherwise, operands)

    results, changes = jax.jvp(moved, [primals[i] for i in moving], [tangents[i] for i in moving])
    return results, [
        change if moves else ad.Zero(jax.typeof(result).to_tangent_aval())
        for result, change, moves in zip(results, changes, _that_move(otherwise, moving), strict=True)
    ]


def _that_move(jaxpr: Any, operands: Sequence[int]) -> list[bool]:
    """Which results depend on some operands through floats only; what passes through integers has no derivative."""
    moving = {jaxpr.constvars[i] for i in operands}
    for equation in jaxpr.eqns:
        if any(isinstance(x, Var) and x in moving for x in equation.invars):
            moving |= {x for x in equation.outvars if jnp.issubdtype(x.aval.dtype, jnp.inexact)}
    return [isinstance(x, Var) and x in moving for x in jaxpr.outvars]


mlir.register_lowering(_WITH_TPU_KERNEL, mlir.lower_fun(_elsewhere, multiple_results=True))
mlir.register_lowering(_WITH_TPU_KERNEL, mlir.lower_fun(_on_a_tpu, multiple_results=True), platform="tpu")
batching.primitive_batchers[_WITH_TPU_KERNEL] = _batched
ad.primitive_jvps[_WITH_TPU_KERNEL] = _differentiated
