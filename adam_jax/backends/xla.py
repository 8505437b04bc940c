"""The definition: XLA compiles the leaf step, leaf by leaf, and fuses what is elementwise."""

import dataclasses
import functools
import math
from collections.abc import Callable, Sequence

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
        indices = map(_flat_index, leaves) if parts is None else map(_element_index, leaves, parts)
        packed_of = functools.cache(lambda dtype: _pack(scalars_of(dtype)))
        results = []
        for step, arrays, number, index in zip(steps, leaves, numbers, indices, strict=True):
            packed, unpack = packed_of(step.arithmetic(arrays))
            if packed and math.prod(jnp.shape(arrays.g)) >= _OF_ITS_OWN:
                packed, stored = lax.optimization_barrier((packed, arrays.stored))
                arrays = arrays._replace(stored=stored)
            results.append(step(arrays, leaf_scalars(unpack(packed), number), index))
        return results


def _pack(scalars: LeafScalars) -> tuple[list[jax.Array], Callable[[list[jax.Array]], LeafScalars]]:
    """The numbers of all leaves as one array per dtype, if there are vectors among them, and the way back.

    On a GPU XLA merges the kernels of leaves that read the same small arrays, and then writes temporaries: of GPT-2's
    148 leaves 24 bytes per parameter, 3.5 of them temporaries.  So each leaf reads all numbers from one array, behind a
    barrier of its own, and takes 16.01 bytes and no temporaries.  Small leaves have none: they may share kernels.
    """
    given, structure = jax.tree.flatten(scalars)
    arrays = [i for i, x in enumerate(given) if isinstance(x, jax.Array)]
    lengths = {given[i].size for i in arrays if given[i].ndim}
    dtypes = sorted({given[i].dtype for i in arrays}, key=str)
    places = [[i for i in arrays if given[i].dtype == dtype] for dtype in dtypes]
    if not lengths:
        return [], lambda _: scalars

    def unpack(packed: list[jax.Array]) -> LeafScalars:
        values = list(given)
        for those, rows in zip(places, packed, strict=True):
            for i, row in zip(those, rows, strict=True):
                values[i] = row
        return structure.unflatten(values)

    return [jnp.stack([jnp.broadcast_to(given[i], max(lengths)) for i in those]) for those in places], unpack


def _flat_index(arrays: LeafArrays) -> jax.Array | None:
    """`element_index` as one iota, if XLA need not partition it; None: the leaf step computes it."""
    shape = jnp.shape(arrays.g)
    return lax.iota(jnp.uint32, math.prod(shape)).reshape(shape) if is_unsharded(arrays.g) else None


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
