"""How far from float64?  The bars of the README's table, at every step count, also after a resume far into a run."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import oracle
import pytest
from cases import RANDOM, RANDOM_BIAS, x64

import adam_jax
from adam_jax.diagnostics import bias_corrected
from adam_jax.tools.bench import exactness

# On constant, one-off and slowly swinging gradients, without dither (b2 <= 0.999): the average stops where its
# increment is below half an ulp, 2**-25 / (1 - b2) short of v.
STEADY = {0.9: 1.3e-6, 0.99: 4e-6, 0.999: 3.1e-5, 0.9999: 8e-6, 0.99999: 8e-6, 0.999999: 8e-6}


@pytest.mark.slow
@pytest.mark.standard_promotion  # Optax
@pytest.mark.parametrize("steps", [10_000, pytest.param(50_000, marks=pytest.mark.long)])
def test_sqrt_v_hat_over_many_steps(steps):
    """One test, since the measurement of all is one: in workers of pytest-xdist each would make it anew."""
    looked_at = tuple(t for t in exactness.STEPS if t <= steps)
    measured = exactness.measure(b1s=(0.9,), steps=looked_at)
    rows = {(row["library"], row["gradients"], row["b2"]): row for row in measured}
    for b2 in exactness.B2S:
        ours = rows["adam_jax", "random", b2]
        assert ours["sqrt(v_hat) max"] <= RANDOM[b2], b2
        assert ours["sqrt(v_hat) bias"] <= RANDOM_BIAS, b2
        assert rows["adam_jax", "steady", b2]["sqrt(v_hat) max"] <= STEADY[b2], b2
        assert rows["optax", "random", b2]["sqrt(v_hat) max"] > ours["sqrt(v_hat) max"], b2


@pytest.mark.parametrize("b1", exactness.B1S)
@pytest.mark.parametrize("b2", exactness.B2S)
def test_short_runs_and_the_bench_agree_with_the_oracle(b1, b2):
    grads = exactness.gradients(100, 16, seed=1)
    stops = (1, 2, 10, 100)
    truth = list(oracle.run("adam", grads, b1, b2))
    benchs = list(exactness.exact(grads, b1, np.asarray([b2]), stops))
    ours = list(exactness.run(adam_jax.scale_by_adam(b1, b2), jnp.asarray(grads), stops))
    for t, (m_hat, root), (u, state) in zip(stops, benchs, ours, strict=True):
        step = truth[t - 1]
        np.testing.assert_allclose(m_hat, step.m_hat, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(root[0], np.sqrt(step.v_hat), rtol=1e-9)
        np.testing.assert_allclose(np.sqrt(bias_corrected(state, b1, b2)[1]), root[0], rtol=1.3e-6)
        np.testing.assert_allclose(u, step.u, atol=5e-6)


@pytest.mark.parametrize("b2", exactness.B2S)
def test_float64_leaves(b2):
    with x64("float64"):
        grads = np.asarray(exactness.gradients(1000, 8, seed=2), np.float64)
        stops = (1, 2, 10, 100, 1000)
        truth = list(oracle.run("adam", grads, 0.9, b2, precision=np.longdouble))
        tx = adam_jax.scale_by_adam(0.9, b2)
        carry = (jnp.zeros(grads.shape[1:]), tx.init(jnp.zeros(grads.shape[1:])))
        device = jnp.asarray(grads)
        for start, stop in zip((0, *stops), stops, strict=False):
            carry = jax.lax.fori_loop(start, stop, lambda t, carry: tx.update(device[t], carry[1]), carry)
            np.testing.assert_allclose(
                np.sqrt(bias_corrected(carry[1], 0.9, b2)[1]), np.sqrt(truth[stop - 1].v_hat), rtol=1e-13
            )
            np.testing.assert_allclose(carry[0], truth[stop - 1].u, rtol=1e-9, atol=1e-12)  # m may cancel


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_16_bit_leaves_have_float32_accuracy_before_the_last_rounding(dtype):
    grads = jnp.asarray(exactness.gradients(300, 16, seed=3)).astype(dtype)
    tx = adam_jax.scale_by_adam()
    params = jnp.zeros(grads.shape[1:], dtype)
    narrow, wide = tx.init(params), tx.init(params.astype(jnp.float32))
    for g in grads:
        u_narrow, narrow = tx.update(g, narrow, params)
        u_wide, wide = tx.update(g.astype(jnp.float32), wide)
        np.testing.assert_array_equal(u_narrow, u_wide.astype(dtype))
    jax.tree.map(np.testing.assert_array_equal, narrow, wide)


@pytest.mark.parametrize("count", [10**6, 2**31 - 2])
@pytest.mark.parametrize("b2", [0.999, 0.999999, 0.9999999])
def test_a_run_resumed_far_on_is_as_accurate(count, b2):
    rng = np.random.default_rng(4)
    m, v = rng.standard_normal(100).astype(np.float32), rng.random(100).astype(np.float32)
    tx = adam_jax.scale_by_adam(0.9, b2)
    state = optax.ScaleByAdamState(jnp.int32(count), jnp.asarray(m), jnp.asarray(v))
    m, v = m.astype(np.float64), v.astype(np.float64)
    for t in range(count + 1, min(count + 6, 2**31)):
        g = rng.standard_normal(100).astype(np.float32)
        u, state = tx.update(jnp.asarray(g), state)
        m, v = 0.9 * m + 0.1 * g.astype(np.float64), b2 * v + (1 - b2) * g.astype(np.float64) ** 2
        v_hat = v / -np.expm1(t * np.log(b2))
        np.testing.assert_allclose(u, m / (np.sqrt(v_hat) + 1e-8), rtol=0, atol=1.3e-6 * 10)  # |u| up to 10 here
        # t * (1 - b2) has 24 bits, and so has 1 - b2 itself: 6e-8 of up to 1 in the exponent
        np.testing.assert_allclose(np.sqrt(bias_corrected(state, 0.9, b2)[1]), np.sqrt(v_hat), rtol=1.3e-6)
