"""Do stored moments mean what the formats say?  Codes and scalars beside their formulas in float64."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from older_jax import enable_x64

from adam_jax.core import AdaMax, Dense, EightBit, Hyperparameters, dither_seed, element_index
from adam_jax.core.formats.dense import DenseScalars
from adam_jax.core.formats.eightbit import EightBitScalars
from adam_jax.core.rules import Adam, DecayingMaximum, MeanOfSquares

BOUND, SCALE, REACH = 3.7e-5, 0.21, 2.4
V_CODES, M_CODES = np.arange(256), np.arange(-127, 128)
DECODED = 5e-6  # relative: a reciprocal up to 3e-6, and roundings
FORMATS = {Adam: EightBit(MeanOfSquares()), AdaMax: EightBit(DecayingMaximum())}


def reach_of_codes(scale, reach):
    """127 codes reach ratios up to a tenth above `reach`, between 8 and 128 scales."""
    largest = np.clip(1.1 * reach / scale, 8, 128)
    return 127 * (largest + 1) / largest


def codec(bound=BOUND, scale=SCALE, reach=REACH, seed=0, after=None):
    shared = tuple(jnp.float32(x) for x in (bound, scale, reach))
    return EightBitScalars.of(jnp.uint32(seed), shared, after or shared)


@pytest.mark.parametrize("reach", [0.1, 2.4, 1000.0])
@pytest.mark.parametrize("rule", FORMATS)
def test_what_codes_mean(rule, reach):
    """v = bound * (code / 255)**16, m = scale * k / (reach of codes - |k|) * sqrt(v)."""
    k, code = (x.ravel() for x in np.meshgrid(M_CODES, V_CODES))
    m, nu = FORMATS[rule].decode(
        (jnp.asarray(k, jnp.int8), jnp.asarray(code, jnp.uint8)), np.dtype("f4"), codec(reach=reach)
    )
    v = BOUND * (code / 255.0) ** 16
    seen = v > 2.0**-126
    np.testing.assert_allclose(nu[seen], (v if rule is Adam else np.sqrt(v))[seen], rtol=DECODED)
    exact = SCALE * k / (reach_of_codes(SCALE, reach) - np.abs(k)) * np.sqrt(v)
    np.testing.assert_allclose(m[seen], exact[seen], rtol=DECODED)
    np.testing.assert_array_equal(np.asarray(nu)[code == 0], 0)
    np.testing.assert_array_equal(np.asarray(m)[(k == 0) | (code == 0)], 0)


@pytest.mark.parametrize("rule", FORMATS)
def test_codes_are_right_on_average_and_never_more_than_one_off(rule):
    """Of v and of m / sqrt(v) as the code of v will be read, over all values of the dither."""
    rng = np.random.default_rng(0)
    n = 400
    v = BOUND * rng.uniform(1e-12, 1, n) ** rng.choice([1, 8], n)
    m = np.sqrt(v) * rng.uniform(-REACH, REACH, n) * rng.choice([1, 0.01], n)
    nu = v if rule is Adam else np.sqrt(v)
    noises = jnp.uint32(np.linspace(0, 2**32, 2000, endpoint=False))

    def encode(noise):  # index 0: the noise is the seed
        return FORMATS[rule].encode((jnp.float32(m), jnp.float32(nu)), None, codec(seed=noise), jnp.uint32(0))

    k, code = (np.asarray(x, np.float64) for x in jax.jit(jax.vmap(encode))(noises))
    exact = 255 * (v / BOUND) ** (1 / 16)
    assert np.all(np.abs(code - np.clip(exact, 1, 255)) < 1 + 1e-4)
    np.testing.assert_allclose(code.mean(axis=0), np.clip(exact, 1, 255), atol=2e-3)
    size = SCALE * np.sqrt(BOUND * (code / 255) ** 16)
    exact = reach_of_codes(SCALE, REACH) * m / (np.abs(m) + size)
    assert np.all(np.abs(k - np.clip(exact, -127, 127)) < 1 + 1e-3)
    np.testing.assert_allclose(k.mean(axis=0), np.clip(exact, -127, 127).mean(axis=0), atol=2e-2)


def test_a_part_of_a_leaf_is_coded_like_the_whole():
    rng = np.random.default_rng(0)
    v = jnp.float32(BOUND * rng.random(60))
    m = jnp.float32(rng.standard_normal(60)) * jnp.sqrt(v)
    whole = FORMATS[Adam].encode((m, v), None, codec(seed=11), None)
    part = FORMATS[Adam].encode((m[20:], v[20:]), None, codec(seed=11), element_index((60,))[20:])
    for a, b in zip(whole, part, strict=True):
        np.testing.assert_array_equal(a[20:], b)


@pytest.mark.parametrize(("noise", "code"), [(2**24, 1), (2**23, 0), (2**31, 0)])
def test_the_ratio_is_rounded_by_the_lower_bits_of_the_noise(noise, code):
    """Moved up by 7: 2**24 is a half there, and 0.6 + 0.5 rounds up; 2**23 is a quarter, and bit 31, of v, is none."""
    reach, size = reach_of_codes(SCALE, REACH), SCALE * np.sqrt(BOUND)
    m, v = jnp.float32([0.6 * size / (reach - 0.6)]), jnp.float32([BOUND])
    k, of_v = FORMATS[Adam].encode((m, v), None, codec(seed=noise), jnp.zeros(1, jnp.uint32))
    assert of_v.tolist() == [255]
    assert k.tolist() == [code]


def test_codes_end_where_they_end():
    """Zero is 0, the smallest v is 1 and not 0, and the bound is 255, whatever the dither."""
    for seed in (0, 2**18 - 1, 2**31, 2**32 - 1):
        v = jnp.float32([0, 2.0**-126, BOUND, BOUND * 2])
        m = jnp.float32([0, 1e-10, 1e10, -1e10])
        k, code = FORMATS[Adam].encode((m, v), None, codec(seed=seed), jnp.zeros(4, jnp.uint32))
        assert code.tolist()[0] == 0
        assert 2 <= code.tolist()[1] <= 3  # 255 * (2**-126 / bound)**(1 / 16) is 2.05
        assert 254 <= code.tolist()[2] <= code.tolist()[3] == 255
        assert k.tolist()[0] in (0, -0)
        assert k.tolist()[2:] == [127, -127]


def test_the_smallest_v_has_a_code_under_any_bound():
    """255 * (v / bound)**(1 / 16) is 0.02 here, and rounded down it would be lost for ever."""
    v = jnp.float32([1e-37])
    _, code = FORMATS[Adam].encode((jnp.zeros(1), v), None, codec(bound=1e30), jnp.zeros(1, jnp.uint32))
    assert code.tolist() == [1]


def test_zeros_are_zeros_on_every_platform(monkeypatch):
    for _ in range(2):
        zeros = jnp.zeros(3)
        assert [x.tolist() for x in FORMATS[Adam].encode((zeros, zeros), None, codec(), jnp.zeros(3, jnp.uint32))] == [
            [0, 0, 0],
            [0, 0, 0],
        ]
        # and by the reciprocal root that a GPU takes in place of a division
        monkeypatch.setattr(jax.lax, "platform_dependent", lambda *arrays, default, **_: default(*arrays))


def test_a_step_is_decoded_with_what_was_and_encoded_with_what_will_be():
    before, after = (BOUND, SCALE, REACH), (BOUND * 4, SCALE * 2, REACH * 3)
    as_arrays = lambda numbers: tuple(jnp.float32(x) for x in numbers)  # noqa: E731
    scalars = EightBitScalars.of(jnp.uint32(7), as_arrays(before), as_arrays(after))
    exact = {
        "seed": 7,
        "root_factor": BOUND**0.25 / 255**4,
        "scale": SCALE,
        "code_reach": reach_of_codes(SCALE, REACH),
        "to_code": 255 / (4 * BOUND) ** (1 / 16),
        "size_factor": np.sqrt(2 * SCALE) * (4 * BOUND) ** 0.25 / 255**4,
        "next_code_reach": reach_of_codes(2 * SCALE, 3 * REACH),
    }
    for name, value in exact.items():
        np.testing.assert_allclose(getattr(scalars, name), value, rtol=1e-6, err_msg=name)
    nothing = EightBitScalars.of(jnp.uint32(7), as_arrays(before), as_arrays((0, SCALE, REACH)))
    assert nothing.to_code == 255  # a bound of 0 counts as 1: what is encoded is 0


@pytest.mark.parametrize("rule", FORMATS)
def test_what_is_kept_beside_codes_obeys_its_recursions(rule):
    """Bounds are above every v, and above the last by 1e-6 only; a leaf without a gradient keeps all three."""
    b1, b2, eps = 0.9, 0.99, 0.1
    hyperparameters = Hyperparameters(b1, b2, eps)
    format_ = FORMATS[rule]
    shared = format_.init_shared(3)
    assert [x.tolist() for x in shared] == [[0] * 3, [1] * 3, [0] * 3]
    bound = reach = 0.0
    for count, largest in enumerate([4.0, 0.01, 9.0, 0.0]):
        scalars = hyperparameters.at(jnp.int32(count), None, np.dtype("f4"))
        squares = jnp.float32([largest, 1, largest])
        before = shared
        shared, step = format_.per_step_scalars(squares, [True, False, True], shared, scalars, jnp.int32(count))
        correction1, correction2 = 1 - b1 ** (count + 1), 1 - b2 ** (count + 1)
        if rule is Adam:
            bound = b2 * bound + (1 - b2) * largest
            reach = np.sqrt(b1**2 / b2 * reach**2 + (1 - b1) ** 2 / (1 - b2))
            scale = 0.4446 * (1 - b1) ** 0.25 * correction1 / np.sqrt(correction2)
        else:
            bound = max(b2**2 * bound, (np.sqrt(largest) + eps) ** 2)
            reach = b1 / b2 * reach + 1 - b1
            scale = 0.4446 * (1 - b1) ** 0.25 * correction1
        for found, exact in zip(shared, (bound, scale, reach), strict=True):
            np.testing.assert_allclose(found[0], exact, rtol=1e-5)
            assert found[0] == found[2]
        assert np.float64(shared[0][0]) > bound
        assert [float(x[1]) for x in shared] == [0, 1, 0]
        np.testing.assert_array_equal(step.seed, dither_seed(count, 0, np.arange(3)))
        np.testing.assert_array_equal(step.scale, before[1])


def test_a_bound_is_a_millionth_above_its_recursion():
    """Decoding and rounding may leave v four units in the last place, 2**-22, above the average that it stands for."""
    scalars = Hyperparameters(0.9, 0.75, 1e-8).at(jnp.int32(0), None, np.dtype("f4"))
    (bounds, _, _), _ = FORMATS[Adam].per_step_scalars(
        jnp.ones(1), [True], FORMATS[Adam].init_shared(1), scalars, jnp.int32(0)
    )
    assert abs(np.float64(bounds[0]) / 0.25 - 1 - 2.0**-20) <= 2.0**-23


def test_a_bound_of_subnormal_numbers_is_zero_and_a_reach_has_an_end():
    scalars = Hyperparameters(0.9, 0.99, 1e-8).at(jnp.int32(0), None, np.dtype("f4"))
    for largest, kept in ((2.0**-119, True), (2.0**-120, False), (0.0, False)):  # a hundredth of it
        (bounds, _, _), _ = FORMATS[Adam].per_step_scalars(
            jnp.float32([largest]), [True], FORMATS[Adam].init_shared(1), scalars, jnp.int32(0)
        )
        assert bounds[0] > 0 if kept else bounds[0] == 0
    no_memory = Hyperparameters(0.9, 0.0, 1e-8).at(jnp.int32(0), None, np.dtype("f4"))
    shared = (jnp.ones(1), jnp.ones(1), jnp.full(1, 2.0**59))
    (_, _, reaches), _ = FORMATS[Adam].per_step_scalars(jnp.ones(1), [True], shared, no_memory, jnp.int32(0))
    assert reaches[0] == 2.0**60


def test_which_parameters_have_codes():
    for dtype in (jnp.float32, jnp.bfloat16, jnp.float16):
        mu, nu = FORMATS[Adam].init(jnp.ones(3, dtype))
        assert (mu.dtype, nu.dtype, mu.shape) == (jnp.int8, jnp.uint8, (3,))
        assert not np.any(mu)
        assert not np.any(nu)
    with pytest.raises(ValueError, match="complex64"):
        FORMATS[Adam].init(jnp.ones(3, jnp.complex64))
    with enable_x64(True), pytest.raises(ValueError, match="float64"):
        FORMATS[Adam].init(jnp.ones(3, jnp.float64))
    assert (FORMATS[Adam].arrays, FORMATS[Adam].needs_largest_squares, FORMATS[Adam].exact) == (2, True, False)


DTYPES = [np.dtype(d) for d in (jnp.bfloat16, np.float16, np.float32)]


@pytest.mark.parametrize("nu_dtype", [None, *DTYPES])
@pytest.mark.parametrize("mu_dtype", [None, *DTYPES])
@pytest.mark.parametrize("arrays", [2, 3])
def test_dense_moments_have_the_dtypes_that_were_asked_for(mu_dtype, nu_dtype, arrays):
    format_ = Dense(mu_dtype, nu_dtype, arrays)
    assert (format_.exact, format_.needs_largest_squares) == (True, False)
    assert format_.init_shared(3) == ()
    stored = format_.init(jnp.ones(5, jnp.bfloat16))
    assert [x.dtype for x in stored] == [mu_dtype or np.float32, *[nu_dtype or np.float32] * (arrays - 1)]
    assert not any(map(np.any, stored))
    with pytest.raises(ValueError, match="zip"):  # an array is missing
        format_.encode(stored[1:], stored, DenseScalars((jnp.uint32(0),) * arrays), None)
    rounded = jnp.bfloat16 in (mu_dtype, nu_dtype)
    _, scalars = format_.per_step_scalars(None, [True, False], (), None, jnp.int32(9))
    assert len(scalars.seeds) == (arrays if rounded else 0)
    for stream, seeds in enumerate(scalars.seeds):
        np.testing.assert_array_equal(seeds, dither_seed(9, stream, np.arange(2)))
    one = scalars._replace(seeds=tuple(seeds[1] for seeds in scalars.seeds))
    x = tuple(jnp.float32([1.001, -1e6, 0, 0.3, np.inf]) for _ in stored)
    encoded = format_.encode(x, stored, one, None)
    assert [e.dtype for e in encoded] == [s.dtype for s in stored]
    for e in encoded:  # one of the two neighbours, and the largest number instead of infinity in float16
        exact = np.array([1.001, -65504.0 if e.dtype == np.float16 else -1e6, 0, 0.3, np.inf])
        np.testing.assert_allclose(np.asarray(e, np.float64), exact, rtol=float(jnp.finfo(e.dtype).eps))
    if rounded:  # a part of a leaf is rounded like the whole
        part = format_.encode(tuple(a[2:] for a in x), stored, one, element_index((5,))[2:])
        for a, b in zip(part, encoded, strict=True):
            np.testing.assert_array_equal(a, b[2:])
    for d in format_.decode(encoded, np.dtype("f4"), one):
        assert d.dtype == np.float32


def test_dense_moments_of_complex_and_of_deep_parameters():
    with enable_x64(True):
        for dtype, mu, nu in (("complex64", "c8", "f4"), ("complex128", "c16", "f8"), ("float64", "f8", "f8")):
            stored = Dense(None, None, 2).init(jnp.ones(3, dtype))
            assert [x.dtype for x in stored] == [np.dtype(mu), np.dtype(nu)]
        assert Dense(np.dtype("f8"), None, 2).init(jnp.ones(3, "complex64"))[0].dtype == np.complex128
        assert Dense(np.dtype("f4"), None, 2).init(jnp.ones(3, "complex128"))[0].dtype == np.complex64
        assert Dense(np.dtype("c16"), None, 2).init(jnp.ones(3, "complex128"))[0].dtype == np.complex128
    for narrow in (jnp.bfloat16, np.float16):
        with pytest.raises(ValueError, match="cannot hold the moment of a complex64"):
            Dense(np.dtype(narrow), None, 2).init(jnp.ones(3, "complex64"))
    with pytest.raises(ValueError, match="is for complex parameters; got float32"):
        Dense(np.dtype("c8"), None, 2).init(jnp.ones(3, "float32"))
