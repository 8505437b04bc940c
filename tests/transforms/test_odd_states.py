"""What of states that are out of the ordinary?  What `from_optax` and `to_optax` make of them, or refuse."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from cases import x64
from contract import described
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from optax_runs import SCHEDULE, optaxs_run, start, strictly

import adam_jax

pytestmark = pytest.mark.standard_promotion  # Optax's schedules mix dtypes; `strictly` is for ours


def test_like_says_which_weights_become_narrow():
    params, opt_state = optaxs_run(optax.adam(0.01))
    narrow = {"w": jnp.bfloat16, "b": jnp.float32}
    like = {name: jax.ShapeDtypeStruct(p.shape, narrow[name]) for name, p in params.items()}
    for tx in (
        adam_jax.master_weights(adam_jax.adam(0.01)),
        optax.chain(optax.identity(), adam_jax.master_weights(adam_jax.adam(0.01))),
    ):
        given_state = (
            opt_state if tx == adam_jax.master_weights(adam_jax.adam(0.01)) else (optax.EmptyState(), opt_state)
        )
        ours, state = strictly(adam_jax.from_optax, tx, given_state, params, like=like)
        assert {name: p.dtype for name, p in ours.items()} == {n: jnp.dtype(d) for n, d in narrow.items()}
        back, _ = strictly(adam_jax.to_optax, tx, state, ours)
        jax.tree.map(np.testing.assert_array_equal, back, params)


def test_apply_if_finite_hands_over_its_count():
    theirs, tx = optax.apply_if_finite(optax.adam(0.01), 100), adam_jax.skip_nonfinite(adam_jax.adam(0.01))
    params = start()
    bad = jax.tree.map(lambda p: jnp.full_like(p, jnp.nan), params)
    _, opt_state = theirs.update(bad, theirs.init(params), params)
    _, state = strictly(adam_jax.from_optax, tx, opt_state, params)
    assert (state.skipped, state.inner_state[0].count) == (1, 0)


@pytest.mark.parametrize("dtype", ["complex64", "float64"])
def test_complex_and_double_moments(dtype):
    with x64(dtype):
        params = jnp.asarray([1.0, -2.0], dtype)
        theirs, tx = optax.adam(0.01), adam_jax.adam(0.01)
        _, opt_state = theirs.update(params, theirs.init(params), params)
        _, state = strictly(adam_jax.from_optax, tx, opt_state, params)
        assert described(state) == described(tx.init(params))
        np.testing.assert_array_equal(state[0].nu, opt_state[0].nu.real)
        _, back = strictly(adam_jax.to_optax, tx, state, params)
        assert described(back) == described(opt_state)
        jax.tree.map(np.testing.assert_array_equal, back, opt_state)


def test_one_bad_element_does_not_spoil_its_leaf():
    good = jnp.asarray([1.0, 2.0, 3.0, 4.0])
    opt_state = (
        optax.ScaleByAdamState(jnp.int32(9), good, good.at[0].set(jnp.inf).at[1].set(jnp.nan)),
        optax.EmptyState(),
    )
    tx = adam_jax.adam(0.1, moments="8bit")
    _, (state, _) = strictly(adam_jax.from_optax, tx, opt_state, good)
    assert state.bounds[0] == 4
    _, (back, _) = strictly(adam_jax.to_optax, tx, (state, optax.EmptyState()), good)
    np.testing.assert_allclose(back.nu[2:], [3.0, 4.0], rtol=0.1)


@settings(deadline=None, max_examples=30)
@given(hnp.arrays(np.uint32, hnp.array_shapes(max_dims=2, max_side=5)), st.integers(0, 2**31 - 1))
def test_any_float32_moment_keeps_its_bits(bits, count):
    moment, params = bits.view(np.float32), np.zeros(bits.shape, np.float32)
    opt_state = (optax.ScaleByAdamState(jnp.int32(count), moment, moment), optax.EmptyState())
    _, (state, _) = strictly(adam_jax.from_optax, adam_jax.adam(0.1), opt_state, params)
    assert state.count == count
    for kept in (state.mu, state.nu):
        np.testing.assert_array_equal(np.asarray(kept).view(np.uint32), bits)


def refused(tx, opt_state, params=None, like=None):
    return lambda: strictly(adam_jax.from_optax, tx, opt_state, start() if params is None else params, like=like)


ADAM = adam_jax.adam(0.1)
STATE = optax.adam(0.1).init({"w": np.zeros((30, 7), np.float32), "b": np.zeros(7, np.float32)})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (refused(ADAM, STATE[0]), r"whole tree\) must be a tuple of tx's structure; got ScaleByAdamState"),
        (refused(adam_jax.adam(SCHEDULE), STATE), r"at \[1\] must be a ScaleByScheduleState .* got EmptyState"),
        (refused(ADAM, optax.sgd(0.1).init({})), r"at \[0\] must be a ScaleByAdamState"),
        (refused(ADAM, STATE, {"w": np.ones(3, np.float32)}), r"`mu` at \[0\] has not the structure of the parameters"),
        (
            refused(ADAM, STATE, {"w": np.ones(3, np.float32), "b": np.ones(7, np.float32)}),
            r"`mu` at \[0\] has shape \(30, 7\) for the parameter at \['w'\] of \(3,\)",
        ),
        (
            refused(ADAM, STATE, like={"w": jnp.ones((30, 7), jnp.float16), "b": jnp.ones(7)}),
            r"the parameter at \['w'\] is float32\(30, 7\) and in `like` float16.*only float32 can change",
        ),
        (refused(adam_jax.amsgrad(0.1, maximum_of="v"), STATE), 'Use maximum_of="v_hat"'),
        (refused(optax.chain(adam_jax.master_weights(ADAM)), (STATE,)), "no parameter is bfloat16"),
        (
            refused(optax.chain(optax.scale_by_schedule(SCHEDULE)), (optax.ScaleByScheduleState(np.ones(2)),)),
            r"the state at \[0\].count must be int32\(\); got float32\(2,\)",
        ),
        (
            lambda: strictly(adam_jax.to_optax, adam_jax.skip_nonfinite(ADAM), STATE, start()),
            r"must be a SkipNonfiniteState of tx's structure; got tuple",
        ),
        (
            lambda: strictly(adam_jax.to_optax, adam_jax.adam(0.1, moments="8bit"), STATE, start()),
            r"at \[0\] must be a ScaleByAdam8bitState of tx's structure; got ScaleByAdamState",
        ),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()
