"""How do a bfloat16 number and a few bits make a float32 one?  Join, split, and the difference that leads to it.

Others call the remainder an error correction, or Kahan summation.  It is an integer, which has no derivative: that of
the float32 number is given to the bfloat16 one whole.
"""

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp

from adam_jax.core.arithmetic import bits_to_float, float_to_bits, spacing, straight_through

_LARGEST = 0x7F7F7FFF  # the bits of the largest float32 that does not round up to an infinite bfloat16


@dataclasses.dataclass(frozen=True)
class WeightFormat:
    """A weight of `bits` bits as a bfloat16 parameter and a remainder.

    bits: 32: an int16 remainder, and the weight is float32.  24: an int8 remainder.  16: none; the parameter is the
    weight.  With fewer than 32 bits weights are rounded stochastically.
    """

    bits: int

    @property
    def remainder_dtype(self) -> Any:
        """None with 16 bits, which have no remainder."""
        return {32: jnp.int16, 24: jnp.int8, 16: None}[self.bits]

    def join(self, p: jax.Array, remainder: jax.Array | None) -> jax.Array:
        """The float32 weight that a bfloat16 `p` and a remainder stand for."""
        return p.astype(jnp.float32) if remainder is None else join(p, remainder)

    def split(self, w: jax.Array, noise: jax.Array | None = None) -> tuple[jax.Array, jax.Array | None]:
        """A float32 `w` as bfloat16, rounded half up so that the remainder always fits, and the remainder.

        With 32 bits both together are `w`, whatever it is, up to the largest number that does not round to an infinite
        bfloat16; what is larger becomes that, infinities and NaN stay.

        noise: uint32, for fewer than 32 bits; None: to nearest.
        """
        low = 32 - self.bits
        bits = float_to_bits(w)
        ordinary = (bits & 0x7FFFFFFF) <= (_LARGEST & -(1 << low))  # rounding never carries into infinity or NaN
        if low:
            carry = 1 << (low - 1) if noise is None else (noise >> (32 - low)).astype(jnp.int32)
            bits = jnp.where(ordinary, bits + carry, bits) & -(1 << low)
        high = bits if low == 16 else (bits + jnp.where(ordinary, 0x8000, 0)) & -0x10000
        p = straight_through(bits_to_float(high).astype(jnp.bfloat16), w)
        return p, _remainder(jnp.minimum(bits - high, 0x7FFF), self.bits)

    def difference_to(self, p: jax.Array, target: jax.Array, noise: jax.Array) -> tuple[jax.Array, jax.Array | None]:
        """The float32 difference that takes `p` to a bfloat16 beside `target`, and the remainder to `target`.

        `apply_updates` computes bfloat16(p + difference), rounding twice.  Where p and the target are close,
        p + difference is the target exactly.  Elsewhere it is an ulp off at most, which matters only beside a tie
        between two bfloat16 numbers, and at the tie itself, which goes to even: there the remainder would not fit, and
        the difference is moved to the other side.

        One case cannot be reached by any float32 difference: a weight less than 2**-9 below a power of two, so that p
        is that power, and an update that takes it to within 2**-17 of zero.  p + difference then has half the
        resolution of the target, and the weight is off by up to 2**-24 |p|, half an ulp of what it was: 2e-5 of all
        such crossings.

        noise: uint32, for fewer than 32 bits.
        """
        p = p.astype(jnp.float32)
        target = clamp_to_bfloat16_range(target)
        exact = target - p
        bits = _drop(target, 32 - self.bits, noise)
        difference = bits_to_float(bits) - p
        if self.bits == 16:  # p + difference lands on the target, or as near as any does: shifting it never helped
            return straight_through(difference, exact), None
        excess = _excess(bits, p + difference)
        # |p + difference| is too small where the remainder would be too large; growing means away from zero
        too_small, too_large = excess > 0x7FFF, excess < -0x8000
        # p + difference may itself be half an ulp off, so that one ulp of the target is not always enough
        shift = jnp.maximum(spacing(difference), 2 * spacing(bits_to_float(bits)))
        outwards = jnp.where(bits < 0, -shift, shift)
        difference = difference + jnp.where(too_small, outwards, jnp.where(too_large, -outwards, 0))
        excess = jnp.clip(_excess(bits, p + difference), -0x8000, 0x7FFF)  # beyond only where no difference lands
        return straight_through(difference, exact), _remainder(excess, self.bits)


def join(p: jax.Array, remainder: jax.Array) -> jax.Array:
    """The float32 number that a bfloat16 `p` and a remainder stand for; its dtype says of how many bits."""
    low = remainder.astype(jnp.int32) << (8 if remainder.dtype == jnp.int8 else 0)
    p = p.astype(jnp.float32)
    return straight_through(bits_to_float(float_to_bits(p) + low), p)


def clamp_to_bfloat16_range(w: jax.Array) -> jax.Array:
    """`w` within what rounds to a finite bfloat16; infinities and NaN stay.

    On the bits: float operations would flush subnormal numbers on a CPU.
    """
    bits = float_to_bits(w)
    size = bits & 0x7FFFFFFF
    size = jnp.where(size < 0x7F800000, jnp.minimum(size, _LARGEST), size)
    return straight_through(bits_to_float((bits & jnp.int32(-0x80000000)) | size), w)


def _excess(target: jax.Array, landed: jax.Array) -> jax.Array:
    """How many float32 numbers `target` is farther from zero than bfloat16 `landed`; a zero counts as of its sign."""
    landed = float_to_bits(landed.astype(jnp.bfloat16).astype(jnp.float32))
    return target - jnp.where(landed & 0x7FFFFFFF == 0, target & jnp.int32(-0x80000000), landed)


def _drop(target: jax.Array, low: int, noise: jax.Array) -> jax.Array:
    """The bits of float32 `target` with the `low` lowest rounded away stochastically, never up to infinity."""
    bits = float_to_bits(target)
    if low == 0:
        return bits
    mask = jnp.int32(-(1 << low))
    rounded = (bits + (noise >> (32 - low)).astype(jnp.int32)) & mask
    return jnp.where((rounded & 0x7FFFFFFF) > _LARGEST, bits & mask, rounded)


def _remainder(excess: jax.Array, bits: int) -> jax.Array | None:
    if bits == 16:
        return None
    return excess.astype(jnp.int16) if bits == 32 else (excess >> 8).astype(jnp.int8)
