"""Does a mask see the user's own trees?  By dtype, in every wrapper, and the same in a kernel as in XLA."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax


def narrow_ones(tree):
    return jax.tree.map(lambda x: x.dtype == jnp.bfloat16, tree)


PARAMS = {"narrow": jnp.full(3, 2.0, jnp.bfloat16), "wide": jnp.full((2, 2), 2.0), "none": None}
DECAY = {"weight_decay": 0.5, "learning_rate": 0.125}
WRAPPERS = {
    "alone": lambda tx: tx,
    "master_weights": adam_jax.master_weights,
    "skip, master": lambda tx: adam_jax.skip_nonfinite(adam_jax.master_weights(tx)),
    "chain": lambda tx: optax.chain(optax.clip(1.0), tx),
    "master, chain": lambda tx: adam_jax.master_weights(optax.chain(optax.clip(1.0), tx)),
    "master, masked": lambda tx: adam_jax.master_weights(
        optax.masked(tx, {"narrow": True, "wide": True, "none": False})
    ),
    "master, partition": lambda tx: adam_jax.master_weights(
        optax.partition({"a": tx, "b": optax.sgd(0.1)}, {"narrow": "a", "wide": "a", "none": "b"})
    ),
    "master, MultiSteps": lambda tx: adam_jax.master_weights(optax.MultiSteps(tx, 1)),
}


# A mask is of parameters: what a wrapper shows it does not depend on how moments are stored.
CASES = [
    pytest.param(w, m, marks=pytest.mark.long if m == "8bit" and w not in ("alone", "skip, master") else ())
    for w in WRAPPERS
    for m in ("float32", "8bit")
]


@pytest.mark.standard_promotion
@pytest.mark.parametrize("how", ["jit", "step"])
@pytest.mark.parametrize(("wrapper", "moments"), CASES)
def test_a_mask_by_dtype_decays_the_users_bfloat16_leaves(wrapper, moments, how):
    seen = []

    def mask(tree):
        seen.append(jax.tree.map(lambda x: x.dtype, tree))
        return narrow_ones(tree)

    tx = WRAPPERS[wrapper](adam_jax.adamw(**DECAY, mask=mask, moments=moments))
    grads, state = jax.tree.map(jnp.zeros_like, PARAMS), tx.init(PARAMS)
    if how == "step":
        params, _ = jax.jit(lambda *arrays: adam_jax.step(tx, *arrays))(PARAMS, state, grads)
    else:
        updates, _ = jax.jit(tx.update)(grads, state, PARAMS)
        params = optax.apply_updates(PARAMS, updates)
    np.testing.assert_array_equal(params["narrow"].astype(jnp.float32), 2 - 0.125 * 0.5 * 2)
    np.testing.assert_array_equal(params["wide"], 2.0)
    assert seen
    for dtypes in seen:
        assert (dtypes["narrow"], dtypes["wide"]) == (jnp.bfloat16, jnp.float32)


def test_the_mask_sees_the_parameters_and_not_the_gradients():
    """Float16 gradients of float32 weights: the mask is of weights."""
    tx = adam_jax.adamw(**DECAY, mask=lambda params: jax.tree.map(lambda p: p.dtype == jnp.float32, params))
    params = {"w": jnp.full(2, 2.0)}
    updates, _ = tx.update({"w": jnp.zeros(2, jnp.float16)}, tx.init(params), params)
    np.testing.assert_array_equal(updates["w"], -0.125)


@pytest.mark.parametrize("mask", [{"w": True}, {"w": True, "b": True, "c": True}, lambda params: {"b": True}])
def test_a_mask_of_another_structure_is_refused(mask):
    tx = adam_jax.adamw(**DECAY, mask=mask)
    params = {"w": jnp.ones(2), "b": jnp.ones(2)}
    with pytest.raises(ValueError, match="mask must have the structure of the parameters"):
        tx.update(params, tx.init(params), params)


def test_a_prefix_of_the_tree_is_a_mask():
    tx = adam_jax.adamw(**DECAY, mask={"layer": True, "norm": False})
    params = {"layer": {"w": jnp.ones(2), "b": jnp.ones(2)}, "norm": {"scale": jnp.ones(2)}}
    updates, state = tx.update(jax.tree.map(jnp.zeros_like, params), tx.init(params), params)
    assert [float(u[0]) for u in jax.tree.leaves(updates)] == [-0.0625, -0.0625, 0.0]
    theirs = optax.adamw(**DECAY, mask={"layer": True, "norm": False}).init(params)
    assert jax.tree.structure(state) == jax.tree.structure(theirs)


@pytest.mark.standard_promotion  # which Optax needs
@pytest.mark.parametrize("name", ["adam", "nadam", "amsgrad", "adamax"])
def test_a_negative_learning_rate_maximises_as_in_optax(name):
    params, grads = jnp.zeros(3), jnp.array([1.0, -2.0, 3.0])
    ours, theirs = getattr(adam_jax, name)(-0.1), getattr(optax, name)(-0.1)
    u, _ = ours.update(grads, ours.init(params), params)
    expected, _ = theirs.update(grads, theirs.init(params), params)
    np.testing.assert_allclose(u, expected, rtol=1e-5)
    assert np.all(np.sign(u) == np.sign(grads))
    adam_jax.adamw(-0.1, weight_decay=0.0)
    for rate in (-0.1, jnp.float32(-0.1)):
        with pytest.raises(ValueError, match=r"learning_rate must be .*optax.chain\(optax.scale\(-1.0\), adamw"):
            adam_jax.adamw(rate)
    with pytest.raises(ValueError, match="learning_rate must be a finite number"):
        getattr(adam_jax, name)(float("nan"))
