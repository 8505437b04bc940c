"""How do both moments of a parameter rest in 16 bits?  9 bits of sqrt(v), 7 of m / sqrt(v), and one bound a leaf.

Element by element, with no blocks: the compiler fuses decode, rule and encode into one pass, and shards it.

- v is stored as v / M with relative spacing 16 / c over 144 octaves, where the bound M obeys v's own recursion with
  the leaf's largest g**2.  By induction v <= M, so nothing saturates; the smallest code is for the smallest non-zero v,
  so no non-zero v becomes zero, which is what makes other 8-bit Adams explode.
- m is stored as the bias-corrected ratio r = m_hat / sqrt(v_hat), whose error is that of the update, at any scale.
- Both are rounded stochastically: to nearest, v never decays and m drifts.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from adam_jax.rounding import dither
from adam_jax.rule import Moments, Step, saturate
from adam_jax.storage import Stored, arithmetic_dtype

_V_CODES = 511  # 9 bits, 0 for zero
_R_CODES = 63  # 7 bits with a sign
_SOFTNESS = 0.25  # of the map from r to its code: finest near zero.  Flat from .25 to .5
_TINY = 2.0**-126  # the smallest normal float32
_INFINITY = 0x7F800000  # its bits; those of NaN are larger


class PackedAdamState(NamedTuple):
    """The state with `moments="8bit"`."""

    count: jax.Array  # type: ignore[assignment]  # shape (), int32: completed steps
    packed: Any  # uint16, the parameters' structure and shapes: both moments
    bounds: jax.Array  # float32, one for each leaf in the tree's order: never below the leaf's largest v


class Place(NamedTuple):
    """The scalars of one leaf at one step."""

    completed: jax.Array  # steps
    leaf: np.uint32
    root_bound: jax.Array  # sqrt(M), as the stored v was encoded
    scale: jax.Array  # kappa, as the stored m was encoded
    next_bound: jax.Array
    next_root_bound: jax.Array
    next_scale: jax.Array
    largest_ratio: jax.Array


@dataclasses.dataclass(frozen=True)
class Packed:
    """Both moments of a real parameter of up to 32 bits in one uint16.

    of_maximum: the second moment is AdaMax's maximum of |g|, kept as v = its square, in place of a mean of squares.
    """

    of_maximum: bool = False
    arrays: int = 1
    state_type: Any = PackedAdamState

    def init(self, param: Any) -> Stored:
        if jnp.issubdtype(param.dtype, jnp.complexfloating) or arithmetic_dtype(param) != np.float32:
            raise ValueError(
                f"moments='8bit' holds real float32, bfloat16 and float16 parameters; got {param.dtype}. "
                "Use moments='float32' for this leaf, by optax.partition"
            )
        return (jnp.zeros_like(param, jnp.uint16),)

    def init_shared(self, leaves: int) -> Stored:
        return (jnp.zeros(leaves, jnp.float32),)

    def prepare(
        self, grads: Sequence[jax.Array | None], shared: Stored, step: Step, count: jax.Array
    ) -> tuple[Stored, Sequence[Place]]:
        (bounds,) = shared
        b1, b2 = step.b1, step.b2
        present = np.asarray([g is not None for g in grads], bool)
        peaks = jnp.stack([_largest_square(g) for g in grads]) if grads else bounds
        if self.of_maximum:
            next_bounds = jnp.maximum(b2.rate**2 * bounds, lax.square(jnp.sqrt(peaks) + step.eps))
        else:
            next_bounds = b2.average(bounds, peaks)
        next_bounds = next_bounds * (1 + 2.0**-21)  # two roundings of v may leave it an ulp above this average
        next_bounds = jnp.where(next_bounds < _TINY, 0, next_bounds)
        next_bounds = jnp.where(present, next_bounds, bounds)
        c2, p2 = (1.0, 1.0) if self.of_maximum else (b2.correction, b2.previous)
        scale = jnp.where(count == 0, 1, b1.previous * lax.rsqrt(jnp.where(count == 0, 1, jnp.float32(p2))))
        next_scale = b1.correction * lax.rsqrt(jnp.float32(c2))
        roots, next_roots = jnp.sqrt(bounds), jnp.sqrt(next_bounds)
        largest = largest_ratio(b1.rate, b1.complement, b2.rate, b2.complement)
        return (next_bounds,), [
            Place(count, np.uint32(i), roots[i], scale, next_bounds[i], next_roots[i], next_scale, largest)
            for i in range(len(grads))
        ]

    def decode(self, stored: Stored, dtype: np.dtype, place: Place) -> Moments:
        (word,) = stored
        root = _eighth_power((word >> 7).astype(jnp.float32) * (1 / _V_CODES)) * place.root_bound
        code = lax.shift_right_arithmetic(lax.bitcast_convert_type(word << 9, jnp.int16), jnp.int16(9))
        rho = code.astype(jnp.float32) * (1 / _R_CODES)
        ratio = _SOFTNESS * rho / (_reach(place.largest_ratio) - jnp.abs(rho))
        m, v = ratio * (root * place.scale), root if self.of_maximum else lax.square(root)
        return m.astype(dtype), v.astype(dtype)

    def encode(self, moments: Moments, stored: Stored, place: Place) -> Stored:
        m, v = (x.astype(jnp.float32) for x in moments)
        v = lax.square(v) if self.of_maximum else v
        u_r, u_v = (
            (dither(m.shape, place.completed, stream, place.leaf) >> 8).astype(jnp.float32) * 2.0**-24
            for stream in (0, 1)
        )
        share = jnp.minimum(v / jnp.where(place.next_bound == 0, 1, place.next_bound), 1)
        # x**(1/16): four reciprocal roots, an instruction each on a GPU, where an exact root is ten; 0 stays 0
        root_16 = lax.rsqrt(lax.rsqrt(lax.rsqrt(lax.rsqrt(share))))
        code = jnp.clip(jnp.floor(_V_CODES * root_16 + u_v), 1, _V_CODES)
        code = jnp.where((v > 0) & (place.next_bound > 0), code, 0)
        root = _eighth_power(code * (1 / _V_CODES)) * place.next_root_bound
        small = root < _TINY**0.5
        r = jnp.where(small, 0, m / jnp.where(small, 1, root * place.next_scale))
        r = jnp.clip(r, -place.largest_ratio, place.largest_ratio)
        reach = _R_CODES * _reach(place.largest_ratio)
        k = jnp.clip(jnp.floor(reach * r / (jnp.abs(r) + _SOFTNESS) + u_r), -_R_CODES, _R_CODES)
        word = (code.astype(jnp.int32) << 7) | (k.astype(jnp.int32) & 127)
        return (word.astype(jnp.uint16),)


def largest_ratio(b1: Any, b1_complement: Any, b2: Any, b2_complement: Any) -> jax.Array:
    """The largest |m_hat| / sqrt(v_hat) to store: 1.1 times what Cauchy and Schwarz allow, between 2 and 32.

    (1 - b1) / sqrt((1 - b2) (1 - b1**2 / b2)) where b1**2 < b2, else nothing bounds it and 8 serves.
    """
    b1, c1, b2, c2 = (jnp.asarray(x, jnp.float32) for x in (b1, b1_complement, b2, b2_complement))
    rest = b2 - b1 * b1
    bounded = rest > 0
    ratio = 1.1 * c1 * jnp.sqrt(b2) * lax.rsqrt(jnp.where(bounded, c2 * rest, 1))
    return jnp.where(bounded, jnp.clip(ratio, 2.0, 32.0), 8.0)


def _reach(largest: jax.Array) -> jax.Array:
    return (largest + _SOFTNESS) / largest


def _eighth_power(x: jax.Array) -> jax.Array:
    return lax.square(lax.square(lax.square(x)))


def _largest_square(g: jax.Array | None) -> jax.Array:
    """The largest finite g**2.

    One reduction with two results, the largest g and the largest -g, as the bits of floats, ordered as integers are.
    With one result XLA writes |g| out for a CPU before it reduces it: 1.9 ns a parameter and not 0.1.
    """
    if g is None:
        return jnp.zeros((), jnp.float32)
    bits = lax.bitcast_convert_type(g.astype(jnp.float32), jnp.int32)
    signs = [jnp.where(x < _INFINITY, x, 0) for x in (bits, bits ^ jnp.int32(-(2**31)))]
    zero = jnp.int32(0)
    largest = lax.reduce(signs, [zero, zero], lambda a, b: list(map(jnp.maximum, a, b)), tuple(range(g.ndim)))
    peak = lax.bitcast_convert_type(jnp.maximum(*largest), jnp.float32)
    return lax.square(saturate(peak))
