"""How are both moments of a parameter stored in 16 bits?  9 bits of sqrt(v), 7 of m / sqrt(v), one bound per leaf.

Element by element, with no blocks: the compiler fuses decode, rule and encode into one pass, and shards it.

- v is stored as v / M with relative spacing 16 / c over 144 octaves, where the bound M obeys v's own recursion with
  the leaf's largest g**2.  By induction v <= M, so nothing saturates; the smallest code is for the smallest non-zero v,
  so no non-zero v becomes zero, which is what makes other 8-bit Adams explode.
- m is stored as the bias-corrected ratio r = m_hat / sqrt(v_hat), whose error is that of the update, at any scale.
- Both are rounded stochastically: to nearest, v never decays and m drifts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from adam_jax.core.arithmetic import arithmetic_dtype, bits_to_float, float_to_bits, not_differentiated
from adam_jax.core.rounding import dither, element_index

if TYPE_CHECKING:
    from adam_jax.core.decay import StepScalars
    from adam_jax.core.formats import Stored
    from adam_jax.core.rules import Moments, SecondMoment

_V_CODES = 511  # 9 bits, 0 for zero
_R_CODES = 63  # 7 bits with a sign
_SOFTNESS = 0.25  # of the map from r to its code: finest near zero.  Flat from 0.25 to 0.5
_LARGEST_REACH = 2.0**60  # of |m| / sqrt(v), where b1 and b2 allow any: its square is finite
_TINY = 2.0**-126  # the smallest normal float32
_INFINITY = 0x7F800000  # its bits; those of NaN are larger
_NO_DERIVATIVE = (
    "moments='8bit' cannot be differentiated: they are integers, so the next step would have no derivative with "
    "respect to them. Use moments='float32' or 'bfloat16' in the steps to differentiate through. To count gradients as "
    "constants give jax.lax.stop_gradient(grads)"
)


class EightBitScalars(NamedTuple):
    """The scalars of one step, vectors where leaves differ: as the moments were encoded, and as they will be."""

    completed: jax.Array  # steps
    leaf: np.ndarray  # the number of each leaf, uint32
    root_factor: jax.Array  # sqrt(v) is (code**4 times this)**2
    m_factor: jax.Array  # m is k / (reach - |k|) * sqrt(v) times this
    reach: jax.Array  # of the code of r, which is k = reach * r / (|r| + softness)
    to_code: jax.Array  # the next code is v**(1/16) times this; 0 where M is
    next_factor: jax.Array  # sqrt(v) * softness * scale is (code**4 times this)**2
    next_reach: jax.Array

    @classmethod
    def of(cls, completed: jax.Array, leaf: np.ndarray, before: Stored, after: Stored) -> EightBitScalars:
        """From the bounds, scales and reaches of the state before and after the step."""
        bounds, next_bounds = before[0], after[0]
        factor, next_factor = (jnp.sqrt(jnp.sqrt(bound)) / float(_V_CODES**4) for bound in (bounds, next_bounds))
        some = next_bounds > 0
        root = jnp.sqrt(jnp.sqrt(jnp.sqrt(jnp.where(some, next_bounds, 1))))
        return cls(
            completed,
            leaf,
            root_factor=factor,
            m_factor=_SOFTNESS * before[1],
            reach=_code_reach(*before[1:]),
            to_code=jnp.where(some, _V_CODES * lax.rsqrt(root), 0),
            next_factor=next_factor * jnp.sqrt(_SOFTNESS * after[1]),
            next_reach=_code_reach(*after[1:]),
        )


def _code_reach(scale: jax.Array, reach: jax.Array) -> jax.Array:
    """What gives the largest ratio to be stored, of the step that `scale` and `reach` are of, the largest code.

    A tenth above the largest possible ratio, since what is stored was rounded.  More than 32 is clipped: it takes
    gradients that fall at just the pace at which b1 and b2 forget them.
    """
    largest = jnp.clip(1.1 * reach / scale, 2.0, 32.0)
    return _R_CODES * (largest + _SOFTNESS) / largest


@dataclasses.dataclass(frozen=True)
class EightBit:
    """Both moments of a real parameter of up to 32 bits in one uint16.

    second_moment: what nu is; v is stored, the square that it stands for.
    """

    second_moment: SecondMoment
    arrays: int = 1
    needs_largest_squares: bool = True

    def init(self, param: Any) -> Stored:
        if jnp.issubdtype(param.dtype, jnp.complexfloating) or arithmetic_dtype(param) != np.float32:
            raise ValueError(
                f"moments='8bit' holds real float32, bfloat16 and float16 parameters; got {param.dtype}. "
                "Use moments='float32' for this leaf, by optax.partition"
            )
        return (jnp.zeros_like(param, jnp.uint16),)

    def init_shared(self, leaves: int) -> Stored:
        return (jnp.zeros(leaves, jnp.float32), jnp.ones(leaves, jnp.float32), jnp.zeros(leaves, jnp.float32))

    def per_step_scalars(
        self,
        largest_squares: jax.Array | None,
        has_gradient: Sequence[bool],
        shared: Stored,
        scalars: StepScalars,
        count: jax.Array,
    ) -> tuple[Stored, EightBitScalars]:
        assert largest_squares is not None
        bounds, _, reaches = shared
        stepped = np.asarray(has_gradient, bool)  # the others' codes stay, and so does what decodes them
        new = (
            self._next_bounds(bounds, largest_squares, scalars),
            jnp.full_like(bounds, self.scale_of(scalars)),
            jnp.minimum(self.second_moment.reach(reaches, scalars.b1, scalars.b2), _LARGEST_REACH),
        )
        after = tuple(jnp.where(stepped, x, old) for x, old in zip(new, shared, strict=True))
        leaves = np.arange(len(has_gradient), dtype=np.uint32)
        return after, EightBitScalars.of(count, leaves, shared, after)

    def _next_bounds(self, bounds: jax.Array, largest_squares: jax.Array, scalars: StepScalars) -> jax.Array:
        largest = self.second_moment.bound(bounds, largest_squares, scalars.b2, scalars.eps)
        largest = largest * (1 + 2.0**-20)  # decoding and rounding may leave v four ulp above this average
        return jnp.where(largest < _TINY, 0, largest)

    def scale_of(self, scalars: StepScalars) -> jax.Array:
        """What makes r = m / (scale * sqrt(v)) the ratio m_hat / sqrt(v_hat), as long as rates are constant."""
        c2 = self.second_moment.correction(scalars.b2)
        return jnp.float32(scalars.b1.correction) * lax.rsqrt(jnp.float32(c2))

    def decode(self, stored: Stored, dtype: np.dtype, scalars: EightBitScalars) -> Moments:
        word = stored[0].astype(jnp.int32)
        root = _eighth_power(word >> 7, scalars.root_factor)
        k = ((word << 25) >> 25).astype(jnp.float32)
        m = k * _reciprocal(scalars.reach - jnp.abs(k)) * (root * scalars.m_factor)
        return m.astype(dtype), self.second_moment.of_root(root).astype(dtype)

    def encode(self, moments: Moments, stored: Stored, scalars: EightBitScalars, index: jax.Array | None) -> Stored:
        m, nu = (not_differentiated(x.astype(jnp.float32), _NO_DERIVATIVE) for x in moments)
        v = self.second_moment.square(nu)
        index = element_index(m.shape) if index is None else index
        u_r, u_v = (
            float_to_bits(dither(index, scalars.completed, stream, scalars.leaf)).astype(jnp.float32) * 2.0**-32
            for stream in (0, 1)
        )
        share = _sixteenth_root(v) * scalars.to_code
        code = jnp.where((v > 0) & (scalars.to_code > 0), _integer(share + u_v, 1, _V_CODES), 0)
        size = _eighth_power(code, scalars.next_factor)
        r = m * scalars.next_reach / ((jnp.abs(m) + _TINY) + size)
        k = _integer(r + u_r, -_R_CODES, _R_CODES)
        return (((code << 7) | (k & 127)).astype(jnp.uint16),)


def _eighth_power(code: jax.Array, factor: jax.Array) -> jax.Array:
    return lax.square(lax.square(lax.square(code.astype(jnp.float32))) * factor)


def _integer(x: jax.Array, least: int, most: int) -> jax.Array:
    """Round x to the nearest integer and clip to [least, most]; never out of range for any x, NaN included.

    For |x| < 2**22: the last bits of a float beside 1.5 * 2**23 count in ones.  A conversion checks its range first:
    six instructions.
    """
    return jnp.clip(float_to_bits(x + 1.5 * 2.0**23) - 0x4B400000, least, most)


def _sixteenth_root(x: jax.Array) -> jax.Array:
    """x**(1/16), up to 3e-7 of it, for x > 0: 30 instructions on a CPU, where four reciprocal roots took 60.

    From y = x**(-1/2): the exponent, and so the logarithm, divided by -8 gives z = y**(-1/8) up to 3%.  What is missing
    is (1 - h)**(-1/8) with |h| < 0.24, as a polynomial.
    """
    y = lax.rsqrt(x)
    z = bits_to_float(0x476885F0 - (float_to_bits(y) >> 3))
    h = 1 - y * lax.square(lax.square(lax.square(z)))
    q = (((0.0349275134 * h + 0.0410700478) * h + 0.0497163758) * h + 0.0702758580) * h + 0.1250006258
    return z + (z * h) * q


def _reciprocal(x: jax.Array) -> jax.Array:
    """1 / x up to 2e-7 of it, for normal x > 0.

    Three of Newton's steps and no division: XLA has one kernel for each result on a CPU, repeats in each what it needs,
    but never a division, which it writes out as an array of its own: 1 ns per parameter.
    """
    y = bits_to_float(0x7EF311C3 - float_to_bits(x))  # the exponent negated: up to 12%
    for _ in range(3):
        y = y * (2 - x * y)
    return y
