"""How exact is Adam?  Errors of sqrt(v_hat) and of the update in float32 against float64, and the same of Optax."""

import functools
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

import adam_jax
from adam_jax.diagnostics import bias_corrected

B1S = (0.0, 0.9, 0.95, 0.99)
B2S = (0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
STEPS = (1, 2, 10, 100, 1_000, 10_000, 50_000)
RANDOM = ("normal", "lognormal", "sparse")
STEADY = ("constant", "one-off", "swinging")


def gradients(steps: int, elements: int, seed: int) -> np.ndarray:
    """float32 gradients of shape (steps, kinds, elements), in the order RANDOM + STEADY."""
    rng = np.random.default_rng(seed)
    shape = (steps, elements)
    normal = rng.standard_normal(shape, np.float32)
    t = np.arange(steps)[:, None]
    scale = np.exp(rng.standard_normal(elements)).astype(np.float32)
    kinds = (
        normal * scale,
        np.exp(rng.standard_normal(shape, np.float32)) * np.sign(normal),
        normal * (rng.random(shape) < 0.05),
        np.broadcast_to(scale, shape),
        np.where(t == 0, scale, 0.01 * scale),
        scale * (1.5 + np.sin(2 * np.pi * t / 10_000 + scale)),
    )
    return np.stack([kind.astype(np.float32) for kind in kinds], axis=1)


def exact(grads: np.ndarray, b1: float, b2s: np.ndarray, stops: tuple[int, ...]) -> Iterator[tuple[np.ndarray, ...]]:
    """m_hat and sqrt(v_hat) in float64 at each stop, by the paper's equations; v_hat has a leading axis over b2s."""
    m = np.zeros(grads.shape[1:])
    v = np.zeros((len(b2s), *grads.shape[1:]))
    b2 = b2s[:, None, None]
    for t, g in enumerate(grads.astype(np.float64), start=1):
        m += (1 - b1) * (g - m)
        v += (1 - b2) * (g * g - v)
        if t in stops:
            yield m / (1 - b1**t), np.sqrt(v / (1 - b2**t))


def run(tx: optax.GradientTransformation, grads: jax.Array, stops: tuple[int, ...]) -> Iterator[tuple[Any, Any]]:
    """The update and the state of `tx` at each stop."""

    @functools.partial(jax.jit, donate_argnums=0)
    def advance(carry: Any, start: jax.Array, stop: jax.Array) -> Any:
        return jax.lax.fori_loop(start, stop, lambda t, carry: tx.update(grads[t], carry[1]), carry)

    carry = (jnp.zeros(grads.shape[1:]), tx.init(jnp.zeros(grads.shape[1:])))
    for start, stop in zip((0, *stops), stops, strict=False):
        carry = jax.block_until_ready(advance(carry, start, stop))
        yield jax.tree.map(np.asarray, carry)


def measure(
    b1s: tuple[float, ...] = B1S, b2s: tuple[float, ...] = B2S, steps: tuple[int, ...] = STEPS, elements: int = 64
) -> list[dict[str, Any]]:
    """One row for each library, b2 and group of gradients.

    Of sqrt(v_hat): the largest relative error, and its mean with the sign (the bias), over b1s, steps and elements.
    Of the update: the largest error in units of the update's root mean square over the elements.
    """
    grads = gradients(steps[-1], elements, seed=0)
    on_device = jnp.asarray(grads)
    errors: dict[tuple[str, float, str], list[tuple[np.ndarray, np.ndarray]]] = {}
    for b1 in b1s:
        truth = list(exact(grads, b1, np.asarray(b2s), steps))
        for i, b2 in enumerate(b2s):
            for library, make in (("adam_jax", adam_jax.scale_by_adam), ("optax", optax.scale_by_adam)):
                for (u, state), (m_hat, root) in zip(run(make(b1, b2), on_device, steps), truth, strict=True):
                    if library == "optax":
                        v_hat = np.asarray(optax.tree.bias_correction(state.nu, b2, jnp.asarray(state.count)))
                    else:
                        v_hat = np.asarray(bias_corrected(state, b1, b2)[1])
                    u_exact = m_hat / (root[i] + 1e-8)
                    with np.errstate(divide="ignore", invalid="ignore"):
                        of_root = np.nan_to_num(np.sqrt(v_hat) / root[i] - 1)  # 0/0: no gradient yet
                    of_update = np.abs(u - u_exact) / np.sqrt(np.mean(u_exact**2, axis=-1, keepdims=True))
                    for group, kinds in (("random", slice(0, 3)), ("steady", slice(3, 6))):
                        errors.setdefault((library, b2, group), []).append((of_root[kinds], of_update[kinds]))
    return [
        {
            "library": library,
            "b2": b2,
            "gradients": group,
            "sqrt(v_hat) max": max(float(np.abs(root).max()) for root, _ in pairs),
            "sqrt(v_hat) bias": abs(float(np.mean([root.mean() for root, _ in pairs]))),
            "update max": max(float(update.max()) for _, update in pairs),
        }
        for (library, b2, group), pairs in errors.items()
    ]


def report(rows: list[dict[str, Any]]) -> str:
    """The rows as a Markdown table, adam_jax and Optax side by side, with a description of the columns above it."""
    by_key = {(row["library"], row["gradients"], row["b2"]): row for row in rows}
    columns = {"sqrt(v_hat) max": "root max", "sqrt(v_hat) bias": "root bias", "update max": "update max"}
    lines = [
        "root: the largest and the mean relative error of sqrt(v_hat); update: its",
        "largest error / its root mean square.  First adam_jax, then Optax.\n",
        "| gradients | b2 | " + " | ".join(f"{title} | optax" for title in columns.values()) + " |",
        "|---|---|" + "---|" * 2 * len(columns),
    ]
    for group in ("random", "steady"):
        for b2 in sorted({row["b2"] for row in rows}):
            ours, theirs = by_key["adam_jax", group, b2], by_key["optax", group, b2]
            cells = [f"{row[column]:.1e}".replace("e-0", "e-") for column in columns for row in (ours, theirs)]
            lines.append(f"| {group} | {b2} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
