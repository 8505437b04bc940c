"""Does it train a network?  An MLP reads handwritten digits: by Optax's AdamW, and by ours in two formats."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tqdm import tqdm

import adam_jax
from adam_jax.diagnostics import bytes_a_parameter
from adam_jax.tools import files

WEIGHT_DECAY = 1.0
HALF = "half the memory"
OPTIMIZERS: dict[str, Callable[..., optax.GradientTransformation]] = {
    "optax.adamw": optax.adamw,
    "adam_jax.adamw": adam_jax.adamw,
    HALF: partial(adam_jax.adamw, moments="8bit"),  # inside master_weights, with bfloat16 weights
}


class Digits(NamedTuple):
    """Images of 8 x 8 pixels, one row each, standardised; labels 0 to 9."""

    images: np.ndarray
    labels: np.ndarray


class Result(NamedTuple):
    """One training run: each step's loss, the share of held-out digits read correctly, and what it keeps in memory."""

    losses: np.ndarray
    accuracy: float
    bytes_per_parameter: float


def digits() -> tuple[Digits, Digits]:
    """1,437 handwritten digits to train on, and 360 held out: the same ones whatever the seed."""
    pixels, labels = load_digits(return_X_y=True)
    split = train_test_split(pixels, labels, test_size=360, stratify=labels, random_state=0)
    pixels, held_out_pixels, labels, held_out_labels = map(np.asarray, split)
    mean, deviation = pixels.mean(), pixels.std()
    return (
        Digits(((pixels - mean) / deviation).astype(np.float32), labels),
        Digits(((held_out_pixels - mean) / deviation).astype(np.float32), held_out_labels),
    )


def batches(examples: int, epochs: int, batch_size: int, seed: int) -> Iterator[np.ndarray]:
    """Which examples each step sees: every one once an epoch, in a new order; an epoch's last batch may be smaller."""
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(examples)
        yield from (order[i : i + batch_size] for i in range(0, examples, batch_size))


class Classifier(nnx.Module):
    """64 pixels, two hidden layers, 10 logits."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.first = nnx.Linear(64, 128, rngs=rngs)
        self.second = nnx.Linear(128, 128, rngs=rngs)
        self.last = nnx.Linear(128, 10, rngs=rngs)

    def __call__(self, images: jax.Array) -> jax.Array:
        return self.last(nnx.relu(self.second(nnx.relu(self.first(images)))))


def cross_entropy(model: Classifier, images: jax.Array, labels: jax.Array) -> jax.Array:
    """The mean loss over a batch."""
    return optax.softmax_cross_entropy_with_integer_labels(model(images), labels).mean()


@nnx.jit
def train_step(
    model: Classifier, optimizer: nnx.Optimizer[Classifier], images: jax.Array, labels: jax.Array
) -> jax.Array:
    """One step of the optimizer; returns the loss before it."""
    loss, grads = nnx.value_and_grad(cross_entropy)(model, images, labels)
    optimizer.update(model, grads)
    return loss


def train(name: str, epochs: int, learning_rate: float, batch_size: int, seed: int) -> Result:
    """Train a `Classifier` with one of `OPTIMIZERS`, by name; `seed` sets the weights and the order of the data."""
    training, held_out = digits()
    model = Classifier(nnx.Rngs(seed))
    order = list(batches(len(training.labels), epochs, batch_size, seed))
    schedule = optax.warmup_cosine_decay_schedule(
        init_value=0.0, peak_value=learning_rate, warmup_steps=len(order) // 10, decay_steps=len(order)
    )
    tx = optax.chain(optax.clip_by_global_norm(1.0), OPTIMIZERS[name](schedule, weight_decay=WEIGHT_DECAY))
    params = nnx.state(model, nnx.Param)
    if name == HALF:
        tx, params = adam_jax.master_weights(tx), jax.tree.map(lambda p: p.astype(jnp.bfloat16), params)
        nnx.update(model, params)
    kept = bytes_a_parameter(tx, nnx.as_pure(params))["total"]
    optimizer = nnx.Optimizer(model, tx, wrt=nnx.Param)
    losses = [
        train_step(model, optimizer, jnp.asarray(training.images[batch]), jnp.asarray(training.labels[batch]))
        for batch in tqdm(order, desc=name, unit="step")
    ]
    predictions = jnp.argmax(model(jnp.asarray(held_out.images)), axis=-1)
    return Result(np.asarray(losses), float(np.mean(np.asarray(predictions) == held_out.labels)), kept)


def table(results: dict[str, Result]) -> str:
    """Held-out accuracy, the mean training loss of the last tenth of the steps, and bytes per parameter."""
    lines = [f"{'optimizer':<16}{'held-out accuracy':>19}{'final loss':>14}{'bytes per parameter':>22}"]
    for name, (losses, accuracy, kept) in results.items():
        final = losses[-max(1, len(losses) // 10) :].mean()
        lines.append(f"{name:<16}{accuracy:>19.2%}{final:>14.6f}{kept:>22.1f}")
    return "\n".join(lines)


def picture(results: dict[str, Result]) -> Figure:
    """The loss curves, from wide and pale to narrow, since they coincide but for rounding."""
    figure = Figure(figsize=(8, 4.5), dpi=150, layout="constrained")
    axes = figure.add_subplot(yscale="log")
    styles: tuple[dict[str, Any], ...] = (
        {"color": "#9CC9E8", "linewidth": 5.0},
        {"color": "#D0302A", "linewidth": 2.0},
        {"color": "#000000", "linewidth": 0.7, "linestyle": "--"},
    )
    for (name, result), style in zip(results.items(), styles, strict=True):
        axes.plot(np.arange(1, len(result.losses) + 1), result.losses, label=name, **style)
    axes.set(xlabel="step", ylabel="training loss", title="Handwritten digits: cross-entropy of each batch")
    axes.grid(color="#DDDDDD", linewidth=0.6)
    axes.legend(fontsize=11)
    return figure


def run(out: Path, epochs: int, learning_rate: float, batch_size: int, seed: int) -> None:
    """Train with each optimizer, print what came out, and write `train.png` into `out`, creating it if need be."""
    file = out / "train.png"
    files.prepare(file)
    results = {name: train(name, epochs, learning_rate, batch_size, seed) for name in OPTIMIZERS}
    print("The same network on the same handwritten digits in the same order\n")
    print(table(results))
    wide, half = results["optax.adamw"], results[HALF]
    print(f'\n{HALF} is master_weights(adamw(..., moments="8bit")) on bfloat16 weights:')
    print(f"{half.bytes_per_parameter:.1f} bytes per parameter in place of {wide.bytes_per_parameter:.1f}, ", end="")
    print(f"and {half.accuracy:.2%} read correctly beside {wide.accuracy:.2%}.")
    figure = picture(results)
    with files.writing(file):
        figure.savefig(file)
    print(f"\nthe loss curves: {file}")
