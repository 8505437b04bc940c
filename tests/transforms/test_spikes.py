"""Does `skip_spikes` skip what float64 calls a spike, and is a run with spikes the run without those steps?"""

import functools

import eight_devices
import jax
import jax.numpy as jnp
import numpy as np
import optax
import orbax.checkpoint as ocp
import pytest
import spread_worker

import adam_jax

pytestmark = pytest.mark.standard_promotion

WINDOW, SIGMA = 8, 4.0
SHAPES = {"w": (5, 4), "b": (3,)}
OF_A_SUM = 1e-6  # float32, in another order


def gradients(count, dtype=np.float32, seed=0, spikes=None):
    rng, spikes = np.random.default_rng(seed), spikes or {}
    for t in range(count):
        scale = spikes.get(t, 1.0)
        yield {name: jnp.asarray(scale * rng.standard_normal(shape), dtype) for name, shape in SHAPES.items()}


def params_of(dtype=np.float32):
    return {name: jnp.full(shape, 0.5, dtype) for name, shape in SHAPES.items()}


def run(tx, grads, through="update", dtype=np.float32, **extras):
    """extras: lists of what each step gets besides."""
    params = params_of(dtype)
    state = tx.init(params)

    @jax.jit
    def step(params, state, g, extra):
        if through == "step":
            return adam_jax.step(tx, params, state, g, **extra)
        updates, state = tx.update(g, state, params, **extra)
        return optax.apply_updates(params, updates), state

    for t, g in enumerate(grads):
        params, state = step(params, state, g, {name: values[t] for name, values in extras.items()})
    return params, state


def same(a, b):
    jax.tree.map(np.testing.assert_array_equal, a, b)


def judged(values, window, sigma):
    """Which values are accepted, in float64, and how many deviations each is above the mean of those before."""
    kept, accepted, heights = [], [], []
    for x in np.asarray(values, np.float64):
        last = np.array(kept[-window:])
        height = (x - last.mean()) / last.std(ddof=1) if len(last) == window else 0.0
        accepted.append(bool(np.isfinite(x)) and height <= sigma)
        heights.append(height)
        if accepted[-1]:
            kept.append(x)
    return accepted, heights


@pytest.mark.parametrize("name", ["grad_norm", "loss"])
@pytest.mark.parametrize("window", [2, 8, 32])
@pytest.mark.parametrize("sigma", [1.5, 3.0])
def test_the_statistics_are_float64s(name, window, sigma):
    """Of norms that drift, jump and are not finite; a hundred of them are near the threshold."""
    rng = np.random.default_rng(7)
    values = (2.0 + 0.2 * rng.standard_normal(600) + 0.3 * np.sin(np.arange(600) / 40)).astype(np.float32)
    values[::17] *= 1.3
    values[5], values[100], values[101] = np.inf, np.nan, -np.inf
    tx = adam_jax.skip_spikes(optax.sgd(0.1), window=window, sigma=sigma)
    params = jnp.ones(2)

    def step(state, value):
        _, state = tx.update(jnp.ones(2), state, params, **({"grad_norm": 1.0} | {name: value}))
        return state, state.skipped

    state, skipped = jax.jit(lambda: jax.lax.scan(step, tx.init(params), jnp.asarray(values)))()
    accepted, heights = judged(values, window, sigma)
    assert min(abs(height - sigma) for height in heights) > 1e-5  # or float32 could not tell
    np.testing.assert_array_equal(np.diff(np.asarray(skipped), prepend=0) == 0, accepted)
    assert 20 < skipped[-1] < 560
    remembered = state.grad_norms if name == "grad_norm" else state.losses
    np.testing.assert_array_equal(np.sort(remembered), np.sort(values[accepted][-window:]))


FORMATS = {
    "float32": (np.float32, lambda: adam_jax.adamw(0.01)),
    "8bit, schedule": (np.float32, lambda: adam_jax.nadam(optax.linear_schedule(0.02, 0.01, 30), moments="8bit")),
    "8bit + 24": (jnp.bfloat16, lambda: adam_jax.master_weights(adam_jax.adamw(0.01, moments="8bit"), 24)),
    "optax": (np.float32, lambda: optax.adamw(0.01)),
    "chain": (np.float32, lambda: optax.chain(optax.clip_by_global_norm(1.0), adam_jax.adamw(0.01))),
    "nonfinite inside": (np.float32, lambda: adam_jax.skip_nonfinite(adam_jax.adamw(0.01))),
    "MultiSteps": (np.float32, lambda: optax.MultiSteps(adam_jax.adamw(0.01, moments="8bit"), 3)),
    "master of MultiSteps": (
        jnp.bfloat16,
        lambda: adam_jax.master_weights(optax.MultiSteps(adam_jax.adamw(0.01, moments="8bit"), 2), 32),
    ),
}
SPIKES = {3: np.nan, 12: 40.0, 13: 1e4, 20: np.inf, 25: 30.0}


@pytest.mark.parametrize("through", ["update", "step"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_run_with_spikes_is_the_run_without_those_steps(name, through):
    dtype, make = FORMATS[name]
    tx = adam_jax.skip_spikes(make(), window=WINDOW, sigma=SIGMA)
    given = list(gradients(30, dtype, spikes=SPIKES))
    params, state = run(tx, given, through, dtype)
    expected, without = run(tx, [g for t, g in enumerate(given) if t not in SPIKES], through, dtype)
    assert (int(state.skipped), int(without.skipped)) == (len(SPIKES), 0)
    same((params, state._replace(skipped=without.skipped)), (expected, without))


@pytest.mark.parametrize("through", ["update", "step"])
def test_a_loss_is_judged_beside_the_norm(through):
    tx = adam_jax.skip_spikes(adam_jax.adam(0.01), window=WINDOW, sigma=SIGMA)
    losses = np.random.default_rng(1).uniform(2.0, 2.5, 30).astype(np.float32)
    losses[[12, 20]] = 9.0, np.nan
    _, state = run(tx, gradients(30, spikes={16: 100.0}), through, loss=losses)
    assert int(state.skipped) == 3
    assert int(state.losses_seen) == int(state.norms_seen) == 27
    np.testing.assert_array_equal(np.sort(state.losses), np.sort(np.delete(losses, [12, 16, 20])[-WINDOW:]))


def test_the_norm_is_that_of_all_gradients_or_what_is_given():
    tx = adam_jax.skip_spikes(adam_jax.adam(0.01), window=WINDOW, sigma=SIGMA)
    for dtype in (np.float32, jnp.bfloat16, np.float16):
        given = list(gradients(5, dtype))
        norms = [np.sqrt(sum(np.sum(np.asarray(x, np.float64) ** 2) for x in g.values())) for g in given]
        _, state = run(tx, given, dtype=dtype)
        np.testing.assert_allclose(state.grad_norms[:5], norms, rtol=OF_A_SUM)
    norms = [1, 2.5, jnp.bfloat16(3), np.float64(4), jnp.int32(5)]
    params = params_of()
    state = tx.init(params)
    for norm in norms:
        _, state = tx.update(params, state, params, grad_norm=norm)
    np.testing.assert_array_equal(state.grad_norms[:5], [1, 2.5, 3, 4, 5])
    _, after = tx.update(jax.tree.map(lambda p: p * jnp.nan, params), state, params, grad_norm=3.0)
    assert (int(after.skipped), int(after.norms_seen)) == (1, 5)  # a gradient that is not finite is no step


def test_complex_gradients_have_the_norm_of_their_magnitudes():
    tx = adam_jax.skip_spikes(adam_jax.adam(0.01), window=2)
    params = jnp.ones(2, jnp.complex64)
    _, state = tx.update(jnp.array([3 + 4j, 12j]), tx.init(params), params)
    np.testing.assert_allclose(state.grad_norms[0], 13.0, rtol=OF_A_SUM)


@pytest.mark.parametrize("values", [[0.0] * 20 + [1.0], [1.1] * 20 + [1.2], [1.1] * 20 + [1.1 + 2e-7]])
def test_equal_norms_have_no_deviation_to_judge_by(values):
    tx = adam_jax.skip_spikes(optax.sgd(0.1), window=4)
    _, state = run(tx, gradients(len(values)), grad_norm=values)
    assert int(state.skipped) == 0


def test_the_first_window_is_never_skipped():
    values = [1.0, 1e6, 1.0, 1e9, 1.1, 1e12]
    tx = adam_jax.skip_spikes(optax.sgd(0.1), window=6, sigma=0.1)
    _, state = run(tx, gradients(6), grad_norm=values)
    assert int(state.skipped) == 0


@pytest.mark.parametrize("moments", ["float32", "8bit"])
def test_the_fused_step_of_a_cpu_is_taken(moments):
    from adam_jax.backends import native_library

    if native_library.why_not():
        pytest.skip(f"needs a C compiler: the native library {native_library.why_not()}")
    tx = adam_jax.skip_spikes(adam_jax.adamw(0.01, moments=moments))
    params = {"w": jnp.ones((64, 64))}
    step = jax.jit(functools.partial(adam_jax.step, tx), donate_argnums=(0, 1))
    text = step.lower(params, tx.init(params), params).as_text()
    assert text.count("@adam_jax_step") == 1


@pytest.mark.parametrize("wrap", [lambda tx: optax.MultiSteps(tx, 2), optax.inject_hyperparams, lambda tx: tx])
def test_inside_optaxs_wrappers(wrap):
    if wrap is optax.inject_hyperparams:
        tx = wrap(lambda learning_rate: adam_jax.skip_spikes(adam_jax.adam(learning_rate), window=5))(0.01)
    else:
        tx = wrap(adam_jax.skip_spikes(adam_jax.adam(0.01), window=5))
    _, state = run(tx, gradients(16, spikes={14: 1e3}))
    assert int(optax.tree.get(state, "skipped")) == 1


def test_an_argument_that_the_inner_transformation_reads_reaches_it():
    tx = adam_jax.skip_spikes(
        optax.chain(adam_jax.adam(0.01), optax.contrib.reduce_on_plateau(patience=1, accumulation_size=1))
    )
    params = params_of()
    _, state = tx.update(params, tx.init(params), params, value=jnp.float32(3.0), loss=jnp.float32(3.0))
    assert float(state.losses[0]) == 3.0
    assert float(optax.tree.get(state, "best_value")) == 3.0


def test_a_checkpoint_continues_the_window(tmp_path):
    tx = adam_jax.skip_spikes(adam_jax.adamw(0.01, moments="8bit"), window=WINDOW, sigma=SIGMA)
    given = list(gradients(20, spikes={15: 50.0}))
    expected = run(tx, given)
    half = run(tx, given[:10])
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "half", half)
        checkpointer.wait_until_finished()
        params, state = checkpointer.restore(tmp_path / "half", jax.eval_shape(lambda: half))
    for g in given[10:]:
        updates, state = jax.jit(tx.update)(g, state, params)
        params = optax.apply_updates(params, updates)
    same((params, state), expected)
    assert int(state.skipped) == 1


def test_to_optax_and_back():
    inner = adam_jax.adamw(0.01)
    tx = adam_jax.skip_spikes(inner, window=4)
    params, state = run(tx, gradients(6))
    theirs, opt_state = adam_jax.to_optax(tx, state, params)
    same(opt_state, adam_jax.to_optax(inner, state.inner_state, params)[1])
    _, again = adam_jax.from_optax(tx, opt_state, theirs)
    same(again.inner_state, state.inner_state)
    assert int(again.norms_seen) == 0


def test_on_parts_of_arrays_the_norm_is_of_the_whole():
    """On 8 devices: under jit, in shard_map, and refused there where nobody knows; in a process of its own."""
    assert eight_devices.printed(spread_worker.__file__, "spikes") == ["spread", "checked", "unchecked", "refused"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"window": 1}, ValueError, "window must be an integer >= 2, since one step has no deviation; got 1"),
        ({"window": 2.0}, TypeError, "window must be an integer >= 2; got 2.0"),
        ({"window": True}, TypeError, "window must be an integer"),
        ({"sigma": 0}, ValueError, "sigma must be a finite number > 0; got 0"),
        ({"sigma": -1.0}, ValueError, "sigma must be a finite number > 0; got -1.0"),
        ({"sigma": float("nan")}, ValueError, "sigma must be a finite number > 0; got nan"),
        ({"sigma": "6"}, TypeError, "sigma must be a finite number > 0; got '6'"),
        ({"axis_name": 3}, TypeError, "axis_name"),
    ],
)
def test_bad_arguments_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        adam_jax.skip_spikes(optax.sgd(0.1), **options)


def test_what_cannot_be_judged_is_refused():
    tx = adam_jax.skip_spikes(optax.sgd(0.1))
    state = tx.init({})
    with pytest.raises(ValueError, match="no gradient to look at; give update a loss= or a grad_norm="):
        tx.update({}, state, {})
    tx.update({}, state, {}, loss=1.0)
    params = params_of()
    state = tx.init(params)
    for name in ("loss", "grad_norm"):
        with pytest.raises(ValueError, match=rf"{name} must be a scalar; got an array of shape \(2,\)"):
            tx.update(params, state, params, **{name: jnp.ones(2)})
        with pytest.raises(TypeError, match=f"{name} must be a real number or a scalar array; got 'high'"):
            tx.update(params, state, params, **{name: "high"})
        with pytest.raises(TypeError, match="got one of complex64"):
            tx.update(params, state, params, **{name: jnp.complex64(1)})
    with pytest.raises(TypeError, match="expected the SkipSpikesState of init; got tuple"):
        tx.update(params, state.inner_state, params)
    with pytest.raises(ValueError, match="this state remembers 128 steps, and window is 4"):
        adam_jax.skip_spikes(optax.sgd(0.1), window=4).update(params, state, params)
