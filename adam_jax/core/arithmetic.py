"""Which float operations need care?  Roots, quotients, dtypes, bits, and what their derivatives are."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

Scalar = float | jax.Array


@jax.custom_jvp
def safe_sqrt(x: jax.Array) -> jax.Array:
    """The square root, with derivative 0 instead of infinity at 0."""
    return lax.sqrt(x)


@safe_sqrt.defjvp
def _safe_sqrt_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    (x,), (dx,) = primals, tangents
    y = safe_sqrt(x)
    return y, jnp.where(x == 0, 0, 0.5 * dx / jnp.where(x == 0, 1, y))


@jax.custom_jvp
def safe_divide(x: jax.Array, by: jax.Array) -> jax.Array:
    """x / by, and 0 where `by` is 0: where the gradient was always zero there is no step, also at eps = 0."""
    return jnp.where(by == 0, 0, x / by)


@safe_divide.defjvp
def _safe_divide_jvp(primals: tuple[jax.Array, ...], tangents: tuple[jax.Array, ...]) -> tuple[jax.Array, jax.Array]:
    (x, by), (dx, dby) = primals, tangents
    y = safe_divide(x, by)  # not -x / by**2: by**2 underflows for gradients below 1e-19
    return y, jnp.where(by == 0, 0, (dx - y * dby) / jnp.where(by == 0, 1, by))


def near_quotient(x: jax.Array, by: jax.Array) -> jax.Array:
    """x / by up to 4e-7 of it, for normal float32 by > 0, where an exact division is waste.

    A division is about ten instructions on a GPU, a reciprocal root one.  On a CPU it is one, and reciprocal roots
    differ between makers.
    """
    return lax.platform_dependent(x, by, cpu=lax.div, default=lambda x, by: x * lax.square(lax.rsqrt(by)))


def reciprocal(x: jax.Array) -> jax.Array:
    """1 / x up to 3e-6 of it, for normal float32 x > 0 of which several results are made.

    XLA has one kernel for each result on a CPU, and repeats in each what it needs, but never a division or a root: it
    writes those out as arrays of their own.
    """
    return lax.platform_dependent(x, cpu=_reciprocal_by_bits, default=lambda x: lax.square(lax.rsqrt(x)))


def _reciprocal_by_bits(x: jax.Array) -> jax.Array:
    y = bits_to_float(0x7EF32000 - float_to_bits(x))  # the exponent negated: up to 6%
    y = y * (2.001 - x * y)  # two of Newton's steps; what the first leaves is always below 1 / x
    return y * (2 - x * y)


def sixteenth_root(x: jax.Array) -> jax.Array:
    """x**(1/16) up to 4e-7 of it, for float32 x >= 2**-125 (up to 3% for smaller normal ones); a small number for 0."""
    on_a_cpu, otherwise = _sixteenth_root_by_bits, lambda x: lax.sqrt(lax.sqrt(lax.sqrt(lax.sqrt(x))))
    return lax.platform_dependent(x, cpu=on_a_cpu, default=otherwise)


def _sixteenth_root_by_bits(x: jax.Array) -> jax.Array:
    """From y = x**(-1/2) up to 7e-4: the exponent divided by -2, and one of Newton's steps with constants of its own.

    Its exponent divided by -8 gives z = y**(-1/8) up to 3%.  What is missing is (1 - h)**(-1/8) with |h| < 0.24, as a
    polynomial, and the 16th root of the x * y**2 that should be 1.
    """
    y = bits_to_float(0x5F1FFFF9 - (float_to_bits(x) >> 1))
    y = y * (1.68191391 - 0.703952253 * x * y * y)
    z = bits_to_float(0x476885F0 - (float_to_bits(y) >> 3))
    h = 1 - y * lax.square(lax.square(lax.square(z)))
    q = (((0.0349275134 * h + 0.0410700478) * h + 0.0497163758) * h + 0.0702758580) * h + 0.1250006258
    z = z + (z * h) * q
    return z * (0.9375 + 0.0625 * (x * y * y))


def square(g: jax.Array) -> jax.Array:
    """`|g|**2`, real."""
    return lax.square(g.real) + lax.square(g.imag) if jnp.iscomplexobj(g) else lax.square(g)


def saturate(g: jax.Array, precision: jax.typing.DTypeLike | None = None) -> jax.Array:
    """Clip `|g|` to `2**63` (`2**511` where moments are float64), so that neither `g**2` nor v_hat overflows.

    precision: the real dtype of the moments; None: that of `g`.

    The update of a larger gradient does not change: the ratio of m_hat and sqrt(v_hat) does not depend on the scale.
    Infinities and NaN become NaN (g - g), so that they can be detected.
    """
    precision = g.real.dtype if precision is None else precision
    if jnp.iscomplexobj(g):
        return lax.complex(saturate(g.real, precision), saturate(g.imag, precision))
    limit = 2.0 ** (jnp.finfo(precision).maxexp // 2 - 1)
    low = jnp.where(g < limit, g, jnp.asarray(limit, g.dtype))  # one instruction on a CPU, where a minimum is five
    return jnp.where(low > -limit, low, jnp.asarray(-limit, g.dtype)) + (g - g)


def saturated_float32(g: jax.Array) -> jax.Array:
    """`g` in float32; what float32 does not hold is saturated first, so that it is not infinite."""
    return (saturate(g, np.float32) if g.dtype == jnp.float64 else g).astype(jnp.float32)


def gradient_square(g: jax.Array) -> jax.Array:
    """The float32 g**2 that a rule sees of a real gradient, and NaN where it is not finite."""
    return square(saturate(saturated_float32(g)))


def map_real_imag(operation: Callable[..., jax.Array], x: jax.Array, *real: jax.Array) -> jax.Array:
    """A real operation on a complex array's real and imaginary part."""
    if jnp.iscomplexobj(x):
        return lax.complex(operation(x.real, *real), operation(x.imag, *real))
    return operation(x, *real)


def like(scalar: Any, array: jax.Array) -> jax.Array:
    """`scalar` in the dtype of `array`."""
    return jnp.asarray(scalar, array.dtype)


def is_number(value: Any) -> bool:
    """Whether it is a Python number, known while a program is traced."""
    return isinstance(value, float | int)


def arithmetic_dtype(*arrays: Any) -> np.dtype:
    """The real dtype that a leaf is computed in: float64 if anything of it is 64 bits deep, else float32."""
    deep = any(x.dtype in (jnp.float64, jnp.complex128) for x in arrays)
    return np.dtype(np.float64 if deep else np.float32)


def shallowest(*arrays: Any) -> np.dtype:
    """The real dtype whose range a leaf's numbers must keep to: float64 if all of it is 64 bits deep, else float32."""
    return min((arithmetic_dtype(x) for x in arrays), key=lambda dtype: dtype.itemsize)


def wider(*dtypes: Any) -> np.dtype:
    """The dtype that loses nothing of any of these, all real or all complex; float32 for float16 and bfloat16."""
    widest = max(map(np.dtype, dtypes), key=lambda dtype: dtype.itemsize)
    as_wide = {np.dtype(dtype) for dtype in dtypes if np.dtype(dtype).itemsize == widest.itemsize}
    return widest if len(as_wide) == 1 else np.dtype(np.float32)


def with_depth(array: jax.Array, dtype: np.dtype) -> jax.Array:
    """`array` in `dtype`'s precision: real arrays become `dtype`, complex ones the complex dtype of that depth."""
    is_complex = np.issubdtype(array.dtype, np.complexfloating)
    return array.astype(np.result_type(dtype, np.complex64) if is_complex else dtype)


def float_to_bits(x: jax.Array) -> jax.Array:
    """The bits of float32 numbers, as int32."""
    return lax.bitcast_convert_type(x, jnp.int32)


def bits_to_float(bits: jax.Array) -> jax.Array:
    """The float32 numbers that have these bits."""
    return lax.bitcast_convert_type(bits, jnp.float32)


def spacing(x: jax.Array) -> jax.Array:
    """The distance between `x` and the next larger float of its exponent (0 for zero and subnormal numbers)."""
    mantissa = jnp.finfo(x.dtype).nmant
    integer = jnp.uint64 if x.dtype == jnp.float64 else jnp.uint32
    exponent = jnp.asarray(((1 << jnp.finfo(x.dtype).nexp) - 1) << mantissa, integer)
    return lax.bitcast_convert_type(lax.bitcast_convert_type(x, integer) & exponent, x.dtype) * 2.0**-mantissa


@jax.custom_jvp
def straight_through(value: jax.Array, exact: jax.Array) -> jax.Array:
    """`value`, with the derivative of `exact`, which it was rounded from.

    To JAX operations on bits have the derivative 0: what is rounded by them would silently count as a constant.

    First derivatives, and forward over forward: JAX's `scan` forgets such rules in what it computes ahead of a reverse
    pass, so that a derivative of a reverse one through it would lose them.
    """
    del exact
    return value


@straight_through.defjvp
def _straight_through_jvp(
    primals: tuple[jax.Array, jax.Array], tangents: tuple[jax.Array, jax.Array]
) -> tuple[jax.Array, jax.Array]:
    value, exact = primals
    return straight_through(value, exact), tangents[1].astype(value.dtype)


def not_differentiated(x: jax.Array, why: str) -> jax.Array:
    """`x`; a TypeError that says `why` where somebody asks for a derivative that depends on it."""
    return _not_differentiated(x, why) if jnp.issubdtype(x.dtype, jnp.inexact) else x


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def _not_differentiated(x: jax.Array, why: str) -> jax.Array:
    del why
    return x


@_not_differentiated.defjvp
def _refuse(why: str, primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    # JAX calls this only where the tangent is not known to be zero when the program is traced.  (symbolic_zeros, which
    # would say so, cannot be lowered for a TPU's kernels.)
    del primals, tangents
    raise TypeError(why)


def wrapped(number: int) -> np.int32:
    """Modulo 2**32, as int32: its arithmetic wraps around as that of uint32 does."""
    return np.uint32(number % 2**32).astype(np.int32)


@jax.custom_jvp
def written_once(x: jax.Array) -> jax.Array:
    """`x`, computed in one place.

    XLA may compute what two kernels need in each of them, and round differently there: the parameters that are left
    would then not be those that the checksum is of.
    """
    return lax.optimization_barrier(x)


@written_once.defjvp
def _written_once_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    return written_once(*primals), tangents[0]
