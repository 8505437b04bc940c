"""What of conditionals around `master_weights`?  The error that JAX gives, and what works instead."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax

# What a search is for: docs/frameworks.md and the docstring of master_weights have it too.
MESSAGE = "cond branches must have equal output types but they differ"
PARAMS = {"w": jnp.full((2, 3), 0.5, jnp.bfloat16), "b": jnp.full(4, -1.0)}
GOOD = jax.tree.map(jnp.ones_like, PARAMS)
BAD = {**GOOD, "w": GOOD["w"].at[0, 0].set(jnp.nan)}


def master():
    return adam_jax.master_weights(adam_jax.adamw(0.1))


def is_finite(grads):
    return jnp.all(jnp.stack([jnp.all(jnp.isfinite(g)) for g in jax.tree.leaves(grads)]))


def applied(tx, params, state, grads):
    updates, state = tx.update(grads, state, params)
    return optax.apply_updates(params, updates), state


def with_skip_nonfinite():
    tx = adam_jax.skip_nonfinite(master())
    return tx.init, lambda params, state, grads: applied(tx, params, state, grads)


def with_parameters_from_both_branches():
    tx = master()

    def step(params, state, grads):
        return jax.lax.cond(
            is_finite(grads),
            lambda params, state, grads: applied(tx, params, state, grads),
            lambda params, state, grads: (params, state),
            params,
            state,
            grads,
        )

    return tx.init, step


def with_zeros_of_the_updates_dtypes():
    tx = master()

    def step(params, state, grads):
        like, _ = jax.eval_shape(tx.update, grads, state, params)
        zeros = jax.tree.map(lambda u: jnp.zeros(u.shape, u.dtype), like)
        updates, state = jax.lax.cond(is_finite(grads), lambda: tx.update(grads, state, params), lambda: (zeros, state))
        return optax.apply_updates(params, updates), state

    return tx.init, step


@pytest.mark.standard_promotion
@pytest.mark.parametrize(
    "make", [with_skip_nonfinite, with_parameters_from_both_branches, with_zeros_of_the_updates_dtypes]
)
def test_what_to_use_instead_skips_the_bad_step_and_takes_the_good(make):
    init, step = make()
    step = jax.jit(step)
    params, state = step(PARAMS, init(PARAMS), BAD)
    jax.tree.map(np.testing.assert_array_equal, params, PARAMS)
    params, state = step(params, state, GOOD)
    tx = master()
    expected, plain = jax.jit(lambda: applied(tx, PARAMS, tx.init(PARAMS), GOOD))()
    jax.tree.map(np.testing.assert_array_equal, params, expected)
    weights, wanted = adam_jax.wide_weights(params, state), adam_jax.wide_weights(expected, plain)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6), weights, wanted)


@pytest.mark.standard_promotion
def test_zeros_like_the_gradients_are_of_another_type():
    tx = optax.apply_if_finite(master(), 3)
    with pytest.raises(TypeError, match=MESSAGE):
        tx.update(GOOD, tx.init(PARAMS), PARAMS)
    tx = master()
    state = tx.init(PARAMS)
    with pytest.raises(TypeError, match=MESSAGE):
        jax.lax.cond(
            is_finite(GOOD),
            lambda: tx.update(GOOD, state, PARAMS),
            lambda: (jax.tree.map(jnp.zeros_like, GOOD), state),
        )
    assert MESSAGE in " ".join(adam_jax.master_weights.__doc__.split())
