"""Does a bad gradient leave no trace?  `skip_nonfinite` around everything, bit for bit."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax

PARAMS = {"w": jnp.full((3, 4), 0.5, jnp.bfloat16), "b": jnp.full(5, -0.0), "s": jnp.ones(())}
WRAPPED = {
    "adam": lambda: adam_jax.adam(0.1),
    "8bit": lambda: adam_jax.adamw(0.1, moments="8bit"),
    "master_weights": lambda: adam_jax.master_weights(adam_jax.adamw(0.1, moments="8bit")),
    "master_weights(24)": lambda: adam_jax.master_weights(adam_jax.adamw(0.1, moments="bfloat16"), 24),
    "lion": lambda: optax.lion(0.1),
    "clipped": lambda: optax.chain(optax.clip_by_global_norm(1.0), adam_jax.adam(optax.constant_schedule(0.1))),
}


def grads(seed):
    rng = np.random.default_rng(seed)
    return jax.tree.map(lambda p: jnp.asarray(rng.standard_normal(p.shape), p.dtype), PARAMS)


def bits(tree):
    return [np.asarray(x).tobytes() for x in jax.tree.leaves(tree)]


def test_gradients_may_be_numbers():
    tx = adam_jax.skip_nonfinite(optax.sgd(0.5))
    state = tx.init(1.0)
    updates, state = tx.update(float("nan"), state, 1.0)
    assert (float(updates), int(state.skipped)) == (0.0, 1)
    updates, state = tx.update(2.0, state, 1.0)
    assert (float(updates), int(state.skipped)) == (-1.0, 1)


@pytest.mark.standard_promotion
@pytest.mark.parametrize("name", WRAPPED)
def test_a_run_with_bad_steps_is_the_run_without_them(name):
    tx, plain = adam_jax.skip_nonfinite(WRAPPED[name]()), WRAPPED[name]()

    def stepper(tx):
        def step(params, state, g):
            updates, state = tx.update(g, state, params)
            return optax.apply_updates(params, updates), state

        return jax.jit(step)

    step, plain_step = stepper(tx), stepper(plain)
    params, state = PARAMS, tx.init(PARAMS)
    without, without_state = PARAMS, tx.init(PARAMS)
    alone, alone_state = PARAMS, plain.init(PARAMS)
    for seed in range(12):
        g = grads(seed)
        if bad := {0: jnp.nan, 5: jnp.inf, 6: -jnp.inf, 11: jnp.nan}.get(seed):  # one entry of one leaf is bad
            leaf = ("w", "b", "s")[seed % 3]
            g[leaf] = g[leaf].ravel().at[0].set(bad).reshape(g[leaf].shape)
            before = bits((params, state.inner_state))
            params, state = step(params, state, g)
            assert bits((params, state.inner_state)) == before
        else:
            params, state = step(params, state, g)
            without, without_state = step(without, without_state, g)
            alone, alone_state = plain_step(alone, alone_state, g)
    assert int(state.skipped) == 4
    assert int(without_state.skipped) == 0
    assert bits((params, state.inner_state)) == bits((without, without_state.inner_state))
    # without the wrapper it is another program, in which the compiler may contract a product and a sum: an ulp
    wide = jax.tree.map(lambda p: np.asarray(p, np.float32), (params, alone))
    jax.tree.map(lambda p, q: np.testing.assert_allclose(p, q, rtol=1e-2 if p.ndim == 2 else 1e-5, atol=1e-6), *wide)
    assert jax.tree.structure(state.inner_state) == jax.tree.structure(alone_state)


def test_it_never_gives_up():
    tx = adam_jax.skip_nonfinite(adam_jax.adam(0.1))
    params = jnp.ones(3)
    state = tx.init(params)
    update = jax.jit(tx.update)
    for _ in range(50):
        updates, state = update(jnp.full(3, jnp.nan), state, params)
        np.testing.assert_array_equal(updates, 0)
    assert int(state.skipped) == 50
    assert int(state.inner_state[0].count) == 0


def test_contract():
    tx = adam_jax.skip_nonfinite(adam_jax.adam(0.1))
    assert tx == adam_jax.skip_nonfinite(adam_jax.adam(0.1))
    state = tx.init(PARAMS)
    assert int(optax.tree.get(state, "count")) == 0
    marked = optax.tree_map_params(tx, lambda _, p: "p", state, PARAMS, transform_non_params=lambda _: "other")
    assert jax.tree.leaves(marked).count("p") == 6
    _, after = jax.lax.scan(
        lambda s, g: (tx.update(g, s, PARAMS)[1], ()), state, jax.tree.map(lambda x: x[None], grads(0))
    )
    assert after == ()
    with pytest.raises(TypeError, match="expected the SkipNonfiniteState"):
        tx.update(PARAMS, state.inner_state, PARAMS)
    assert jax.tree.leaves(tx.update({}, tx.init({}), {})[0]) == []
