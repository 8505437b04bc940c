"""Does `measure` measure what it says?  Against the definitions in float64 NumPy, from the stored moments."""

import functools

import cases
import jax
import jax.numpy as jnp
import numpy as np
import older_jax
import optax
import oracle
import pytest
from definitions import (
    B1,
    B2,
    EPS,
    OCTAVES,
    RATE,
    RTOL,
    assert_defined,
    assert_measures,
    definitions,
    is_measures,
    moments,
    wide,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import adam_jax
from adam_jax import diagnostics
from adam_jax.diagnostics.measures import _count
from adam_jax.tools.bench import targets, traffic

ARGUMENTS = {"learning_rate": RATE, "b1": B1, "b2": B2, "eps": EPS}
STORAGES = ("float32", "bfloat16", "8bit")
# Bytes an element that the reductions move, where the least is 16: m, v, update and weight once.  A GPU writes and
# reads one array more; a CPU's compiler makes a pass of every reduction.
BYTES = {"local": 120, "h200": 24.1, "v5e": 16.1, "v6e": 16.1}


def normal(seed, *shape, scale=1.0):
    return jnp.asarray(scale * np.random.default_rng(seed).standard_normal(shape), jnp.float32)


def tree(seed, dtype=jnp.float32):
    """Scales around EPS, a bias whose weights are zero, an empty leaf, None."""
    leaves = {"w": normal(seed, 7, 5, scale=EPS), "b": [normal(seed + 1, 3)], "empty": jnp.zeros((0, 2)), "none": None}
    return jax.tree.map(lambda x: x.astype(dtype), leaves)


def weights(dtype=jnp.float32):
    return tree(100, dtype) | {"b": [jnp.zeros(3, dtype)]}


def stepped(tx, params, steps=3):
    """The state and the last update after some steps."""
    rows = [jax.tree.map(lambda g, p: g.astype(p.dtype), tree(10 * seed), params) for seed in range(steps)]

    def step(state, grads):
        updates, state = tx.update(grads, state, params)
        return state, updates

    state, updates = jax.lax.scan(step, tx.init(params), jax.tree.map(lambda *g: jnp.stack(g), *rows))
    return state, jax.tree.map(lambda x: x[-1], updates)


measure = jax.jit(diagnostics.measure, static_argnums=0)


WRAPPERS = {
    "alone": lambda adam: adam,
    "chain": lambda adam: optax.chain(optax.clip_by_global_norm(1.0), adam),
    "both": lambda adam: adam_jax.skip_nonfinite(adam_jax.master_weights(adam, 24)),
}


@pytest.mark.parametrize(
    ("storage", "wrapper"), [*((s, "alone") for s in STORAGES), ("8bit", "chain"), ("8bit", "both")]
)
def test_every_quantity_is_its_definition(storage, wrapper):
    adam = adam_jax.adamw(**ARGUMENTS, moments=storage)
    tx = WRAPPERS[wrapper](adam)
    params = weights(jnp.bfloat16 if wrapper == "both" else jnp.float32)
    state, updates = stepped(tx, params)
    measured = measure(adam, state, params, updates)
    assert_defined(measured, state, params, updates)
    assert 0 < measured.total.below_eps < 1  # both sides of eps are seen
    if wrapper == "both":  # a wrapper of ours tells what it wraps; a chain cannot
        jax.tree.map(np.testing.assert_array_equal, measure(tx, state, params, updates), measured)


@jax.jit
def first_step(params, grads, eps):
    adam = adam_jax.adam(RATE, B1, B2, eps)
    updates, state = adam.update(grads, adam.init(params), params)
    return diagnostics.measure(adam, state, params, updates), state, updates


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    grads_scales=st.lists(st.sampled_from([0.0, 1e-12, 1e-4, 1.0, 1e6]), min_size=3, max_size=3),
    weights_scale=st.sampled_from([0.0, 1e-12, 1.0]),
    eps=st.sampled_from([0.0, 1e-8, 1.0]),
)
def test_any_scale(seed, grads_scales, weights_scale, eps):
    shapes = ((), (0,), (3, 2))
    params = [normal(seed, *shape, scale=weights_scale) for shape in shapes]
    grads = [normal(seed + 1, *shape, scale=scale) for shape, scale in zip(shapes, grads_scales, strict=True)]
    measured, state, updates = first_step(params, grads, jnp.float32(eps))
    assert not any(np.isnan(x) for x in jax.tree.leaves(measured))
    assert_defined(measured, state, params, updates, eps=np.float32(eps))


@pytest.mark.parametrize("name", cases.RULES)
def test_each_rules_v_hat_is_what_it_divides_by(name):
    case = cases.RULES[name]
    adam, grads = case.make(**case.ours), cases.gradients("float32", (40,), steps=5)
    state = adam.init(jnp.zeros(40))
    for g in grads:
        updates, state = adam.update(jnp.asarray(g), state)
    *_, step = oracle.run(case.rule, grads, **case.oracle)
    eps = case.oracle.get("eps", 1e-8)
    v_hat = (step.v - eps) ** 2 if case.rule == "adamax" else step.v_hat + case.oracle.get("eps_root", 0)
    measures = diagnostics.measure(adam, state, jnp.ones(40), updates).total
    expected = definitions(wide(updates), np.ones(40), step.m_hat, v_hat, eps, rate=1.0)
    if case.rule == "nadam":  # whose m_hat looks ahead, and here is the plain one
        expected = definitions(wide(updates), np.ones(40), step.m / (1 - 0.9**5), v_hat, eps, rate=1.0)
    assert_measures(measures, expected)


def test_adamax_in_8_bits():
    """v is the square of the maximum there, and so is its bound."""
    adam, grads = adam_jax.adamax(**ARGUMENTS, moments="8bit"), np.asarray(normal(0, 2, 200))
    state = adam.init(jnp.ones(200))
    for g in grads:
        updates, state = adam.update(jnp.asarray(g), state)
    *_, step = oracle.run("adamax", grads, B1, B2, EPS)
    total = measure(adam, state, jnp.ones(200), updates).total
    np.testing.assert_allclose(total.rms_sqrt_v_hat, np.sqrt(np.mean((step.v - EPS) ** 2)), rtol=0.02)  # 9 bits
    assert 0 <= total.bound_octaves < 1


def test_masked_and_partitioned_leaves_are_left_out():
    adam = adam_jax.adam(RATE)
    params = {"inside": {"w": normal(0, 4)}, "outside": {"w": normal(1, 4), "int": jnp.arange(3)}}
    mask = {"inside": True, "outside": False}
    labels = {"inside": "adam", "outside": "none"}
    for tx in (optax.masked(adam, mask), optax.partition({"adam": adam, "none": optax.set_to_zero()}, labels)):
        updates, state = tx.update(params, tx.init(params), params)
        leaves, total = diagnostics.measure(adam, state, params, updates)
        assert list(map(is_measures, jax.tree.leaves(leaves, is_leaf=is_measures))) == [True]
        jax.tree.map(np.testing.assert_array_equal, leaves["inside"]["w"], total)
        assert float(total.rms_m_hat) == pytest.approx(np.sqrt(np.mean(np.square(params["inside"]["w"]))))


def test_a_missing_update_counts_as_zero():
    adam = adam_jax.adam(RATE)
    params = {"a": jnp.ones(2), "b": jnp.ones(2)}
    updates, state = adam.update(params, adam.init(params), params)
    total = diagnostics.measure(adam, state, params, updates | {"b": None}).total
    assert float(total.update_to_weight) == pytest.approx(RATE / np.sqrt(2), rel=1e-5)


@pytest.mark.parametrize("dtype", ["complex64", "float64", "complex128", "bfloat16"])
def test_other_dtypes(dtype):
    with cases.x64(dtype):
        adam = adam_jax.adam(**ARGUMENTS)
        params = jnp.asarray(cases.gradients(dtype, (30,), 1)[0])
        grads = jnp.asarray(cases.gradients(dtype, (30,), 1, seed=1)[0])
        updates, state = adam.update(grads, adam.init(params), params)
        measured = measure(adam, state, params, updates)
        assert_defined(measured, state, params, updates)
        assert measured.total.rms_m_hat.dtype == (jnp.float64 if dtype in ("float64", "complex128") else jnp.float32)


@pytest.mark.parametrize("params", [{"w": jnp.ones(3)}, {}], ids=["one leaf", "none"])
@pytest.mark.parametrize("storage", ["float32", "8bit"])
def test_before_the_first_step_and_with_nothing_to_measure(storage, params):
    adam = adam_jax.adam(RATE, moments=storage)
    total = measure(adam, adam.init(params), params, jax.tree.map(jnp.zeros_like, params)).total
    assert total._replace(below_eps=0) == jax.tree.map(lambda _: 0, total)
    assert total.below_eps == len(params)


@pytest.mark.parametrize("storage", ["float32", "8bit"])
def test_schedules_are_those_of_the_last_step(storage):
    schedules = {
        "learning_rate": lambda count: 0.1 / (1 + count),
        "b1": lambda count: 0.5 + 0.1 * count,
        "b2": lambda count: 0.9 + 0.01 * count,
        "eps": lambda count: 1e-4 * (1 + count),
    }
    adam = adam_jax.adamw(**schedules, moments=storage)
    with jax.numpy_dtype_promotion("standard"):  # the schedules mix dtypes
        state, updates = stepped(adam, weights())
        measured = measure(adam, state, weights(), updates)
    nu = adam_jax.unpack_moments(state)[0].inner_state.nu
    v_hat = np.concatenate([np.ravel(v) for v in jax.tree.leaves(nu)]) / (1 - 0.9 * 0.91 * 0.92)
    rates = 0.1 / 3 / (np.sqrt(v_hat) + 3e-4)
    np.testing.assert_allclose(measured.total.effective_learning_rate_max, rates.max(), rtol=RTOL)
    np.testing.assert_allclose(measured.total.below_eps, np.mean(np.sqrt(v_hat) < 3e-4))
    if storage == "float32":
        corrected = diagnostics.bias_corrected(state)[1]["w"]
        np.testing.assert_allclose(corrected, nu["w"] / (1 - 0.9 * 0.91 * 0.92), rtol=RTOL)


def test_injected_hyperparameters_and_optaxs_own_state():
    params = weights()
    injected = optax.inject_hyperparams(adam_jax.adamw, static_args=("moments",))(**ARGUMENTS)
    cases_of = [(injected, lambda s: adam_jax.adamw(**s.hyperparams)), (optax.adamw(**ARGUMENTS), lambda _: ADAMW)]
    for tx, adam_of in cases_of:
        with jax.numpy_dtype_promotion("standard"):  # Optax's
            state, updates = stepped(tx, params)
        measured = measure(adam_of(state), state, params, updates)
        assert_defined(measured, state, params, updates)


ADAMW = adam_jax.adamw(**ARGUMENTS)


@pytest.mark.standard_promotion
def test_master_weights_steps_are_seen_in_the_wide_weights():
    adam = adam_jax.adam(1e-5)
    tx, params = adam_jax.master_weights(adam), jnp.ones(8, jnp.bfloat16)
    state, update = tx.init(params), jax.jit(tx.update)
    for _ in range(3):
        before = adam_jax.wide_weights(params, state)
        updates, state = update(jnp.ones_like(params), state, params)
        params = optax.apply_updates(params, updates)
    step = adam_jax.wide_weights(params, state) - before
    assert float(measure(tx, state, before, step).total.update_to_weight) == pytest.approx(1e-5, rel=0.01)


@pytest.mark.standard_promotion
def test_an_nnx_state_is_measured_pure():
    nnx = pytest.importorskip("flax.nnx")
    model, adam = nnx.Linear(2, 3, rngs=nnx.Rngs(0)), adam_jax.adamw(1e-3)
    optimizer = nnx.Optimizer(model, adam, wrt=nnx.Param)
    grads = nnx.grad(lambda model: jnp.sum(model(jnp.ones((1, 2))) ** 2))(model)
    optimizer.update(model, grads)
    params = nnx.state(model, nnx.Param)
    pure = [nnx.as_pure(x) for x in (optimizer.opt_state, params, grads)]
    assert np.isfinite(float(measure(adam, *pure).total.update_to_weight))
    for mixed in ((optimizer.opt_state, *pure[1:]), (pure[0], params, pure[2]), (optimizer.opt_state, model, grads)):
        with pytest.raises(ValueError, match=r"Of Flax NNX give state, params and updates as nnx\.as_pure"):
            measure(adam, *mixed)
    with pytest.raises(ValueError, match=r"Of Flax NNX give nnx\.as_pure\(optimizer\.opt_state\)"):
        measure(adam, nnx.state(optimizer), params, grads)
    with pytest.raises(ValueError, match=r"Of Flax NNX give both as nnx\.as_pure"):
        adam_jax.to_optax(adam, optimizer.opt_state, params)


def test_under_jit_scan_and_eval_shape():
    adam = ADAMW
    params, traced = weights(), []
    grads = [tree(10 * seed) for seed in range(4)]

    @jax.jit
    def step(state, g):
        traced.append(None)
        updates, state = adam.update(g, state, params)
        return state, (diagnostics.measure(adam, state, params, updates), updates)

    state, rows = adam.init(params), []
    for g in grads:
        state, (measured, updates) = step(state, g)
        rows.append(measured)
    assert len(traced) == 1  # one compilation
    assert_defined(measured, state, params, updates)
    _, (stacked, _) = jax.lax.scan(step, adam.init(params), jax.tree.map(lambda *g: jnp.stack(g), *grads))
    close = functools.partial(np.testing.assert_allclose, rtol=RTOL, atol=OCTAVES)
    jax.tree.map(close, stacked, jax.tree.map(lambda *x: jnp.stack(x), *rows))
    jax.tree.map(close, diagnostics.measure(adam, state, params, updates), rows[-1])  # without jit
    shapes = jax.eval_shape(functools.partial(diagnostics.measure, adam), state, params, updates)
    assert jax.tree.map(lambda x: (x.shape, x.dtype), shapes) == jax.tree.map(lambda x: (x.shape, x.dtype), rows[-1])


@pytest.mark.parametrize("shape", [(100,), (127,), (128,), (1000,), (9, 40), (40, 9), (3, 5, 20), (), (0, 5)])
def test_a_count_does_not_overflow(shape):
    """With int8 in place of int32, whose 2**31 elements no test can have."""
    true = np.random.default_rng(0).random(shape) < 0.9
    for x in (true, np.ones(shape, bool)):
        assert float(jax.jit(_count, static_argnums=(1, 2))(x, np.float32, jnp.int8)) == np.sum(x)


def test_refusals():
    params = {"w": jnp.ones(2)}
    updates, state = ADAMW.update(params, ADAMW.init(params), params)
    with pytest.raises(TypeError, match=r"adam must be adam_jax.adamw\(...\).*the member that is Adam"):
        diagnostics.measure(optax.chain(ADAMW), state, params, updates)
    with pytest.raises(TypeError, match="a ScaleByAdamState, and this transformation keeps a ScaleByAdam8bitState"):
        diagnostics.measure(adam_jax.adam(RATE, moments="8bit"), state, params, updates)
    with pytest.raises(TypeError, match="b1 or b2 of this transformation vary"):
        diagnostics.measure(adam_jax.adam(RATE, b1=lambda _: 0.9), state, params, updates)
    with pytest.raises(KeyError, match="2 Adams"):
        diagnostics.measure(ADAMW, (state, state), params, updates)
    with pytest.raises(ValueError, match=r"a moment at \['w'\] that updates do not have"):
        diagnostics.measure(ADAMW, state, params, {"x": params["w"]})
    with pytest.raises(ValueError, match=r"params at \['w'\] have shape \(3,\), and the moments \(2,\)"):
        diagnostics.measure(ADAMW, state, {"w": jnp.ones(3)}, updates)


def test_bias_corrected_reads_8_bit_moments():
    state, _ = stepped(adam_jax.adamw(**ARGUMENTS, moments="8bit"), weights())
    m_hat, v_hat = diagnostics.bias_corrected(state, B1, B2)
    ((path, _),) = jax.tree_util.tree_leaves_with_path({"w": 0})
    m, v = moments(state)[0][path]
    np.testing.assert_allclose(m_hat["w"], m / (1 - B1**3), rtol=RTOL)
    np.testing.assert_allclose(v_hat["w"], v / (1 - B2**3), rtol=RTOL)


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(target, marks=pytest.mark.skipif(targets.missing(target) is not None, reason=f"not for {target}"))
        for target in BYTES
    ],
)
def test_the_bytes_of_a_measurement(target):
    adam, params = adam_jax.adamw(RATE), jax.ShapeDtypeStruct((2048, 2048), jnp.float32)
    state = jax.eval_shape(adam.init, params)
    measure = lambda params, state: diagnostics.measure(adam, state, params, params)  # noqa: E731
    if target == "local":
        older_jax.needs("jax", "0.8")  # XLA for CPUs left calls in a program, whose bytes are not counted
    counted = traffic.of_program(measure, params, state, target=target)
    assert counted.bytes <= BYTES[target] - 4  # the update is the weight here
