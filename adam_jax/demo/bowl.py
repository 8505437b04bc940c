"""How does Adam walk down a quadratic bowl?  Every number of its steps, and a picture beside the methods it unites."""

import functools
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from matplotlib.figure import Figure

import adam_jax
from adam_jax.diagnostics.moments import bias_corrected

START = (-9.0, 4.0)
CURVATURE = (1.0, 20.0)

_WIDTHS = (4, 4, 11, 11, 11, 11, 11, 11, 11)
_ROWS_AT_EACH_END = 4
# The colours of Okabe and Ito, which colour-blind readers can tell apart.
_COLOURS = {"gradient descent": "#009E73", "momentum": "#0072B2", "RMSprop": "#E69F00", "Adam": "#D0302A"}


class Walk(NamedTuple):
    """Where one method went.  `theta` has one row more than the others: the start."""

    theta: jax.Array
    grads: jax.Array
    steps: jax.Array
    states: Any


def loss(theta: jax.Array) -> jax.Array:
    """f(x, y) = (x**2 + 20 y**2) / 2: a valley, twenty times as steep across as along."""
    return jnp.sum(jnp.asarray(CURVATURE) * theta**2) / 2


@functools.partial(jax.jit, static_argnames=("tx", "steps"))
def walk(tx: optax.GradientTransformation, steps: int) -> Walk:
    """Minimise `loss` from `START`."""

    def one_step(carry: tuple[jax.Array, Any], _: None) -> tuple[Any, Any]:
        theta, state = carry
        grads = jax.grad(loss)(theta)
        updates, state = tx.update(grads, state, theta)
        theta = jnp.asarray(optax.apply_updates(theta, updates))
        return (theta, state), (theta, grads, updates, state)

    start = jnp.asarray(START)
    _, (theta, grads, updates, states) = jax.lax.scan(one_step, (start, tx.init(start)), length=steps)
    return Walk(jnp.concatenate([start[None], theta]), grads, updates, states)


def walks(steps: int, learning_rate: float) -> dict[str, Walk]:
    """The four methods by name.

    `learning_rate` is that of RMSprop and Adam, whose steps have about this length whatever the gradient.  The steps
    of the other two grow with the gradient: theirs are chosen for this bowl, where gradient descent diverges from 0.1.
    """
    methods = {
        "gradient descent": optax.sgd(0.09),
        "momentum": optax.sgd(0.02, momentum=0.9),
        "RMSprop": optax.rmsprop(learning_rate, decay=0.9),
        "Adam": adam_jax.adam(learning_rate),
    }
    return {name: walk(tx, steps) for name, tx in methods.items()}


def table(way: Walk) -> str:
    """The first and the last steps of Adam, in the order in which it computes."""
    m_hat, v_hat = jax.vmap(bias_corrected)(way.states)
    m, v = optax.tree.get(way.states, "mu"), optax.tree.get(way.states, "nu")
    columns = [np.asarray(x) for x in (way.grads, m, v, m_hat, v_hat, way.steps, way.theta[1:])]
    lines = [
        _line("t", "", "gradient", "m", "v", "m_hat", "v_hat", "step", "theta"),
        *(_line("0" if i == 0 else "", "xy"[i], *[""] * 6, f"{x:#.4g}") for i, x in enumerate(START)),
    ]
    steps = len(columns[0])
    for t in range(1, steps + 1):
        if _ROWS_AT_EACH_END < t <= steps - _ROWS_AT_EACH_END:
            if t == _ROWS_AT_EACH_END + 1:
                lines.append(_line("..."))
            continue
        for i, coordinate in enumerate("xy"):
            numbers = (f"{column[t - 1, i]:#.4g}" for column in columns)
            lines.append(_line(str(t) if i == 0 else "", coordinate, *numbers))
    return "\n".join(lines)


def _line(*cells: str) -> str:
    return "".join(cell.rjust(width) for cell, width in zip(cells, _WIDTHS, strict=False))


def picture(ways: dict[str, Walk]) -> Figure:
    """The contours of the bowl and the four ways down."""
    figure = Figure(figsize=(10, 6.6), dpi=150, layout="constrained")
    axes = figure.add_subplot(aspect="equal")
    x, y = np.meshgrid(np.linspace(-10, 4, 500), np.linspace(-4.6, 4.6, 400))
    heights = np.asarray(jax.vmap(jax.vmap(loss))(jnp.stack([x, y], axis=-1)))
    levels = np.geomspace(0.1, heights.max(), 13)
    axes.contour(x, y, heights, levels=levels, colors="#AEB9C7", linewidths=0.8)
    for name, way in ways.items():
        axes.plot(*np.asarray(way.theta).T, "o-", label=name, color=_COLOURS[name], markersize=3, linewidth=1.5)
    axes.plot(*START, "o", color="black", markersize=8, zorder=5)
    axes.annotate("start", START, xytext=(12, 2), textcoords="offset points", fontsize=12)
    axes.plot(0, 0, "*", color="black", markersize=14, zorder=5)
    pointer = {"arrowstyle": "-", "color": "black", "linewidth": 0.8, "shrinkB": 8}
    axes.annotate("minimum", (0, 0), xytext=(0.1, 1.5), ha="center", fontsize=12, arrowprops=pointer)
    axes.set(xlim=(-10, 4), ylim=(-4.6, 4.6), xlabel="x", ylabel="y")
    axes.set_title("Four ways down the bowl f(x, y) = (x² + 20 y²) / 2, one dot a step")
    axes.legend(loc="lower right", framealpha=1, fontsize=11)
    return figure


def run(out: Path, steps: int, learning_rate: float) -> None:
    """Print Adam's steps and write `bowl.png` into the directory `out`, creating it if need be."""
    out.mkdir(parents=True, exist_ok=True)
    ways = walks(steps, learning_rate)
    print(f"Adam on f(x, y) = (x**2 + 20 y**2) / 2, learning rate {learning_rate:g}")
    print("m and v are the running means of the gradient and its square, m_hat and v_hat the bias-corrected ones,")
    print("step = -learning_rate * m_hat / (sqrt(v_hat) + eps), theta is the point after the step\n")
    print(table(ways["Adam"]))
    print(f"\nf after {steps} steps: " + ", ".join(f"{name} {loss(way.theta[-1]):.2g}" for name, way in ways.items()))
    picture(ways).savefig(out / "bowl.png")
    print(f"the four ways down: {out / 'bowl.png'}")
