"""Is the step of one leaf the rule, the decay, the rate and the rounding that its options name?  Beside NumPy."""

import dataclasses
import itertools

import jax
import jax.numpy as jnp
import numpy as np
import oracle
import pytest
from cases import FLOAT32_UPDATE
from older_jax import enable_x64

from adam_jax.core import (
    Adam,
    AdaMax,
    AMSGrad,
    DecayingMaximum,
    Dense,
    EightBit,
    Hyperparameters,
    LeafArrays,
    LeafScalars,
    LeafStep,
    NAdam,
    WeightFormat,
    applied,
    dither_seed,
    initial_decay,
    leaf_scalars,
)
from adam_jax.core.rules import MeanOfSquares

RATE, DECAY = 0.01, 0.5
HYPERPARAMETERS = Hyperparameters(0.9, 0.999, 1e-8)
FORMAT = Dense(None, None, arrays=2)
N = 64


def leaf_step(**options):
    defaults = {"decays": False, "scales": True, "skips": False, "returns": "updates", "update_dtype": np.dtype("f4")}
    return LeafStep(Adam(), FORMAT, **{"weight": None, **defaults, **options})


def scalars_of(count=0, good=None, leaves=1):
    rule = HYPERPARAMETERS.at(jnp.int32(count), None, np.dtype("f4"))
    _, codec = FORMAT.per_step_scalars(None, [True] * leaves, (), rule, jnp.int32(count))
    return LeafScalars(rule, codec, jnp.float32(RATE), jnp.float32(DECAY), dither_seed(jnp.int32(count), 2, 0), good)


def arrays_of(dtype="float32", p=None, remainder=None):
    rng = np.random.default_rng(0)
    g = rng.standard_normal(N) + (1j * rng.standard_normal(N) if "complex" in dtype else 0)
    p = rng.standard_normal(N) + (1j * rng.standard_normal(N) if "complex" in dtype else 0) if p is None else p
    p, g = jnp.asarray(p, dtype), jnp.asarray(g, dtype)
    return LeafArrays(p, FORMAT.init(p), remainder, g)


def expected_update(arrays, decays, cautious, scales):
    wide = np.complex128 if jnp.iscomplexobj(arrays.g) else np.float64
    p = np.asarray(arrays.p, wide)
    (step,) = oracle.run("adam", np.asarray(arrays.g, wide)[None])
    u = step.u
    decay = DECAY * p
    if cautious:
        parts = [np.where(x * w >= 0, w, 0) for x, w in ((u.real, decay.real), (u.imag, decay.imag))]
        decay = parts[0] + 1j * parts[1] if np.iscomplexobj(u) else parts[0]
    u = u + decay if decays else u
    return -RATE * u if scales else u


@pytest.mark.parametrize("returns", ["updates", "params"])
@pytest.mark.parametrize("scales", [True, False])
@pytest.mark.parametrize(("decays", "cautious"), [(False, False), (True, False), (True, True)])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "complex64"])
def test_the_update_is_the_rules_and_the_decays_times_the_rate(dtype, decays, cautious, scales, returns):
    arrays = arrays_of(dtype)
    step = leaf_step(
        decays=decays, cautious=cautious, scales=scales, returns=returns, update_dtype=np.dtype(arrays.p.dtype)
    )
    results = step(arrays, scalars_of())
    exact = expected_update(arrays, decays, cautious, scales)
    wide = exact.dtype
    found = np.asarray(results.value, wide) - (np.asarray(arrays.p, wide) if returns == "params" else 0)
    ulp = 2.0**-8 if dtype == "bfloat16" else 2.0**-23
    # of the update itself, of its rounding, and of the parameter's
    allowed = (FLOAT32_UPDATE + ulp) * np.max(np.abs(exact)) + (ulp * 4 if returns == "params" else 0)
    np.testing.assert_allclose(found, exact, rtol=0, atol=allowed)
    assert results.value.dtype == arrays.p.dtype
    assert results.remainder is None
    mu, nu = results.stored
    np.testing.assert_allclose(mu, 0.1 * np.asarray(arrays.g, wide), rtol=1e-6)
    np.testing.assert_allclose(nu, 0.001 * np.abs(np.asarray(arrays.g, wide)) ** 2, rtol=1e-6)


def test_no_decay_where_it_would_oppose_the_update_and_whole_where_a_product_vanishes():
    """u * w of tiny numbers is 0 in float32, which says nothing of their signs."""
    p = jnp.float32([1e-30, -1e-30, 0.0, -0.0, 2.0, -2.0, 2.0])
    g = jnp.float32([1e-30, 1e-30, 1.0, -1.0, -1.0, -1.0, 0.0])
    arrays = LeafArrays(p, FORMAT.init(p), None, g)
    plain = leaf_step(scales=False)(arrays, scalars_of()).value
    found = leaf_step(scales=False, decays=True, cautious=True)(arrays, scalars_of()).value
    decayed = np.array([True, False, True, True, False, True, True])
    np.testing.assert_array_equal(found, plain + np.where(decayed, np.float32(DECAY) * p, 0))


@pytest.mark.parametrize("good", [0, 1])
@pytest.mark.parametrize("returns", ["updates", "params"])
@pytest.mark.parametrize("bits", [None, 32, 24, 16])
def test_a_step_that_does_not_count_leaves_every_bit(bits, returns, good):
    weight = None if bits is None else WeightFormat(bits)
    w = np.float32(np.random.default_rng(1).standard_normal(N))
    w[:2] = 0.0, -0.0
    p, remainder = (jnp.asarray(w), None) if bits is None else weight.split(jnp.asarray(w), jnp.uint32(7))
    arrays = LeafArrays(p, (jnp.full(N, 0.5), jnp.full(N, 0.25)), remainder, jnp.full(N, 0.75))
    options = {"weight": weight, "decays": True, "returns": returns}
    found = leaf_step(skips=True, **options)(arrays, scalars_of(good=jnp.int32(good)))
    always = leaf_step(**options)(arrays, scalars_of())
    unchanged = LeafArrays(p, arrays.stored, remainder, None)
    expected = (
        always
        if good
        else always._replace(
            value=p if returns == "params" else jnp.full(N, -0.0), stored=unchanged.stored, remainder=remainder
        )
    )
    for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        np.testing.assert_array_equal(np.asarray(a).view(np.uint8), np.asarray(b).view(np.uint8))
    if not good and returns == "updates":  # -0.0 and not 0.0, which would turn -0.0 into 0.0
        np.testing.assert_array_equal(np.signbit(found.value), True)


@pytest.mark.parametrize("bits", [32, 24, 16])
def test_a_split_weight_takes_the_step_of_the_wide_one(bits):
    weight = WeightFormat(bits)
    w = jnp.float32(np.random.default_rng(1).standard_normal(N))
    p, remainder = weight.split(w, jnp.uint32(5))
    held = weight.join(p, remainder)
    g = jnp.float32(np.random.default_rng(2).standard_normal(N))
    arrays = LeafArrays(p, FORMAT.init(held), remainder, g)
    exact = leaf_step(decays=True, returns="params")(arrays._replace(p=held, remainder=None), scalars_of()).value
    by_params = leaf_step(weight=weight, decays=True, returns="params")(arrays, scalars_of())
    by_update = leaf_step(weight=weight, decays=True, returns="updates")(arrays, scalars_of())
    assert by_update.value.dtype == jnp.float32
    landed = (p.astype(jnp.float32) + by_update.value).astype(jnp.bfloat16)
    for p_, remainder_ in ((by_params.value, by_params.remainder), (landed, by_update.remainder)):
        new = weight.join(p_, remainder_)
        if bits == 32:
            np.testing.assert_array_equal(new, exact)
        else:
            np.testing.assert_allclose(new, exact, rtol=2.0 ** (9 - bits))
            assert abs(np.mean(new / exact) - 1) < 2.0 ** (9 - bits) / 8  # dithered: right on average


@pytest.mark.parametrize("bits", [24, 16])
def test_a_part_of_a_leaf_is_rounded_like_the_whole(bits):
    weight = WeightFormat(bits)
    p, remainder = weight.split(jnp.linspace(0.5, 0.6, N))
    arrays = LeafArrays(p, FORMAT.init(jnp.zeros(N)), remainder, jnp.linspace(-1.0, 1.0, N))
    step = leaf_step(weight=weight, returns="params")
    whole = step(arrays, scalars_of())
    half = jax.tree.map(lambda x: x[N // 2 :], arrays)
    part = step(half, scalars_of(), jnp.arange(N // 2, N, dtype=jnp.uint32))
    for a, b in zip(jax.tree.leaves(whole), jax.tree.leaves(part), strict=True):
        np.testing.assert_array_equal(np.asarray(a)[N // 2 :], b)


@pytest.mark.parametrize("dtype", ["float32", "complex64"])
def test_the_sum_of_squared_ratios(dtype):
    arrays = arrays_of(dtype)
    arrays = arrays._replace(g=arrays.g.at[:3].set(jnp.asarray([0, 1e-9, 1e-30], dtype)))
    found = leaf_step().sum_of_squared_ratios(arrays, scalars_of())
    g = np.asarray(arrays.g, np.complex128)
    (step,) = oracle.run("adam", g[None])
    exact = np.sum(np.abs(g / np.maximum(np.sqrt(step.v_hat), 1e-8)) ** 2)
    np.testing.assert_allclose(found, exact, rtol=1e-5)


def test_which_steps_read_the_parameter():
    assert not leaf_step().reads_params
    assert not leaf_step().cautious
    assert leaf_step(decays=True).reads_params
    assert leaf_step(weight=WeightFormat(32)).reads_params
    assert leaf_step(returns="params").reads_params


def test_arithmetic_is_as_deep_as_the_deepest():
    with enable_x64(True):
        for wide in itertools.product([False, True], repeat=3):
            update, g, moment = (np.dtype("f8" if x else "f4") for x in wide)
            arrays = LeafArrays(None, (jnp.zeros(3, moment),) * 2, None, jnp.zeros(3, g))
            assert leaf_step(update_dtype=update).arithmetic(arrays) == np.dtype("f8" if any(wide) else "f4")


@pytest.mark.parametrize(
    ("p", "u", "sum_"),
    [
        (jnp.bfloat16(1), jnp.float32(2.0**-9 + 2.0**-20), 1.0),
        (jnp.bfloat16(1), jnp.float32(2.0**-8 + 2.0**-20), 1 + 2.0**-7),  # to bfloat16 first it would be a tie, to even
        (jnp.float32(1), jnp.bfloat16(2.0**-20), 1 + 2.0**-20),
        (jnp.float32(-0.0), jnp.float32(-0.0), -0.0),
    ],
)
def test_a_sum_is_rounded_once_to_the_parameters_dtype(p, u, sum_):
    found = applied(p, u)
    assert found.dtype == p.dtype
    assert found == sum_
    assert np.signbit(found) == np.signbit(sum_)


STATIC = {  # what is static under jit, twice
    "Adam": Adam,
    "NAdam": NAdam,
    "AMSGrad": lambda: AMSGrad("v"),
    "AdaMax": AdaMax,
    "MeanOfSquares": MeanOfSquares,
    "DecayingMaximum": DecayingMaximum,
    "Dense": lambda: Dense(None, None, 2),
    "EightBit": lambda: EightBit(MeanOfSquares()),
    "WeightFormat": lambda: WeightFormat(24),
    "LeafStep": leaf_step,
    "Hyperparameters": lambda: Hyperparameters(0.9, 0.999, 1e-8),
    "Decay": lambda: initial_decay(0.9, np.float32),
}


@pytest.mark.parametrize("name", STATIC)
def test_static_values_are_equal_hashable_and_frozen(name):
    one, other = STATIC[name](), STATIC[name]()
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.rate = 0.5


def test_leaves_of_one_shape_are_traced_once():
    traced = []

    @dataclasses.dataclass(frozen=True)
    class Counted(Adam):
        def __call__(self, *arguments, **keywords):
            traced.append(1)
            return super().__call__(*arguments, **keywords)

    arrays = [arrays_of() for _ in range(5)]
    step = dataclasses.replace(leaf_step(), rule=Counted())
    jax.jit(lambda arrays: [step(a, scalars_of()) for a in arrays])(arrays)
    assert len(traced) == 1
    jax.jit(lambda arrays: [step.sum_of_squared_ratios(a, scalars_of()) for a in arrays])(arrays)
    assert len(traced) == 2


def test_vectors_have_an_entry_for_each_leaf():
    each = leaf_scalars({"of all": jnp.float32(3), "of each": jnp.arange(4.0), "a number": 0.5}, 2)
    assert each == {"of all": 3, "of each": 2, "a number": 0.5}
