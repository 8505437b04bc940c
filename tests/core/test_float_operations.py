"""Do the float operations give the numbers and the derivatives that they promise?  Beside NumPy's float64."""

import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from older_jax import enable_x64

from adam_jax.core import arithmetic

WAYS = ("on a CPU", "elsewhere")
# Positive normal float32 numbers of every size; a factor of 1.001 and not 2, so that mantissas are of all kinds.
POSITIVE = np.float32(2.0**-126 * 1.001 ** np.arange(0, 174_000, 7, dtype=np.float64))
ORDINARY = POSITIVE[(POSITIVE > 2.0**-60) & (POSITIVE < 2.0**60)]  # so that quotients of two are normal numbers
ROOTS = POSITIVE.astype(np.float64) ** (1 / 16)


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    """As XLA lowers it for a CPU, and for all other platforms, computed here."""
    if request.param == "elsewhere":
        elsewhere = lambda *arrays, default, **_: default(*arrays)  # noqa: E731
        monkeypatch.setattr(jax.lax, "platform_dependent", elsewhere)
    return request.param


def error(found, exact):
    return np.max(np.abs(np.asarray(found, np.float64) / exact - 1))


def test_a_near_quotient(way):
    by = np.random.default_rng(0).permutation(ORDINARY)
    found = arithmetic.near_quotient(jnp.asarray(ORDINARY), jnp.asarray(by))
    assert error(found, ORDINARY.astype(np.float64) / by) <= (4e-7 if way == "elsewhere" else 2.0**-24)


def test_a_reciprocal(way):
    assert error(arithmetic.reciprocal(jnp.asarray(ORDINARY)), 1 / ORDINARY.astype(np.float64)) <= 3e-6


def test_a_sixteenth_root(way):
    errors = np.abs(np.asarray(arithmetic.sixteenth_root(jnp.asarray(POSITIVE)), np.float64) / ROOTS - 1)
    assert np.max(errors) <= 0.03  # near 2**-126 a product of x is a subnormal number, which is 0
    assert np.max(errors[POSITIVE >= 2.0**-125]) <= 4e-7
    assert 0 <= arithmetic.sixteenth_root(jnp.float32(0)) < 0.01  # of the smallest normal number it is 0.004


def test_roots_by_bits_have_the_bits_they_had():
    """8-bit codes on a CPU, and checkpoints of them, depend on these.  Without jit each operation is rounded apart."""
    x = jnp.asarray(np.arange(0x00800000, 0x7E000000, 65_537, np.uint32).view(np.float32))
    for root, bits in (
        (arithmetic._reciprocal_by_bits, 34_332_314_829_352),
        (arithmetic._sixteenth_root_by_bits, 34_204_575_753_024),
    ):
        assert np.sum(np.asarray(root(x)).view(np.uint32), dtype=np.uint64) == bits


def test_roots_and_quotients_have_finite_derivatives():
    x, dx = jnp.float32([0, 1e-30, 0.25, 9]), jnp.float32([1, 2, 3, 4])
    y, dy = jax.jvp(arithmetic.safe_sqrt, (x,), (dx,))
    np.testing.assert_allclose(y, np.sqrt(x))
    np.testing.assert_allclose(dy, [0, 0.5 * 2 / np.sqrt(1e-30), 3.0, 4 / 6], rtol=1e-6)

    x, by = jnp.float32([3, 0, 3, -2]), jnp.float32([0, 0, 2, 1e-25])
    y, dy = jax.jvp(arithmetic.safe_divide, (x, by), (jnp.full(4, 5.0), jnp.full(4, 7.0)))
    np.testing.assert_allclose(y, [0, 0, 1.5, -2e25], rtol=1e-6)
    # d(x / by) = (dx - x / by * dby) / by; by**2 would be 0 in the last
    np.testing.assert_allclose(dy[:3], [0, 0, (5 - 1.5 * 7) / 2], rtol=1e-6)
    found = jax.jvp(arithmetic.safe_divide, (jnp.float32(-2), jnp.float32(1e-25)), (jnp.float32(0), jnp.float32(1e-20)))
    np.testing.assert_allclose(found[1], 2e30, rtol=1e-6)
    for operation in (arithmetic.safe_sqrt, lambda x: arithmetic.safe_divide(jnp.float32(1), x)):
        assert np.isfinite(jax.grad(jax.grad(operation))(jnp.float32(0)))  # the second derivatives too


def test_squares_are_real():
    assert arithmetic.square(jnp.complex64(3 - 4j)) == 25
    assert arithmetic.square(jnp.complex64(3 - 4j)).dtype == jnp.float32
    assert arithmetic.square(jnp.float32(-3)) == 9


@pytest.mark.parametrize(("dtype", "limit"), [("float32", 2.0**63), ("bfloat16", 2.0**63), ("float64", 2.0**511)])
@pytest.mark.parametrize("sign", [1, -1])
def test_saturation_begins_where_squares_would_overflow(dtype, limit, sign):
    with enable_x64(dtype == "float64"):
        x = jnp.asarray(sign * np.float64([0.5, 0.996, 1, 1.01, 1000]) * limit, dtype)
        found = np.asarray(arithmetic.saturate(x), np.float64)
        np.testing.assert_array_equal(found, np.clip(np.asarray(x, np.float64), -limit, limit))
        assert np.isnan(arithmetic.saturate(jnp.asarray(sign * np.inf, dtype)))
        both = arithmetic.saturate(jnp.asarray(sign * limit * (2 + 0.5j), "complex128" if dtype == "float64" else None))
        if dtype != "bfloat16":
            assert both == sign * limit * (1 + 0.5j)


def test_a_wider_gradient_is_saturated_for_narrower_moments():
    with enable_x64(True):
        assert arithmetic.saturate(jnp.float64(1e100), np.float32) == 2.0**63
        assert arithmetic.saturated_float32(jnp.float64(-1e100)) == jnp.float32(-(2.0**63))
        assert arithmetic.saturated_float32(jnp.float32(1e30)) == jnp.float32(1e30)
        assert arithmetic.saturated_float32(jnp.bfloat16(3)).dtype == jnp.float32
        assert arithmetic.gradient_square(jnp.float64(1e100)) == 2.0**126
        assert arithmetic.gradient_square(jnp.float32(1e30)) == 2.0**126
        assert np.isnan(arithmetic.gradient_square(jnp.float32(np.inf)))
    assert arithmetic.saturated_float32(jnp.float32(3e38)) == jnp.float32(3e38)


def test_parts_of_complex_numbers_are_numbers():
    assert arithmetic.map_real_imag(jnp.add, jnp.complex64(1 + 2j), jnp.float32(10)) == 11 + 12j
    assert arithmetic.map_real_imag(jnp.add, jnp.float32(1), jnp.float32(10)) == 11


@pytest.mark.parametrize(
    ("dtypes", "together"),
    [
        (("float32",), "float32"),
        (("bfloat16",), "bfloat16"),
        (("bfloat16", "bfloat16"), "bfloat16"),
        (("bfloat16", "float16"), "float32"),
        (("bfloat16", "float32"), "float32"),
        (("float16", "float64"), "float64"),
        (("complex64", "complex128"), "complex128"),
        (("complex64", "complex64"), "complex64"),
    ],
)
def test_the_dtype_that_loses_nothing(dtypes, together):
    names = [jnp.dtype(name) for name in dtypes]
    assert arithmetic.wider(*names) == arithmetic.wider(*reversed(names)) == jnp.dtype(together)


def test_the_dtype_of_a_leaf():
    narrow, wide = jax.ShapeDtypeStruct((), jnp.bfloat16), jax.ShapeDtypeStruct((), np.float64)
    both = jax.ShapeDtypeStruct((), np.complex128)
    assert arithmetic.arithmetic_dtype(narrow, narrow) == np.float32
    assert arithmetic.arithmetic_dtype(narrow, wide) == arithmetic.arithmetic_dtype(both) == np.float64
    assert arithmetic.shallowest(narrow, wide) == arithmetic.shallowest(wide, narrow) == np.float32
    assert arithmetic.shallowest(wide, both) == np.float64
    with enable_x64(True):
        assert arithmetic.with_depth(jnp.complex64(1j), np.dtype(np.float64)).dtype == np.complex128
        assert arithmetic.with_depth(jnp.complex128(1j), np.dtype(np.float32)).dtype == np.complex64
        assert arithmetic.with_depth(jnp.float16(1), np.dtype(np.float64)).dtype == np.float64


def test_numbers_are_numbers():
    assert arithmetic.is_number(1)
    assert arithmetic.is_number(0.5)
    assert not arithmetic.is_number(jnp.float32(1))
    assert not arithmetic.is_number("1")
    assert arithmetic.like(0.1, jnp.bfloat16(0)).dtype == jnp.bfloat16


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_spacing_is_that_of_the_exponent(dtype):
    with enable_x64(dtype == "float64"):
        bits = jnp.finfo(dtype).nmant
        for x in (1.0, 1.5, -2.0, 1e-20, 3e20):
            expected = 2.0 ** (np.frexp(np.float64(jnp.asarray(x, dtype)))[1] - 1 - bits)
            assert np.float64(arithmetic.spacing(jnp.asarray(x, dtype))) == expected
        assert arithmetic.spacing(jnp.zeros((), dtype)) == 0


def test_integers_wrap_around():
    for number in (0, 5, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 7, -1):
        found = arithmetic.wrapped(number)
        assert found.dtype == np.int32
        assert int(found) % 2**32 == number % 2**32
    with warnings.catch_warnings():  # no overflow, either
        warnings.simplefilter("error")
        assert arithmetic.wrapped(2**32 - 1) == -1


def test_derivatives_of_what_passes_through():
    x, dx = jnp.float32([1.2, -3.4]), jnp.float32([1.0, 2.0])
    rounded, d = jax.jvp(lambda x: arithmetic.straight_through(jnp.round(x), 2 * x), (x,), (dx,))
    np.testing.assert_array_equal(rounded, [1, -3])
    np.testing.assert_array_equal(d, 2 * dx)
    narrow = jax.jvp(lambda x: arithmetic.straight_through(x.astype(jnp.bfloat16), x), (x,), (dx,))[1]
    assert narrow.dtype == jnp.bfloat16
    y, d = jax.jvp(arithmetic.written_once, (x,), (dx,))
    np.testing.assert_array_equal(y, x)
    np.testing.assert_array_equal(d, dx)
    np.testing.assert_array_equal(jax.grad(lambda x: jnp.sum(arithmetic.written_once(x) ** 2))(x), 2 * x)


def test_a_derivative_is_refused_by_name():
    refused = lambda x: arithmetic.not_differentiated(x, "because")  # noqa: E731
    assert refused(jnp.float32(3)) == 3
    with pytest.raises(TypeError, match="because"):
        jax.grad(refused)(jnp.float32(3))
    assert jax.grad(lambda x: x * refused(jnp.int32(3)).astype(jnp.float32))(jnp.float32(1)) == 3  # it has none
