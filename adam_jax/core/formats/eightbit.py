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

from adam_jax.backends.devices import AxisName, over_devices
from adam_jax.backends.platforms import sees_whole_arrays, with_cpu_formulation
from adam_jax.core.derivatives import not_differentiated
from adam_jax.core.formats import Stored, arithmetic_dtype
from adam_jax.core.rounding import dither, element_index
from adam_jax.core.rules import Moments, Step, saturate, square

_V_CODES = 511  # 9 bits, 0 for zero
_R_CODES = 63  # 7 bits with a sign
_SOFTNESS = 0.25  # of the map from r to its code: finest near zero.  Flat from .25 to .5
_LARGEST_REACH = 2.0**60  # of |m| / sqrt(v), where b1 and b2 allow any: its square is finite
_TINY = 2.0**-126  # the smallest normal float32
_INFINITY = 0x7F800000  # its bits; those of NaN are larger
_NO_DERIVATIVE = (
    "moments='8bit' cannot be differentiated: they are integers, so the next step would have no derivative with "
    "respect to them. Use moments='float32' or 'bfloat16' in the steps to differentiate through. To count gradients as "
    "constants give jax.lax.stop_gradient(grads)"
)


class PackedAdamState(NamedTuple):
    """The state with `moments="8bit"`.  It says all that decoding needs: b1 and b2 may change from step to step."""

    count: jax.Array  # type: ignore[assignment]  # shape (), int32: completed steps
    packed: Any  # uint16, the parameters' structure and shapes: both moments
    bounds: jax.Array  # float32, one for each leaf in the tree's order: never below the leaf's largest v
    scales: jax.Array  # likewise: m is stored as r, where m = r * sqrt(v) * scale
    reaches: jax.Array  # likewise: never below the leaf's largest |m| / sqrt(v)


class Place(NamedTuple):
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
    def of(cls, completed: jax.Array, leaf: np.ndarray, before: Stored, after: Stored) -> "Place":
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
class Packed:
    """Both moments of a real parameter of up to 32 bits in one uint16.

    of_maximum: the second moment is AdaMax's maximum of |g|, kept as v = its square, in place of a mean of squares.
    axis_name: inside `jax.shard_map`, the axes of the mesh over which leaves are split: bounds are of whole leaves.
    """

    of_maximum: bool = False
    axis_name: AxisName = None
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
        return (jnp.zeros(leaves, jnp.float32), jnp.ones(leaves, jnp.float32), jnp.zeros(leaves, jnp.float32))

    def observe(self, grads: Sequence[jax.Array | None]) -> jax.Array:
        peaks = jnp.stack([_largest_square(g) for g in grads]) if grads else jnp.zeros(0, jnp.float32)
        return self.of_all_devices(peaks)

    def of_all_devices(self, peaks: jax.Array) -> jax.Array:
        """The largest squares of whole leaves, from those of the parts that this device sees."""
        return over_devices(peaks, self.axis_name, "moments='8bit'")

    def prepare(
        self, observed: jax.Array, present: Sequence[bool], shared: Stored, step: Step, count: jax.Array
    ) -> tuple[Stored, Place]:
        before, (bounds, _, reaches) = shared, shared
        stepped = np.asarray(present, bool)  # the others' words stay, and so does what decodes them
        new = (
            self._next_bounds(bounds, observed, step),
            jnp.full_like(bounds, self.scale_of(step)),
            self._next_reaches(reaches, step),
        )
        shared = tuple(jnp.where(stepped, x, old) for x, old in zip(new, shared, strict=True))
        leaves = np.arange(len(present), dtype=np.uint32)
        return shared, Place.of(count, leaves, before, shared)

    def _next_bounds(self, bounds: jax.Array, peaks: jax.Array, step: Step) -> jax.Array:
        """v's own recursion, of the largest g**2."""
        if self.of_maximum:
            largest = jnp.maximum(step.b2.rate**2 * bounds, lax.square(jnp.sqrt(peaks) + step.eps))
        else:
            largest = step.b2.average(bounds, peaks)
        largest = largest * (1 + 2.0**-20)  # decoding and rounding may leave v four ulp above this average
        return jnp.where(largest < _TINY, 0, largest)

    def _next_reaches(self, reaches: jax.Array, step: Step) -> jax.Array:
        """How large |m| / sqrt(v) can become, whatever the gradients are.

        By Cauchy and Schwarz |b1 m + c1 g| <= sqrt(b1**2 R**2 / b2 + c1**2 / c2) * sqrt(b2 v + c2 g**2), with
        c = 1 - b, if |m| <= R sqrt(v).  For AdaMax |b1 m + c1 g| <= (b1 R / b2 + c1) * max(b2 u, |g|), if |m| <= R u.
        With constant rates both have a limit where b1**2 < b2, or b1 < b2: (1 - b1) / (1 - b1 / b2) for AdaMax.
        """
        b1, b2 = step.b1, step.b2
        if self.of_maximum:
            reach = b1.rate / jnp.maximum(b2.rate, _TINY) * reaches + b1.complement
        else:
            kept = b1.rate / jnp.sqrt(jnp.maximum(b2.rate, _TINY)) * reaches
            reach = jnp.sqrt(lax.square(kept) + b1.complement**2 / b2.complement)
        return jnp.minimum(reach, _LARGEST_REACH)

    def scale_of(self, step: Step) -> jax.Array:
        """What makes r = m / (scale * sqrt(v)) the ratio m_hat / sqrt(v_hat), as long as rates are constant."""
        c2 = 1.0 if self.of_maximum else step.b2.correction
        return jnp.float32(step.b1.correction) * lax.rsqrt(jnp.float32(c2))

    def decode(self, stored: Stored, dtype: np.dtype, place: Place) -> Moments:
        word = stored[0].astype(jnp.int32)
        root = _eighth_power(word >> 7, place.root_factor)
        k = ((word << 25) >> 25).astype(jnp.float32)
        m = k * _reciprocal(place.reach - jnp.abs(k)) * (root * place.m_factor)
        v = root if self.of_maximum else lax.square(root)
        return m.astype(dtype), v.astype(dtype)

    def encode(self, moments: Moments, stored: Stored, place: Place, index: jax.Array | None) -> Stored:
        m, v = (not_differentiated(x.astype(jnp.float32), _NO_DERIVATIVE) for x in moments)
        v = lax.square(v) if self.of_maximum else v
        index = element_index(m.shape) if index is None else index
        u_r, u_v = (
            _bits(dither(index, place.completed, stream, place.leaf)).astype(jnp.float32) * 2.0**-32
            for stream in (0, 1)
        )
        share = _sixteenth_root(v) * place.to_code
        code = jnp.where((v > 0) & (place.to_code > 0), _integer(share + u_v, 1, _V_CODES), 0)
        size = _eighth_power(code, place.next_factor)
        r = m * place.next_reach / ((jnp.abs(m) + _TINY) + size)
        k = _integer(r + u_r, -_R_CODES, _R_CODES)
        return (((code << 7) | (k & 127)).astype(jnp.uint16),)


def _eighth_power(code: jax.Array, factor: jax.Array) -> jax.Array:
    return lax.square(lax.square(lax.square(code.astype(jnp.float32))) * factor)


def _integer(x: jax.Array, least: int, most: int) -> jax.Array:
    """The integer next to x, from `least` to `most`, for |x| < 2**22; whatever x is, it gives one of them.

    The last bits of a float beside 1.5 * 2**23 count in ones.  A conversion checks its range first: six instructions.
    """
    return jnp.clip(_bits(x + 1.5 * 2.0**23) - 0x4B400000, least, most)


def _sixteenth_root(x: jax.Array) -> jax.Array:
    """x**(1/16), up to 3e-7 of it, for x > 0: 30 instructions on a CPU, where four reciprocal roots took 60.

    From y = x**(-1/2): the exponent, and so the logarithm, divided by -8 gives z = y**(-1/8) up to 3%.  What is missing
    is (1 - h)**(-1/8) with |h| < .24, as a polynomial.
    """
    y = lax.rsqrt(x)
    z = _float(0x476885F0 - (_bits(y) >> 3))
    h = 1 - y * lax.square(lax.square(lax.square(z)))
    q = (((0.0349275134 * h + 0.0410700478) * h + 0.0497163758) * h + 0.0702758580) * h + 0.1250006258
    return z + (z * h) * q


def _reciprocal(x: jax.Array) -> jax.Array:
    """1 / x up to 2e-7 of it, for normal x > 0.

    Three of Newton's steps and no division: XLA has one kernel for each result on a CPU, repeats in each what it needs,
    but never a division, which it writes out as an array of its own: 1 ns a parameter.
    """
    y = _float(0x7EF311C3 - _bits(x))  # the exponent negated: up to 12%
    for _ in range(3):
        y = y * (2 - x * y)
    return y


def _bits(x: jax.Array) -> jax.Array:
    return lax.bitcast_convert_type(x, jnp.int32)


def _float(bits: jax.Array) -> jax.Array:
    return lax.bitcast_convert_type(bits, jnp.float32)


def squares(g: jax.Array) -> jax.Array:
    """g**2 of what the rule sees of a gradient, and NaN where it is not finite."""
    return square(saturate(_float32(g)))


def _float32(g: jax.Array) -> jax.Array:
    """`g` in float32; what float32 does not hold is saturated first, as the rule does, so that it is not infinite."""
    return (saturate(g, np.float32) if g.dtype == jnp.float64 else g).astype(jnp.float32)


def _largest_square(g: jax.Array | None) -> jax.Array:
    """The largest finite g**2."""
    if g is None:
        return jnp.zeros((), jnp.float32)
    if sees_whole_arrays(g):
        return with_cpu_formulation(_largest_square_on_a_cpu, _largest_of_squares, g)
    return _largest_of_squares(g)


def _largest_of_squares(g: jax.Array) -> jax.Array:
    g2 = squares(g)
    finite = jnp.where(g2 < jnp.inf, g2, 0)  # NaN is not below infinity
    return lax.reduce(finite, jnp.float32(0), lax.max, tuple(range(g.ndim)))


def _largest_square_on_a_cpu(g: jax.Array) -> jax.Array:
    """The same number, bit for bit.

    One reduction with two results, the largest g and the largest -g, as the bits of floats, ordered as integers are.
    With one result XLA writes g**2 out for a CPU before it reduces it: 1.9 ns a parameter and not 0.1.  Across devices
    XLA would gather a reduction with two results.
    """
    bits = lax.bitcast_convert_type(_float32(g), jnp.int32)
    signs = [jnp.where(x < _INFINITY, x, 0) for x in (bits, bits ^ jnp.int32(-(2**31)))]
    zero = jnp.int32(0)
    largest = lax.reduce(signs, [zero, zero], lambda a, b: list(map(jnp.maximum, a, b)), tuple(range(g.ndim)))
    peak = lax.bitcast_convert_type(jnp.maximum(*largest), jnp.float32)
    return lax.square(saturate(peak))
