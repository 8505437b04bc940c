"""Which learning rates work?  The loss at the end of short trainings over the learning rate, for four methods."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

import adam_jax
from adam_jax.tools.bench import distance

METHODS: dict[str, Callable[[Any], optax.GradientTransformation]] = {
    "gradient descent": optax.sgd,
    "momentum": lambda rate: optax.sgd(rate, momentum=0.9),
    "RMSprop": lambda rate: optax.rmsprop(rate, decay=0.999, eps_in_sqrt=False, bias_correction=True),
    "Adam": adam_jax.adam,
}
RATES = 10 ** (np.arange(-20, 5) / 4)  # from 1e-5 to 10
SEEDS = 10
_LAST = 10  # steps over which the loss is averaged


class Task(NamedTuple):
    """What is minimized, from several starts or with several noises at once (the first axis of both arrays).

    Attributes:
      starts: the parameters before the first step.
      data: what each step sees, of shape (seeds, steps, ...).
      loss: of parameters and of what one step sees.
      whole: of parameters alone: the loss that is reported.
    """

    starts: Any
    data: jax.Array
    loss: Callable[[Any, jax.Array], jax.Array]
    whole: Callable[[Any], jax.Array]


def two_scales(walks: int = 200, steps: int = 150) -> Task:
    """The first surface of `python -m adam_jax explain`: (x**2 + 100 y**2) / 2, with noisy gradients.

    Each gradient is measured at a random offset from the parameters, uniform with standard deviation 0.2.
    """
    half_width = 0.2 * 3**0.5
    offsets = jax.random.uniform(jax.random.key(0), (walks, steps, 2), minval=-half_width, maxval=half_width)

    def height(theta: jax.Array) -> jax.Array:
        return jnp.sum(jnp.array([1.0, 100.0]) * theta**2) / 2

    return Task(jnp.tile(jnp.array([-9.0, 4.0]), (walks, 1)), offsets, lambda p, offset: height(p + offset), height)


def network(name: str, scaled: bool, seeds: int = SEEDS, steps: int = 400) -> Task:
    """A network of three layers on one of scikit-learn's data sets, whose inputs are scaled to variance 1 or not."""
    inputs, labels = map(jnp.asarray, distance.data(name, scaled))
    starts, order = distance.starts_and_order(inputs, labels, seeds, steps)
    return Task(
        starts,
        jnp.swapaxes(jnp.asarray(order), 0, 1),
        lambda params, some: distance.loss(params, inputs[some], labels[some]),
        lambda params: distance.loss(params, inputs, labels),
    )


TASKS: dict[str, Callable[[], Task]] = {
    "two scales, noise": two_scales,
    "digits, scaled inputs": lambda: network("handwritten digits", scaled=True),
    "breast cancer, raw inputs": lambda: network("breast cancer", scaled=False),
}


def measure(task: Task, rates: np.ndarray = RATES) -> dict[str, np.ndarray]:
    """By method: the mean loss over the last ten steps and all seeds, at each rate; infinity where it diverged."""

    def final(method: str, rate: jax.Array, start: Any, data: jax.Array) -> jax.Array:
        tx = METHODS[method](rate)

        def step(carry: tuple[Any, Any], seen: jax.Array) -> tuple[tuple[Any, Any], jax.Array]:
            params, state = carry
            updates, state = tx.update(jax.grad(task.loss)(params, seen), state, params)
            params = optax.apply_updates(params, updates)
            return (params, state), task.whole(params)

        carry, _ = jax.lax.scan(lambda c, x: (step(c, x)[0], None), (start, tx.init(start)), data[:-_LAST])
        return jnp.mean(jax.lax.scan(step, carry, data[-_LAST:])[1])

    every_seed = jax.vmap(final, in_axes=(None, None, 0, 0))
    every_rate = jax.jit(jax.vmap(every_seed, in_axes=(None, 0, None, None)), static_argnums=0)
    measured = {}
    for method in METHODS:
        losses = np.asarray(every_rate(method, jnp.asarray(rates, jnp.float32), task.starts, task.data), np.float64)
        mean = losses.mean(axis=1)
        measured[method] = np.where(np.isfinite(mean), mean, np.inf)
    return measured


def measure_all(progress: Callable[[Sequence[str]], Any] = iter) -> dict[str, dict[str, np.ndarray]]:
    """`measure` of every task."""
    return {name: measure(TASKS[name]()) for name in progress(list(TASKS))}


def report(measured: dict[str, dict[str, np.ndarray]]) -> str:
    """As a Markdown table: the lowest loss, its learning rate, and the losses at a tenth and at ten times of that."""
    lines = ["| task | method | lowest loss | at learning rate | at a tenth of it | at ten times |", "|---" * 6 + "|"]
    for task, methods in measured.items():
        for method, losses in methods.items():
            best = int(np.argmin(losses))
            beside = [best + places for places in (-4, 4)]  # a factor of ten is four places
            known = [losses[i] if 0 <= i < len(losses) else np.nan for i in beside]
            cells = ["" if np.isnan(x) else _short(x) if x < 1e4 else "diverges" for x in known]
            lines.append("| " + " | ".join([task, method, _short(losses[best]), _short(RATES[best]), *cells]) + " |")
    return "\n".join(lines)


def _short(x: float) -> str:
    """Two digits, without a power of ten where it is not needed: 380, 0.17."""
    return f"{float(f'{x:.2g}'):g}"
