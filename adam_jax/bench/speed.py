"""How fast is Adam?  Wall-clock time of a jitted step, and of its compilation, beside Optax and its own noise."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

import adam_jax

Shapes = Sequence[tuple[int, ...]]

_GPT2_BLOCK = (
    *((768,), (768,)),  # ln_1
    *((768, 2304), (2304,), (768, 768), (768,)),  # attention: c_attn, c_proj
    *((768,), (768,)),  # ln_2
    *((768, 3072), (3072,), (3072, 768), (768,)),  # MLP: c_fc, c_proj
)
STEP_CASES: dict[str, Shapes] = {
    "1 leaf of 2^24": [(2**24,)],
    "16 leaves of 2^20": [(2**20,)] * 16,
    "GPT-2 small, 148 leaves": [(50257, 768), (1024, 768), *_GPT2_BLOCK * 12, (768,), (768,)],
}
COMPILATION_CASES: dict[str, Shapes] = {"1000 leaves of 64 x 64": [(64, 64)] * 1000}

# Optax stands twice: what the second one differs from the first is noise.
CONTESTANTS: dict[str, Callable[[float], optax.GradientTransformation]] = {
    "optax": optax.adam,
    "adam_jax": adam_jax.adam,
    "optax again": optax.adam,
}


def jitted_step(tx: optax.GradientTransformation) -> Any:
    """`update` and `apply_updates` in one program that overwrites the parameters and the state."""

    def step(grads: Any, state: Any, params: Any) -> tuple[Any, Any]:
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    return jax.jit(step, donate_argnames=("state", "params"))


def step_seconds(shapes: Shapes, repeats: int, warm_up: int = 3) -> dict[str, float]:
    """The median time of one float32 step for each contestant; they take turns."""
    rng = np.random.default_rng(0)
    grads = [jnp.asarray(rng.standard_normal(shape, np.float32)) for shape in shapes]
    steps, carries = {}, {}
    for name, make in CONTESTANTS.items():
        tx = make(1e-3)
        params = [jnp.ones(shape, jnp.float32) for shape in shapes]
        steps[name], carries[name] = jitted_step(tx), (params, tx.init(params))
    seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for turn in range(warm_up + repeats):
        for name in _rotated(turn):
            params, state = carries.pop(name)
            start = time.perf_counter()
            carries[name] = jax.block_until_ready(steps[name](grads, state, params))
            seconds[name].append(time.perf_counter() - start)
    return {name: float(np.median(values[warm_up:])) for name, values in seconds.items()}


def compilation_seconds(shapes: Shapes, repeats: int) -> dict[str, float]:
    """The median time to trace, lower and compile a step for each contestant, with JAX's caches cleared before each."""
    params = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in shapes]
    seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for turn in range(repeats):
        for name in _rotated(turn):
            tx = CONTESTANTS[name](1e-3)
            state = jax.eval_shape(tx.init, params)
            jax.clear_caches()
            start = time.perf_counter()
            jitted_step(tx).trace(params, state, params).lower().compile()
            seconds[name].append(time.perf_counter() - start)
    return {name: float(np.median(values)) for name, values in seconds.items()}


def _rotated(turn: int) -> list[str]:
    # Whoever runs after the same neighbour every time inherits that neighbour's caches every time.
    names = list(CONTESTANTS)
    first = turn % len(names)
    return names[first:] + names[:first]


def measure(
    step_cases: Mapping[str, Shapes] = STEP_CASES,
    compilation_cases: Mapping[str, Shapes] = COMPILATION_CASES,
    repeats: int = 11,
    compilations: int = 3,
) -> list[dict[str, Any]]:
    """One row for each case: seconds for each contestant, our ratio to Optax, and Optax's ratio to itself (`null`)."""
    timings = [("step", case, shapes, step_seconds(shapes, repeats)) for case, shapes in step_cases.items()]
    timings += [
        ("compilation", case, shapes, compilation_seconds(shapes, compilations))
        for case, shapes in compilation_cases.items()
    ]
    return [
        {
            "what": what,
            "case": case,
            "parameters": sum(int(np.prod(shape)) for shape in shapes),
            **seconds,
            "ratio": seconds["adam_jax"] / seconds["optax"],
            "null": seconds["optax again"] / seconds["optax"],
        }
        for what, case, shapes, seconds in timings
    ]


def report(rows: list[dict[str, Any]]) -> str:
    """The rows as a Markdown table.  A ratio means something where it is farther from 1 than the null is."""
    lines = [
        f"float32 on {jax.default_backend()}, medians, contestants in turn; null: optax / optax",
        "",
        "| what | case | parameters | optax | adam_jax | adam_jax / optax | null |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        times = (f"{row[name] * 1e3:,.2f} ms" for name in ("optax", "adam_jax"))
        ratios = (f"{row[name]:.3f}" for name in ("ratio", "null"))
        lines.append("| " + " | ".join([row["what"], row["case"], f"{row['parameters']:,}", *times, *ratios]) + " |")
    return "\n".join(lines)
