"""Plots of measures over time, and of paths on a loss of two parameters, as matplotlib figures."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from adam_jax.diagnostics.measures import Measurement, Measures
from adam_jax.diagnostics.trajectory import Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The colours of Okabe and Ito, which colour-blind readers can tell apart; black is for the total.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#999933")
_EFFECTIVE = "effective_learning_rate"
_LOGARITHMIC = ("update_to_weight", "rms_m_hat", "rms_sqrt_v_hat", "signal_to_noise", _EFFECTIVE)
_TITLES = {
    "update_to_weight": "RMS(update) / RMS(weight)",
    "rms_m_hat": "RMS of m_hat",
    "rms_sqrt_v_hat": "RMS of sqrt(v_hat)",
    "below_eps": "share of sqrt(v_hat) < eps",
    "signal_to_noise": "mean of m_hat² / v_hat",
    _EFFECTIVE: "learning rate / (sqrt(v_hat) + eps)",
    "bound_octaves": "8-bit bound above the largest v, octaves",
    "clipping_ratio": "RMS of gradient / root, which update_clipping compares",
}


def over_time(measurements: Measurement) -> "Figure":
    """Plot measures over time, one panel per quantity: a line for each leaf, and a black one for all elements together.

    With more than seven leaves, the plot shows their median, the range of the middle half and the whole range instead
    of lines.  The panel of the effective learning rate also shows its smallest and largest element.

    Args:
      measurements: results of `measure`, stacked along a first axis, as `jax.lax.scan` and `jax.vmap` do.

    Returns:
      A `matplotlib.figure.Figure` that is not registered with pyplot, for `.savefig(file)` or, after
      `%matplotlib inline`, for the last line of a notebook's cell.

    Raises:
      ModuleNotFoundError: matplotlib is not installed.
      ValueError: `measurements` has only one step.

    >>> import functools, adam_jax
    >>> from adam_jax.diagnostics import measure, trace
    >>> adam = adam_jax.adam(0.1)
    >>> run = trace(adam, lambda p: jnp.sum(p["w"] ** 2), {"w": jnp.ones(3)}, steps=20)
    >>> before = jax.tree.map(lambda x: x[:-1], run.params)
    >>> figure = over_time(jax.vmap(functools.partial(measure, adam))(run.states, before, run.updates))
    >>> len(figure.axes)
    6
    """
    if np.ndim(measurements.total.rms_m_hat) != 1:
        raise ValueError(
            "measurements must be those of many steps, stacked along a first axis; got fields of shape "
            f"{np.shape(measurements.total.rms_m_hat)}"
        )
    names = [name for name in _TITLES if getattr(measurements.total, name) is not None]
    rows = -(-len(names) // 3)
    figure = _figure((11, 0.6 + 2.5 * rows))
    grid = list(figure.subplots(rows, 3, squeeze=False).flat)
    for axes, name in zip(grid, names, strict=False):
        _panel(axes, name, measurements)
    for axes in grid[len(names) :]:
        axes.remove()
    legend = figure.axes[names.index(_EFFECTIVE)].get_legend_handles_labels()
    figure.legend(*legend, loc="outside lower center", ncols=min(5, len(legend[1])), fontsize=9, frameon=False)
    return figure


def _panel(axes: "Axes", name: str, measurements: Measurement) -> None:
    total = np.asarray(getattr(measurements.total, name))
    leaves = {
        jax.tree_util.keystr(path, simple=True, separator="/") or "the only leaf": np.asarray(getattr(leaf, name))
        for path, leaf in jax.tree_util.tree_leaves_with_path(measurements.leaves, is_leaf=_is_measures)
    }
    steps = np.arange(1, len(total) + 1)
    if len(leaves) > len(COLOURS):
        inner_quarters = (len(leaves) // 4, -1 - len(leaves) // 4)
        ordered = np.sort(np.stack(list(leaves.values())), axis=0)  # np.quantile would give inf - inf
        for ends, alpha, label in (((0, -1), 0.15, "all leaves"), (inner_quarters, 0.3, "half of the leaves")):
            below, above = ordered[list(ends)]
            axes.fill_between(steps, below, above, color=COLOURS[0], alpha=alpha, linewidth=0, label=label)
        axes.plot(steps, ordered[len(leaves) // 2], color=COLOURS[0], linewidth=1.2, label="their median")
    else:
        for (label, leaf), colour in zip(leaves.items(), COLOURS, strict=False):
            axes.plot(steps, leaf, color=colour, linewidth=1.2, label=label)
    axes.plot(steps, total, color="black", linewidth=1.6, label="all elements")
    if name == _EFFECTIVE:
        for end, style, label in (("min", ":", "smallest element"), ("max", "--", "largest element")):
            extreme = np.asarray(getattr(measurements.total, f"{name}_{end}"))
            axes.plot(steps, extreme, style, color="black", linewidth=1.0, label=label)
    if name in _LOGARITHMIC and np.any(total > 0):
        axes.set_yscale("log", nonpositive="mask")
    if name == "below_eps":
        axes.set_ylim(-0.03, 1.03)
    axes.set_title(_TITLES[name], fontsize=10)
    axes.set_xlabel("step", fontsize=9)
    axes.tick_params(which="both", labelsize=8)
    axes.grid(color="#DDDDDD", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def _is_measures(node: Any) -> bool:
    return isinstance(node, Measures)


def trajectory(traces: Trace | Mapping[str, Trace], loss: Callable[[Any], jax.Array]) -> "Figure":
    """Plot the contours of a loss of two parameters, and the path of one run or of several runs.

    Args:
      traces: a result of `trace`, or a dictionary of several by name.  All parameters together must be two real
        numbers.
      loss: the loss as a function of the parameters only (for a random loss, its mean).

    Returns:
      A `matplotlib.figure.Figure` with one axes.

    Raises:
      ModuleNotFoundError: matplotlib is not installed.
      ValueError: there are not two parameters.

    >>> import adam_jax
    >>> from adam_jax.diagnostics import trace
    >>> bowl = lambda p: p["x"] ** 2 + 20 * p["y"] ** 2
    >>> figure = trajectory(trace(adam_jax.adam(0.1), bowl, {"x": 3.0, "y": 1.0}, steps=60), bowl)
    >>> figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()
    ('x', 'y')
    """
    several = traces if isinstance(traces, Mapping) else {"": traces}
    start = jax.tree.map(lambda x: x[0], next(iter(several.values())).params)
    flat, unravel = ravel_pytree(start)
    if flat.shape != (2,) or jnp.iscomplexobj(flat):
        raise ValueError(f"trajectory draws losses of two real parameters; got {flat.size} of dtype {flat.dtype}")
    ways = {name: np.asarray(jax.vmap(lambda p: ravel_pytree(p)[0])(one.params)) for name, one in several.items()}

    figure = _figure((7.5, 5))
    axes = figure.add_subplot()
    low, high = _limits(np.concatenate(list(ways.values())))
    x, y = np.meshgrid(*(np.linspace(low[i], high[i], 200) for i in (0, 1)))
    points = jnp.asarray(np.stack([x, y], axis=-1), flat.dtype)
    heights = np.asarray(jax.vmap(jax.vmap(lambda point: loss(unravel(point))))(points))
    if heights.max() > heights.min():  # levels that are evenly apart in the plane, where the loss is a bowl
        levels = heights.min() + (heights.max() - heights.min()) * np.linspace(0, 1, 15)[1:-1] ** 2
        axes.contour(x, y, heights, levels=levels, colors="#AEB9C7", linewidths=0.8)
    for i, (name, way) in enumerate(ways.items()):
        axes.plot(*way.T, "o-", color=COLOURS[i % len(COLOURS)], markersize=3, linewidth=1.4, label=name)
    axes.plot(*np.asarray(flat), "s", color="black", markersize=7, zorder=5, label="start")
    xlabel, ylabel = _names(start)
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel=xlabel, ylabel=ylabel)
    axes.legend(frameon=True, framealpha=0.9, fontsize=9)
    axes.grid(False)
    return figure


def _limits(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The corners of what is drawn; a run that left for infinity is cut."""
    points = points[np.all(np.isfinite(points), axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.06 * np.maximum(high - low, 0.02 * max(high - low) + 1e-9)
    return low - margin, high + margin


def _names(params: Any) -> list[str]:
    """The two parameters by their paths; those of one array by their indices."""
    return [
        jax.tree_util.keystr(path, simple=True, separator="/") + ("" if np.ndim(x) == 0 else f"[{i}]")
        for path, x in jax.tree_util.tree_leaves_with_path(params)
        for i in range(np.size(x))
    ]


def _figure(size: tuple[float, float]) -> "Figure":
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("plots need matplotlib: pip install 'matplotlib>=3.9'", name="matplotlib") from error
    return Figure(figsize=size, dpi=120, layout="constrained")
