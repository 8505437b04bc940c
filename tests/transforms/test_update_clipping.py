"""Does `update_clipping` shorten the steps that StableAdamW shortens, by as much, in every format and around it?"""

import functools

import eight_devices
import jax
import jax.numpy as jnp
import numpy as np
import optax
import oracle
import pytest
import spread_worker
from older_jax import enable_x64

import adam_jax
from adam_jax import diagnostics

pytestmark = pytest.mark.standard_promotion

SHAPES = {"w": (6, 5), "b": (4,)}
STEPS, RATE, DECAY = 12, 0.01, 0.1
ROUNDING = 1e-5  # of float32, over 12 steps
OF_8_BITS = 0.08  # v_hat in 8 bits is off by up to 13% in one element, and less in the mean of 20


def gradients(dtype=np.float32):
    """Of which the seventh is 30 times as large in one leaf."""
    rng = np.random.default_rng(1)
    grads = {name: rng.standard_normal((STEPS, *shape)) for name, shape in SHAPES.items()}
    if np.issubdtype(dtype, np.complexfloating):
        grads = {name: g + 1j * rng.standard_normal(g.shape) for name, g in grads.items()}
    grads["w"][6] *= 30
    return {name: g.astype(dtype) for name, g in grads.items()}


def divisors(steps, grads, threshold, eps):
    ratios = [np.abs(g) / np.sqrt(np.maximum(step.v_hat, eps**2)) for step, g in zip(steps, grads, strict=True)]
    return np.array([max(1.0, np.sqrt(np.mean(ratio**2)) / threshold) for ratio in ratios])


def expected(rule, grads, threshold, eps, start):
    """Parameters after each step, by the paper's algorithm 2 in float64: the decay is shortened too."""
    steps = list(oracle.run(rule, grads, eps=eps))
    p, path = np.full(grads[0].shape, start, np.result_type(grads, np.float64)), []
    for step, divisor in zip(steps, divisors(steps, grads, threshold, eps), strict=True):
        p = p - RATE / divisor * (step.u + DECAY * p)
        path.append(p)
    return path


def trained(tx, grads, through="update", start=0.5):
    params = {name: jnp.full(g.shape[1:], start, g.dtype) for name, g in grads.items()}
    state, path = tx.init(params), []

    @jax.jit
    def step(params, state, g):
        if through == "step":
            return adam_jax.step(tx, params, state, g)
        updates, state = tx.update(g, state, params)
        return optax.apply_updates(params, updates), state

    for t in range(STEPS):
        params, state = step(params, state, {name: jnp.asarray(g[t]) for name, g in grads.items()})
        path.append(params)
    return path


@pytest.mark.parametrize("through", ["update", "step"])
@pytest.mark.parametrize(
    ("rule", "threshold", "eps"),
    [("adam", 1.0, 1e-8), ("adam", 0.5, 1e-8), ("adam", 1.0, 0.5), ("nadam", 2.0, 1e-8), ("adam", jnp.float32(1), 0.0)],
)
def test_steps_are_those_of_the_paper(rule, threshold, eps, through):
    make = adam_jax.adamw if rule == "adam" else adam_jax.nadamw
    grads = gradients()
    path = trained(make(RATE, eps=eps, weight_decay=DECAY, update_clipping=threshold), grads, through)
    for name, g in grads.items():
        for got, right in zip(path, expected(rule, g, float(threshold), eps, 0.5), strict=True):
            np.testing.assert_allclose(got[name], right, rtol=ROUNDING)


@pytest.mark.parametrize("dtype", [np.complex64, np.float64, np.complex128])
def test_complex_and_wide_leaves(dtype):
    with enable_x64(dtype != np.complex64):
        grads = gradients(dtype)
        path = trained(adam_jax.adamw(RATE, weight_decay=DECAY, update_clipping=1.0), grads)
        tolerance = 1e-10 if dtype != np.complex64 else ROUNDING
        for name, g in grads.items():
            for got, right in zip(path, expected("adam", g, 1.0, 1e-8, 0.5), strict=True):
                assert got[name].dtype == dtype
                np.testing.assert_allclose(got[name], right, rtol=tolerance)


@pytest.mark.parametrize("moments", ["float32", "bfloat16", "8bit"])
def test_every_format_shortens_by_the_same(moments):
    """The update with clipping beside the one without: they differ by the divisor and by nothing else."""
    grads = gradients()
    off, on = (adam_jax.scale_by_adam(moments=moments, update_clipping=threshold) for threshold in (None, 1.0))
    params = {name: jnp.zeros(shape) for name, shape in SHAPES.items()}
    state, shortened = off.init(params), {name: [] for name in SHAPES}
    for t in range(STEPS):
        g = {name: jnp.asarray(grads[name][t]) for name in SHAPES}
        (whole, after), (shorter, same) = (jax.jit(tx.update)(g, state, params) for tx in (off, on))
        jax.tree.map(np.testing.assert_array_equal, after, same)
        for name in SHAPES:
            ratio = np.asarray(whole[name], float) / np.asarray(shorter[name], float)
            np.testing.assert_allclose(ratio, ratio.flat[0], rtol=1e-4)
            shortened[name].append(ratio.mean())
        state = after
    for name, g in grads.items():
        right = divisors(list(oracle.run("adam", g)), g, 1.0, 1e-8)
        np.testing.assert_allclose(shortened[name], right, rtol=OF_8_BITS if moments == "8bit" else 5e-3)
    assert shortened["w"][6] > 2  # at most the root of 7, of seven steps


@pytest.mark.parametrize(("moments", "tolerance"), [("float32", ROUNDING), ("8bit", OF_8_BITS)])
def test_measure_shows_the_ratio_before_it_is_clipped(moments, tolerance):
    grads = gradients()
    tx = adam_jax.adamw(RATE, moments=moments, update_clipping=1.0)
    params = {name: jnp.ones(shape) for name, shape in SHAPES.items()}
    state = tx.init(params)
    for t in range(7):
        g = {name: jnp.asarray(grads[name][t]) for name in SHAPES}
        updates, state = tx.update(g, state, params)
    leaves, total = jax.jit(functools.partial(diagnostics.measure, tx))(state, params, updates, g)
    ratios = {}
    for name, each in grads.items():
        step = list(oracle.run("adam", each))[6]
        ratios[name] = each[6] ** 2 / step.v_hat
        np.testing.assert_allclose(leaves[name].clipping_ratio, np.sqrt(np.mean(ratios[name])), rtol=tolerance)
    assert leaves["w"].clipping_ratio > 2
    together = np.concatenate([ratio.ravel() for ratio in ratios.values()])
    np.testing.assert_allclose(total.clipping_ratio, np.sqrt(np.mean(together)), rtol=tolerance)
    assert diagnostics.measure(tx, state, params, updates).total.clipping_ratio is None
    with pytest.raises(ValueError, match=r"grads at \['b'\] have shape \(2,\), and the moments \(4,\)"):
        diagnostics.measure(tx, state, params, updates, {"w": g["w"], "b": jnp.ones(2)})


@pytest.mark.parametrize("through", ["update", "step"])
@pytest.mark.parametrize(
    ("dtype", "make"),
    [
        (np.float32, adam_jax.adamw),
        (np.float32, functools.partial(adam_jax.nadamw, moments="8bit")),
        (
            jnp.bfloat16,
            lambda *_, **options: adam_jax.skip_nonfinite(
                adam_jax.master_weights(adam_jax.adamw(RATE, moments="8bit", **options), 24)
            ),
        ),
    ],
)
def test_far_below_the_threshold_every_bit_is_as_without(dtype, make, through):
    grads = gradients(dtype)
    with_it, without = (trained(make(RATE, update_clipping=d), grads, through)[-1] for d in (1e9, None))
    jax.tree.map(np.testing.assert_array_equal, with_it, without)


def test_under_injected_hyperparameters_and_with_missing_leaves():
    grads = gradients()
    make = optax.inject_hyperparams(adam_jax.adamw)
    path = trained(make(RATE, weight_decay=DECAY, update_clipping=1.0, cautious_weight_decay=False), grads)
    np.testing.assert_allclose(path[-1]["w"], expected("adam", grads["w"], 1.0, 1e-8, 0.5)[-1], rtol=ROUNDING)
    tx = adam_jax.adamw(RATE, update_clipping=0.1)
    params = {"w": jnp.ones(3), "none": None, "late": jnp.ones(2)}
    new, _ = adam_jax.step(tx, params, tx.init(params), {"w": jnp.ones(3), "none": None, "late": None})
    np.testing.assert_allclose(new["w"], 1 - RATE / 10 * (1 + 1e-4), rtol=1e-6)
    assert new["late"].tolist() == [1.0, 1.0]


def test_gradients_of_zeros_and_empty_leaves_are_no_steps():
    tx = adam_jax.adam(RATE, eps=0.0, update_clipping=1.0)
    params = {"zeros": jnp.ones(3), "empty": jnp.ones((0, 2))}
    updates, _ = tx.update(jax.tree.map(jnp.zeros_like, params), tx.init(params), params)
    assert np.all(np.asarray(updates["zeros"]) == 0)
    assert updates["empty"].shape == (0, 2)


def test_on_parts_of_arrays_the_mean_is_of_the_whole():
    """On 8 devices: under jit, in shard_map with axis_name, and refused there without; in a process of its own."""
    assert eight_devices.printed(spread_worker.__file__, "clipping") == ["spread", "checked", "unchecked", "refused"]


@pytest.mark.parametrize(
    ("threshold", "error", "message"),
    [
        (0.0, ValueError, "update_clipping must be None, or a finite number > 0; got 0.0"),
        (-1, ValueError, "finite number > 0; got -1"),
        (float("inf"), ValueError, "finite number > 0; got inf"),
        (True, TypeError, "finite number > 0.*got True"),
        ("1", TypeError, "finite number > 0.*got '1'"),
        (lambda count: 1.0, TypeError, "got the schedule"),
        (jnp.ones(2), ValueError, r"must be a scalar; got an array of shape \(2,\)"),
    ],
)
def test_bad_thresholds_are_refused(threshold, error, message):
    for make in (adam_jax.adam, adam_jax.adamw, adam_jax.nadam, adam_jax.nadamw):
        with pytest.raises(error, match=message):
            make(RATE, update_clipping=threshold)
    with pytest.raises(error, match=message):
        adam_jax.scale_by_adam(update_clipping=threshold)
