"""Does an average have the weights b and 1 - b, and its bias correction, however the rate is given?"""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from adam_jax.core.decay import Decay, initial_decay, power_correction

RATES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999)
ROUNDINGS = 4 * 2.0**-24  # of a sum of two products
OLD, NEW = np.float32([1.0, -3.0, 1e-3]), np.float32([2.0, 5.0, 1e3])


def decays(rate):
    """The same rate as a number, whose size is known, and as an array, where it is not."""
    return initial_decay(rate, np.float32), initial_decay(jnp.float32(rate), np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_the_average(rate):
    exact = rate * OLD.astype(np.float64) + (1 - rate) * NEW
    for b in decays(rate):
        found = np.asarray(b.average(jnp.asarray(OLD), jnp.asarray(NEW)), np.float64)
        np.testing.assert_allclose(found, exact, atol=ROUNDINGS * 1e3)
        both = b.average(jnp.asarray(OLD + 2j * OLD), jnp.asarray(NEW + 2j * NEW))
        np.testing.assert_allclose(both, found * (1 + 2j), rtol=1e-6)


@pytest.mark.parametrize("rate", RATES)
def test_the_value_with_the_larger_weight_is_kept_exactly(rate):
    """Where both are equal the average is that number: the weights add up to exactly one."""
    x = jnp.float32(np.random.default_rng(0).standard_normal(1000))
    for b in decays(rate):
        np.testing.assert_array_equal(b.average(x, x), x)
        kept = b.average(jnp.float32(1e10), jnp.float32(1)) if rate == 0 else 1.0
        assert kept == 1  # b = 0 keeps no rounding error of what was there


@pytest.mark.parametrize(("rate", "old", "new"), [(1 - 2.0**-10, 1.0, 1e8), (2.0**-10, 1e8, 1.0)])
def test_the_increment_starts_from_the_value_with_the_larger_weight(rate, old, new):
    """From the other one the result would be the difference of two large numbers: 1e-4 of it lost."""
    exact = rate * old + (1 - rate) * new
    for b in decays(rate):
        np.testing.assert_allclose(b.average(jnp.float32(old), jnp.float32(new)), exact, rtol=1e-6)


def test_what_is_known_of_a_rate():
    assert [initial_decay(b, np.float32).rate_ge_half for b in (0.4999, 0.5, 1)] == [False, True, True]
    assert initial_decay(jnp.float32(0.9), np.float32).rate_ge_half is None
    b = initial_decay(0.999, np.float32)
    assert (b.correction, b.reciprocal, b.dither) == (0.0, np.inf, None)
    assert b.one_minus_rate == np.float32(0.001)  # and not 1 - float32(0.999), which is 4.7e-5 off
    array = initial_decay(jnp.float32(0.75), np.float32)
    assert (array.correction, array.reciprocal, array.dither) == (0.0, np.inf, None)
    assert (array.rate, array.one_minus_rate) == (0.75, 0.25)


def test_the_dither_is_a_part_of_the_last_place():
    """An increment of 0.4 of the last place is lost; with a dither of 0.25 it is one, with -0.25 it is none."""
    old, unit = jnp.float32([1.5, -1.5]), 2.0**-23
    b = initial_decay(0.9999, np.float32)
    new = old + jnp.float32(0.4 * unit / 1e-4)
    for dither, step in ((0.25, unit), (-0.25, 0.0)):
        shifted = Decay(b.rate, b.one_minus_rate, 0.5, 2.0, jnp.float32(dither), True).average(old, new)
        np.testing.assert_array_equal(shifted - old, [step, step])
    # an increment of 0.3 of the last place: the mean over dithers is the number
    new = old + jnp.float32([1, -1]) * jnp.float32(0.3 * 2.0**-23 / 1e-4)
    steps = jnp.linspace(-0.5, 0.5, 1001)[:-1]
    means = jax.vmap(lambda d: Decay(b.rate, b.one_minus_rate, 0.5, 2.0, d, True).average(old, new) - old)(steps)
    np.testing.assert_allclose(np.mean(means, axis=0) * 2.0**23, [0.3, -0.3], atol=2e-3)


def test_bias_correction_divides_or_multiplies():
    m = jnp.float32([3.0, -5.0])
    b = initial_decay(0.9, np.float32).corrected_by(jnp.float32(0.19))
    np.testing.assert_allclose(b.debias(m), np.asarray(m, np.float64) / np.float32(0.19), rtol=2.0**-24)
    np.testing.assert_allclose(b.debias(m, exact=False), m / 0.19, rtol=3 * 2.0**-24)
    np.testing.assert_allclose(b.reciprocal, 1 / 0.19, rtol=2.0**-23)
    other = dataclasses.replace(b, reciprocal=jnp.float32(7))  # which of the two is used
    np.testing.assert_array_equal(other.debias(m, exact=False), 7 * m)
    np.testing.assert_array_equal(other.debias(m), b.debias(m))
    np.testing.assert_allclose(b.debias(jax.lax.complex(m, m)), np.asarray(m) * (1 + 1j) / 0.19, rtol=1e-6)


@pytest.mark.parametrize("rate", RATES)
def test_the_next_correction_has_one_factor_more(rate):
    for b in decays(rate):
        now = b.corrected_by(jnp.float32(1 - rate**3))
        np.testing.assert_allclose(now.next().correction, 1 - rate**4, rtol=1e-5)  # of 1 - b in float32
        np.testing.assert_allclose(now.next(initial_decay(0.25, np.float32)).correction, 1 - rate**3 / 4, rtol=1e-6)
        assert now.next().rate == b.rate
        assert now.next(initial_decay(0.25, np.float32)).rate == 0.25


@pytest.mark.parametrize("rate", [1e-9, *RATES])
def test_the_correction_of_a_power(rate):
    t = jnp.asarray([0, 1, 2, 30, 10**6])
    for b in decays(rate):
        found = np.asarray(power_correction(b, t, np.float32), np.float64)
        used = 1 - np.float64(b.one_minus_rate) if rate >= 0.5 else rate  # the rate that the average uses
        np.testing.assert_allclose(found, 1 - used ** np.asarray(t, np.float64), rtol=1e-6)
        np.testing.assert_allclose(used, rate, atol=1e-7)


@pytest.mark.parametrize("rate", [0.0, 1e-30, 0.2, 0.5, 0.9])
def test_the_correction_of_an_array_has_the_derivative_of_a_power(rate):
    """-t * b**(t - 1) after t steps, also where the other branch would be infinite."""
    for t in (1, 2, 5):
        derivative = jax.grad(lambda b, t=t: power_correction(initial_decay(b, np.float32), jnp.int32(t), np.float32))
        found = derivative(jnp.float32(rate))
        assert np.isfinite(found)
        if rate > 0.1 or t > 1:  # expm1's derivative is exp of it up to 6e-8, which is more than a small b**t
            np.testing.assert_allclose(found, -t * rate ** (t - 1), rtol=1e-4, atol=1e-28)
