"""What shows what this library is for?  Bytes and losses, losses over learning rates, and the distance from float64."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import matplotlib as mpl
import numpy as np
import optax
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from adam_jax.tools import files
from adam_jax.tools.bench import distance, learning_rates, memory, training

SEEDS, STEPS, BATCH = 10, 400, 64
_SMOOTH = 10  # steps of which a point of a curve is the mean

# From Okabe and Ito, for colour-blind readers
_KINDS = dict(zip(memory.KINDS, ("#0072B2", "#56B4E9", "#D55E00", "#E69F00"), strict=True))
_BARS = {  # how a configuration is called in the figure
    "optax.adamw, float32": "optax.adamw\nfloat32",
    "optax.adamw, bfloat16, float32 masters": "optax.adamw\nbfloat16 + float32 copy",
    'adamw(moments="8bit"), float32': 'adamw(moments="8bit")',
    'master_weights(adamw(moments="8bit"), 32)': "master_weights\nbits=32",
    'master_weights(adamw(moments="8bit"), 24)': "master_weights\nbits=24",
    'master_weights(adamw(moments="8bit"), 16)': "master_weights\nbits=16",
}
# How each format of `bench training` is drawn: colour, width, dashes.  The widest comes first, so that all are seen.
_CURVES = {
    "float32": ("float32", "#BBBBBB", 7, "-"),
    training.NULL: ("float32, started 1e-6 away", "black", 3.2, "-"),
    "8bit": ('moments="8bit"', "#D55E00", 2.2, "-"),
    "8bit + master_weights(32)": ("master_weights, 32 bits", "#0072B2", 1.6, (0, (5, 2))),
    "8bit + master_weights(24)": ("master_weights, 24 bits", "#009E73", 1.4, (0, (2, 2))),
    "8bit + master_weights(16)": ("master_weights, 16 bits", "#CC79A7", 1.2, (0, (1, 1.5))),
}
_METHODS = {  # as in the notebooks and on the page of `explain`
    "gradient descent": ("#777777", ":"),
    "momentum": ("#0072B2", "--"),
    "RMSprop": ("#009E73", "-."),
    "Adam": ("#D55E00", "-"),
}


def losses(formats: Iterable[str], seeds: int = SEEDS, steps: int = STEPS) -> dict[str, np.ndarray]:
    """The loss of each batch of handwritten digits, (seeds, steps), by format: the same starts, the same batches."""
    images, labels = map(jnp.asarray, training.digits())
    batches = jnp.asarray(np.random.default_rng(0).integers(0, len(labels), (seeds, steps, BATCH)))
    schedule = optax.warmup_cosine_decay_schedule(0.0, 3e-3, steps // 10, steps)

    def train(name: str, key: jax.Array, order: jax.Array) -> jax.Array:
        dtype, make = training.FORMATS[name]
        tx = make(schedule)
        moved = 1 + 1e-6 if name == training.NULL else 1.0
        params = jax.tree.map(lambda p: (p * moved).astype(dtype), training.init_digits(key))

        def step(carry: Any, some: jax.Array) -> tuple[Any, jax.Array]:
            params, state = carry
            loss, grads = jax.value_and_grad(training.digits_loss)(params, (images[some], labels[some]))
            updates, state = tx.update(grads, state, params)
            return (optax.apply_updates(params, updates), state), loss

        return jax.lax.scan(step, (params, tx.init(params)), order)[1]

    keys = jax.random.split(jax.random.key(0), seeds)
    every_seed = jax.jit(jax.vmap(train, in_axes=(None, 0, 0)), static_argnums=0)
    return {name: np.asarray(every_seed(name, keys, batches)) for name in formats}


def _draw_memory(axes: Axes) -> None:
    measured = memory.measure(jax.ShapeDtypeStruct((1024, 1024), jnp.float32))
    left = np.zeros(len(_BARS))
    for column, (kind, colour) in enumerate(_KINDS.items()):
        width = [measured[name][column] for name in _BARS]
        label = {"grads": "gradients", "copy or remainder": "float32 copy, or remainder"}.get(kind, kind)
        axes.barh(list(_BARS.values()), width, left=left, color=colour, label=label)
        left += width
    for row, total in enumerate(left):
        axes.text(total + 0.2, row, f"{total:.0f}", va="center", fontweight="bold")
    axes.invert_yaxis()
    axes.set(xlim=(0, 17.5), xticks=range(0, 17, 4), title="Bytes per parameter between two steps")
    axes.legend(ncols=2, loc="upper center", bbox_to_anchor=(0.35, -0.08), frameon=False)


def _draw_losses(axes: Axes, measured: dict[str, np.ndarray]) -> None:
    for name, (label, colour, width, dashes) in _CURVES.items():
        mean = measured[name].mean(axis=0)
        points = mean[: len(mean) // _SMOOTH * _SMOOTH].reshape(-1, _SMOOTH).mean(axis=1)
        steps = _SMOOTH * (np.arange(len(points)) + 0.5)
        axes.semilogy(steps, points, color=colour, linewidth=width, linestyle=dashes, label=label)
    axes.set(title="Training loss in every format: handwritten digits", xlabel="step")
    axes.set_ylabel(f"cross-entropy, mean of {next(iter(measured.values())).shape[0]} seeds")
    axes.legend(frameon=False)


def overview(measured: dict[str, np.ndarray]) -> Figure:
    """Two panels: bytes per parameter, and losses."""
    with mpl.rc_context({"font.size": 11, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(12, 4.6), dpi=120, layout="constrained")
        left, right = figure.subplots(1, 2)
        _draw_memory(left)
        _draw_losses(right, measured)
    return figure


def rates(measured: dict[str, dict[str, np.ndarray]]) -> Figure:
    """A panel for each task: the loss at the end over the learning rate."""
    with mpl.rc_context({"font.size": 11, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(12, 4.2), dpi=120, layout="constrained")
        panels = figure.subplots(1, len(measured))
        for axes, (task, losses) in zip(panels, measured.items(), strict=True):
            start = max(values[0] for values in losses.values())  # at 1e-5 nothing has moved yet
            lowest = min(values.min() for values in losses.values())
            for method, (colour, dashes) in _METHODS.items():
                inside = np.minimum(losses[method], 1000 * start)  # what diverged leaves the panel at its top
                axes.loglog(learning_rates.RATES, inside, dashes, color=colour, label=method)
            axes.set(title=task, xlabel="learning rate", ylim=(lowest / 2, 3 * start))
            axes.yaxis.set_major_locator(LogLocator(subs=(1,) if start > 30 * lowest else (1, 2, 5)))
            axes.yaxis.set_major_formatter("{x:g}")
            axes.yaxis.set_minor_formatter(NullFormatter())
        panels[0].set_ylabel("loss at the end")
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    return figure


def distances(measured: distance.Measured) -> Figure:
    """A panel for each task: the median over seeds, and the quartiles as a band."""
    colours = dict(zip(distance.OPTIMIZERS, ("#D55E00", "#0072B2"), strict=True))
    with mpl.rc_context({"font.size": 11, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(12, 4.2), dpi=120, layout="constrained")
        panels = figure.subplots(1, len(distance.DATASETS), sharey=True)
        for axes, name in zip(panels, distance.DATASETS, strict=True):
            for (task, b2), values in measured.items():
                for optimizer, away in values.items() if task == name else ():
                    low, median, high = np.quantile(away, (0.25, 0.5, 0.75), axis=0)
                    steps, dashes = distance.looked_at(distance.STEPS), "-" if b2 == distance.B2S[0] else "--"
                    colour = colours[optimizer]
                    axes.loglog(steps, median, dashes, color=colour, label=f"{optimizer}, b2 = {b2:g}")
                    axes.fill_between(steps, low, high, color=colour, alpha=0.15, linewidth=0)
            axes.set(title=name, xlabel="step")
        panels[0].set_ylabel("distance from the float64 training\n/ distance travelled")
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    return figure


def run(out: Path) -> None:
    """Write `overview.png`, `learning_rates.png` and `distance.png` into the directory `out`; it need not exist."""
    drawn = {
        out / "overview.png": "bytes per parameter, and losses",
        out / "learning_rates.png": "losses over learning rates",
        out / "distance.png": "the distance from float64",
    }
    for file in drawn:
        files.prepare(file)
    print("some thousands of short trainings: about three minutes", flush=True)
    figures = (
        overview(losses(_CURVES)),
        rates(learning_rates.measure_all()),
        distances(distance.measure_all()),
    )
    for (file, what), figure in zip(drawn.items(), figures, strict=True):
        with files.writing(file):
            figure.savefig(file, metadata={"Software": None})
        print(f"{what}: {file}")
