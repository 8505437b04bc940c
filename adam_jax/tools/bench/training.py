"""Does low precision increase the loss?  Training in every format from the same seeds, compared with float32.

Two small real trainings, and two problems that a format can fail: noisy quadratics at a constant learning rate, whose
stationary loss is the noise of the update, and an embedding whose rows are read as often as words are.
"""

import functools
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

import adam_jax

Transformation = optax.GradientTransformationExtraArgs


def _master(bits: int) -> Callable[..., Transformation]:
    return lambda rate, **rates: adam_jax.master_weights(adam_jax.adamw(rate, moments="8bit", **rates), bits)


# Each format: the dtype of weights and gradients, and its optimizer, a function of the learning rate, b1 and b2.
FORMATS: dict[str, tuple[str, Callable[..., Transformation]]] = {
    "float32": ("float32", adam_jax.adamw),
    "bfloat16 moments": ("float32", functools.partial(adam_jax.adamw, moments="bfloat16")),
    "8bit": ("float32", functools.partial(adam_jax.adamw, moments="8bit")),
    "8bit + master_weights(32)": ("bfloat16", _master(32)),
    "8bit + master_weights(24)": ("bfloat16", _master(24)),
    "8bit + master_weights(16)": ("bfloat16", _master(16)),
    "float32, weights moved by 1e-6": ("float32", adam_jax.adamw),
}
NULL = "float32, weights moved by 1e-6"  # how far apart rounding alone takes two trainings

_WIDTH, _HEADS, _LAYERS, _CONTEXT, _BATCH = 128, 4, 5, 64, 16
BATCH_SHAPE = (_BATCH, _CONTEXT + 1)  # of the transformer's tokens


def text() -> tuple[np.ndarray, np.ndarray]:
    """Bytes of the standard library's sources: training and held-out, by file."""
    files = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    held_out, training = files[::10], [file for i, file in enumerate(files) if i % 10]
    join = lambda some: np.frombuffer(b"".join(file.read_bytes() for file in some), np.uint8)  # noqa: E731
    return join(training), join(held_out)


def init_transformer(key: jax.Array) -> dict[str, Any]:
    """A byte-level decoder of about a million float32 parameters; layers are stacked."""
    keys = iter(jax.random.split(key, 8))

    def matrix(*shape: int) -> jax.Array:
        return jax.random.normal(next(keys), shape) * shape[-2] ** -0.5

    return {
        "embedding": 0.02 * jax.random.normal(next(keys), (256, _WIDTH)),
        "position": 0.02 * jax.random.normal(next(keys), (_CONTEXT, _WIDTH)),
        "layers": {
            "norm_1": jnp.ones((_LAYERS, _WIDTH)),
            "norm_2": jnp.ones((_LAYERS, _WIDTH)),
            "attention": matrix(_LAYERS, _WIDTH, 3 * _WIDTH),
            "projection": 0.3 * matrix(_LAYERS, _WIDTH, _WIDTH),
            "up": matrix(_LAYERS, _WIDTH, 4 * _WIDTH),
            "down": 0.3 * matrix(_LAYERS, 4 * _WIDTH, _WIDTH),
        },
        "norm": jnp.ones(_WIDTH),
    }


def transformer_loss(params: dict[str, Any], tokens: jax.Array) -> jax.Array:
    """Mean cross-entropy in nats a byte; `tokens` of shape (batch, context + 1).  Computed in float32."""
    params = jax.tree.map(lambda p: p.astype(jnp.float32), params)
    inputs, targets = tokens[:, :-1], tokens[:, 1:]
    x = params["embedding"][inputs] + params["position"]
    causal = jnp.tril(jnp.ones((_CONTEXT, _CONTEXT), bool))

    def norm(x: jax.Array, scale: jax.Array) -> jax.Array:
        return scale * x * jax.lax.rsqrt(jnp.mean(x**2, -1, keepdims=True) + 1e-6)

    def layer(x: jax.Array, p: dict[str, jax.Array]) -> tuple[jax.Array, None]:
        qkv = norm(x, p["norm_1"]) @ p["attention"]
        q, k, v = (a.reshape(*a.shape[:2], _HEADS, -1) for a in jnp.split(qkv, 3, -1))
        scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) * q.shape[-1] ** -0.5
        weights = jax.nn.softmax(jnp.where(causal, scores, -1e9))
        x = x + jnp.einsum("bhqk,bkhd->bqhd", weights, v).reshape(x.shape) @ p["projection"]
        return x + jax.nn.gelu(norm(x, p["norm_2"]) @ p["up"]) @ p["down"], None

    x, _ = jax.lax.scan(layer, x, params["layers"])
    logits = norm(x, params["norm"]) @ params["embedding"].T
    return jnp.mean(optax.losses.softmax_cross_entropy_with_integer_labels(logits, targets))


def train_transformer(name: str, seed: int, steps: int, **rates: float) -> float:
    """The held-out loss after `steps` steps in the named format.  rates: b1 and b2."""
    dtype, make = FORMATS[name]
    training, held_out = text()
    rng = np.random.default_rng(seed)
    params = init_transformer(jax.random.key(seed))
    if name == NULL:
        params = jax.tree.map(lambda p: p * (1 + 1e-6 * rng.choice([-1.0, 1.0], p.shape).astype(np.float32)), params)
        rng = np.random.default_rng(seed)
    params = jax.tree.map(lambda p: p.astype(dtype), params)
    tx = make(optax.warmup_cosine_decay_schedule(0.0, 1e-3, steps // 10, steps), **rates)
    state = tx.init(params)
    return _run(transformer_loss, tx, params, state, lambda: _draw(training, rng), steps, _fixed(held_out))


def _run(
    loss: Callable[[Any, Any], jax.Array],
    tx: Transformation,
    params: Any,
    state: Any,
    draw: Callable[[], Any],
    steps: int,
    held_out: Any,
) -> float:
    @jax.jit
    def step(params: Any, state: Any, batch: Any) -> tuple[Any, Any]:
        updates, state = tx.update(jax.grad(loss)(params, batch), state, params)
        return optax.apply_updates(params, updates), state

    for _ in range(steps):
        params, state = step(params, state, draw())
    return float(jnp.mean(jax.lax.map(jax.jit(lambda batch: loss(params, batch)), held_out)))


def _draw(data: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    starts = rng.integers(0, len(data) - _CONTEXT - 1, _BATCH)
    return data[starts[:, None] + np.arange(_CONTEXT + 1)].astype(np.int32)


def _fixed(data: np.ndarray) -> np.ndarray:
    starts = np.linspace(0, len(data) - _CONTEXT - 2, 1024).astype(int)
    return data[starts[:, None] + np.arange(_CONTEXT + 1)].astype(np.int32).reshape(-1, 64, _CONTEXT + 1)


def init_digits(key: jax.Array) -> dict[str, jax.Array]:
    """A perceptron of two layers for 8 x 8 images."""
    k1, k2 = jax.random.split(key)
    return {
        "w1": jax.random.normal(k1, (64, 128)) * 64**-0.5,
        "b1": jnp.zeros(128),
        "w2": jax.random.normal(k2, (128, 10)) * 128**-0.5,
        "b2": jnp.zeros(10),
    }


def digits_loss(params: dict[str, jax.Array], batch: tuple[jax.Array, jax.Array]) -> jax.Array:
    """Mean cross-entropy in nats an image, in float32."""
    images, labels = batch
    p = jax.tree.map(lambda p: p.astype(jnp.float32), params)
    logits = jax.nn.relu(images @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
    return jnp.mean(optax.losses.softmax_cross_entropy_with_integer_labels(logits, labels))


def digits() -> tuple[np.ndarray, np.ndarray]:
    """scikit-learn's handwritten digits: images between -1 and 1, a row each, and labels."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    return ((images - 8) / 8).astype(np.float32), labels.astype(np.int32)


def train_digits(name: str, seed: int, steps: int, **rates: float) -> float:
    """The held-out loss on scikit-learn's handwritten digits after `steps` steps in the named format."""
    dtype, make = FORMATS[name]
    images, labels = digits()
    rng = np.random.default_rng(seed)
    held_out = np.arange(len(images)) % 5 == 0
    params = init_digits(jax.random.key(seed))
    if name == NULL:
        params = jax.tree.map(lambda p: p * (1 + 1e-6), params)
    params = jax.tree.map(lambda p: p.astype(dtype), params)
    tx = make(optax.warmup_cosine_decay_schedule(0.0, 3e-3, steps // 10, steps), **rates)
    training = np.flatnonzero(~held_out)

    def draw() -> tuple[np.ndarray, np.ndarray]:
        some = rng.choice(training, 64)
        return images[some], labels[some]

    fixed = (images[held_out][None], labels[held_out][None])
    return _run(digits_loss, tx, params, tx.init(params), draw, steps, fixed)


def train_quadratic(name: str, seed: int, steps: int, **rates: float) -> float:
    """The mean loss of 4,096 noisy quadratics over the second half of `steps` steps at a constant learning rate.

    Of sum h w**2 / 2 with curvatures h from 0.01 to 1, where each gradient has noise of standard deviation 1.
    """
    dtype, make = FORMATS[name]
    h = jnp.logspace(-2, 0, 4096)
    params = jnp.full(4096, 1e-6 if name == NULL else 0.0, dtype)
    tx = make(3e-2, weight_decay=0.0, **rates)

    def step(carry: Any, key: jax.Array) -> tuple[Any, jax.Array]:
        params, state = carry
        w = params.astype(jnp.float32)
        grads = (h * w + jax.random.normal(key, w.shape)).astype(dtype)
        updates, state = tx.update(grads, state, params)
        return (optax.apply_updates(params, updates), state), jnp.mean(h * w**2) / 2

    keys = jax.random.split(jax.random.key(seed), steps)
    _, losses = jax.jit(lambda carry: jax.lax.scan(step, carry, keys))((params, tx.init(params)))
    return float(jnp.mean(losses[steps // 2 :]))


def train_zipf(name: str, seed: int, steps: int, **rates: float) -> float:
    """The loss of predicting 16 numbers of a word from its row of an embedding, the words drawn by Zipf's law."""
    dtype, make = FORMATS[name]
    words, width = 2048, 16
    frequency = 1 / np.arange(1, words + 1)
    logits = jnp.log(jnp.asarray(frequency / frequency.sum(), jnp.float32))
    key = jax.random.key(seed)
    target = jax.random.normal(jax.random.fold_in(key, 0), (words, width))
    params = {"embedding": jnp.full((words, width), 1e-6 if name == NULL else 0.0, dtype)}
    tx = make(optax.cosine_decay_schedule(0.05, steps), weight_decay=0.0, **rates)

    def loss(params: Any, batch: jax.Array) -> jax.Array:
        return jnp.mean((params["embedding"][batch].astype(jnp.float32) - target[batch]) ** 2)

    def step(carry: Any, key: jax.Array) -> tuple[Any, None]:
        params, state = carry
        grads = jax.grad(loss)(params, jax.random.categorical(key, logits, shape=(64,)))
        updates, state = tx.update(grads, state, params)
        return (optax.apply_updates(params, updates), state), None

    keys = jax.random.split(key, steps)
    (params, _), _ = jax.jit(lambda carry: jax.lax.scan(step, carry, keys))((params, tx.init(params)))
    error = (params["embedding"].astype(jnp.float32) - target) ** 2
    return float(jnp.sum(jax.nn.softmax(logits)[:, None] * error) / width)


TASKS = {"digits": train_digits, "transformer": train_transformer, "quadratic": train_quadratic, "zipf": train_zipf}


def measure(
    task: str,
    seeds: int = 5,
    steps: int = 400,
    progress: Callable[[Iterable[Any]], Iterable[Any]] = iter,
    *,
    formats: Sequence[str] = tuple(FORMATS),
    **rates: float,
) -> dict[str, list[float]]:
    """The loss of every format for each seed; rates: b1 and b2."""
    jobs = [(name, seed) for seed in range(seeds) for name in formats]
    losses: dict[str, list[float]] = {name: [] for name in formats}
    for name, seed in progress(jobs):
        losses[name].append(TASKS[task](name, seed, steps, **rates))
    return losses


def report(losses: dict[str, list[float]]) -> str:
    """Mean loss, and the paired difference to float32 with its standard error, as a Markdown table."""
    lines = ["| format | loss | minus float32 | in percent |", "|---|---|---|---|"]
    for name, values in losses.items():
        difference = np.asarray(values) - np.asarray(losses["float32"])
        error = difference.std(ddof=1) / len(difference) ** 0.5 if len(difference) > 1 else np.nan
        versus = f"{difference.mean():+.4f} ± {error:.4f} | {100 * difference.mean() / np.mean(losses['float32']):+.2f}"
        lines.append(f"| {name} | {np.mean(values):.4f} | {' | ' if name == 'float32' else versus} |")
    return "\n".join(lines)
