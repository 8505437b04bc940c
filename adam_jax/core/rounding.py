"""How do bits fall?  Dithered rounding from a counter: no key to carry, the same on any sharding, the same on resume.

Rounding v to the nearest bfloat16 never lets it decay: at b2 = 0.999 a step changes v by 0.1%, and half the distance
between two bfloat16 numbers is 0.2% to 0.4%.  Rounding up with the probability of the fraction is right on average.
"""

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from adam_jax.core.arithmetic import straight_through

# Odd constants, so that i and n run through all of uint32.
# A: found by search among 30 million, so that neighbouring rows are rounded independently.  The dithers of elements
# `stride` apart differ by stride * A: for 768, 11008, 50257, and 2**k, 3 * 2**k and 5 * 2**k columns from 768 to 4,096,
# by 0.16 to 0.84 of a turn; those of A * 128 too.
_INDEX = 0xA874E8D3
# K: each is hard to approximate by fractions, so that gradients of no short period meet the same dither again: for q up
# to 200, q * K is nowhere nearer to a whole number of turns than 0.27 / q.  So is 128 times the first.
_STREAMS = (0x9EC3ED27, 0x6A09E667, 0x4D82B4C5)


def dither_of_step(count: jax.Array, stream: int, dtype: jax.typing.DTypeLike) -> jax.Array:
    """A number in [-1/2, 1/2) for step `count`: multiples of the golden ratio, which fill the interval evenly.

    One number serves all elements of all leaves: what must cancel is an element's error over time.
    """
    turn = jnp.asarray(count).astype(jnp.uint32) * jnp.uint32((0x9E3779B9, 0x91E10DA5)[stream])
    return (turn >> 8).astype(dtype) * 2.0**-24 - 0.5


def element_index(shape: tuple[int, ...]) -> jax.Array:
    """The number of each element of an array in C order, uint32, modulo 2**32."""
    index = jnp.zeros(shape, jnp.uint32)
    stride = 1
    for axis in reversed(range(len(shape))):
        index = index + lax.broadcasted_iota(jnp.uint32, shape, axis) * jnp.uint32(stride % 2**32)
        stride *= shape[axis]
    return index


def dither_seed(count: Any, stream: int, leaf: Any) -> jax.Array:
    """What one array of a leaf adds at one step: count * K + s(stream, leaf), uint32 modulo 2**32.

    Args:
      count: completed steps, an int.
      stream: 0, 1 or 2: which of the leaf's arrays is rounded.
      leaf: the leaf's number in the tree, or the numbers of all leaves.
    """
    start = jnp.asarray(leaf, jnp.uint32) * jnp.uint32(0x85EBCA6B) + jnp.uint32(stream)
    return jnp.asarray(count).astype(jnp.uint32) * jnp.uint32(_STREAMS[stream]) + start


def dither(index: jax.Array, seed: jax.Array) -> jax.Array:
    """uint32 numbers, evenly spread over elements and over steps: i * A + seed, modulo 2**32.

    The 25 lower bits, moved up by 7, are spread as evenly, and independent of the 7 upper ones: a second number for
    one shift.

    Args:
      index: `element_index` of the leaf: of all of it, or of the part at hand.
      seed: `dither_seed`, a scalar.
    """
    return index * jnp.uint32(_INDEX) + seed


def to_bfloat16(x: jax.Array, noise: jax.Array) -> jax.Array:
    """Round float32 to one of the two nearest bfloat16, with expectation `x` over uniform uint32 `noise`.

    bfloat16 is the upper half of float32: adding 16 random bits to the lower half carries with the right probability.
    Representable numbers, infinities and NaN stay as they are; what would round to infinity becomes the largest.
    """
    largest = float(jnp.finfo(jnp.bfloat16).max)
    bits = lax.bitcast_convert_type(jnp.clip(x, -largest, largest), jnp.uint32)
    rounded = (bits + (noise >> 16)) & jnp.uint32(0xFFFF0000)
    rounded = jnp.where(jnp.isfinite(x), lax.bitcast_convert_type(rounded, jnp.float32), x)
    return straight_through(rounded.astype(jnp.bfloat16), x)
