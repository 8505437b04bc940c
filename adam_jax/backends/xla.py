"""The definition: XLA compiles the leaf step, leaf by leaf, and fuses what is elementwise."""

import dataclasses
import functools
import math
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from adam_jax.backends import Observed, Part, ScalarsOf
from adam_jax.backends.devices import all_finite
from adam_jax.backends.platforms import is_unsharded, with_cpu_formulation
from adam_jax.core import (
    LeafArrays,
    LeafResults,
    LeafScalars,
    LeafStep,
    bits_to_float,
    gradient_square,
    leaf_scalars,
    saturate,
    saturated_float32,
    wrapped,
)

_OF_ITS_OWN = 2**16  # the elements of a leaf from which it should have a kernel of its own
_INFINITY = 0x7F800000  # its bits; those of NaN are larger


@dataclasses.dataclass(frozen=True)
class XLA:
    """Runs everything everywhere."""

    recomputes: bool = True

    def unsupported(self, step: LeafStep, arrays: LeafArrays) -> str | None:
        """None: there is nothing that it cannot do."""
        del step, arrays
        return None

    def observe(self, grads: Sequence[jax.Array | None], *, squares: bool, finite: bool) -> Observed:
        """See `Backend.observe`."""
        return Observed(
            _largest_squares(grads) if squares else None,
            all_finite([g for g in grads if g is not None]) if finite else None,
        )

    def run(
        self,
        steps: Sequence[LeafStep],
        scalars_of: ScalarsOf,
        leaves: Sequence[LeafArrays],
        numbers: Sequence[int],
        parts: Sequence[Part] | None = None,
    ) -> list[LeafResults]:
        """See `Backend.run`."""
        if parts is not None:
            indices = map(_element_index, leaves, parts)
        elif is_unsharded(*(arrays.g for arrays in leaves)):  # one iota, which XLA need not partition
            shapes = [jnp.shape(arrays.g) for arrays in leaves]
            indices = (lax.iota(jnp.uint32, math.prod(shape)).reshape(shape) for shape in shapes)
        else:
            indices = (None for _ in leaves)
        packed_of = functools.cache(lambda dtype: _Packed(scalars_of(dtype)))
        return [
            step(arrays, packed_of(step.arithmetic(arrays)).of_leaf(number, arrays), index)
            for step, arrays, number, index in zip(steps, leaves, numbers, indices, strict=True)
        ]


class _Packed:
    """The scalars of all leaves, with the vectors among them as one array per dtype.

    On a GPU XLA merges the kernels of leaves that read the same small arrays, and then writes temporaries: of GPT-2's
    148 leaves 24 bytes per parameter, 3.5 of them temporaries.  So each leaf reads all numbers behind barriers of its
    own, and takes 16.01 bytes and no temporaries.  Small leaves have none: they may share kernels.
    """

    def __init__(self, scalars: LeafScalars) -> None:
        self.scalars = scalars
        self.given, self.structure = jax.tree.flatten(scalars)
        arrays = [i for i, x in enumerate(self.given) if isinstance(x, jax.Array)]
        self.single = [i for i in arrays if not self.given[i].ndim]
        vectors = [i for i in arrays if self.given[i].ndim]
        dtypes = sorted({self.given[i].dtype for i in vectors}, key=str)
        self.vectors = [[i for i in vectors if self.given[i].dtype == dtype] for dtype in dtypes]
        self.rows = [jnp.stack([self.given[i] for i in those]) for those in self.vectors]

    def of_leaf(self, number: int, arrays: LeafArrays) -> LeafScalars:
        """What the step of a leaf with these arrays reads."""
        if not self.vectors or math.prod(jnp.shape(arrays.g)) < _OF_ITS_OWN:
            return leaf_scalars(self.scalars, number)
        values = list(self.given)
        for i in self.single:
            values[i] = _behind_a_barrier(values[i], arrays.stored[0])
        for those, rows in zip(self.vectors, self.rows, strict=True):
            column = lax.index_in_dim(_behind_a_barrier(rows, arrays.stored[0]), number, 1, keepdims=False)
            for row, i in enumerate(those):
                values[i] = lax.index_in_dim(column, row, keepdims=False)
        return self.structure.unflatten(values)


@jax.custom_jvp
def _behind_a_barrier(x: jax.Array, beside: jax.Array) -> jax.Array:
    """`x`, to XLA another array for every `beside`."""
    return lax.optimization_barrier((x, beside))[0]


@_behind_a_barrier.defjvp
def _behind_a_barrier_jvp(primals: Any, tangents: Any) -> tuple[jax.Array, jax.Array]:
    return _behind_a_barrier(*primals), tangents[0]


def _element_index(arrays: LeafArrays, part: Part) -> jax.Array:
    shape = jnp.shape(arrays.g)
    *lead, rows, columns = (1, 1, 1, *shape)
    seen = (math.prod(lead), rows, columns)
    of_lead, of_row = map(wrapped, part.strides or (rows * columns, columns))
    iota = [lax.broadcasted_iota(jnp.int32, seen, axis) for axis in range(3)]
    index = part.first + iota[0] * of_lead + iota[1] * of_row + iota[2]
    return lax.bitcast_convert_type(index, jnp.uint32).reshape(shape)


def _largest_squares(grads: Sequence[jax.Array | None]) -> jax.Array:
    if not grads:
        return jnp.zeros(0, jnp.float32)
    return jnp.stack([jnp.zeros((), jnp.float32) if g is None else _largest_square(g) for g in grads])


def _largest_square(g: jax.Array) -> jax.Array:
    """The largest finite g**2."""
    if is_unsharded(g):
        return with_cpu_formulation(_largest_square_on_a_cpu, _largest_of_squares, g)
    return _largest_of_squares(g)


def _largest_of_squares(g: jax.Array) -> jax.Array:
    g2 = gradient_square(g)
    finite = jnp.where(g2 < jnp.inf, g2, 0)  # NaN is not below infinity
    return lax.reduce(finite, jnp.float32(0), lax.max, tuple(range(g.ndim)))


def _largest_square_on_a_cpu(g: jax.Array) -> jax.Array:
    """The same number, bit for bit.

    One reduction with two results, the largest g and the largest -g, as the bits of floats, ordered as integers are.
    With one result XLA writes g**2 out for a CPU before it reduces it: 1.9 ns per parameter and not 0.1.  Across
    devices XLA would gather a reduction with two results.
    """
    bits = lax.bitcast_convert_type(saturated_float32(g), jnp.int32)
    signs = [jnp.where(x < _INFINITY, x, 0) for x in (bits, bits ^ jnp.int32(-(2**31)))]
    zero = jnp.int32(0)
    largest = lax.reduce(signs, [zero, zero], lambda a, b: list(map(jnp.maximum, a, b)), tuple(range(g.ndim)))
    return lax.square(saturate(bits_to_float(jnp.maximum(*largest))))
