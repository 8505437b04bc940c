"""Do the optimizers train?  Whole runs of parameters against the oracle, Flax, and what they compile to."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import oracle
import pytest
from cases import gradients

import adam_jax
from adam_jax.core.rules import Adam

RUNS = {
    "adam": (adam_jax.adam, {}, "adam", {}),
    "adamw": (adam_jax.adamw, {"weight_decay": 0.1}, "adam", {"weight_decay": 0.1}),
    "nadam": (adam_jax.nadam, {}, "nadam", {}),
    "nadamw": (adam_jax.nadamw, {"weight_decay": 0.1}, "nadam", {"weight_decay": 0.1}),
    "amsgrad": (adam_jax.amsgrad, {}, "amsgrad", {}),
    "amsgrad of v": (adam_jax.amsgrad, {"maximum_of": "v"}, "amsgrad", {"maximum_of": "v"}),
    "adamax": (adam_jax.adamax, {}, "adamax", {}),
}


@pytest.mark.parametrize("run", RUNS)
def test_parameters_after_200_steps_agree_with_the_oracle(run):
    make, ours, rule, theirs = RUNS[run]
    grads = gradients("float32", (50,), steps=200)
    start = np.random.default_rng(1).standard_normal(50).astype(np.float32)
    tx = make(0.01, **ours)

    def step(carry, g):
        params, state = carry
        updates, state = tx.update(g, state, params)
        return (optax.apply_updates(params, updates), state), None

    (params, _), _ = jax.lax.scan(step, (jnp.asarray(start), tx.init(jnp.asarray(start))), jnp.asarray(grads))
    # 200 roundings of a parameter near 1: 200 * 2**-24, and of its updates
    np.testing.assert_allclose(params, oracle.train(rule, start, grads, 0.01, **theirs), atol=200 * 2.0**-24)


@pytest.mark.parametrize("leaves", [1, 5])
def test_a_step_has_no_more_temporaries_or_kernels_than_optaxs(leaves):
    params = [jnp.ones((256, 128))] * leaves

    def compiled(tx):
        def step(params, state, grads):
            updates, state = tx.update(grads, state, params)
            return optax.apply_updates(params, updates), state

        with jax.numpy_dtype_promotion("standard"):
            return jax.jit(step, donate_argnums=(0, 1)).lower(params, tx.init(params), params).compile()

    ours, theirs = compiled(adam_jax.adam(1e-3)), compiled(optax.adam(1e-3))
    scalars = 256  # bytes: bias corrections
    assert ours.memory_analysis().temp_size_in_bytes <= theirs.memory_analysis().temp_size_in_bytes + scalars
    arrays = [text.count("f32[256,128]{1,0} fusion(") for text in (ours.as_text(), theirs.as_text())]
    assert arrays[0] <= arrays[1]
    assert arrays[0] == 3 * leaves


def test_leaves_of_one_shape_are_traced_once(monkeypatch):
    traced = []

    def counted(self, g, moments, scalars, **exactness):
        traced.append(g.shape)
        return rule(self, g, moments, scalars, **exactness)

    rule = Adam.__call__
    monkeypatch.setattr(Adam, "__call__", counted)
    params = [jnp.ones((3, 5))] * 40 + [jnp.ones(7)]
    tx = adam_jax.adam(1e-3, eps=1.25e-8)  # of no other test
    jax.jit(tx.update).lower(params, tx.init(params))
    assert sorted(traced) == [(3, 5), (7,)]
