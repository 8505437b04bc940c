"""How do a bfloat16 number and a few bits make a float32 one?  Split, join, and land on it through `apply_updates`.

The remainders are integers, which have no derivative.  That of the float32 number is given to the bfloat16 one whole.
"""

import jax
import jax.numpy as jnp
from jax import lax

from adam_jax.core.derivatives import straight_through
from adam_jax.core.rounding import spacing

STREAM = 2  # of the dither: 0 and 1 are the moments'
_LARGEST = 0x7F7F7FFF  # the bits of the largest float32 that does not round up to an infinite bfloat16


def land(p: jax.Array, target: jax.Array, bits: int, noise: jax.Array) -> tuple[jax.Array, jax.Array | None]:
    """The float32 difference that takes `p` to a bfloat16 beside `target`, and the remainder to `target`.

    `apply_updates` computes bfloat16(p + difference), rounding twice.  Where p and the target are close, p + difference
    is the target exactly.  Elsewhere it is an ulp off at most, which matters only beside a tie between two bfloat16
    numbers, and at the tie itself, which goes to even: there the remainder would not fit, and the difference is moved
    to the other side.

    One case cannot be reached by any float32 difference: a weight less than 2**-9 below a power of two, so that p is
    that power, and an update that takes it to within 2**-17 of zero.  p + difference then has half the resolution of
    the target, and the weight is off by up to 2**-24 |p|, half an ulp of what it was: 2e-5 of all such crossings.
    """
    p = p.astype(jnp.float32)
    exact = target - p
    target = _drop(target, 32 - bits, noise)
    difference = _float(target) - p
    if bits == 16:  # p + difference lands on the target, or as near as any difference does: shifting it never helped
        return straight_through(difference, exact), None
    excess = _excess(target, p + difference)
    # |p + difference| is too small where the remainder would be too large; growing means away from zero
    too_small, too_large = excess > 0x7FFF, excess < -0x8000
    # p + difference may itself be half an ulp off, so that one ulp of the target is not always enough
    shift = jnp.maximum(spacing(difference), 2 * spacing(_float(target)))
    outwards = jnp.where(target < 0, -shift, shift)
    difference = difference + jnp.where(too_small, outwards, jnp.where(too_large, -outwards, 0))
    return straight_through(difference, exact), _remainder(_excess(target, p + difference), bits)


def _excess(target: jax.Array, landed: jax.Array) -> jax.Array:
    """How many float32 numbers `target` is farther from zero than bfloat16 `landed`; a zero counts as of its sign."""
    landed = _bits(landed.astype(jnp.bfloat16).astype(jnp.float32))
    return target - jnp.where(landed & 0x7FFFFFFF == 0, target & jnp.int32(-0x80000000), landed)


def _drop(target: jax.Array, low: int, noise: jax.Array) -> jax.Array:
    """The bits of float32 `target` with the `low` lowest rounded away stochastically, never up to infinity."""
    bits = _bits(target)
    if low == 0:
        return bits
    mask = jnp.int32(-(1 << low))
    rounded = (bits + (noise >> (32 - low)).astype(jnp.int32)) & mask
    return jnp.where((rounded & 0x7FFFFFFF) > _LARGEST, bits & mask, rounded)


def _remainder(excess: jax.Array, bits: int) -> jax.Array | None:
    if bits == 16:
        return None
    # beyond that only where no difference lands
    excess = jnp.where(jnp.abs(excess) > 0x10000, 0, jnp.clip(excess, -0x8000, 0x7FFF))
    return excess.astype(jnp.int16) if bits == 32 else (excess >> 8).astype(jnp.int8)


def join(p: jax.Array, remainder: jax.Array) -> jax.Array:
    """The float32 number that a bfloat16 `p` and a remainder stand for."""
    low = remainder.astype(jnp.int32) << (8 if remainder.dtype == jnp.int8 else 0)
    p = p.astype(jnp.float32)
    return straight_through(_float(_bits(p) + low), p)


def split(w: jax.Array, bits: int) -> tuple[jax.Array, jax.Array | None]:
    """A float32 `w` as bfloat16, rounded half up so that the remainder always fits, and the remainder."""
    target = _drop(landable(w), 32 - bits, jnp.full(w.shape, 2**31, jnp.uint32))
    high = (target + jnp.int32(0x8000)) & jnp.int32(-0x10000)
    return straight_through(_float(high).astype(jnp.bfloat16), w), _remainder(target - high, bits)


def landable(w: jax.Array) -> jax.Array:
    """`w` without a sign of zero, and within what rounds to a finite bfloat16; infinities and NaN stay.

    On the bits: float operations would flush subnormal numbers on a CPU.
    """
    bits = _bits(w)
    size = bits & 0x7FFFFFFF
    size = jnp.where(size < 0x7F800000, jnp.minimum(size, _LARGEST), size)
    return straight_through(_float(jnp.where(size == 0, 0, (bits & jnp.int32(-0x80000000)) | size)), w)


def _bits(x: jax.Array) -> jax.Array:
    return lax.bitcast_convert_type(x, jnp.int32)


def _float(bits: jax.Array) -> jax.Array:
    return lax.bitcast_convert_type(bits, jnp.float32)
