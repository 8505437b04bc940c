"""Can results be donated while what they were made from stays in use?  Every function that converts."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from pytorch_saved import NAMES, saved

import adam_jax

WEIGHTS = {"kernel": jnp.full((3, 2), 0.3), "bias": jnp.full(2, 0.1), "odd": jnp.full(5, 0.2, jnp.bfloat16)}


def stepped(tx, params):
    updates, state = tx.update(jax.tree.map(jnp.ones_like, params), tx.init(params), params)
    return optax.apply_updates(params, updates), state


def optaxs():
    """Of a chain whose other parts go over as they are."""
    return optax.chain(optax.trace(0.9), optax.adamw(optax.constant_schedule(0.1)))


def ours(**kwargs):
    return optax.chain(optax.trace(0.9), adam_jax.adamw(optax.constant_schedule(0.1), **kwargs))


def from_optax(**kwargs):
    params, opt_state = stepped(optaxs(), WEIGHTS)
    return lambda: adam_jax.from_optax(ours(**kwargs), opt_state, params), (params, opt_state)


def from_optax_to_master_weights():
    params, opt_state = stepped(optaxs(), WEIGHTS)
    tx = adam_jax.skip_nonfinite(adam_jax.master_weights(ours()))
    return lambda: adam_jax.from_optax(tx, opt_state, params), (params, opt_state)


def to_optax(**kwargs):
    params, state = stepped(ours(**kwargs), WEIGHTS)
    return lambda: adam_jax.to_optax(ours(**kwargs), state, params), (params, state)


def from_pytorch():
    params = {name: WEIGHTS[name] for name in NAMES}
    return lambda: adam_jax.from_pytorch(adam_jax.adamw(0.1), saved(), params, NAMES), params


def moments(convert, **kwargs):
    _, state = stepped(ours(**kwargs), {name: WEIGHTS[name] for name in NAMES})
    return lambda: convert(state), state


def wide_weights():
    params, state = stepped(adam_jax.master_weights(optax.sgd(0.1)), WEIGHTS)
    return lambda: adam_jax.wide_weights(params, state), (params, state)


CONVERSIONS = {
    "from_optax": from_optax,
    "from_optax, 8bit": lambda: from_optax(moments="8bit"),
    "from_optax, schedules": lambda: from_optax(b1=lambda count: 0.9, b2=lambda count: 0.99),
    "from_optax, master_weights": from_optax_to_master_weights,
    "to_optax": to_optax,
    "to_optax, bfloat16": lambda: to_optax(moments="bfloat16"),
    "from_pytorch": from_pytorch,
    "pack_moments": lambda: moments(adam_jax.pack_moments),
    "unpack_moments": lambda: moments(adam_jax.unpack_moments, moments="8bit"),
    "wide_weights": wide_weights,
    "split_weights": lambda: (lambda: adam_jax.split_weights(WEIGHTS), WEIGHTS),
}


@pytest.mark.standard_promotion
@pytest.mark.filterwarnings("ignore:Some donated buffers were not usable")
@pytest.mark.parametrize("name", CONVERSIONS)
def test_the_result_can_be_donated_and_what_was_given_is_still_there(name):
    convert, given = CONVERSIONS[name]()
    before = [np.array(x, copy=True) for x in jax.tree.leaves(given)]
    result = convert()
    pointers = [x.unsafe_buffer_pointer() for x in jax.tree.leaves(result)]
    assert len(set(pointers)) == len(pointers)
    jax.block_until_ready(jax.jit(lambda tree: jax.tree.map(lambda x: x + x, tree), donate_argnums=0)(result))
    assert all(x.is_deleted() for x in jax.tree.leaves(result))
    assert not any(x.is_deleted() for x in jax.tree.leaves(given))
    for x, y in zip(jax.tree.leaves(given), before, strict=True):
        np.testing.assert_array_equal(x, y)


@pytest.mark.standard_promotion
def test_under_jit_nothing_is_copied():
    params, opt_state = stepped(optax.adam(0.1), WEIGHTS)
    text = str(jax.make_jaxpr(lambda s, p: adam_jax.from_optax(adam_jax.adam(0.1), s, p))(opt_state, params))
    assert "copy" not in text
