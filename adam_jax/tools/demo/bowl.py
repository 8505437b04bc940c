"""How does Adam walk down a quadratic bowl?  Every number of its steps, and a picture beside the methods it unites."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
from matplotlib.figure import Figure

import adam_jax
from adam_jax.diagnostics import plots
from adam_jax.diagnostics.adam_part import bias_corrected
from adam_jax.diagnostics.trajectory import Trace, trace
from adam_jax.tools import files

START = (-9.0, 4.0)
CURVATURE = (1.0, 20.0)

_WIDTHS = (6, 2, 10, 10, 10, 10, 10, 10, 10)
_ROWS_AT_EACH_END = 4


def loss(theta: jax.Array) -> jax.Array:
    """f(x, y) = (x**2 + 20 y**2) / 2: a valley, twenty times as steep across as along."""
    return jnp.sum(jnp.asarray(CURVATURE) * theta**2) / 2


def methods(learning_rate: float) -> dict[str, optax.GradientTransformation]:
    """The four methods by name.

    `learning_rate` is that of RMSprop and Adam, whose steps have about this length whatever the gradient.  The steps
    of the other two grow with the gradient: theirs are chosen for this bowl, where gradient descent diverges from 0.1.
    """
    return {
        "gradient descent": optax.sgd(0.09),
        "momentum": optax.sgd(0.02, momentum=0.9),
        "RMSprop": optax.rmsprop(learning_rate, decay=0.9),
        "Adam": adam_jax.adam(learning_rate),
    }


_walk = jax.jit(trace, static_argnames=("tx", "loss", "steps"))


def walks(steps: int, learning_rate: float) -> dict[str, Trace]:
    """Every step of the four methods."""
    return {name: _walk(tx, loss, jnp.asarray(START), steps) for name, tx in methods(learning_rate).items()}


def steeper(theta: jax.Array) -> jax.Array:
    """The same bowl in other units of f: every gradient is ten times as large."""
    return 10 * loss(theta)


def elsewhere(steps: int, learning_rate: float) -> dict[str, dict[str, float]]:
    """What f has come down to with the same learning rates on other bowls, by bowl and method.

    With noise: the mean over 100 walks, on which each gradient is one of a point a random offset away.
    """
    offsets = 0.5 * jax.random.normal(jax.random.key(0), (100, steps, 2))

    def noisy(theta: jax.Array, offset: jax.Array) -> jax.Array:
        return loss(theta + offset)

    ends: dict[str, dict[str, float]] = {"gradients ten times as large": {}, "gradients with noise": {}}
    start = jnp.asarray(START)
    for name, tx in methods(learning_rate).items():
        ends["gradients ten times as large"][name] = float(loss(_walk(tx, steeper, start, steps).params[-1]))
        walks_of = jax.vmap(lambda data, tx=tx: _walk(tx, noisy, start, steps, data).params[-1])
        ends["gradients with noise"][name] = float(jnp.mean(jax.vmap(loss)(walks_of(offsets))))
    return ends


def table(way: Trace) -> str:
    """The first and the last steps of Adam, in the order in which it computes."""
    m_hat, v_hat = jax.vmap(bias_corrected)(way.states)
    m, v = optax.tree.get(way.states, "mu"), optax.tree.get(way.states, "nu")
    columns = [np.asarray(x) for x in (way.grads, m, v, m_hat, v_hat, way.updates, way.params[1:])]
    lines = [
        _line("t", "", "gradient", "m", "v", "m_hat", "v_hat", "step", "theta"),
        *(_line("0" if i == 0 else "", "xy"[i], *[""] * 6, _number(x)) for i, x in enumerate(START)),
    ]
    steps = len(columns[0])
    for t in range(1, steps + 1):
        if _ROWS_AT_EACH_END < t <= steps - _ROWS_AT_EACH_END:
            if t == _ROWS_AT_EACH_END + 1:
                lines.append(_line("..."))
            continue
        for i, coordinate in enumerate("xy"):
            numbers = (_number(column[t - 1, i]) for column in columns)
            lines.append(_line(str(t) if i == 0 else "", coordinate, *numbers))
    return "\n".join(lines)


def _number(x: float) -> str:
    four = f"{x:#.4g}"
    return four if len(four) < min(_WIDTHS[2:]) else f"{x:#.3g}"


def _line(*cells: str) -> str:
    return "".join(cell.rjust(width) for cell, width in zip(cells, _WIDTHS, strict=False))


def ends(table: dict[str, dict[str, float]]) -> str:
    """f at the end of each walk: a row for each bowl."""
    widths = {name: max(len(name), len("diverges")) + 2 for name in next(iter(table.values()))}
    lines = [" " * 28 + "".join(name.rjust(width) for name, width in widths.items())]
    for bowl, values in table.items():
        cells = {name: f"{value:.2g}" if value < 1e6 else "diverges" for name, value in values.items()}
        lines.append(bowl.ljust(28) + "".join(cells[name].rjust(width) for name, width in widths.items()))
    return "\n".join(lines)


def picture(ways: dict[str, Trace]) -> Figure:
    """The contours of the bowl and the four ways down."""
    figure = plots.trajectory(ways, loss)
    figure.set(size_inches=(10, 6.6), dpi=150)
    axes = figure.axes[0]
    axes.set_aspect("equal")
    axes.set(xlabel="x", ylabel="y")
    axes.set_title("Four ways down the bowl f(x, y) = (x² + 20 y²) / 2, one dot a step")
    axes.plot(0, 0, "*", color="black", markersize=14, zorder=6)
    pointer = {"arrowstyle": "-", "color": "black", "linewidth": 0.8, "shrinkB": 8}
    axes.annotate("minimum", (0, 0), xytext=(0.1, 1.5), ha="center", fontsize=12, arrowprops=pointer)
    return figure


def run(out: Path, steps: int, learning_rate: float) -> None:
    """Print Adam's steps and write `bowl.png` into the directory `out`, creating it if need be."""
    file = out / "bowl.png"
    files.prepare(file)
    ways = walks(steps, learning_rate)
    print(f"Adam on f(x, y) = (x**2 + 20 y**2) / 2, learning rate {learning_rate:g}")
    print("m and v are the running means of the gradient and its square, m_hat and v_hat")
    print("the bias-corrected ones, step = -learning_rate * m_hat / (sqrt(v_hat) + eps),")
    print("theta is the point after the step\n")
    print(table(ways["Adam"]))
    here = {name: float(loss(way.params[-1])) for name, way in ways.items()}
    print(f"\nf after {steps} steps, with the same learning rates:\n")
    print(ends({"this bowl": here, **elsewhere(steps, learning_rate)}))
    print("\nGradient descent is first on this bowl: its learning rate was chosen for it, and")
    print("there is no noise. The curvatures of a network are unknown. Adam's steps are the")
    print("same whatever the size of gradients, and its momentum averages their noise.")
    figure = picture(ways)
    with files.writing(file):
        figure.savefig(file)
    print(f"the four ways down: {file}")
