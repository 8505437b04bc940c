"""Is nothing lost between dtypes?  Updates in the wider one, float64 gradients of float32 weights, states that stay."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from contract import NAMES, described, make
from hypothesis import given, settings
from hypothesis import strategies as st
from older_jax import enable_x64

import adam_jax

NARROW = ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")


@pytest.mark.parametrize("grads_dtype", NARROW)
@pytest.mark.parametrize("with_params", [True, False])
@pytest.mark.parametrize("name", ["adam", "nadam", "adamax", "amsgrad"])
def test_a_small_step_of_narrow_gradients_moves_wide_weights(name, with_params, grads_dtype):
    """Rounded to float16 an update of 1e-8 is 0, and one of 2e-6 is 1.4% off."""
    params = jnp.ones(4)
    for rate in (1e-8, 2e-6):
        tx = getattr(adam_jax, name)(rate)
        updates, _ = tx.update(jnp.ones(4, grads_dtype), tx.init(params), params if with_params else None)
        assert updates.dtype == jnp.float32
        expected = 0.9 / 1.9 + 1 if name == "nadam" else 1  # of a first step: m_hat / sqrt(v_hat)
        np.testing.assert_allclose(updates, -rate * expected, rtol=1e-5)


def test_two_thousand_steps_of_float16_gradients_arrive():
    tx, params = adam_jax.adamw(2e-6, weight_decay=0.0), jnp.zeros(3)

    def step(carry, _):
        params, state = carry
        updates, state = tx.update(jnp.ones(3, jnp.float16), state, params)
        return (optax.apply_updates(params, updates), state), None

    (params, _), _ = jax.jit(lambda c: jax.lax.scan(step, c, length=2_000))((params, tx.init(params)))
    np.testing.assert_allclose(params, -2_000 * 2e-6, rtol=1e-4)


# Written out: the expectation must not come from the code.
WIDER = {
    ("float16", "float32"): "float32",
    ("bfloat16", "float32"): "float32",
    ("float32", "bfloat16"): "float32",
    ("float16", "bfloat16"): "float32",
    ("bfloat16", "bfloat16"): "bfloat16",
    ("float16", "float16"): "float16",
    ("float32", "float64"): "float64",
    ("float64", "float32"): "float64",
    ("bfloat16", "float64"): "float64",
    ("complex64", "complex128"): "complex128",
    ("complex64", "complex64"): "complex64",
}


@pytest.mark.parametrize("moments", ["float32", "bfloat16", "8bit"])
@pytest.mark.parametrize(("grads_dtype", "params_dtype"), WIDER)
def test_updates_have_the_wider_dtype(grads_dtype, params_dtype, moments):
    if moments != "float32" and params_dtype in ("float64", "complex64", "complex128"):
        pytest.skip("not held in this format")
    with enable_x64(True):
        params = {"w": jnp.ones(3, params_dtype), "none": None}
        grads = {"w": jnp.ones(3, grads_dtype), "none": None}
        for tx in (
            adam_jax.adamw(0.1, moments=moments),
            adam_jax.scale_by_adam(moments=moments),
            optax.chain(adam_jax.scale_by_adam(moments=moments), optax.scale(-0.1)),
        ):
            state = jax.eval_shape(tx.init, params)
            updates, after = jax.eval_shape(tx.update, grads, state, params)
            assert updates["w"].dtype == WIDER[grads_dtype, params_dtype]
            assert after == state


@pytest.mark.parametrize("moments", ["float32", "bfloat16", "8bit"])
@pytest.mark.parametrize("name", NAMES)
def test_float64_gradients_beyond_float32_saturate(name, moments):
    """1e60 is infinite in float32; its step is that of any large gradient."""
    if (name, moments) == ("amsgrad", "8bit"):
        pytest.skip("8 bits hold two moments")  # which test_validation refuses
    with enable_x64(True):
        tx, params = make(adam_jax, name, moments=moments), jnp.zeros(2, jnp.float32)
        update, state = jax.jit(tx.update), tx.init(params)
        expected, _ = update(jnp.array([1.0, -1.0]), state, params)
        updates, state = update(jnp.array([1e60, -1e200]), state, params)
        np.testing.assert_allclose(updates, expected, rtol=0.02)  # a first step is that of any gradient of this sign
        for _ in range(2):
            updates, state = update(jnp.array([1e60, -1e200]), state, params)
            assert np.all(np.isfinite(updates))
        assert all(np.all(np.isfinite(np.asarray(x, np.float64))) for x in jax.tree.leaves(state))


def test_float64_gradients_are_skipped_only_if_they_are_not_finite():
    with enable_x64(True):
        tx = adam_jax.skip_nonfinite(adam_jax.adam(0.1))
        params = jnp.zeros(2, jnp.float32)
        _, state = tx.update(jnp.array([1e60, 1.0]), tx.init(params), params)
        assert int(state.skipped) == 0
        _, state = tx.update(jnp.array([np.inf, 1.0]), state, params)
        assert int(state.skipped) == 1


KINDS = {
    "number": lambda x: x,
    "int32 count in": lambda x: lambda count: jnp.float32(x) + 0 * jnp.float32(count),
    "float64 schedule": lambda x: lambda count: jnp.asarray(x, jnp.float64),
    "number from a schedule": lambda x: lambda count: x,
    "NumPy float64": np.float64,
    "NumPy array": lambda x: np.asarray(x, np.float64),
    "float32": jnp.float32,
    "float64": lambda x: jnp.asarray(x, jnp.float64),
    "weak": lambda x: jnp.asarray(x) * 1.0,
}
DEEP = ("float64 schedule", "float64")  # which there are under x64 only
ARGUMENTS = {"learning_rate": 1e-2, "b1": 0.9, "b2": 0.99, "eps": 1e-8, "weight_decay": 0.1}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(["float32", "bfloat16", "8bit"]),
    st.sampled_from(["float32", "bfloat16", "float16"]),
    st.lists(st.sampled_from(sorted(KINDS)), min_size=5, max_size=5),
    st.booleans(),
)
def test_a_hyperparameter_of_any_kind_leaves_the_state_as_it_is(name, moments, dtype, kinds, x64):
    """At 0.1.0 a float64 eps under x64 turned adamax's 8-bit words into float64 arrays of another shape."""
    if (name, moments) == ("amsgrad", "8bit"):
        moments = "bfloat16"
    with enable_x64(x64):
        given_arguments = {
            key: KINDS[kind](value)
            for (key, value), kind in zip(ARGUMENTS.items(), kinds, strict=True)
            if (key != "weight_decay" or name.endswith("w")) and (x64 or kind not in DEEP)
        }
        tx = getattr(adam_jax, name)(**{"learning_rate": 1e-2} | given_arguments, moments=moments)
        params = {"w": jnp.ones((2, 3), dtype), "b": jnp.ones((), dtype)}
        state = tx.init(params)
        shapes = jax.eval_shape(tx.update, params, state, params)
        assert [(x.shape, x.dtype) for x in jax.tree.leaves(shapes[1])] == [
            (x.shape, x.dtype) for x in jax.tree.leaves(state)
        ]
        assert [(u.shape, u.dtype) for u in jax.tree.leaves(shapes[0])] == [
            (p.shape, p.dtype) for p in jax.tree.leaves(params)
        ]


@pytest.mark.parametrize(
    ("name", "moments"), [c for c in itertools.product(NAMES, ["float32", "8bit"]) if c != ("amsgrad", "8bit")]
)
def test_float64_arrays_under_x64_give_the_numbers_of_numbers(name, moments):
    params, grads = jnp.linspace(0.5, 1, 40, dtype=jnp.float32), jnp.linspace(-1, 1, 40, dtype=jnp.float32)
    arguments = {k: v for k, v in ARGUMENTS.items() if k != "weight_decay" or name.endswith("w")}

    def three_steps(**kwargs):
        tx = getattr(adam_jax, name)(**kwargs, moments=moments)
        state = tx.init(params)
        for _ in range(3):
            updates, state = tx.update(grads, state, params)
        return updates, state

    with enable_x64(True):
        expected, state = three_steps(**arguments)
        updates, after = three_steps(**{k: jnp.asarray(v, jnp.float64) for k, v in arguments.items()})
        assert described(after) == described(state)
        np.testing.assert_allclose(updates, expected, rtol=2e-5 if moments == "float32" else 0.5, atol=1e-4)
