"""Are two equal calls one transformation?  Equality, hash, pickle, and no retrace as a static argument."""

import copy
import functools
import inspect
import os
import pickle
import subprocess
import sys
import weakref

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax
from adam_jax.transforms import spec
from adam_jax.transforms.spec import spec_of

schedule = optax.linear_schedule(0.1, 0.0, 10)  # in the module, so that it is one object


def mask(params):
    return jax.tree.map(lambda p: p.ndim > 0, params)


MAKERS = {
    "adam": lambda: adam_jax.adam(1e-3, mu_dtype="bfloat16"),
    "adam, dtype object": lambda: adam_jax.adam(1e-3, mu_dtype=jnp.bfloat16),
    "adamw": lambda: adam_jax.adamw(1e-3, weight_decay=0.1, mask={"w": True, "b": False}),
    "adamw, callable mask": lambda: adam_jax.adamw(1e-3, mask=mask),
    "nadam": lambda: adam_jax.nadam(1e-3, momentum_decay=4e-3),
    "amsgrad": lambda: adam_jax.amsgrad(jnp.float32(1e-3), maximum_of="v"),
    "adamax": lambda: adam_jax.adamax(np.float64(1e-3)),
    "8bit": lambda: adam_jax.skip_nonfinite(adam_jax.adam(0.1, moments="8bit", axis_name=()), axis_name=()),
    "scale_by_adam": lambda: adam_jax.scale_by_adam(b1=schedule),
    "schedule": lambda: adam_jax.adam(schedule),
}


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS.keys())
def test_two_equal_calls_are_equal(maker):
    assert maker() == maker()
    assert hash(maker()) == hash(maker())
    assert maker() != adam_jax.adam(0.7)


def test_different_calls_differ():
    made = [
        adam_jax.adam(1e-3),
        adam_jax.adam(1e-2),
        adam_jax.adam(1e-3, b1=0.8),
        adam_jax.adam(1e-3, mu_dtype="bfloat16"),
        adam_jax.nadam(1e-3),
        adam_jax.adam(1e-3, moments="8bit"),
        adam_jax.adam(1e-3, moments="8bit", axis_name="data"),
        adam_jax.adam(1e-3, moments="8bit", axis_name=()),
        adam_jax.adamw(1e-3),
        adam_jax.adamw(1e-3, mask={"a": True}),
        adam_jax.adamw(1e-3, mask={"a": False}),
        adam_jax.adam(jnp.float32(1e-3)),
        adam_jax.adam(schedule),
    ]
    assert len(set(made)) == len(made)


def test_strings_and_dtypes_are_the_same_argument():
    made = [adam_jax.adamax(1e-3, moments="8bit", axis_name=axes) for axes in ("data", ("data",), ["data"])]
    assert made[0] == made[1] == made[2]
    assert MAKERS["adam"]() == MAKERS["adam, dtype object"]()


@pytest.mark.parametrize("name", [name for name in MAKERS if "schedule" not in name and name != "scale_by_adam"])
def test_pickle(name):
    tx = MAKERS[name]()
    again = pickle.loads(pickle.dumps(tx))
    assert again == tx
    params = {"w": jnp.ones(2), "b": jnp.ones(())}
    updates, expected = (t.update(params, t.init(params), params)[0] for t in (again, tx))
    jax.tree.map(np.testing.assert_array_equal, updates, expected)


def test_an_equal_static_argument_does_not_retrace():
    traces = []

    @functools.partial(jax.jit, static_argnums=0)
    def step(tx, grads, state):
        traces.append(1)
        return tx.update(grads, state)

    params = jnp.ones(2)
    for _ in range(3):
        tx = adam_jax.adam(1e-3)
        step(tx, params, tx.init(params))
    assert len(traces) == 1


def test_traced_arguments_are_compared_by_identity():
    def made(learning_rate):
        tx = adam_jax.adam(learning_rate)
        assert tx == tx
        assert hash(tx) == hash(tx)
        assert tx != adam_jax.adam(learning_rate + 0)
        return tx.update(jnp.ones(2), jax.jit(tx.init)(jnp.ones(2)))[0]

    np.testing.assert_allclose(jax.jit(made)(0.5), -0.5, rtol=1e-6)


def nested():
    tx = adam_jax.adamw(1e-3, mask={"w": True})
    for _ in range(6):
        tx = adam_jax.skip_nonfinite(tx)
    return tx


def test_equal_specs_are_one_object_however_deep():
    one, other = nested(), nested()
    assert one.update.__self__ is other.update.__self__  # so that a hash and a comparison look no deeper
    assert spec_of(one).tx.update.__self__ is spec_of(other).tx.update.__self__
    assert copy.deepcopy(one) == one


def test_nothing_is_built_when_init_and_update_run(monkeypatch):
    tx = adam_jax.master_weights(adam_jax.adamw(1e-3, moments="8bit"))
    params = jnp.ones(3, jnp.bfloat16)
    tx.update(params, tx.init(params), params)
    monkeypatch.setattr(spec, "_interned", lambda *_: pytest.fail("built"))
    tx.update(params, tx.init(params), params)


def test_a_spec_goes_away_with_its_last_transformation():
    tx = adam_jax.adam(0.123456)
    gone = weakref.ref(spec_of(tx))
    del tx
    assert gone() is None


def test_pickles_are_equal_in_another_process():
    program = (
        "import pickle, sys, adam_jax, jax.numpy as jnp\n"
        "tx = pickle.load(sys.stdin.buffer)\n"
        "again = adam_jax.skip_nonfinite(adam_jax.adamw(jnp.float32(0.1), mask={'w': True}, moments='8bit'))\n"
        "print(tx == again, hash(tx) == hash(again))"
    )
    tx = adam_jax.skip_nonfinite(adam_jax.adamw(jnp.float32(0.1), mask={"w": True}, moments="8bit"))
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}  # hashes of strings differ between processes
    done = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps(tx), env=environment, capture_output=True, check=True
    )
    assert done.stdout.split() == [b"True", b"True"]


def test_other_libraries_may_look_at_the_methods():
    """Equinox asks for the source of what `functools.wraps` wraps."""
    tx = adam_jax.adamw(1e-3)
    wrapped = functools.wraps(tx.update)(lambda *args: tx.update(*args))
    assert inspect.getsource(wrapped).lstrip().startswith("def update(")
    assert inspect.signature(tx.init).parameters.keys() == {"params"}


@jax.tree_util.register_pytree_node_class
class Unhashable:
    """A node of somebody else's whose structure has a list in it."""

    def __init__(self, w):
        self.w = w

    def tree_flatten(self):
        return (self.w,), ["a list"]

    @classmethod
    def tree_unflatten(cls, _, children):
        return cls(*children)


def test_a_mask_of_nodes_that_cannot_be_hashed_is_taken():
    tx = adam_jax.skip_nonfinite(adam_jax.adamw(1.0, weight_decay=0.5, mask=Unhashable(True)))
    params = Unhashable(jnp.ones(2))
    updates, _ = tx.update(Unhashable(jnp.zeros(2)), tx.init(params), params)
    np.testing.assert_array_equal(updates.w, -0.5)


def test_a_mask_that_its_caller_changes_later_is_not_changed_in_others():
    mask = {"w": True, "b": False}
    mine, yours = (
        adam_jax.adamw(1.0, weight_decay=0.5, mask=mask),
        adam_jax.adamw(1.0, weight_decay=0.5, mask=dict(mask)),
    )
    mask["w"] = False
    params = {"w": jnp.ones(()), "b": jnp.ones(())}
    zeros = jax.tree.map(jnp.zeros_like, params)
    for tx in (mine, yours):
        assert tx.update(zeros, tx.init(params), params)[0]["w"] == -0.5
