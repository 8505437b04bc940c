"""Do bits fall fairly?  The mean of stochastic rounding, its independence of the rest, and what it must leave alone."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from older_jax import enable_x64

import adam_jax
from adam_jax.core import WEIGHT_STREAM
from adam_jax.core.arithmetic import spacing
from adam_jax.core.rounding import dither, dither_of_step, dither_seed, element_index, to_bfloat16


def neighbours(x):
    """The two bfloat16 numbers around x, by truncation of the bits."""
    bits = np.float32(x).view(np.uint32)
    low = (bits & np.uint32(0xFFFF0000)).view(np.float32)
    high = ((bits & np.uint32(0xFFFF0000)) + np.uint32(0x10000)).view(np.float32)
    return float(low), float(high)


@given(st.floats(2.0**-100, 2.0**100, width=32), st.sampled_from([-1.0, 1.0]))
@settings(max_examples=50, deadline=None)
def test_the_mean_over_steps_is_the_number(x, sign):
    steps = 4096
    noise = jax.vmap(lambda n: dither(element_index(()), dither_seed(n, 1, 3)))(jnp.arange(steps))
    rounded = np.asarray(to_bfloat16(jnp.full(steps, sign * x, jnp.float32), noise), np.float64)
    low, high = neighbours(x)
    assert set(np.abs(rounded)) <= {low, high}
    # the golden ratio's discrepancy over 4096 points is 4 / 4096 of the interval
    assert abs(np.mean(rounded) - sign * np.float32(x)) <= 4 / steps * (high - low)


def test_the_mean_over_elements_is_the_number():
    x = jnp.full(100_000, 1.001, jnp.float32)
    rounded = np.asarray(to_bfloat16(x, dither(element_index(x.shape), dither_seed(jnp.int32(5), 0, 0))), np.float64)
    assert abs(np.mean(rounded) - np.float32(1.001)) < 2.0**-7 * 1e-3


@pytest.mark.parametrize("x", [0.0, -0.0, 1.0, -1.5, 2.0**-126, np.inf, -np.inf])
def test_representable_numbers_stay(x):
    for n in range(100):
        assert np.asarray(
            to_bfloat16(jnp.float32(x), dither(element_index(()), dither_seed(jnp.int32(n), 0, 0))), np.float32
        ) == np.float32(x)


def test_nan_stays_and_the_largest_does_not_overflow():
    noise = jnp.uint32(0xFFFFFFFF)
    assert np.isnan(to_bfloat16(jnp.float32(jnp.nan), noise))
    assert to_bfloat16(jnp.float32(3.4028235e38), noise) == jnp.finfo(jnp.bfloat16).max


def test_the_index_is_global_and_in_c_order():
    whole = np.asarray(dither(element_index((6, 5, 4)), dither_seed(jnp.int32(9), 1, 2)))
    flat = np.asarray(dither(element_index((120,)), dither_seed(jnp.int32(9), 1, 2)))
    np.testing.assert_array_equal(whole.ravel(), flat)


def test_the_index_of_more_than_four_billion_elements_wraps_around():
    one = jax.jit(lambda: element_index((2, 3, 2**31))[1, 2, 5])()  # of which only this element is computed
    assert int(one) == (1 * 3 * 2**31 + 2 * 2**31 + 5) % 2**32


def test_elements_steps_and_leaves_run_through_all_numbers():
    """Multiples of odd constants: half way round, at 2**31, an even one would be back at its start."""
    assert dither(jnp.uint32(0), jnp.uint32(77)) == 77
    assert [dither_seed(0, stream, 0) for stream in range(3)] == [0, 1, 2]
    assert dither_seed(0, 0, 1) - dither_seed(0, 0, 0) == dither_seed(9, 2, 1) - dither_seed(9, 2, 0)
    assert WEIGHT_STREAM == 2  # 0 and 1 are those of mu and nu
    half = jnp.uint32(2**31)
    assert dither(half, jnp.uint32(0)) != dither(jnp.uint32(0), jnp.uint32(0))
    for stream in range(3):
        assert dither_seed(half, stream, 0) != dither_seed(0, stream, 0)
        assert dither_seed(0, stream, half) != dither_seed(0, stream, 0)
    for stream in range(2):
        apart = dither_of_step(half, stream, jnp.float32) - dither_of_step(0, stream, jnp.float32)
        assert abs(apart) == 0.5


def test_streams_leaves_and_steps_are_uncorrelated():
    shape = (20_000,)
    base = np.asarray(dither(element_index(shape), dither_seed(jnp.int32(3), 0, 0)), np.float64)
    for other in (
        dither(element_index(shape), dither_seed(jnp.int32(3), 1, 0)),
        dither(element_index(shape), dither_seed(jnp.int32(3), 0, 1)),
        dither(element_index(shape), dither_seed(jnp.int32(4), 0, 0)),
    ):
        # one Weyl sequence shifted: over elements a constant difference, so over steps is where they must differ
        assert np.any(base != np.asarray(other, np.float64))
    steps = jnp.arange(20_000)
    over_steps = [
        np.asarray(jax.vmap(lambda n, k=k: dither(element_index(()), dither_seed(n, k, 0)))(steps), np.float64)
        for k in range(3)
    ]
    for i in range(3):
        for j in range(i):
            assert abs(np.corrcoef(over_steps[i], over_steps[j])[0, 1]) < 0.01


def test_the_dither_of_a_step_fills_the_interval():
    values = np.sort(np.asarray([dither_of_step(jnp.int32(n), 1, jnp.float32) for n in range(512)]))
    assert values[0] >= -0.5
    assert values[-1] < 0.5
    assert np.max(np.diff(values)) < 3 / 512


@given(st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=False))
@settings(max_examples=200, deadline=None)
def test_spacing_is_numpys(x):
    x = np.float32(x)
    expected = np.abs(x) - np.nextafter(np.abs(x), 0) if x != 0 else 0.0
    expected = expected * (2 if np.frexp(x)[0] in (0.5, -0.5) else 1)  # below a power of two the distance is half
    if expected >= np.finfo(np.float32).tiny or x == 0:  # XLA flushes smaller ones to zero
        assert spacing(jnp.float32(x)) == expected


def test_spacing_in_float64():
    with enable_x64(True):
        for x in (1.0, -3.7, 1e-200, 1e300):
            assert spacing(jnp.float64(x)) == np.spacing(abs(x))


# Widths of matrices: a row's elements must not be rounded like those below them, or sums over columns would be wide.
@pytest.mark.parametrize("columns", [1, 768, 1024, 1280, 1536, 2048, 2560, 3072, 4096, 11008, 50257])
@pytest.mark.parametrize("shift", [0, 7])
def test_neighbouring_rows_are_rounded_independently(columns, shift):
    """The rounding errors of two numbers whose dithers differ by a constant correlate by at most half of this."""
    rows = np.asarray(dither(jnp.arange(33, dtype=jnp.uint32) * columns, jnp.uint32(0))).astype(np.uint64)
    u = ((rows << np.uint64(shift)) % 2**32) / 2.0**32
    apart = (u[1:] - u[:-1]) % 1
    assert np.all(1 - 6 * apart * (1 - apart) <= 0.2)


def decayed(nu_dtype, steps, b2=0.999):
    """The mean of v after one gradient of 1 and `steps` gradients of 0, over 4,000 elements."""
    tx = adam_jax.scale_by_adam(b2=b2, nu_dtype=nu_dtype)
    _, state = tx.update(jnp.ones(4000), tx.init(jnp.ones(4000)))
    zero = jnp.zeros(4000)
    state = jax.jit(lambda s: jax.lax.fori_loop(0, steps, lambda _, s: tx.update(zero, s)[1], s))(state)
    return float(np.mean(np.asarray(state.nu, np.float64)))


def test_a_bfloat16_second_moment_decays():
    expected = 0.001 * 0.999**1000
    assert abs(decayed("bfloat16", 1000) / expected - 1) < 0.02
    assert abs(decayed("float32", 1000) / expected - 1) < 1e-4
    to_nearest = np.float32(0.001)
    for _ in range(1000):  # what rounding to nearest would give: v never moves
        to_nearest = np.asarray(jnp.bfloat16(np.float32(to_nearest * np.float32(0.999))), np.float32)
    assert to_nearest > 0.00099


def test_rounding_does_not_depend_on_jit_vmap_or_the_size_of_other_leaves():
    g = jnp.asarray(np.random.default_rng(0).standard_normal((8, 6)), jnp.float32)
    tx = adam_jax.scale_by_adam(mu_dtype="bfloat16", nu_dtype="bfloat16")
    one = tx.init((g,))
    two = tx.init((g, jnp.ones(1000)))
    for _ in range(5):
        _, one = tx.update((g,), one)
        _, two = jax.jit(tx.update)((g, jnp.ones(1000)), two)
    np.testing.assert_array_equal(one.nu[0], two.nu[0])
    np.testing.assert_array_equal(one.mu[0], two.mu[0])
