"""Does `cautious_weight_decay` decay a weight only where the step moves it towards 0 too, in every format?"""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import oracle
import pytest
from older_jax import enable_x64

import adam_jax

pytestmark = pytest.mark.standard_promotion

STEPS, RATE, DECAY = 20, 0.01, 0.3
ROUNDING = 1e-5  # of float32, over 20 steps
N = 301


def gradients(dtype=np.float64):
    grads = np.random.default_rng(3).standard_normal((STEPS, N))
    return (grads + 1j * grads[:, ::-1] if np.issubdtype(dtype, np.complexfloating) else grads).astype(dtype)


def start(dtype=np.float64):
    p = np.linspace(-0.05, 0.05, N)  # 0 among them, and many that change sign
    return (p + 1j * p[::-1] if np.issubdtype(dtype, np.complexfloating) else p).astype(dtype)


def expected(rule, grads, p):
    """Chen et al. 2025, algorithm 1, in float64: decay where u * p >= 0."""
    for step in oracle.run(rule, grads):
        if np.iscomplexobj(p):
            kept = (step.u.real * p.real >= 0) * p.real + 1j * (step.u.imag * p.imag >= 0) * p.imag
        else:
            kept = (step.u * p >= 0) * p
        p = p - RATE * (step.u + DECAY * kept)
    return p


def trained(tx, grads, p, through, names=("w",)):
    params = {name: jnp.asarray(p) for name in names}
    state = tx.init(params)

    @jax.jit
    def step(params, state, g):
        g = dict.fromkeys(names, g)
        if through == "step":
            return adam_jax.step(tx, params, state, g)
        updates, state = tx.update(g, state, params)
        return optax.apply_updates(params, updates), state

    for g in grads:
        params, state = step(params, state, jnp.asarray(g))
    return params


@pytest.mark.parametrize("through", ["update", "step"])
@pytest.mark.parametrize("rule", ["adam", "nadam"])
def test_it_is_the_algorithm_of_the_paper(rule, through):
    make = adam_jax.adamw if rule == "adam" else adam_jax.nadamw
    grads, p = gradients(np.float32), start(np.float32)
    right = expected(rule, grads.astype(float), p.astype(float))
    for mask in (None, {"w": True, "b": False}):
        tx = make(RATE, weight_decay=DECAY, mask=mask, cautious_weight_decay=True)
        got = trained(tx, grads, p, through, mask or ("w",))
        # a weight that is 1e-8 from 0 may be on either side
        np.testing.assert_allclose(got["w"], right, rtol=ROUNDING, atol=1e-6)
        if mask:
            plain = trained(make(RATE, weight_decay=0.0), grads, p, through)
            np.testing.assert_allclose(got["b"], plain["w"], rtol=ROUNDING, atol=1e-7)
    everywhere = trained(make(RATE, weight_decay=DECAY), grads, p, through)
    assert np.max(np.abs(everywhere["w"] - right)) > 1e-3


@pytest.mark.parametrize("dtype", [np.complex64, np.float64, np.complex128])
def test_complex_weights_are_two_and_wide_ones_exact(dtype):
    with enable_x64(dtype != np.complex64):
        grads, p = gradients(dtype), start(dtype)
        tx = adam_jax.adamw(RATE, weight_decay=DECAY, cautious_weight_decay=True)
        got = trained(tx, grads, p, "update")["w"]
        assert got.dtype == dtype
        tolerance = {"rtol": ROUNDING, "atol": 1e-6} if dtype == np.complex64 else {"rtol": 1e-9, "atol": 1e-12}
        np.testing.assert_allclose(got, expected("adam", grads, p), **tolerance)


@pytest.mark.parametrize("through", ["update", "step"])
@pytest.mark.parametrize(
    ("moments", "bits"),
    [
        # the decay comes after moments and before the split: with these in every way, and each number of bits once
        pytest.param(moments, bits, marks=pytest.mark.long if bits in (32, 16) and moments != "8bit" else ())
        for moments in ("float32", "bfloat16", "8bit")
        for bits in (None, 32, 24, 16)
    ],
)
def test_in_every_format_it_is_the_step_without_decay_and_the_decay(moments, bits, through):
    """One step from the same state: what it adds to the step without decay is the decay, or nothing."""
    dtype = jnp.float32 if bits is None else jnp.bfloat16
    wrap = (lambda tx: tx) if bits is None else (lambda tx: adam_jax.master_weights(tx, bits))
    options = ({"weight_decay": 0.0}, {"weight_decay": 2.0, "cautious_weight_decay": True})
    without, with_it = (wrap(adam_jax.adamw(RATE, moments=moments, **some)) for some in options)
    p = start(np.float32).astype(dtype)
    g = gradients(np.float32)[:1].astype(dtype)
    moved, decayed = (np.asarray(trained(tx, g, p, through)["w"], float) for tx in (without, with_it))
    p = p.astype(float)
    kept = np.sign(np.asarray(g[0], float)) * p >= 0
    # of a bfloat16 weight half a unit in the last place, or one where it is rounded stochastically; two weights
    tolerance = 1e-7 if bits is None else 2.0 ** -(8 if bits in (24, 32) else 7) * 0.08
    np.testing.assert_allclose(decayed - moved, np.where(kept, -RATE * 2 * p, 0), atol=tolerance)


def test_signs_decide_where_products_are_zero():
    """u * p is 1e-60 in real numbers, and 0 in float32."""
    tx = adam_jax.adamw(1.0, eps=1e30, weight_decay=1.0, cautious_weight_decay=True)
    p, g = jnp.array([1e-30, 1e-30, 0.0, -1e-30]), jnp.array([1.0, -1.0, 1.0, 0.0])
    updates, _ = tx.update(g, tx.init(p), p)
    np.testing.assert_allclose(updates * 1e30, [-2, 1, -1, 1], rtol=1e-5)


@pytest.mark.parametrize("flag", [1, None, "yes", jnp.bool_(True)])
def test_it_is_true_or_false(flag):
    for make in (adam_jax.adamw, adam_jax.nadamw):
        with pytest.raises(TypeError, match="cautious_weight_decay must be True or False; got"):
            make(RATE, cautious_weight_decay=flag)
