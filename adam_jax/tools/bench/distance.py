"""How far from float64 does float32 take a training?  Small networks, with Optax's AdamW and with ours."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.flatten_util import ravel_pytree

import adam_jax
from adam_jax.older_jax import enable_x64

DATASETS = {  # scikit-learn's
    "handwritten digits": "load_digits",
    "breast cancer": "load_breast_cancer",
    "wine": "load_wine",
}
OPTIMIZERS: dict[str, Callable[..., optax.GradientTransformation]] = {
    "optax.adamw": optax.adamw,
    "adam_jax.adamw": adam_jax.adamw,
}
B2S = (0.999, 0.9999)
SEEDS, STEPS = 20, 1000
Measured = dict[tuple[str, float], dict[str, np.ndarray]]  # by task and b2, and by optimizer
_WIDTH, _BATCH, _RATE = 32, 32, 3e-3


def _init(key: jax.Array, inputs: int, classes: int) -> dict[str, jax.Array]:
    sizes = (inputs, _WIDTH, _WIDTH, classes)
    shapes = list(itertools.pairwise(sizes))
    keys = jax.random.split(key, len(shapes))
    return {f"w{i}": jax.random.normal(k, s) * s[0] ** -0.5 for i, (k, s) in enumerate(zip(keys, shapes, strict=True))}


def data(name: str, scaled: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Inputs, each scaled to mean 0 and variance 1 or as they are, and labels."""
    from sklearn import datasets

    inputs, labels = getattr(datasets, DATASETS[name])(return_X_y=True)
    if scaled:
        inputs = (inputs - inputs.mean(0)) / (inputs.std(0) + 1e-9)
    return inputs.astype(np.float32), labels.astype(np.int32)


def starts_and_order(inputs: Any, labels: Any, seeds: int, steps: int) -> tuple[dict[str, jax.Array], np.ndarray]:
    """For each seed the parameters before the first step; and which examples each step sees, (steps, seeds, batch)."""
    order = np.random.default_rng(0).integers(0, len(labels), (steps, seeds, _BATCH), np.int32)
    keys = jax.random.split(jax.random.key(0), seeds)
    return jax.vmap(lambda key: _init(key, inputs.shape[1], int(labels.max()) + 1))(keys), order


def loss(params: dict[str, jax.Array], x: jax.Array, labels: jax.Array) -> jax.Array:
    """The cross-entropy of a network of three layers."""
    x = x.astype(params["w0"].dtype)
    hidden = jnp.tanh(jnp.tanh(x @ params["w0"]) @ params["w1"])
    return jnp.mean(optax.losses.softmax_cross_entropy_with_integer_labels(hidden @ params["w2"], labels))


def looked_at(steps: int) -> np.ndarray:
    """The steps after which weights are compared: about evenly spread on a logarithmic scale."""
    return np.unique(np.geomspace(1, steps, 24).round().astype(int))


def measure(name: str, b2: float, seeds: int = SEEDS, steps: int = STEPS) -> dict[str, np.ndarray]:
    """By optimizer: |w - w64| / |w64 - start| at each of `looked_at(steps)`, for each seed, (seeds, looks).

    w64 is the same training in float64: the same start and the same batches; gradients, and Optax's AdamW, in float64.
    """
    images, labels = data(name)
    starts, order = starts_and_order(images, labels, seeds, steps)
    starts = jax.tree.map(np.asarray, starts)

    def weights(tx: optax.GradientTransformation, dtype: Any) -> np.ndarray:
        def train(params: Any, order: jax.Array) -> jax.Array:
            def step(carry: tuple[Any, Any], some: jax.Array) -> tuple[tuple[Any, Any], None]:
                params, state = carry
                grads = jax.grad(loss)(params, jnp.asarray(images)[some], jnp.asarray(labels)[some])
                updates, state = tx.update(grads, state, params)
                return (optax.apply_updates(params, updates), state), None

            carry, seen = (params, tx.init(params)), list[jax.Array]()
            for start, stop in zip([0, *looked_at(steps)], looked_at(steps), strict=False):
                carry, _ = jax.lax.scan(step, carry, order[start:stop])
                seen.append(ravel_pytree(carry[0])[0])
            return jnp.stack(seen)

        params = jax.tree.map(lambda p: jnp.asarray(p, dtype), starts)
        return np.asarray(jax.jit(jax.vmap(train, in_axes=(0, 1)))(params, jnp.asarray(order)), np.float64)

    with enable_x64(True):  # and not for the others: it would change the arithmetic of their scalars
        exact = weights(optax.adamw(_RATE, b2=b2), np.float64)
    start = np.asarray(jax.vmap(lambda params: ravel_pytree(params)[0])(starts), np.float64)[:, None]
    way = np.linalg.norm(exact - start, axis=-1)
    return {
        optimizer: np.linalg.norm(weights(make(_RATE, b2=b2), np.float32) - exact, axis=-1) / way
        for optimizer, make in OPTIMIZERS.items()
    }


def measure_all(progress: Callable[[Sequence[Any]], Any] = iter) -> Measured:
    """`measure` of every task and b2."""
    return {(name, b2): measure(name, b2) for name, b2 in progress([(name, b2) for name in DATASETS for b2 in B2S])}


def report(measured: Measured) -> str:
    """The medians over seeds after 1, 10, 100 and 1,000 steps, as a Markdown table."""
    looks = {t: int(np.argmin(np.abs(looked_at(STEPS) - t))) for t in (1, 10, 100, 1000)}
    lines = ["| task | b2 | optimizer | " + " | ".join(f"t = {t:,}" for t in looks) + " |"]
    lines.append("|---" * (3 + len(looks)) + "|")
    for (name, b2), distances in measured.items():
        for optimizer, values in distances.items():
            medians = np.median(values, axis=0)
            cells = (f"{medians[i]:.1e}".replace("e-0", "e-") for i in looks.values())
            lines.append(f"| {name} | {b2:g} | {optimizer} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
