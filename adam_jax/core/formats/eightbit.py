"""How are the moments of a parameter stored in a byte each?  nu as a root of v, mu as m / sqrt(v), one bound per leaf.

Element by element, with no blocks: the compiler fuses decode, rule and encode into one pass, and shards it.

- v is stored as v / M, where the bound M obeys v's own recursion with the leaf's largest g**2.  By induction v <= M, so
  nothing saturates.  The code is 255 times the 16th root of v / M: steps of 16 / code of v, over 128 octaves.  The
  smallest code is for the smallest non-zero v, so no non-zero v becomes zero, which is what makes other 8-bit Adams
  explode.
- m is stored as the ratio m / sqrt(v), whose error is that of the update, at any scale.
- Both are rounded stochastically: to nearest, v never decays and m drifts.
- A code of 0 is a moment of 0.

An error of v is a slow factor of one element's learning rate and costs no loss; an error of m is noise of the gradient,
and does.  So m has eight bits: with 7 for m and 9 for v the stationary loss of noisy quadratics at b1 = 0.99 was 3.9%
above float32's, and is 0.6% (docs/measurements.md).

The arithmetic is cheap on purpose.  A step of 16 bytes per parameter takes as long as 111 instructions on an H200.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from adam_jax.core.arithmetic import (
    arithmetic_dtype,
    bits_to_float,
    float_to_bits,
    near_quotient,
    not_differentiated,
    reciprocal,
    sixteenth_root,
)
from adam_jax.core.rounding import dither, dither_seed, element_index

if TYPE_CHECKING:  # pragma: no mutate
    from adam_jax.core.decay import StepScalars
    from adam_jax.core.formats import Stored
    from adam_jax.core.rules import Moments, SecondMoment

_V_CODES = 255
_M_CODES = 127  # of either sign
_LARGEST_REACH = 2.0**60  # of |m| / sqrt(v), where b1 and b2 allow any: its square is finite
_TINY = 2.0**-126  # the smallest normal float32
_NO_DERIVATIVE = (
    "moments='8bit' cannot be differentiated: they are integers, so the next step would have no derivative with "
    "respect to them. Use moments='float32' or 'bfloat16' in the steps to differentiate through. To count gradients as "
    "constants give jax.lax.stop_gradient(grads)"
)


class EightBitScalars(NamedTuple):
    """The scalars of one step, vectors where leaves differ: as the moments were encoded, and as they will be."""

    seed: jax.Array  # of the dither, uint32
    root_factor: jax.Array  # sqrt(v) is (code**4 times this)**2
    scale: jax.Array  # m is k / (code_reach - |k|) * sqrt(v) times this
    code_reach: jax.Array  # k is this times m / (|m| + sqrt(v) * scale)
    to_code: jax.Array  # the next code is v**(1/16) times this
    size_factor: jax.Array  # sqrt(v) * scale of the next code is (code**4 times this)**2
    next_code_reach: jax.Array

    @classmethod
    def of(cls, seed: jax.Array, before: Stored, after: Stored) -> EightBitScalars:
        """From the bounds, scales and reaches of the state before and after the step."""
        bounds, scales, reaches = before
        next_bounds, next_scales, next_reaches = after
        next_bounds = jnp.where(next_bounds > 0, next_bounds, 1)  # what it then encodes is 0, or counts as 0
        quarter = jnp.sqrt(jnp.sqrt(next_bounds))
        return cls(
            seed,
            root_factor=jnp.sqrt(jnp.sqrt(bounds)) / float(_V_CODES**4),
            scale=scales,
            code_reach=_code_reach(scales, reaches),
            to_code=_V_CODES / jnp.sqrt(jnp.sqrt(quarter)),
            size_factor=jnp.sqrt(next_scales) * quarter / float(_V_CODES**4),
            next_code_reach=_code_reach(next_scales, next_reaches),
        )


def _code_reach(scale: jax.Array, reach: jax.Array) -> jax.Array:
    """What gives the largest ratio to be stored the largest code.

    A tenth above the largest possible ratio, since what is stored was rounded.  More than 128 scales are clipped: it
    takes gradients that fall at just the pace at which b1 and b2 forget them.
    """
    largest = jnp.clip(1.1 * reach / scale, 8.0, 128.0)
    return _M_CODES * (largest + 1) / largest


@dataclasses.dataclass(frozen=True)
class EightBit:
    """mu in an int8 and nu in a uint8, for a real parameter of up to 32 bits.

    second_moment: what nu is; v is stored, the square that it stands for.
    """

    second_moment: SecondMoment
    arrays: int = 2
    needs_largest_squares: bool = True
    exact: bool = False

    def init(self, param: Any) -> Stored:
        if jnp.issubdtype(param.dtype, jnp.complexfloating) or arithmetic_dtype(param) != np.float32:
            raise ValueError(
                f"moments='8bit' holds real float32, bfloat16 and float16 parameters; got {param.dtype}. "
                "Use moments='float32' for this leaf, by optax.partition"
            )
        return jnp.zeros_like(param, jnp.int8), jnp.zeros_like(param, jnp.uint8)

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
        after = tuple(map(functools.partial(jnp.where, stepped), new, shared))
        return after, EightBitScalars.of(dither_seed(count, 0, np.arange(len(has_gradient))), shared, after)

    def _next_bounds(self, bounds: jax.Array, largest_squares: jax.Array, scalars: StepScalars) -> jax.Array:
        largest = self.second_moment.bound(bounds, largest_squares, scalars.b2, scalars.eps)
        largest = largest * (1 + 2.0**-20)  # decoding and rounding may leave v four ulp above this average
        return jnp.where(largest < _TINY, 0, largest)

    def scale_of(self, scalars: StepScalars) -> jax.Array:
        """The ratio m / sqrt(v) below which half of the codes are.

        m_hat / sqrt(v_hat) is then 0.25 at b1 = 0.9, 0.14 at 0.99.  Where the signs of gradients are random, ratios are
        near sqrt((1 - b1) / (1 + b1)), and the best scale is about that; where gradients are sparse it is larger.
        """
        c2 = self.second_moment.correction(scalars.b2)
        softness = 0.4446 * jnp.sqrt(jnp.sqrt(jnp.float32(scalars.b1.one_minus_rate)))
        return softness * jnp.float32(scalars.b1.correction) / jnp.sqrt(jnp.float32(c2))

    def decode(self, stored: Stored, dtype: np.dtype, scalars: EightBitScalars) -> Moments:
        mu, nu = stored
        root = _eighth_power(nu.astype(jnp.float32), scalars.root_factor)
        k = mu.astype(jnp.float32)
        m = k * reciprocal(scalars.code_reach - jnp.abs(k)) * (root * scalars.scale)
        return m.astype(dtype), self.second_moment.of_root(root).astype(dtype)

    def encode(self, moments: Moments, stored: Stored, scalars: EightBitScalars, index: jax.Array | None) -> Stored:
        del stored
        m, nu = (not_differentiated(x.astype(jnp.float32), _NO_DERIVATIVE) for x in moments)
        v = self.second_moment.square(nu)
        index = element_index(m.shape) if index is None else index
        noise = dither(index, scalars.seed)
        code = jnp.where(v > 0, _rounded(sixteenth_root(v) * scalars.to_code, noise, 1, _V_CODES), 0).astype(jnp.uint8)
        size = _eighth_power(code.astype(jnp.float32), scalars.size_factor)
        ratio = near_quotient(m, (jnp.abs(m) + _TINY) + size) * scalars.next_code_reach
        k = _rounded(ratio, noise << 7, -_M_CODES, _M_CODES)  # the same noise 128 times: independent of it
        return k.astype(jnp.int8), code


def _eighth_power(code: jax.Array, factor: jax.Array) -> jax.Array:
    """code**8 * factor**2.  The factor comes in between, where it is no subnormal number for any bound."""
    return lax.square(lax.square(lax.square(code)) * factor)


def _rounded(x: jax.Array, noise: jax.Array, least: int, most: int) -> jax.Array:
    """`x` rounded down or up with expectation `x` over uniform uint32 `noise`, in [least, most], as int32.

    For x from -128 to 256.  Between 512 and 1024 the bits of a float count in 2**-14: with 768 and 14 bits of noise
    added, what stands above these is the integer.  A conversion would check its range first, and a number in [0, 1)
    would have to be made of the noise.
    """
    z = x + bits_to_float((noise >> 18).astype(jnp.int32) | _bits(768))
    return (jnp.clip(float_to_bits(z), _bits(768 + least), _bits(768 + most + 1) - 1) >> 14) - (_bits(768) >> 14)


def _bits(x: float) -> int:
    return int(np.float32(x).view(np.int32))
