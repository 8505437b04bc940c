"""Are the float32 weights found wherever `master_weights` stands?  Through wrappers, and with accumulated gradients."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax

START = {
    "w": np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32),
    "b": np.random.default_rng(1).standard_normal(7).astype(np.float32),
}
STEPS = 12


def gradients(step):
    rng = np.random.default_rng(10 + step)
    return {name: jnp.asarray(rng.standard_normal(w.shape), jnp.bfloat16) for name, w in START.items()}


def train(tx, params, state, wide=False):
    @jax.jit
    def step(params, state, grads):
        grads = jax.tree.map(lambda g: g.astype(jnp.float32), grads) if wide else grads
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    for i in range(STEPS):
        params, state = step(params, state, gradients(i))
    return params, state


def master():
    return adam_jax.master_weights(adam_jax.adamw(1e-3))


WRAPPERS = {
    "alone": master,
    "skip_nonfinite": lambda: adam_jax.skip_nonfinite(master()),
    "chain": lambda: optax.chain(optax.clip(100.0), master()),
    "named_chain": lambda: optax.named_chain(("clip", optax.clip(100.0)), ("master", master())),
    "partition": lambda: optax.partition({"one": master(), "two": master()}, {"w": "one", "b": "two"}),
    "MultiSteps of one": lambda: optax.MultiSteps(master(), 1).gradient_transformation(),
    "with_extra_args": lambda: optax.with_extra_args_support(optax.chain(adam_jax.skip_nonfinite(master()))),
}


def rounded(tree):
    return jax.tree.map(lambda w: jnp.asarray(w).astype(jnp.bfloat16), tree)


def float32_run(tx):
    weights = jax.tree.map(lambda p: p.astype(jnp.float32), rounded(START))
    return train(tx, weights, tx.init(weights), wide=True)[0]


@pytest.mark.standard_promotion
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_through_every_wrapper_they_are_the_weights_of_the_float32_run(wrapper):
    tx = WRAPPERS[wrapper]()
    params, state = train(tx, rounded(START), tx.init(rounded(START)))
    weights = adam_jax.wide_weights(params, state)
    jax.tree.map(np.testing.assert_array_equal, weights, float32_run(adam_jax.adamw(1e-3)))
    assert any(np.any(p != w) for p, w in zip(*map(jax.tree.leaves, (params, weights)), strict=True))


@pytest.mark.standard_promotion
def test_accumulated_gradients_step_as_they_do_float32_weights():
    theirs = optax.MultiSteps(adam_jax.adamw(1e-3), 4)
    expected = float32_run(theirs)
    tx = adam_jax.master_weights(optax.MultiSteps(adam_jax.adamw(1e-3), 4))
    params, state = train(tx, rounded(START), tx.init(rounded(START)))
    jax.tree.map(np.testing.assert_array_equal, adam_jax.wide_weights(params, state), expected)
    assert int(state.inner_state.gradient_step) == STEPS // 4

    # The other way round the mean is rounded to bfloat16 before Adam sees it: close, not equal.
    tx = optax.MultiSteps(master(), 4)
    params, state = train(tx, rounded(START), tx.init(rounded(START)))
    got = adam_jax.wide_weights(params, state)
    assert any(np.any(g != e) for g, e in zip(*map(jax.tree.leaves, (got, expected)), strict=True))
    jax.tree.map(lambda g, e: np.testing.assert_allclose(g, e, rtol=0, atol=1e-4), got, expected)


def test_what_another_optimizer_steps_is_only_widened():
    params = rounded(START)
    tx = optax.partition({"one": master(), "two": optax.sgd(1e-3)}, {"w": "one", "b": "two"})
    weights = adam_jax.wide_weights(params, tx.init(params))
    assert {w.dtype for w in jax.tree.leaves(weights)} == {jnp.dtype(jnp.float32)}
    jax.tree.map(lambda w, p: np.testing.assert_array_equal(w, p.astype(jnp.float32)), weights, params)


@pytest.mark.parametrize("bits", [32, 24, 16])
def test_a_state_without_them_or_of_other_parameters_is_refused(bits):
    params = rounded(START)
    with pytest.raises(ValueError, match=r"no MasterWeightsState in state, which is a tuple; give .*master_weights"):
        adam_jax.wide_weights(params, adam_jax.adam(0.1).init(params))
    tx = adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.adam(0.1), bits))
    state = tx.init(params)
    if bits == 16:  # keeps nothing to compare
        return
    with pytest.raises(ValueError, match=r"of shape \(7,\) at \['b'\], where params have nothing"):
        adam_jax.wide_weights({"w": params["w"]}, state)
    with pytest.raises(ValueError, match=r"at \['b'\], where params have bfloat16\(6,\), not bfloat16\(7,\)"):
        adam_jax.wide_weights({**params, "b": params["b"][1:]}, state)
    with pytest.raises(ValueError, match=r"where params have float32"):
        adam_jax.wide_weights(adam_jax.wide_weights(params, state), state)
