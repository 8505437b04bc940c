"""Does it work inside Optax's own wrappers?  Injection, masks, lookahead, and the functions on states."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from contract import NAMES, OPTAX_TOLERANCE, RULES, described, make, params_and_grads

import adam_jax


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.standard_promotion
def test_inject_hyperparams_with_bfloat16_parameters(name):
    params = jnp.full(3, 0.5, jnp.bfloat16)
    grads = jnp.array([1.0, -2.0, 0.1], jnp.bfloat16)
    factory = getattr(adam_jax, name)
    with pytest.raises(ValueError, match=r"b1 is a bfloat16 scalar.*hyperparam_dtype=jnp.float32"):
        optax.inject_hyperparams(factory)(learning_rate=0.1).init(params)
    tx = optax.inject_hyperparams(factory, hyperparam_dtype=jnp.float32)(learning_rate=optax.constant_schedule(0.1))
    plain = factory(0.1)
    state, expected_state = tx.init(params), plain.init(params)
    for _ in range(50):
        updates, state = jax.jit(tx.update)(grads, state, params)
        expected, expected_state = plain.update(grads, expected_state, params)
        np.testing.assert_array_equal(updates, expected)
    state.hyperparams["b2"] = jnp.float32(0.5)
    _, state = tx.update(grads, state, params)
    assert isinstance(state.inner_state[0], optax.ScaleByAdamState | optax.ScaleByAmsgradState)


@pytest.mark.standard_promotion
def test_inject_hyperparams_takes_dtypes_as_strings():
    tx = optax.inject_hyperparams(adam_jax.adamw)(learning_rate=0.1, mu_dtype="bfloat16", nu_dtype="bfloat16")
    state = tx.init(jnp.ones(2))
    assert state.inner_state[0].mu.dtype == jnp.bfloat16
    assert set(state.hyperparams) >= {"learning_rate", "b1", "b2", "eps", "weight_decay"}


def test_a_state_of_optaxs_under_injection_continues():
    params, grads = params_and_grads()
    with jax.numpy_dtype_promotion("standard"):
        theirs, ours = (optax.inject_hyperparams(x.adam)(learning_rate=0.1) for x in (optax, adam_jax))
        state = theirs.init(params)
        for _ in range(3):
            _, state = theirs.update(grads, state, params)
        expected, _ = theirs.update(grads, state, params)
        updates, after = ours.update(grads, state, params)
    assert described(after) == described(state)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=OPTAX_TOLERANCE), updates, expected)


def quadratic(params):
    return sum(jnp.sum((p - 1.0) ** 2) for p in jax.tree.leaves(params))


WRAPPERS = {
    "chain": lambda tx: optax.chain(optax.clip_by_global_norm(1.0), tx, optax.identity()),
    "named_chain": lambda tx: optax.named_chain(("clip", optax.clip(1.0)), ("adam", tx)),
    "masked": lambda tx: optax.chain(
        optax.masked(tx, {"w": True, "b": False}), optax.masked(optax.sgd(0.05), {"w": False, "b": True})
    ),
    "partition": lambda tx: optax.partition({"a": tx, "s": optax.sgd(0.05)}, {"w": "a", "b": "s"}),
    "MultiSteps": lambda tx: optax.MultiSteps(tx, every_k_schedule=2).gradient_transformation(),
    "apply_if_finite": lambda tx: optax.apply_if_finite(tx, max_consecutive_errors=3),
    "schedule_free": lambda tx: optax.contrib.schedule_free(tx, learning_rate=0.1, b1=0.9),
    "inject": lambda tx: optax.inject_hyperparams(adam_jax.adamw)(learning_rate=0.1),
    "with_extra_args": optax.with_extra_args_support,
}


@pytest.mark.standard_promotion
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_wrappers_of_optax_train(wrapper):
    tx = WRAPPERS[wrapper](adam_jax.adamw(0.1, nu_dtype="bfloat16", weight_decay=0.0))
    params = {"w": jnp.full((3, 2), 3.0, jnp.float32), "b": jnp.full(2, -1.0, jnp.float32)}
    state = tx.init(params)

    @jax.jit
    def step(params, state):
        updates, state = tx.update(jax.grad(quadratic)(params), state, params)
        return optax.apply_updates(params, updates), state

    before = described(state)
    for _ in range(600):
        params, state = step(params, state)
    assert described(state) == before
    assert quadratic(params) < 0.05


@pytest.mark.standard_promotion
def test_lookahead_trains():
    tx = optax.lookahead(adam_jax.adam(0.1), sync_period=5, slow_step_size=0.5)
    params = optax.LookaheadParams.init_synced({"w": jnp.full((3, 2), 3.0)})
    state = tx.init(params)
    for _ in range(200):
        updates, state = tx.update(jax.grad(quadratic)(params.fast), state, params)
        params = optax.apply_updates(params, updates)
    assert quadratic(params.slow) < 0.05


@pytest.mark.parametrize("name", NAMES + RULES)
def test_tree_map_params_sees_the_moments_only(name):
    params, _ = params_and_grads()
    for kwargs in ({}, {"b1": jnp.float32(0.9)}):
        tx = make(adam_jax, name, **kwargs)
        marked = optax.tree_map_params(
            tx, lambda _, path: path, tx.init(params), params, transform_non_params=lambda _: "other"
        )
        leaves = jax.tree.leaves(marked)
        trees = 3 if "amsgrad" in name else 2
        assert sum(not isinstance(leaf, str) for leaf in leaves) == trees * len(jax.tree.leaves(params))


@pytest.mark.parametrize("kwargs", [{}, {"b1": lambda count: 0.9}])
def test_tree_get_and_set(kwargs):
    tx = adam_jax.adam(0.1, **kwargs)
    state = tx.init(jnp.ones(3))
    assert optax.tree.get(state, "count") == 0
    state = optax.tree.set(state, count=jnp.int32(7), mu=jnp.full(3, 2.0), nu=jnp.full(3, 4.0))
    assert optax.tree.get(state, "count") == 7
    np.testing.assert_array_equal(optax.tree.get(state, "mu"), 2.0)
    np.testing.assert_array_equal(optax.tree.get(state, "nu"), 4.0)
