"""What does a compiled step cost?  Bytes moved, copies, temporaries, and problems in words, for any program."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from adam_jax.diagnostics.hlo import aliases_of, program_of

_SMALL = 0.01  # bytes per parameter that are not worth a word


@dataclasses.dataclass(frozen=True)
class Compiled:
    """The result of `compiled`.  Fields of type float are in bytes per parameter.

    `str` gives a report of a few lines.
    """

    parameters: int  # by which bytes are divided
    bytes: float  # read and written by all kernels
    kernels: int
    copies: int  # whole-array copies: of arrays as they are, that the program did not ask for
    temporaries: float  # memory of the program besides its arguments and results
    donated: float  # memory of donated arguments that results reuse
    results: float  # memory of all results
    loops: int  # while loops (scans too), whose bodies were counted once
    branches: int  # conditionals, of which the side that moves most was counted
    problems: tuple[str, ...]  # in words

    def __str__(self) -> str:
        """The report."""
        lines = [
            f"{self.bytes:.1f} bytes per parameter moved, by {self.kernels} {_plural('kernel', self.kernels)} "
            f"({self.parameters:,} parameters)",
            f"{self.temporaries:.1f} bytes per parameter of temporaries",
            f"{self.donated:.1f} of {self.results:.1f} bytes per parameter of results reuse donated memory",
        ]
        if self.loops:
            lines.append(f"{self.loops} {_plural('loop', self.loops)}: the body is counted once, however often it runs")
        if self.branches:
            lines.append(
                f"{self.branches} {_plural('conditional', self.branches)}: the branch that moves most is counted"
            )
        return "\n".join([*lines, *(f"- {problem}" for problem in self.problems)])


def compiled(program: Callable[..., Any] | jax.stages.Compiled, *args: Any, params: Any = None) -> Compiled:
    """Count the bytes that a compiled training step moves and keeps, and name its problems.

    It works for any program: any optimizer, Optax's too, alone or inside a whole training step.  It reads the text of
    the compiled program; nothing is run.  Every kernel counts as reading its operands from memory once and writing its
    results once; caches, slices and padding are not considered.

    Args:
      program: the result of `jax.jit(f).lower(...).compile()`; or a jitted function; or a plain function, which is then
        jitted without donation.
      args: the function's arguments: arrays, or `jax.ShapeDtypeStruct` (if their `sharding` is on another machine's
        device, the program is compiled for that machine, if its compiler is installed).  No arguments with a compiled
        program.
      params: the tree of parameters, or their number, by which bytes are divided.  None: the `params` of the donated
        argument if it has such a field (a `TrainState`), otherwise the float elements of the smallest donated argument,
        without arguments that have less than a hundredth of the elements of the largest: with `params` and `state`
        donated, `params`.  If nothing is donated, the same is done with all arguments.

    Returns:
      A `Compiled`.  On several devices the bytes are those of one device, divided by the number of all parameters.

    Raises:
      TypeError: `program` is none of these, or is compiled and got arguments.
      ValueError: `params` has no elements, or must be given, since no argument holds a float.

    >>> import optax
    >>> tx, params = optax.adam(1e-3), jnp.zeros((256, 256))
    >>> def step(params, state, grads):
    ...     updates, state = tx.update(grads, state, params)
    ...     return optax.apply_updates(params, updates), state
    >>> found = compiled(step, params, tx.init(params), params)
    >>> print(found.copies, found.problems[0][:18])
    0 nothing is donated
    >>> compiled(jax.jit(step, donate_argnames=("params", "state")), params, tx.init(params), params).problems
    ()
    """
    ready = _compiled(program, args)
    text = ready.as_text() or ""
    arguments = [] if ready.args_info is None else _arguments(ready.args_info)
    parameters = _parameters(arguments) if params is None else _elements(params)
    if not parameters:
        raise ValueError("params must be given, a tree or a number: no argument of the program holds a float")
    counted, memory = program_of(text), ready.memory_analysis()
    copies = [k for k in counted.kernels if k.copies and k.written > _SMALL * parameters]
    temporaries, reused, results = (
        getattr(memory, name, 0) / parameters
        for name in ("temp_size_in_bytes", "alias_size_in_bytes", "output_size_in_bytes")
    )
    offered = sum(_bytes(x) for x in jax.tree.leaves(ready.args_info) if x.donated) / parameters
    problems = _problems(len(copies), _in_order(aliases_of(text)), temporaries, offered, reused, results)
    return Compiled(
        parameters=parameters,
        bytes=counted.bytes / parameters,
        kernels=len(counted.kernels),
        copies=len(copies),
        temporaries=temporaries,
        donated=reused,
        results=results,
        loops=counted.loops,
        branches=counted.branches,
        problems=tuple(problems),
    )


def _problems(copies: int, in_order: bool, temporaries: float, offered: float, reused: float, results: float) -> Any:
    if copies:
        why = (
            "XLA keeps the old values of an array next to the new ones, or an argument is returned unchanged"
            if in_order
            else "donated arguments are returned in another order than they are given. JAX gives their memory to "
            "results in order, by shape and dtype: take (params, state, grads) and return (params, state)"
        )
        yield f"{copies} whole-array {_plural('copy', copies)}: {why}"
    if not offered and not reused and results > _SMALL:
        yield (
            f"nothing is donated: {results:.1f} bytes per parameter of results take new memory while the arguments are "
            'still held. Give jax.jit donate_argnames=("params", "state")'
        )
    if offered - reused > _SMALL:
        yield (
            f"{offered - reused:.1f} bytes per parameter of donated arguments are not used: "
            "no remaining result has their shape and dtype"
        )
    if temporaries > 4 * _SMALL:
        yield f"temporaries of {temporaries:.1f} bytes per parameter"


def _compiled(program: Any, args: tuple[Any, ...]) -> jax.stages.Compiled:
    program = getattr(program, "compiled", program)  # flax's and Equinox's hold JAX's
    if isinstance(program, jax.stages.Compiled):
        if args:
            raise TypeError(f"a compiled program takes no arguments here; got {len(args)}")
        return program
    if not callable(program):
        raise TypeError(f"program must be a function or a jax.stages.Compiled; got {type(program).__name__}")
    lower = getattr(program, "lower", None) or jax.jit(program).lower
    return _compiled(lower(*args).compile(), ())


def _arguments(info: Any) -> list[Any]:
    """The leaves of each argument, or of its field `params`."""
    positional, named = info
    return [jax.tree.leaves(getattr(x, "params", x)) for x in (*positional, *named.values())]


def _parameters(arguments: list[Any]) -> int:
    donated = [argument for argument in arguments if any(x.donated for x in argument)]
    floats = [(argument, sum(_size(x) for x in argument if _is_float(x))) for argument in donated or arguments]
    # A state of 8-bit moments is nearly all integers.
    sizes = [size for argument, size in floats if 2 * size >= sum(map(_size, argument))] or [0]
    return min((size for size in sizes if size > max(sizes) / 100), default=0)


def _elements(params: Any) -> int:
    return params if isinstance(params, int) else sum(_size(x) for x in jax.tree.leaves(params))


def _size(x: Any) -> int:
    return math.prod(np.shape(x))


def _is_float(x: Any) -> bool:
    return jnp.issubdtype(x.dtype, jnp.inexact)


def _bytes(x: Any) -> int:
    return _size(x) * jnp.dtype(x.dtype).itemsize if jnp.issubdtype(x.dtype, jnp.number) else 0


def _in_order(aliases: list[tuple[int, int]]) -> bool:
    """Whether results take over the arguments' memory in the order of the arguments."""
    arguments = [argument for _, argument in aliases]
    return arguments == sorted(arguments)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else word.removesuffix("y") + ("ies" if word.endswith("y") else "s")
