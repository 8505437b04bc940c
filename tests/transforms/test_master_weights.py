"""Does a run with bfloat16 weights lose nothing?  Beside float32 weights, and where steps are small."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax

INNER = {
    "adamw": lambda: adam_jax.adamw(1e-3, weight_decay=0.1),
    "adamw, 8bit": lambda: adam_jax.adamw(1e-3, weight_decay=0.1, moments="8bit"),
    "lion": lambda: optax.lion(1e-4, weight_decay=0.1),
    "sgd": lambda: optax.sgd(1e-2, momentum=0.9),
}


@pytest.mark.standard_promotion
@pytest.mark.parametrize("inner", INNER)
def test_a_thousand_steps_are_bit_identical_to_float32_weights(inner):
    start = np.random.default_rng(0).standard_normal(300).astype(np.float32) * 0.02
    params, remainder = adam_jax.split_weights(jnp.asarray(start))

    def grads(weights_, key):  # as a bfloat16 model gives them: from the rounded weights, in bfloat16
        noise = jax.random.normal(key, weights_.shape)
        return (weights_ + noise).astype(jnp.bfloat16)

    plain, tx = INNER[inner](), adam_jax.master_weights(INNER[inner]())

    def step(carry, key):
        w, plain_state, params, state = carry
        # half up, as the parameters are; to nearest even would differ at ties
        rounded = adam_jax.split_weights(w)[0].astype(jnp.float32)
        u, plain_state = plain.update(grads(rounded, key).astype(jnp.float32), plain_state, w)
        w = optax.apply_updates(w, u)
        updates, state = tx.update(grads(params.astype(jnp.float32), key), state, params)
        params = optax.apply_updates(params, updates)
        return (w, plain_state, params, state), jnp.sum(w != adam_jax.wide_weights(params, state))

    state = tx.init(params)._replace(remainder=remainder)
    carry = (jnp.asarray(start), plain.init(jnp.asarray(start)), params, state)
    carry, different = jax.jit(lambda c, keys: jax.lax.scan(step, c, keys))(
        carry, jax.random.split(jax.random.key(1), 1000)
    )
    assert int(different.sum()) == 0
    jax.tree.map(np.testing.assert_array_equal, carry[1], carry[3].inner_state)
    assert carry[2].dtype == jnp.bfloat16
    assert np.all(np.asarray(carry[0]) != start)


# The share of an update that arrives, where steps are far below a bfloat16 ulp.
GAIN = {24: 0.01, 16: 0.01}


@pytest.mark.standard_promotion
@pytest.mark.parametrize("rate", [1e-3, 1e-5])
@pytest.mark.parametrize("size", [0.02, 1.0])
@pytest.mark.parametrize("bits", GAIN)
def test_small_steps_are_not_lost(bits, size, rate):
    n, steps = 20_000, 2_000
    start = jnp.asarray(size * (1 + 0.1 * np.random.default_rng(0).standard_normal(n)), jnp.float32).astype(
        jnp.bfloat16
    )
    tx = adam_jax.master_weights(optax.sgd(rate * size), bits)

    def step(carry, _):
        updates, state = tx.update(jnp.ones(n, jnp.bfloat16), carry[1], carry[0])
        return (optax.apply_updates(carry[0], updates), state), None

    (params, state), _ = jax.lax.scan(step, (start, tx.init(start)), length=steps)
    moved = np.asarray(start, np.float64) - np.asarray(adam_jax.wide_weights(params, state), np.float64)
    np.testing.assert_allclose(moved.mean() / (rate * size * steps), 1, atol=GAIN[bits])


def test_states_and_dtypes():
    params = {"w": jnp.ones((2, 3), jnp.bfloat16), "norm": jnp.ones(3), "none": None}
    for bits, dtype in ((32, jnp.int16), (24, jnp.int8), (16, None)):
        tx = adam_jax.master_weights(adam_jax.adam(0.1), bits)
        state = tx.init(params)
        assert state.inner_state[0].mu["w"].dtype == jnp.float32
        if dtype is None:
            assert state.remainder == ()
        else:
            assert isinstance(state.remainder["norm"], optax.MaskedNode)
            assert state.remainder["w"].dtype == dtype
        updates, after = jax.jit(tx.update)(params, state, params)
        assert updates["w"].dtype == jnp.float32
        assert updates["norm"].dtype == jnp.float32
        assert jax.tree.structure(after) == jax.tree.structure(state)
        assert [x.dtype for x in jax.tree.leaves(after)] == [x.dtype for x in jax.tree.leaves(state)]
        assert tx == adam_jax.master_weights(adam_jax.adam(0.1), bits)


def test_refusals():
    params = {"w": jnp.ones(2, jnp.bfloat16)}
    with pytest.raises(ValueError, match=r"bits must be one of \(32, 24, 16\); got 8"):
        adam_jax.master_weights(adam_jax.adam(0.1), bits=8)
    with pytest.raises(ValueError, match=r"bits must be one of \(32, 24, 16\); got 8"):
        adam_jax.split_weights(jnp.ones(2), bits=8)
    tx = adam_jax.master_weights(adam_jax.adam(0.1))
    with pytest.raises(ValueError, match="no parameter is bfloat16"):
        tx.init({"w": jnp.ones(2)})
    for dtype in (jnp.float16, jnp.int32):
        with pytest.raises(ValueError, match=rf"parameter at \['n'\] has dtype {jnp.dtype(dtype)}"):
            tx.init({**params, "n": jnp.ones(2, dtype)})
    with pytest.raises(ValueError, match="needs the parameters"):
        tx.update(params, tx.init(params))
    with pytest.raises(TypeError, match=r"expected the MasterWeightsState.*from_optax"):
        tx.update(params, adam_jax.adam(0.1).init(params), params)
    with pytest.raises(ValueError, match="outermost"):
        adam_jax.master_weights(tx).init(params)
    state = tx.init(params)
    _, state = tx.update(params, state, params)
    with pytest.raises(ValueError, match=r"at \['w'\] .*float32 weights"):
        tx.update(params, state, jax.tree.map(lambda p: p.astype(jnp.float32), params))
