"""Is a bfloat16 number and its remainder the float32 number?  Every mantissa, every bit count, every landing."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax
from adam_jax.core.split_float import WeightFormat, clamp_to_bfloat16_range, join

MANTISSAS = np.arange(2**23, dtype=np.uint32)
EXPONENTS = (0, 1, 2, 100, 126, 127, 254)  # zero and subnormal numbers, the smallest, around 1, the largest
LARGEST = 0x7F7F7FFF


@jax.jit
def split_and_join(w):
    params, remainder = adam_jax.split_weights(w)
    return adam_jax.wide_weights(params, adam_jax.MasterWeightsState((), remainder, jnp.int32(0))), params


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("exponent", EXPONENTS)
def test_split_and_join_are_exact_for_every_mantissa(exponent, sign):
    bits = MANTISSAS | np.uint32(exponent << 23) | np.uint32(sign << 31)
    joined, params = split_and_join(jnp.asarray(bits.view(np.float32)))
    expected = np.minimum(bits & 0x7FFFFFFF, LARGEST) | (bits & 0x80000000)
    np.testing.assert_array_equal(np.asarray(joined).view(np.uint32), expected)
    high = np.asarray(params.astype(jnp.float32)).view(np.uint32) & 0x7FFFFFFF
    if exponent > 0:
        np.testing.assert_array_equal(high, ((expected & 0x7FFFFFFF) + 0x8000) & 0xFFFF0000)  # half up


def random_steps(kind, n, seed):
    """Weights, as parameters and remainders, and updates: small steps, crossings of zero, far jumps; tiny weights."""
    rng = np.random.default_rng(seed)
    w = rng.standard_normal(n) * np.exp(rng.uniform(-3, 1, n) * (12 if "tiny" in kind else 3))
    if "small" in kind:
        u = w * np.exp(-rng.uniform(0, 20, n)) * rng.choice([-1, 1], n)
    elif "cross" in kind:
        u = -w * (1 + rng.standard_normal(n) * np.exp(-rng.uniform(0, 10, n)))
    else:
        u = rng.standard_normal(n) * np.exp(rng.uniform(-20, 2, n))
    params, remainder = adam_jax.split_weights(jnp.asarray(w, jnp.float32))
    return params, remainder, jnp.asarray(u, jnp.float32)


def land_everywhere(kind, n, seed, through="update"):
    """(parameters, targets, where they went) after `master_weights` and the stock `apply_updates`, or `step`."""
    params, remainder, u = random_steps(kind, n, seed)

    @jax.jit
    def step(params, remainder, u):
        tx = adam_jax.master_weights(optax.identity())
        state = adam_jax.MasterWeightsState(optax.EmptyState(), remainder, jnp.int32(0))
        target = adam_jax.wide_weights(params, state) + u
        if through == "step":
            return target, adam_jax.wide_weights(*adam_jax.step(tx, params, state, u))
        updates, state = tx.update(u, state, params)
        return target, adam_jax.wide_weights(optax.apply_updates(params, updates), state)

    with jax.numpy_dtype_promotion("standard"):
        target, got = step(params, remainder, u)
    return np.asarray(params.astype(jnp.float32)), np.asarray(target), np.asarray(got)


KINDS = ("small", "cross", "far", "small, tiny", "cross, tiny", "far, tiny")


def check_landing(kind, n, seed):
    """How many targets no float32 difference reaches; every other must be hit exactly."""
    p, target, got = land_everywhere(kind, n, seed)
    missed = target != got
    p, target, got = p[missed], target[missed], got[missed]
    power_of_two = np.abs(np.frexp(p)[0]) == 0.5
    near_zero = np.abs(target) < 2.0**-16 * np.abs(p)
    assert np.all(power_of_two & near_zero & (np.abs(got - target) <= 2.0**-24 * np.abs(p)))
    return len(p)


@pytest.mark.parametrize("kind", KINDS)
def test_apply_updates_lands_on_the_target(kind):
    assert check_landing(kind, 1_000_000, seed=0) <= 50  # of a million, in the one case that cannot be reached


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_is_exact_without_exception(kind):
    _, target, got = land_everywhere(kind, 1_000_000, 0, "step")
    np.testing.assert_array_equal(got.view(np.uint32), target.view(np.uint32))


@pytest.mark.long
def test_a_hundred_million_landings():
    missed = sum(check_landing(kind, 5_000_000, seed) for seed in range(1, 5) for kind in KINDS)
    assert missed <= 4 * 5_000_000 * len(KINDS) * 1e-5


def bits_of(x):
    return np.asarray(x, np.float32).view(np.uint32).astype(np.int64)


def floats(bits):
    return np.asarray(bits).astype(np.uint32).view(np.float32)


SAMPLES = np.concatenate(
    [
        np.random.default_rng(0).integers(0, 2**32, 20_000, np.uint32),
        np.uint32(
            [0, 0x80000000, 1, 0x80000001, 0x007FFFFF, 0x00800000, 0x3F800000, 0x3F808000, 0x3F80FFFF, 0xBF808000]
        ),
        np.uint32([0x7F7EFFFF, 0x7F7F0000, LARGEST - 1, LARGEST, LARGEST + 1, 0x7F7FFFFF, 0xFF7F7FFF, 0xFF7FFFFF]),
    ]
).astype(np.int64)
FINITE = SAMPLES[(SAMPLES & 0x7F800000) != 0x7F800000]
NORMAL = FINITE[(FINITE & 0x7F800000) != 0]
NOT_FINITE = floats([0x7F800000, 0xFF800000, 0x7FC00000])
NOISES = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


@pytest.mark.parametrize("noise", [None, *NOISES])
@pytest.mark.parametrize("bits", [24, 16])
def test_fewer_bits_are_one_of_the_two_neighbours(bits, noise):
    """Brute force on the integers: the lower bits and those of the noise carry, or half a unit does."""
    low = 32 - bits
    unit = 1 << low
    carry = unit // 2 if noise is None else noise >> bits
    size = np.minimum(NORMAL & 0x7FFFFFFF, LARGEST)
    expected = np.where(size <= LARGEST // unit * unit, (size + carry) // unit * unit, size // unit * unit)
    w = floats(NORMAL)
    p, remainder = jax.jit(WeightFormat(bits).split)(w, None if noise is None else jnp.uint32(noise))
    joined = WeightFormat(bits).join(p, remainder)
    np.testing.assert_array_equal(bits_of(joined) & 0x7FFFFFFF, expected)
    np.testing.assert_array_equal(np.signbit(joined), np.signbit(w))
    assert (None if remainder is None else remainder.dtype) == WeightFormat(bits).remainder_dtype
    if remainder is not None:  # the parameter is the half that the remainder rounds to, half up
        np.testing.assert_array_equal(bits_of(p.astype(jnp.float32)) & 0x7FFFFFFF, (expected + 0x8000) // 65536 * 65536)


@pytest.mark.parametrize("bits", [32, 24, 16])
def test_infinities_and_nan_stay(bits):
    p, remainder = WeightFormat(bits).split(NOT_FINITE, jnp.uint32(0xFFFFFFFF))
    np.testing.assert_array_equal(WeightFormat(bits).join(p, remainder), NOT_FINITE)
    clamped = clamp_to_bfloat16_range(jnp.asarray(NOT_FINITE))
    np.testing.assert_array_equal(clamped, NOT_FINITE)


def test_what_is_kept_beside_the_parameter():
    assert [WeightFormat(bits).remainder_dtype for bits in (32, 24, 16)] == [jnp.int16, jnp.int8, None]


def test_a_remainder_of_a_byte_counts_in_256ths():
    one = jnp.bfloat16(1)
    assert bits_of(join(one, jnp.int16(-3))) == 0x3F800000 - 3
    assert bits_of(join(one, jnp.int8(-3))) == 0x3F800000 - 3 * 256


def test_what_bfloat16_would_round_to_infinity_becomes_the_largest_that_it_does_not():
    clamped = bits_of(clamp_to_bfloat16_range(jnp.asarray(floats(FINITE))))
    np.testing.assert_array_equal(clamped & 0x7FFFFFFF, np.minimum(FINITE & 0x7FFFFFFF, LARGEST))
    np.testing.assert_array_equal(clamped >> 31, FINITE >> 31)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("bits", [32, 24, 16])
def test_a_difference_leads_to_the_target(bits, noise):
    """p + difference, rounded to bfloat16 to nearest even as `apply_updates` does, and the remainder: the target."""
    rng = np.random.default_rng(1)
    target = NORMAL[np.abs(np.frexp(floats(NORMAL))[1]) < 100]
    p = jnp.asarray(floats(target) * rng.choice([0.5, 0.99, 1.0, 1.001, 3.0, -1.0], target.shape), jnp.bfloat16)
    difference, remainder = jax.jit(WeightFormat(bits).difference_to)(p, floats(target), jnp.uint32(noise))
    landed = (p.astype(jnp.float32) + difference).astype(jnp.bfloat16)
    low = 32 - bits
    size = target & 0x7FFFFFFF
    expected = (size + (noise >> bits if low else 0)) >> low << low
    got = bits_of(WeightFormat(bits).join(landed, remainder)) & 0x7FFFFFFF
    if bits == 16:  # nothing is kept, and a difference to a far target may miss by the last bit of float32
        assert np.mean(got != expected) < 1e-3
    else:
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("bits", [32, 24, 16])
def test_a_target_near_the_largest_number_stays_finite(bits):
    p = jnp.full(3, 3e38, jnp.bfloat16)
    target = floats([LARGEST, 0x7F7FFFFF, LARGEST - 0x8000])
    difference, remainder = WeightFormat(bits).difference_to(p, target, jnp.full(3, 0xFFFFFFFF, jnp.uint32))
    landed = (p.astype(jnp.float32) + difference).astype(jnp.bfloat16)
    joined = np.asarray(WeightFormat(bits).join(landed, remainder))
    assert np.all(np.isfinite(joined))
    np.testing.assert_allclose(joined, floats([LARGEST, LARGEST, LARGEST - 0x8000]), rtol=2.0**-7)


def test_a_zero_keeps_its_sign():
    zeros = jnp.asarray([0.0, -0.0], jnp.float32)
    ones = jnp.ones(2, jnp.bfloat16)
    for bits in (32, 24):  # also one that an update leads to
        difference, remainder = WeightFormat(bits).difference_to(ones, zeros, jnp.zeros(2, jnp.uint32))
        assert difference.tolist() == [-1, -1]
        assert remainder.tolist() == [0, 0]
    for bits in (32, 24, 16):
        p, remainder = WeightFormat(bits).split(zeros, jnp.uint32(0))
        np.testing.assert_array_equal(np.signbit(WeightFormat(bits).join(p, remainder)), [False, True])
