"""Do the equations hold?  Every rule x storage x dtype against the float64 oracle, and the edges of the numbers."""

import jax
import jax.numpy as jnp
import numpy as np
import oracle
import pytest
from cases import FLOAT32_UPDATE, RULES, STORAGES, STORAGES_AND_DTYPES, gradients, tolerance, x64
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import adam_jax
from adam_jax.core import Adam, AdaMax, AMSGrad, Hyperparameters, NAdam
from adam_jax.core.arithmetic import saturate
from adam_jax.core.decay import initial_decay, power_correction

LARGEST = {"float16": 65504.0, "bfloat16": 3.3895314e38, "float32": 3.4028235e38, "float64": 1.7976931348623157e308}
EPSILONS = (1e-8, 0.0)
# Adam in every storage and dtype; the others in every dtype, and in every storage, which is all that a rule can tell.
WITH_THE_ORACLE = [
    (rule_name, storage, dtype)
    for rule_name in RULES
    for storage, dtype in STORAGES_AND_DTYPES
    if rule_name == "adam" or storage == "float32" or dtype == "float32"
]


@pytest.mark.parametrize(("rule_name", "storage", "dtype"), WITH_THE_ORACLE)
def test_updates_agree_with_the_oracle(rule_name, storage, dtype):
    case = RULES[rule_name]
    with x64(dtype):
        grads = gradients(dtype, (5, 7), steps=25)
        tx = case.make(**case.ours, **STORAGES[storage])
        params = jnp.zeros((5, 7), dtype)
        state = tx.init(params)
        update = jax.jit(tx.update)
        ours = []
        for g in grads:
            u, state = update(jnp.asarray(g), state, params)
            assert u.dtype == jnp.dtype(dtype)
            ours.append(np.asarray(u, np.result_type(np.float64, grads.dtype) if "complex" in dtype else np.float64))
    theirs = [step.u for step in oracle.run(case.rule, grads, **case.oracle)]
    error = np.max(np.abs(np.stack(ours) - np.stack(theirs))) / np.sqrt(np.mean(np.abs(np.stack(theirs)) ** 2))
    assert error < tolerance(storage, dtype)


@pytest.mark.parametrize("rule_name", ["adam", "nadam", "amsgrad", "adamax"])
def test_the_first_step_is_the_sign(rule_name):
    case = RULES[rule_name]
    tx = case.make(**case.ours)
    g = jnp.array([3.0, -1e-3, 7e4])
    u, _ = tx.update(g, tx.init(g))
    scale = 0.9 * 0.1 / 0.19 + 1 if rule_name == "nadam" else 1.0
    np.testing.assert_allclose(u, scale * np.sign(g), rtol=2e-5)  # eps = 1e-8 beside |g| = 1e-3


def test_no_momentum_is_rmsprop_with_bias_correction():
    grads = gradients("float32", (64,), steps=40)
    for b1 in (0, 0.0):
        tx = adam_jax.scale_by_adam(b1=b1, b2=0.9)
        state = tx.init(jnp.zeros(64))
        v = np.zeros(64)
        for t, g in enumerate(grads.astype(np.float64), start=1):
            u, state = tx.update(jnp.asarray(g, jnp.float32), state)
            v = 0.9 * v + 0.1 * g**2
            np.testing.assert_allclose(u, g / (np.sqrt(v / (1 - 0.9**t)) + 1e-8), rtol=FLOAT32_UPDATE)
        np.testing.assert_array_equal(state.mu, grads[-1])


def test_no_momentum_forgets_a_large_gradient_at_once():
    # m + 1 * (g - m) would keep the rounding error of 1e6 - 1e-3
    tx = adam_jax.scale_by_adam(b1=0.0)
    state = tx.init(jnp.zeros(1))
    for g in (1e6, 1e-3):
        _, state = tx.update(jnp.array([g]), state)
    assert state.mu[0] == np.float32(1e-3)


@pytest.mark.parametrize("eps", EPSILONS)
@pytest.mark.parametrize("dtype", LARGEST)
@pytest.mark.parametrize("rule_name", RULES)
def test_a_zero_gradient_gives_a_zero_update(rule_name, dtype, eps):
    case = RULES[rule_name]
    with x64(dtype):
        tx = case.make(**{**case.ours, "eps": eps})
        state = tx.init(jnp.zeros(3, dtype))
        for _ in range(3):
            u, state = tx.update(jnp.zeros(3, dtype), state)
            np.testing.assert_array_equal(np.asarray(u, np.float64), 0)


@pytest.mark.parametrize(
    ("rule_name", "dtype"), [(r, d) for r in RULES for d in LARGEST if r in ("adam", "adamax") or d == "float32"]
)
def test_finite_gradients_of_any_size_give_finite_updates_and_no_element_dies(rule_name, dtype):
    case = RULES[rule_name]
    with x64(dtype):
        largest = LARGEST[dtype]
        sizes = np.concatenate([[1e-45], 10.0 ** np.arange(-44, 39), [largest, largest, largest]])
        sizes = np.where(sizes < largest, sizes, largest)
        signs = np.where(np.arange(len(sizes)) % 2, 1.0, -1.0)
        first = jnp.asarray(sizes * signs).astype(dtype)
        rng = np.random.default_rng(0)
        tx = case.make(**case.ours)

        def run(carry, flip):  # the same size with changing sign, then normal gradients: both must move every element
            u, state = tx.update(carry[0] * flip, carry[1])
            return (carry[0], state), jnp.all(jnp.isfinite(u))

        flips = jnp.asarray(np.sign(rng.standard_normal(1000))).astype(dtype)
        (_, state), finite = jax.jit(lambda carry: jax.lax.scan(run, carry, flips))((first, tx.init(first)))
        assert np.all(finite)
        assert all(np.all(np.isfinite(np.asarray(x, np.float64))) for x in jax.tree.leaves(state))

        u, _ = tx.update(first, tx.init(first))
        # float32 has no squares below 1e-38, and its arithmetic no numbers below 1.2e-38: such steps are too small
        seen = np.abs(np.asarray(first, np.float64)) > (1e-37 if dtype != "float64" else 0)
        seen &= np.abs(np.asarray(first, np.float64)) > float(jnp.finfo(dtype).tiny) * 1e8  # u = g / eps must exist
        assert np.all(np.asarray(u, np.float64)[seen] != 0)
        assert np.all(np.sign(np.asarray(u, np.float64))[seen] == np.sign(np.asarray(first, np.float64))[seen])


def test_the_largest_gradient_asks_for_a_step_of_one():
    g = jnp.array([3.4028235e38, -3.4028235e38, 1e30, 1.0])
    tx = adam_jax.scale_by_adam()
    u, state = tx.update(g, tx.init(g))
    np.testing.assert_allclose(u, np.sign(g), rtol=1e-6)
    assert np.all(state.nu >= 0)
    assert np.all(np.isfinite(state.nu))


def test_an_infinite_gradient_is_seen():
    for bad in (np.inf, -np.inf, np.nan):
        tx = adam_jax.scale_by_adam()
        u, _ = jax.jit(tx.update)(jnp.array([bad, 1.0]), tx.init(jnp.zeros(2)))
        assert not np.isfinite(u[0])
        assert np.isfinite(u[1])


@given(
    g=hnp.arrays(np.float32, st.integers(1, 8), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)),
    b1=st.sampled_from([0.0, 0.5, 0.9, 0.999]),
    b2=st.sampled_from([0.0, 0.4, 0.999, 0.999999]),
    steps=st.integers(1, 20),
)
@settings(max_examples=150, deadline=None)
def test_v_is_never_negative_and_all_is_finite(g, b1, b2, steps):
    if b1**2 >= b2 > 0 or (b2 == 0 and b1 > 0):
        b1 = 0.0  # there Adam's own ratio m / sqrt(v) is unbounded
    tx = adam_jax.scale_by_adam(b1, b2)
    state = tx.init(jnp.zeros_like(g))
    for i in range(steps):
        u, state = tx.update(jnp.asarray(g if i % 2 else np.roll(-g, i)), state)
        assert np.all(np.isfinite(u))
    assert np.all(np.asarray(state.nu) >= 0)


@pytest.mark.parametrize("rule_name", RULES)
def test_derivatives_are_finite(rule_name):
    case = RULES[rule_name]
    tx = case.make(**case.ours)
    points = jnp.array([0.0, 1e-30, 1e-12, 1e-3, -1.0, 1e6])

    def total(g):
        state = tx.init(g)
        u, state = tx.update(g, state)
        v, _ = tx.update(0.5 * g, state)
        return u + v

    reverse = jax.vmap(jax.grad(lambda x: total(x[None])[0]))(points)
    forward = jax.jvp(total, (points,), (jnp.ones_like(points),))[1]
    assert np.all(np.isfinite(reverse))
    np.testing.assert_allclose(forward, reverse, rtol=1e-4, atol=1e-3)


def test_the_derivative_is_right():
    # t = 1 with eps: u = g / (|g| + eps), du/dg = eps / (|g| + eps)**2
    tx = adam_jax.scale_by_adam(eps=0.5)
    derivative = jax.grad(lambda g: tx.update(g, tx.init(g))[0])(2.0)
    np.testing.assert_allclose(derivative, 0.5 / 2.5**2, rtol=1e-5)
    assert jax.grad(lambda g: adam_jax.scale_by_adam().update(g, adam_jax.scale_by_adam().init(g))[0])(0.0) >= 0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("b", [0.0, 0.1, 0.5, 0.9, 0.999, 0.999999])
def test_bias_correction_agrees_with_float64(b, dtype):
    with x64(dtype):
        decay = initial_decay(b, np.dtype(dtype))
        exact_complement = 1 - b
        assert decay.one_minus_rate == np.asarray(exact_complement, dtype)
        assert power_correction(decay, jnp.asarray(0, jnp.int32), np.dtype(dtype)) == 0
        for t in (1, 2, 10, 1000, 10**6, 2**31 - 2):
            got = float(power_correction(decay, jnp.asarray(t, jnp.int32), np.dtype(dtype)))
            used = -np.expm1(t * np.log1p(-float(decay.one_minus_rate))) if b >= 0.5 else 1 - b**t
            # t has 24 bits in float32, where 1 - b**t is 1 long since; the rest is expm1
            np.testing.assert_allclose(got, used, rtol=5e-7 if dtype == "float32" else 1e-14)


def test_saturation_keeps_what_it_need_not_change():
    x = np.float32([0.0, -0.0, 1e-45, 1.0, -(2.0**62), 2.0**63])
    np.testing.assert_array_equal(np.asarray(saturate(jnp.asarray(x)))[3:], x[3:])
    assert saturate(jnp.float32(2.0**100)) == 2.0**63
    assert np.isnan(saturate(jnp.float32(jnp.inf)))


ONE_STEP = {
    "adam": Adam(),
    "nadam": NAdam(),
    "amsgrad": AMSGrad("v_hat"),
    "amsgrad of v": AMSGrad("v"),
    "adamax": AdaMax(),
}
NEAR = 2e-6  # relative: two near reciprocals


@pytest.mark.parametrize("name", ONE_STEP)
def test_a_rule_by_itself_and_with_near_reciprocals(name):
    """One step from moments of any size, at rates and an eps that show every term; nothing divides by zero."""
    rule, b1, b2, eps, eps_root, t = ONE_STEP[name], 0.8, 0.9, 0.01, 0.0025, 3
    rng = np.random.default_rng(0)
    g, m, v, v_max = rng.standard_normal(50), rng.standard_normal(50), rng.random(50), rng.random(50)
    scalars = Hyperparameters(b1, b2, eps, eps_root, nesterov=True).at(jnp.int32(t - 1), None, np.dtype("f4"))
    moments = tuple(jnp.float32(x) for x in (m, v, v_max)[: len(rule.moments)])
    u, new = rule(jnp.float32(g), moments, scalars)
    near, also_new = rule(jnp.float32(g), moments, scalars, exact=False)
    np.testing.assert_array_equal(u, rule(g=jnp.float32(g), moments=moments, scalars=scalars, exact=True)[0])
    assert np.any(u != near)

    m = b1 * m + (1 - b1) * g
    v = np.maximum(b2 * v, np.abs(g) + eps) if name == "adamax" else b2 * v + (1 - b2) * g**2
    correction1, correction2 = 1 - b1**t, 1 - b2**t
    m_hat, v_hat = m / correction1, v / correction2
    if name == "nadam":
        m_hat = b1 * m / (1 - b1 ** (t + 1)) + (1 - b1) * g / correction1
    if name == "amsgrad":
        v_hat = v_max = np.maximum(v_max, v_hat)
    if name == "amsgrad of v":
        v_max = np.maximum(v_max, v)
        v_hat = v_max / correction2
    root = v - eps if name == "adamax" else np.sqrt(v_hat + eps_root)
    exact = m_hat / (root + eps)
    np.testing.assert_allclose(u, exact, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(near, u, rtol=NEAR, atol=1e-6)
    for found, also, moment in zip(new, also_new, (m, v, v_max), strict=False):
        np.testing.assert_allclose(found, moment, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(found, also, rtol=1e-6)  # AMSGrad keeps v_hat
    np.testing.assert_allclose(rule.root(new, scalars), root, rtol=1e-5, atol=1e-6)


def test_nothing_is_divided_by_zero():
    zero = jnp.zeros(2)
    scalars = Hyperparameters(0.9, 0.999, 0.0).at(jnp.int32(0), None, np.dtype("f4"))
    for exact in (True, False):
        assert Adam()(zero, (zero, zero), scalars, exact=exact)[0].tolist() == [0, 0]
        assert AdaMax()(zero, (zero, zero), scalars, exact=exact)[0].tolist() == [0, 0]
    before = Hyperparameters(0.9, 0.999, 0.0).at(jnp.int32(-1), None, np.dtype("f4"))
    for rule in (Adam(), NAdam(), AMSGrad("v"), AMSGrad("v_hat")):
        assert rule.root((zero,) * len(rule.moments), before).tolist() == [0, 0]
    assert AdaMax().root((zero, jnp.float32([1e-9, 3])), scalars._replace(eps=1.0)).tolist() == [0, 2]


@pytest.mark.parametrize("rates", [(0.9, 0.99), (0.5, 0.9), (0.0, 0.5), (0.9, 0.95)])
@pytest.mark.parametrize("rule", [Adam(), AdaMax()], ids=["adam", "adamax"])
def test_no_gradients_take_m_beyond_its_reach(rule, rates):
    """The largest |m| / sqrt(v) of any sequence: of random ones, and of the one that Cauchy and Schwarz meet."""
    b1, b2 = rates
    kind, steps = rule.second_moment, 40
    scalars = Hyperparameters(b1, b2, 0.0).at(jnp.int32(0), None, np.dtype("f4"))
    worst = (b1 / b2) ** np.arange(steps)[::-1]  # in which the last gradient is the largest; of AdaMax: b2**(steps - t)
    rng = np.random.default_rng(0)
    sequences = np.stack([worst, b2 ** np.arange(steps, dtype=float), *rng.standard_normal((200, steps))])
    m = v = np.zeros(len(sequences))
    reach, bound = jnp.float32(0), jnp.float32(0)
    for g in sequences.T:
        m = b1 * m + (1 - b1) * g
        v = np.maximum(b2 * v, np.abs(g)) ** 1 if rule == AdaMax() else b2 * v + (1 - b2) * g**2
        root = v if rule == AdaMax() else np.sqrt(v)
        reach = kind.reach(reach, scalars.b1, scalars.b2)
        bound = kind.bound(bound, jnp.float32(np.max(g**2)), scalars.b2, 0.0)
        assert np.all(np.abs(m) <= float(reach) * root * (1 + 1e-5))
        assert np.all(root**2 <= float(bound) * (1 + 1e-5))
    assert float(reach) <= 1.01 * np.max(np.abs(m) / root)  # and it is no larger than it must be
    np.testing.assert_allclose(kind.square(kind.of_root(jnp.float32(3))), 9)
    np.testing.assert_allclose(kind.root(kind.of_root(jnp.float32(3))), 3)
    assert kind.correction(scalars.b2) == (1.0 if rule == AdaMax() else scalars.b2.correction)
    nothing_kept = Hyperparameters(b1, 0.0, 0.0).at(jnp.int32(0), None, np.dtype("f4"))
    assert np.isfinite(kind.reach(jnp.float32(0), nothing_kept.b1, nothing_kept.b2))
    smallest = 2.0**-126  # counts as b2 where that is 0
    before = smallest if rule == AdaMax() else smallest**0.5
    after = b1 + 1 - b1 if rule == AdaMax() else np.sqrt(b1**2 + (1 - b1) ** 2)
    np.testing.assert_allclose(kind.reach(jnp.float32(before), nothing_kept.b1, nothing_kept.b2), after, rtol=1e-6)
