"""Does low precision lose loss?  Real training in every format from the same seeds, beside float32."""

import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

import adam_jax

Transformation = optax.GradientTransformationExtraArgs

# Each format: the dtype of weights and gradients, and its optimizer.
FORMATS: dict[str, tuple[str, Callable[[optax.Schedule], Transformation]]] = {
    "float32": ("float32", lambda rate: adam_jax.adamw(rate)),
    "bfloat16 moments": ("float32", lambda rate: adam_jax.adamw(rate, moments="bfloat16")),
    "8bit": ("float32", lambda rate: adam_jax.adamw(rate, moments="8bit")),
    "8bit + master_weights(32)": ("bfloat16", lambda rate: _packed_master(rate, 32)),
    "8bit + master_weights(24)": ("bfloat16", lambda rate: _packed_master(rate, 24)),
    "8bit + master_weights(16)": ("bfloat16", lambda rate: _packed_master(rate, 16)),
    "float32, weights moved by 1e-6": ("float32", lambda rate: adam_jax.adamw(rate)),
}
_NULL = "float32, weights moved by 1e-6"

_WIDTH, _HEADS, _LAYERS, _CONTEXT, _BATCH = 128, 4, 5, 64, 16
BATCH_SHAPE = (_BATCH, _CONTEXT + 1)  # of the transformer's tokens


def _packed_master(rate: optax.Schedule, bits: int) -> Transformation:
    return adam_jax.master_weights(adam_jax.adamw(rate, moments="8bit"), bits)


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


def train_transformer(name: str, seed: int, steps: int) -> float:
    """The held-out loss after `steps` steps in the named format."""
    dtype, make = FORMATS[name]
    training, held_out = text()
    rng = np.random.default_rng(seed)
    params = init_transformer(jax.random.key(seed))
    if name == _NULL:
        params = jax.tree.map(lambda p: p * (1 + 1e-6 * rng.choice([-1.0, 1.0], p.shape).astype(np.float32)), params)
        rng = np.random.default_rng(seed)
    params = jax.tree.map(lambda p: p.astype(dtype), params)
    tx = make(optax.warmup_cosine_decay_schedule(0.0, 1e-3, steps // 10, steps))
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


def train_digits(name: str, seed: int, steps: int) -> float:
    """The held-out loss on scikit-learn's handwritten digits after `steps` steps in the named format."""
    from sklearn.datasets import load_digits

    dtype, make = FORMATS[name]
    images, labels = load_digits(return_X_y=True)
    images = ((images - 8) / 8).astype(np.float32)
    rng = np.random.default_rng(seed)
    held_out = np.arange(len(images)) % 5 == 0
    params = init_digits(jax.random.key(seed))
    if name == _NULL:
        params = jax.tree.map(lambda p: p * (1 + 1e-6), params)
    params = jax.tree.map(lambda p: p.astype(dtype), params)
    tx = make(optax.warmup_cosine_decay_schedule(0.0, 3e-3, steps // 10, steps))
    training = np.flatnonzero(~held_out)

    def draw() -> tuple[np.ndarray, np.ndarray]:
        some = rng.choice(training, 64)
        return images[some], labels[some].astype(np.int32)

    fixed = (images[held_out][None], labels[held_out].astype(np.int32)[None])
    return _run(digits_loss, tx, params, tx.init(params), draw, steps, fixed)


TASKS = {"transformer": train_transformer, "digits": train_digits}


def measure(
    task: str, seeds: int = 5, steps: int = 400, progress: Callable[[Iterable[Any]], Iterable[Any]] = iter
) -> dict[str, list[float]]:
    """The held-out loss of every format for each seed."""
    jobs = [(name, seed) for seed in range(seeds) for name in FORMATS]
    losses: dict[str, list[float]] = {name: [] for name in FORMATS}
    for name, seed in progress(jobs):
        losses[name].append(TASKS[task](name, seed, steps))
    return losses


def report(losses: dict[str, list[float]]) -> str:
    """Mean loss, and the paired difference to float32 with its standard error, as a Markdown table."""
    lines = ["| format | held-out loss | minus float32 |", "|---|---|---|"]
    for name, values in losses.items():
        difference = np.asarray(values) - np.asarray(losses["float32"])
        error = difference.std(ddof=1) / len(difference) ** 0.5 if len(difference) > 1 else np.nan
        versus = "" if name == "float32" else f"{difference.mean():+.4f} ± {error:.4f}"
        lines.append(f"| {name} | {np.mean(values):.4f} | {versus} |")
    return "\n".join(lines)
