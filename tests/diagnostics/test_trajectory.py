"""Does `trace` record the run that a loop makes, and do the plots show what was measured?"""

import functools
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import adam_jax
from adam_jax import diagnostics
from adam_jax.diagnostics import plots

STEPS = 12
# A scan and a loop are two programs, which XLA may round differently: half a unit in the last place of a parameter of
# size 2 in each of 12 steps, times the curvature of 40 in the gradients.
RTOL, ATOL = 1e-5, 12 * 40 * 2.0**-23


def loss(params):
    return params["x"] ** 2 + 20 * jnp.sum(params["y"] ** 2)


def noisy(params, key):
    return loss(jax.tree.map(lambda p: p + jax.random.normal(key, p.shape), params))


START = {"x": jnp.float32(3.0), "y": jnp.array([1.0, -2.0])}
KEYS = jax.random.split(jax.random.key(0), STEPS)


@pytest.mark.parametrize("data", [None, KEYS], ids=["exact", "noisy"])
@pytest.mark.parametrize("tx", [adam_jax.adamw(0.1), adam_jax.adam(0.1, moments="8bit"), optax.sgd(0.01)])
def test_a_trace_is_what_a_loop_does(tx, data):
    function = loss if data is None else noisy
    run = jax.jit(diagnostics.trace, static_argnums=(0, 1, 3))(tx, function, START, STEPS, data)

    @jax.jit
    def step(params, state, *entry):
        value, grads = jax.value_and_grad(function)(params, *entry)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), value, grads, updates, state

    params, state, rows = START, tx.init(START), []
    for t in range(STEPS):
        rows.append(step(params, state, *(() if data is None else (data[t],))))
        params, *_, state = rows[-1]
    expected = diagnostics.Trace(*jax.tree.map(lambda *x: jnp.stack(x), *rows))
    jax.tree.map(lambda start, path: np.testing.assert_array_equal(start, path[0]), START, run.params)
    run = run._replace(params=jax.tree.map(lambda path: path[1:], run.params))
    assert jax.tree.structure(run) == jax.tree.structure(expected)
    jax.tree.map(functools.partial(np.testing.assert_allclose, rtol=RTOL, atol=ATOL), run, expected)


@pytest.mark.standard_promotion
def test_a_line_search_gets_its_extra_arguments():
    run = diagnostics.trace(optax.lbfgs(), loss, START, steps=6)
    assert float(run.losses[-1]) < 1e-6 < float(run.losses[0])


def test_complex_steps_go_downhill():
    run = diagnostics.trace(adam_jax.adam(0.1), lambda z: jnp.abs(z - 1j) ** 2, jnp.complex64(1.0), steps=100)
    assert run.losses[-1] < 0.01 * run.losses[0]


@pytest.mark.parametrize(
    ("steps", "data", "message"),
    [
        (0, None, "steps must be an int >= 1; got 0"),
        (2.0, None, r"steps must be an int >= 1; got 2\.0"),
        (3, {"x": jnp.ones((2, 5))}, r"data\['x'\] must have one entry for each of 3 steps.*got shape \(2, 5\)"),
    ],
)
def test_refusals(steps, data, message):
    with pytest.raises(ValueError, match=message):
        diagnostics.trace(adam_jax.adam(0.1), loss, START, steps, data)


@functools.cache
def measured(leaves, moments):
    adam = adam_jax.adam(0.1, moments=moments)
    start = {f"w{i}": jnp.full(3, float(i > 0)) for i in range(leaves)}  # the first step of zero weights is infinite
    run = diagnostics.trace(adam, lambda p: sum(jnp.sum((w - 2) ** 2) for w in p.values()), start, STEPS)
    before = jax.tree.map(lambda x: x[:-1], run.params)
    return jax.vmap(functools.partial(diagnostics.measure, adam))(run.states, before, run.updates)


@pytest.mark.standard_promotion
@pytest.mark.parametrize(("leaves", "moments"), [(9, "float32"), (2, "8bit")])
def test_a_panel_for_each_quantity_and_a_line_for_each_leaf(leaves, moments, tmp_path):
    measurements = measured(leaves, moments)
    figure = plots.over_time(measurements)
    shown = [name for name in plots._TITLES if getattr(measurements.total, name) is not None]
    assert [axes.get_title() for axes in figure.axes] == [plots._TITLES[name] for name in shown]
    assert ("bound_octaves" in shown) == (moments == "8bit")
    for axes, name in zip(figure.axes, shown, strict=True):
        lines = {line.get_label(): line for line in axes.get_lines()}
        assert axes.get_xlabel() == "step"
        np.testing.assert_array_equal(lines["all elements"].get_xdata(), np.arange(1, STEPS + 1))
        np.testing.assert_array_equal(lines["all elements"].get_ydata(), getattr(measurements.total, name))
        each = {leaf: np.asarray(getattr(m, name)) for leaf, m in measurements.leaves.items()}
        if leaves <= len(plots.COLOURS):
            for leaf, values in each.items():
                np.testing.assert_array_equal(lines[leaf].get_ydata(), values)
        else:
            np.testing.assert_array_equal(lines["their median"].get_ydata(), np.median(list(each.values()), axis=0))
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend[-3:] == ["all elements", "smallest element", "largest element"]
    assert legend[:-3] == (["w0", "w1"] if leaves == 2 else ["all leaves", "half of the leaves", "their median"])
    figure.savefig(tmp_path / "figure.png")  # and it draws without a warning


@pytest.mark.standard_promotion
def test_a_trajectory_is_drawn_where_it_went(tmp_path):
    start = {"x": jnp.float32(3.0), "y": jnp.float32(-1.0)}
    runs = {name: diagnostics.trace(tx, loss, start, STEPS) for name, tx in METHODS.items()}
    (axes,) = (figure := plots.trajectory(runs, loss)).axes
    lines = {line.get_label(): line.get_xydata() for line in axes.get_lines()}
    for name, run in runs.items():
        np.testing.assert_array_equal(lines[name], np.stack([run.params["x"], run.params["y"]], axis=1))
    np.testing.assert_array_equal(lines["start"], [[3.0, -1.0]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "y")
    for line in axes.get_lines():  # everything is inside the frame
        assert np.all((line.get_xdata() >= axes.get_xlim()[0]) & (line.get_xdata() <= axes.get_xlim()[1]))
    figure.savefig(tmp_path / "figure.png")
    contours = axes.collections[0]
    path = contours.get_paths()[3].vertices
    heights = path[:, 0] ** 2 + 20 * path[:, 1] ** 2
    np.testing.assert_allclose(heights, contours.levels[3], rtol=0.01)  # linear between the points of the grid


METHODS = {"Adam": adam_jax.adam(0.1), "gradient descent": optax.sgd(0.01)}


@pytest.mark.standard_promotion
def test_a_run_that_diverges_and_one_array_of_two():
    run = diagnostics.trace(optax.sgd(1e30), lambda p: jnp.sum(p**2), jnp.array([1.0, 2.0]), steps=3)
    assert not np.all(np.isfinite(run.params))
    (axes,) = plots.trajectory(run, lambda p: jnp.sum(p**2)).axes
    assert np.all(np.isfinite([*axes.get_xlim(), *axes.get_ylim()]))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("[0]", "[1]")


def test_what_cannot_be_drawn_is_refused():
    one = jax.tree.map(lambda x: x[0], measured(9, "float32"))
    with pytest.raises(ValueError, match=r"must be those of many steps.*got fields of shape \(\)"):
        plots.over_time(one)
    run = diagnostics.trace(adam_jax.adam(0.1), loss, START, steps=2)
    with pytest.raises(ValueError, match="losses of two real parameters; got 3 of dtype float32"):
        plots.trajectory(run, loss)


def test_a_missing_matplotlib_is_named_with_its_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ModuleNotFoundError, match=r"plots need matplotlib: pip install 'matplotlib>="):
        plots.over_time(measured(9, "float32"))
