"""How fast is Adam?  Seconds of a jitted step and of its compilation, compared with Optax, a copy and the noise."""

import ctypes
import gc
import importlib
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax.tools.bench import cases, torch_alone
from adam_jax.tools.bench.cases import TORCH, Case
from adam_jax.tools.bench.configurations import BASELINES, MODELS, Configuration

CASES: dict[str, Case] = {
    "matrix": cases.leaves("1 leaf of 4096 x 4096", MODELS["matrix"]),
    "sixteen": cases.leaves("16 leaves of 1024 x 1024", MODELS["sixteen"]),
    "gpt2": cases.leaves("GPT-2 small, 148 leaves", MODELS["gpt2"]),
    "small": cases.leaves("1,000 leaves of 64 x 64", MODELS["small"]),
    "transformer": cases.transformer("training step of a transformer"),
}
Progress = Callable[[Iterable[Any], str], Iterable[Any]]

_COPY = "copy"
LIMIT, TORCH_ALONE = "one pass", "torch, alone"
_LIMIT_BYTES = 28  # per parameter, as a float32 step
_COPY_ELEMENTS = 2**25  # 2^27 bytes, several times the caches
_WARM_UP = 3
_HELD = 5.5e9  # bytes at once where the device does not tell its memory: with gradients and temporaries below 8 GB
_LONG = 10.0  # seconds: a compilation that takes longer is timed once


def measure(
    which: Mapping[str, Case] = CASES,
    repeats: int = 11,
    compilations: int = 3,
    progress: Progress = lambda jobs, _: jobs,
    copy_elements: int = _COPY_ELEMENTS,
    held: float | None = None,
) -> dict[str, Any]:
    """The device, who was left out and why, and one row for each case, optimizer and thing measured.

    `held` is how many bytes of weights and state may lie on the device at once; more optimizers than that run in
    several batches, each with an Optax and a copy of its own.
    """
    configurations, left_out = cases.available()
    rows: list[dict[str, Any]] = []
    for key, case in which.items():
        steps, seconds = _compile(case, configurations, compilations, left_out, progress)
        rows += _compilation_rows(key, seconds)
        rows += _memory_rows(key, case, steps)
        in_case: dict[str, Configuration | None] = {name: configurations[name] for name in steps}
        if not case.loss and TORCH not in left_out:
            in_case[TORCH] = None
        for number, batch in enumerate(_batches(case, in_case, held or _memory() or _HELD)):
            _return_freed_memory()
            rounds = _run(case, batch, steps, repeats, copy_elements, progress)
            step_rows = _step_rows(key, case, batch, rounds, 8 * copy_elements)
            rows += [row for row in step_rows if not number or row["optimizer"] not in ("optax", LIMIT)]
        if TORCH in in_case and jax.default_backend() == "cpu":
            rows.append(_alone(key, case, rows, repeats))
    return {"device": _device(TORCH not in left_out), "left_out": left_out, "rows": rows}


def order_of_round(names: Sequence[str], number: int) -> list[str]:
    """The order of names in a round: over twice as many rounds as names, all follow each other and start equally often.

    Whoever runs after the same neighbour every time inherits that neighbour's caches every time.

    >>> [order_of_round("abcd", number) for number in (0, 1)]
    [['a', 'b', 'd', 'c'], ['b', 'c', 'a', 'd']]
    """
    zigzag = [(place + 1) // 2 * (1 if place % 2 else -1) for place in range(len(names))]
    order = [names[(number + offset) % len(names)] for offset in zigzag]
    return order[::-1] if number // len(names) % 2 else order


def _compile(
    case: Case,
    optimizers: Mapping[str, Configuration],
    compilations: int,
    left_out: dict[str, str],
    progress: Progress,
) -> tuple[dict[str, Any], dict[str, list[float]]]:
    steps: dict[str, Any] = {}
    seconds: dict[str, list[float]] = {name: [] for name in optimizers}
    cases.compiled_step(optimizers["optax"], cases.leaves("", [(2,)]))  # warms up the compiler
    jobs = [(turn, name) for turn in range(compilations) for name in order_of_round(list(optimizers), turn)]
    for turn, name in progress(jobs, f"{case.title}: compiling"):
        if turn and (not seconds[name] or seconds[name][0] > _LONG):
            continue
        steps.pop(name, None)
        jax.clear_caches()
        _return_freed_memory()
        start = time.perf_counter()
        try:
            steps[name] = cases.compiled_step(optimizers[name], case)
        except Exception as error:
            if name not in BASELINES:
                raise
            left_out[f"{name}, {case.title}"] = f"{type(error).__name__}: {error}".splitlines()[0]
            continue
        seconds[name].append(time.perf_counter() - start)
    return {name: steps[name] for name in optimizers if name in steps}, {name: s for name, s in seconds.items() if s}


def _run(
    case: Case,
    batch: Mapping[str, Configuration | None],
    steps: Mapping[str, Any],
    repeats: int,
    copy_elements: int,
    progress: Progress,
) -> dict[str, list[float]]:
    shared: dict[Any, Any] = {}  # one tree of gradients, or one batch, for all of a dtype

    def inputs(dtype: Any) -> Any:
        if dtype not in shared:
            shared[dtype] = jax.block_until_ready(case.inputs_for(dtype))
        return shared[dtype]

    rounds = {_COPY: cases.start_copy(copy_elements)}
    if not case.loss and cases.has_native_kernels():
        rounds[LIMIT] = cases.start_limit(case, inputs(jnp.float32))
    for name, configuration in batch.items():
        if configuration is None:
            rounds[name] = cases.start_torch(case, inputs(jnp.float32))
        else:
            rounds[name] = cases.start(configuration, case, steps[name], inputs(configuration.dtype))
    seconds: dict[str, list[float]] = {name: [] for name in rounds}
    for number in progress(range(_WARM_UP + repeats), f"{case.title}: stepping"):
        for name in order_of_round(list(rounds), number):
            start = time.perf_counter()
            rounds[name]()
            seconds[name].append(time.perf_counter() - start)
    return {name: values[_WARM_UP:] for name, values in seconds.items()}


def _batches(
    case: Case, in_case: Mapping[str, Configuration | None], held: float
) -> list[dict[str, Configuration | None]]:
    """Contestants in groups whose weights and state fit into `held` bytes; Optax is in each."""
    first = cases.held_bytes(in_case["optax"], case)
    batches, room = [], 0.0
    for name in [name for name in in_case if name != "optax"]:
        size = cases.held_bytes(in_case[name], case)
        if not batches or size > room:
            batches.append({"optax": in_case["optax"]})
            room = held - first
        batches[-1][name] = in_case[name]
        room -= size
    return batches


def _step_rows(
    key: str,
    case: Case,
    batch: Mapping[str, Configuration | None],
    rounds: Mapping[str, list[float]],
    copied: int,
) -> list[dict[str, Any]]:
    median = {name: float(np.median(values)) for name, values in rounds.items()}
    rows = []
    for name, configuration in batch.items():
        row: dict[str, Any] = {"what": "step", "case": key, "optimizer": name, "parameters": case.parameters}
        row |= {"seconds": median[name], "optax": median["optax"], "ratio": median[name] / median["optax"]}
        row["spread"] = [float(q) for q in np.quantile(rounds[name], (0.25, 0.75))]
        row["copy"] = copied / median[_COPY]  # bytes read and written a second, beside this optimizer
        if not case.loss:
            least = configuration.least + configuration.bound if configuration else cases.TORCH_LEAST
            row["bandwidth"] = least * case.parameters / median[name] / row["copy"]
            if LIMIT in median:
                row["of limit"] = median[LIMIT] * least / _LIMIT_BYTES / median[name]
        rows.append(row)
    if LIMIT in median:
        seconds = {"seconds": median[LIMIT], "optax": median["optax"], "ratio": median[LIMIT] / median["optax"]}
        row = {"what": "step", "case": key, "optimizer": LIMIT, "parameters": case.parameters, **seconds}
        row["spread"] = [float(q) for q in np.quantile(rounds[LIMIT], (0.25, 0.75))]
        row["copy"] = copied / median[_COPY]
        rows.append(row | {"bandwidth": _LIMIT_BYTES * case.parameters / median[LIMIT] / row["copy"]})
    return rows


def _alone(key: str, case: Case, rows: Sequence[Mapping[str, Any]], repeats: int) -> dict[str, Any]:
    """PyTorch in a process without JAX, whose idle threads cost it time; beside Optax as it was before."""
    _return_freed_memory()
    seconds = torch_alone.measure(case.shapes(), _WARM_UP, repeats)
    (optax_row,) = (row for row in rows if (row["what"], row["case"], row["optimizer"]) == ("step", key, "optax"))
    median, beside, copy = float(np.median(seconds)), optax_row["seconds"], optax_row["copy"]
    row: dict[str, Any] = {"what": "step", "case": key, "optimizer": TORCH_ALONE, "parameters": case.parameters}
    row |= {"seconds": median, "optax": beside, "ratio": median / beside, "copy": copy}
    row["spread"] = [float(q) for q in np.quantile(seconds, (0.25, 0.75))]
    return row | {"bandwidth": cases.TORCH_LEAST * case.parameters / median / copy}


def _compilation_rows(key: str, seconds: Mapping[str, list[float]]) -> list[dict[str, Any]]:
    median = {name: float(np.median(values)) for name, values in seconds.items()}
    return [
        {"what": "compilation", "case": key, "optimizer": name, "seconds": s, "ratio": s / median["optax"]}
        | {"times": len(seconds[name])}
        for name, s in median.items()
    ]


def _memory_rows(key: str, case: Case, steps: Mapping[str, Any]) -> list[dict[str, Any]]:
    if case.loss:
        return []  # activations, not the optimizer
    rows = []
    for name, step in steps.items():
        if name == "optax again" or (m := step.memory_analysis()) is None:
            continue
        peak = m.argument_size_in_bytes + m.output_size_in_bytes - m.alias_size_in_bytes + m.temp_size_in_bytes
        row = {"what": "memory", "case": key, "optimizer": name, "bytes": peak / case.parameters}
        rows.append(row | {"temporaries": m.temp_size_in_bytes / case.parameters})
    return rows


def _return_freed_memory() -> None:
    # glibc keeps freed arrays of some megabytes, 4 GB of them after GPT-2 small, and what comes next would lie on top.
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim:
        trim(0)


def _statistics() -> dict[str, int]:
    return jax.local_devices()[0].memory_stats() or {}


def _memory() -> float:
    """Half of what the device says it has, 0 where it says nothing; the other half is for gradients and PyTorch."""
    return _statistics().get("bytes_limit", 0) / 2


def _device(torch: bool) -> dict[str, Any]:
    device = {"kind": jax.local_devices()[0].device_kind, "backend": jax.default_backend(), "cores": os.cpu_count()}
    device |= {"jax": jax.__version__, "optax": optax.__version__}
    if torch:
        device[TORCH] = importlib.import_module("torch").__version__
    if peak := _statistics().get("peak_bytes_in_use"):
        device["peak bytes"] = peak  # of everything that ran
    return device
