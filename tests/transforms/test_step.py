"""Does `step` take the kernel when it should?  A named one is obeyed or raises; what cannot run says why."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax
from adam_jax.backends import selection
from adam_jax.backends.pallas_tpu import PallasTPU

pytestmark = pytest.mark.standard_promotion  # optax.apply_updates adds float32 to bfloat16


@pytest.fixture(autouse=True)
def interpreter(monkeypatch):
    monkeypatch.setattr(selection, "TPU_KERNEL", PallasTPU(interpret=jax.default_backend() != "tpu"))


REFUSED = {
    "is empty": (lambda how: adam_jax.adamw(1e-3, **how), jnp.ones((0, 3)), jnp.ones((0, 3))),
    "is float16": (lambda how: adam_jax.adamw(1e-3, **how), jnp.ones(3, jnp.float16), jnp.ones(3, jnp.float16)),
    "its gradient bfloat16": (lambda how: adam_jax.adamw(1e-3, **how), jnp.ones(3), jnp.ones(3, jnp.bfloat16)),
}


@pytest.mark.parametrize("said", REFUSED)
def test_a_named_kernel_that_cannot_run_says_why(said):
    make, params, grads = REFUSED[said]
    how = {"moments": "8bit", "implementation": "pallas"}
    tx = make(how)
    with pytest.raises(ValueError, match="implementation='pallas' cannot do this step") as refused:
        adam_jax.step(tx, {"w": params}, tx.init({"w": params}), {"w": grads})
    assert said in str(refused.value)


STATES = {  # of another transformation than adamw with 8-bit moments in master_weights(32)
    "float32 moments": lambda params: adam_jax.master_weights(adam_jax.adamw(1e-3)).init(params),
    "no master weights": lambda params: adam_jax.adamw(1e-3, moments="8bit").init(params),
    "no weight decay": lambda params: adam_jax.master_weights(adam_jax.adam(1e-3, moments="8bit")).init(params),
    "other shapes": lambda params: adam_jax.master_weights(adam_jax.adamw(1e-3, moments="8bit")).init(
        jax.tree.map(lambda p: p[:1], params)
    ),
    "a bfloat16 leaf that was float32": lambda params: adam_jax.master_weights(
        adam_jax.adamw(1e-3, moments="8bit")
    ).init({"w": params["w"].astype(jnp.float32), "b": params["b"]}),
}


@pytest.mark.parametrize("which", STATES)
def test_another_state_is_refused_as_without_a_kernel(which, monkeypatch):
    params = {"w": jnp.ones((2, 3), jnp.bfloat16), "b": jnp.ones(3, jnp.bfloat16)}
    state = STATES[which](params)

    def refusal(implementation):
        tx = adam_jax.master_weights(adam_jax.adamw(1e-3, moments="8bit", implementation=implementation))
        with pytest.raises((TypeError, ValueError)) as refused:
            adam_jax.step(tx, params, state, params)
        return str(refused.value)

    without = refusal("xla")
    assert refusal("pallas") == without
    monkeypatch.setattr(selection, "may_be_tpu", lambda *_: True)
    assert refusal(None) == without


def test_a_kernel_takes_schedules_of_the_decay_and_leaves_without_a_gradient():
    params = {"w": jnp.linspace(-1, 1, 300).reshape(3, 100), "b": jnp.ones(3)}
    grads = {"w": params["w"][::-1], "b": None}
    got, expected = (
        adam_jax.adamw(1e-2, b1=lambda t: 0.5 + 0.1 * t, moments="8bit", implementation=how)
        for how in ("pallas", "xla")
    )
    results = []
    for tx in (got, expected):
        after, state = params, tx.init(params)
        for _ in range(3):
            after, state = adam_jax.step(tx, after, state, grads)
        results.append((after, state))
    np.testing.assert_array_equal(results[0][0]["b"], params["b"])
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5), results[0][0], results[1][0])


def test_bad_names():
    with pytest.raises(ValueError, match="implementation must be one of"):
        adam_jax.adam(1e-3, moments="8bit", implementation="triton")
    with pytest.raises(ValueError, match="is for moments='8bit'"):
        adam_jax.adam(1e-3, implementation="pallas")


@pytest.mark.skipif(jax.default_backend() == "tpu", reason="the kernel runs there")
def test_a_named_kernel_is_obeyed_or_raises(monkeypatch):
    monkeypatch.setattr(selection, "TPU_KERNEL", PallasTPU())
    tx = adam_jax.adamw(1e-3, moments="8bit", implementation="pallas")
    with pytest.raises(ValueError, match="is a TPU kernel, and this is"):
        adam_jax.step(tx, jnp.ones(3), tx.init(jnp.ones(3)), jnp.ones(3))
    tx = adam_jax.adamw(1e-3, moments="8bit")  # no name, no TPU: XLA
    params, _ = adam_jax.step(tx, jnp.ones(3), tx.init(jnp.ones(3)), jnp.ones(3))
    assert params[0] < 1


def test_what_a_kernel_ignores_does_not_turn_it_off():
    tx = adam_jax.master_weights(adam_jax.adamw(1e-3, moments="8bit", implementation="pallas"))
    params = jnp.ones(3, jnp.bfloat16)
    jaxprs = [
        str(jax.make_jaxpr(lambda extra: adam_jax.step(tx, params, tx.init(params), params, **extra))(extra))
        for extra in ({}, {"value": jnp.float32(1.0)})
    ]
    assert all("pallas_call" in jaxpr for jaxpr in jaxprs)


def test_any_transformation_goes_through_the_door():
    tx = optax.chain(optax.clip_by_global_norm(1.0), optax.sgd(0.1))
    params, _ = adam_jax.step(tx, jnp.zeros(2), tx.init(jnp.zeros(2)), jnp.array([3.0, 4.0]))
    np.testing.assert_allclose(np.asarray(params), [-0.06, -0.08], rtol=1e-6)
    tx = optax.contrib.reduce_on_plateau()
    tx = optax.chain(adam_jax.adam(1e-3, moments="8bit"), tx)
    state = tx.init(jnp.zeros(2))
    params, _ = adam_jax.step(tx, jnp.zeros(2), state, jnp.ones(2), value=jnp.float32(1.0))
    assert params[0] < 0


NARROW, WIDE = {"w": jnp.ones((3, 2), jnp.bfloat16), "b": jnp.ones(2, jnp.bfloat16)}, {"w": jnp.ones((3, 2)), "b": None}
ORDERS = {
    "old, a missing gradient": (adam_jax.adam(0.1), NARROW, WIDE, "gsp", "`params` and `grads` are exchanged"),
    "old, master weights": (
        adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.adam(0.1, moments="8bit"))),
        NARROW,
        {**WIDE, "b": jnp.ones(2)},
        "gsp",
        "`params` and `grads` are exchanged",
    ),
    "old, bits=16": (
        adam_jax.master_weights(optax.adam(0.1), bits=16),
        NARROW,
        {**WIDE, "b": jnp.ones(2)},
        "gsp",
        "`params` and `grads` are exchanged",
    ),
    "Optax's update": (optax.adamw(0.1), NARROW, NARROW, "gps", "state was given as `grads`"),
    "parameters, gradients, state": (adam_jax.adamw(0.1), NARROW, NARROW, "pgs", "state was given as `grads`"),
    "the state first": (optax.sgd(0.1, momentum=0.9), NARROW, NARROW, "spg", "state was given as `params`"),
    "the state first, no state": (optax.sgd(0.1), NARROW, NARROW, "sgp", "state was given as `params`"),
}


@pytest.mark.parametrize("name", ORDERS)
def test_another_order_is_refused_where_something_tells(name):
    tx, params, grads, order, said = ORDERS[name]
    given = {"p": params, "s": tx.init(params), "g": grads}
    with pytest.raises(TypeError, match=r"takes \(tx, params, state, grads\), in this order; ") as refused:
        adam_jax.step(tx, *(given[letter] for letter in order))
    assert said in str(refused.value)


@pytest.mark.parametrize("grads", [WIDE, {**WIDE, "b": jnp.ones(2)}, {"w": jnp.ones((3, 2), jnp.float16), "b": None}])
def test_gradients_that_differ_from_their_parameters_are_no_mistake(grads):
    params = {"w": jnp.ones((3, 2)), "b": jnp.ones(2, jnp.bfloat16)}
    for tx in (adam_jax.adam(0.1), adam_jax.adam(0.1, moments="8bit")):
        moved, _ = adam_jax.step(tx, params, tx.init(params), grads)
        assert jax.tree.map(lambda p: p.dtype, moved) == jax.tree.map(lambda p: p.dtype, params)
        np.testing.assert_allclose(moved["w"], 0.9, rtol=1e-3)


def test_a_kernels_update_has_the_wider_dtype_and_takes_narrow_rates():
    params, grads = jnp.linspace(-1, 1, 300), jnp.linspace(1, 2, 300).astype(jnp.bfloat16)
    updates = []
    for how in ("pallas", "xla"):
        tx = adam_jax.adam(jnp.bfloat16(0.125), moments="8bit", implementation=how)
        updates.append(jax.jit(tx.update)(grads, tx.init(params), params)[0])
    assert updates[0].dtype == updates[1].dtype == jnp.float32
    np.testing.assert_allclose(*updates, rtol=1e-5)
