"""Is what the page of questions quotes what a user reads?  Each error message is provoked."""

import re
from pathlib import Path

import jax
import jax.numpy as jnp
import optax
import pytest

import adam_jax

pytestmark = pytest.mark.standard_promotion

PAGE = (Path(__file__).parents[2] / "docs" / "faq.md").read_text()
QUOTED = re.findall(r'^### "(.*)"$', PAGE, re.MULTILINE)
PARAMS = {"w": jnp.ones(3)}
NARROW = {"w": jnp.ones(3, jnp.bfloat16)}


def donate_twice():
    jax.jit(lambda params, target: (params, target), donate_argnums=(0, 1))(PARAMS, PARAMS)


def conditional():
    tx = adam_jax.master_weights(adam_jax.adamw(1e-3))
    state = tx.init(NARROW)
    jax.lax.cond(True, lambda g: tx.update(g, state, NARROW)[0], lambda g: jax.tree.map(jnp.zeros_like, g), NARROW)


def injected():
    tx = optax.inject_hyperparams(adam_jax.adamw)(learning_rate=1e-3)
    tx.update(NARROW, tx.init(NARROW), NARROW)


def integers():
    adam_jax.adamw(1e-3).init({"embedding": jnp.arange(3)})


def nothing_to_widen():
    adam_jax.master_weights(adam_jax.adamw(1e-3)).init(PARAMS)


def another_state():
    state = adam_jax.adamw(1e-3).init(PARAMS)
    adam_jax.master_weights(adam_jax.adamw(1e-3)).update(NARROW, state, NARROW)


def differentiate():
    tx = adam_jax.adam(1e-3, moments="8bit")

    def loss(g):
        _, state = tx.update(g, tx.init(g))
        return tx.update(g, state)[0].sum()

    jax.grad(loss)(jnp.ones(3))


def varying():
    state = adam_jax.adam(1e-3).init(PARAMS)
    adam_jax.adam(1e-3, b1=lambda count: 0.9).update(PARAMS, state)


PROVOKED = {
    "Attempt to donate": donate_twice,
    "cond branches": conditional,
    "which cannot hold": injected,
    "the parameter at": integers,
    "master_weights: no parameter": nothing_to_widen,
    "expected the": another_state,
    "moments='8bit'": differentiate,
    "b1 and b2 vary": varying,
}


@pytest.mark.parametrize("quoted", QUOTED)
def test_the_message_is_the_one_that_is_quoted(quoted):
    (provoke,) = (provoke for start, provoke in PROVOKED.items() if quoted.startswith(start))
    with pytest.raises((TypeError, ValueError, RuntimeError), match=re.escape(quoted)):
        provoke()


def test_every_provoked_message_is_on_the_page():
    assert len(QUOTED) == len(PROVOKED)
