"""How does training on many devices look?  A transformer's batch in parts, and its state in parts too: ZeRO-1.

Where there are not enough devices, the CPU plays as many.  Their number is fixed before JAX starts, so that they need
processes of their own: `python -m adam_jax train --devices 8` starts them.
"""

import functools
import json
import math
import os
import socket
import subprocess
import sys
import time
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec
from tqdm import tqdm

import adam_jax
from adam_jax.tools.bench import training

_, LENGTH = training.BATCH_SHAPE
HELD_OUT = 64  # sequences, at least
MEGABYTE = 1e6


class Options(NamedTuple):
    """One training: batch_size in sequences a step, all devices together."""

    devices: int
    processes: int
    steps: int
    learning_rate: float
    batch_size: int
    seed: int


class Result(NamedTuple):
    """The held-out loss before and after, and the bytes on a device of weights, gradients and state."""

    before: float
    after: float
    plain: tuple[int, int, int]
    zero: tuple[int, int, int]


def optimizers(rate: optax.Schedule) -> dict[str, tuple[str, optax.GradientTransformationExtraArgs]]:
    """The dtype of the weights, and the transformation."""
    packed = adam_jax.adamw(rate, moments="8bit")
    return {
        "adamw": ("float32", adam_jax.adamw(rate)),
        "8bit, master_weights, skip_nonfinite": (
            "bfloat16",
            adam_jax.skip_nonfinite(adam_jax.master_weights(packed)),
        ),
    }


def train(name: str, options: Options) -> Result:
    """Train with one of `optimizers`, by name, on the first `options.devices` devices."""
    rate = optax.warmup_cosine_decay_schedule(0.0, options.learning_rate, options.steps // 10, options.steps)
    dtype, tx = optimizers(rate)[name]
    mesh = jax.make_mesh(
        (options.devices,), ("data",), axis_types=(AxisType.Auto,), devices=jax.devices()[: options.devices]
    )
    everywhere = NamedSharding(mesh, PartitionSpec())

    # Weights are whole on each device, the state is spread over all of them; neither is ever whole in one place first.
    def init() -> Any:
        return jax.tree.map(lambda p: p.astype(dtype), training.init_transformer(jax.random.key(options.seed)))

    shapes = jax.eval_shape(init)
    shardings = adam_jax.state_shardings(tx, shapes, everywhere, zero_axis="data")
    params = jax.jit(init, out_shardings=everywhere)()
    state = jax.jit(tx.init, out_shardings=shardings)(params)

    @functools.partial(jax.jit, donate_argnames=("params", "state"), out_shardings=(everywhere, shardings, everywhere))
    def train_step(params: Any, state: Any, batch: jax.Array) -> tuple[Any, Any, jax.Array]:
        loss, grads = jax.value_and_grad(training.transformer_loss)(params, batch)
        params, state = adam_jax.step(tx, params, state, grads, shardings=shardings)
        return params, state, loss

    data, held_out = training.text()
    ends = np.linspace(0, len(held_out) - LENGTH, options.devices * math.ceil(HELD_OUT / options.devices)).astype(int)
    evaluation = split(sequences(held_out, ends), mesh)
    held_out_loss = jax.jit(training.transformer_loss, out_shardings=everywhere)
    before = float(held_out_loss(params, evaluation))
    rng = np.random.default_rng(options.seed)  # every process draws the same batch and keeps its parts
    with tqdm(range(options.steps), desc=name, unit="step", disable=jax.process_index() != 0) as progress:
        for _ in progress:
            batch = split(sequences(data, rng.integers(0, len(data) - LENGTH, options.batch_size)), mesh)
            params, state, loss = train_step(params, state, batch)
            # Reading the loss waits for the step: virtual devices share their threads, and steps in flight block them.
            progress.set_postfix(loss=f"{float(loss):.3f}")

    plain = adam_jax.state_shardings(tx, shapes, everywhere)
    weights = on_a_device(shapes, jax.tree.map(lambda _: everywhere, shapes))
    state_shapes = jax.eval_shape(tx.init, shapes)
    # A gradient has the size of its weight on each device, until the devices have added theirs up.
    of_states = [(weights, weights, on_a_device(state_shapes, where)) for where in (plain, shardings)]
    return Result(before, float(held_out_loss(params, evaluation)), *of_states)


def sequences(data: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Bytes of a text from each start."""
    return data[starts[:, None] + np.arange(LENGTH)].astype(np.int32)


def split(batch: np.ndarray, mesh: Mesh) -> jax.Array:
    """A batch that every process has, a part of it on each device."""
    sharding = NamedSharding(mesh, PartitionSpec("data"))
    return jax.make_array_from_callback(batch.shape, sharding, lambda index: batch[index])


def on_a_device(shapes: Any, shardings: Any) -> int:
    """The bytes that one device holds of arrays."""
    parts = jax.tree.map(
        lambda x, s: math.prod(s.shard_shape(x.shape)) * jnp.dtype(x.dtype).itemsize, shapes, shardings
    )
    return sum(jax.tree.leaves(parts))


def report(results: dict[str, Result], options: Options) -> str:
    """Losses and memory, as Markdown tables."""
    where = f"{options.devices} devices" + (f" of {options.processes} processes" if options.processes > 1 else "")
    lines = [
        f"A byte-level transformer on {where} ({jax.devices()[0].device_kind})",
        f"{options.steps} steps of {options.batch_size} sequences\n",
        "| optimizer | held-out loss before | after |",
        "|---|---|---|",
        *(f"| {name} | {result.before:.3f} | {result.after:.3f} |" for name, result in results.items()),
        "\nMegabytes on each device, the state whole on each or spread over all (ZeRO-1)\n",
        "| optimizer | state is | weights | gradients | state | total |",
        "|---|---|---|---|---|---|",
    ]
    for name, result in results.items():
        for place, held in (("whole", result.plain), ("spread", result.zero)):
            columns = " | ".join(f"{size / MEGABYTE:.2f}" for size in (*held, sum(held)))
            lines.append(f"| {name} | {place} | {columns} |")
    return "\n".join(lines)


def train_all(options: Options) -> None:
    """Train with each of `optimizers` on the devices that JAX sees, and print what came out."""
    results = {name: train(name, options) for name in optimizers(optax.constant_schedule(0.0))}
    if jax.process_index() == 0:
        print(report(results, options), flush=True)


def run(options: Options) -> None:
    """`train_all`, here where there are enough devices, and else in processes whose CPU plays as many."""
    if options.processes == 1 and jax.device_count() >= options.devices:
        train_all(options)
    else:
        print(_printed_by_children(options), end="")


def _printed_by_children(options: Options) -> str:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        address = f"localhost:{free.getsockname()[1]}"
    virtual = f"--xla_force_host_platform_device_count={options.devices // options.processes}"
    environment = {
        **os.environ,
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": f"{os.environ.get('XLA_FLAGS', '')} {virtual}".strip(),
    }
    children = []
    try:
        for rank in range(options.processes):
            argv = [sys.executable, "-m", "adam_jax.tools.demo.zero", json.dumps([rank, address, options])]
            # In a session of its own a terminal's Ctrl-C does not reach it; it ends with this process.
            children.append(
                subprocess.Popen(
                    argv,
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL if rank else subprocess.PIPE,
                    text=True,
                    start_new_session=True,
                )
            )
        while any(child.poll() is None for child in children) and not any(child.poll() for child in children):
            time.sleep(0.1)
        for rank, child in enumerate(children):
            if child.poll():  # the others would wait for it
                sys.exit(f"process {rank} of {options.processes} ended with exit code {child.returncode}")
        printed, _ = children[0].communicate()
    finally:
        for child in children:
            child.kill()
            child.wait()
            for pipe in filter(None, (child.stdin, child.stdout)):
                pipe.close()
    # Gloo, which joins processes, tells on standard output whom it met.
    return "".join(line for line in printed.splitlines(keepends=True) if not line.startswith("[Gloo]"))


def _child(rank: int, address: str, options: Options) -> None:
    if options.processes > 1:
        jax.config.update("jax_cpu_collectives_implementation", "gloo")
        jax.distributed.initialize(address, options.processes, rank, initialization_timeout=120)
    train_all(options)


if __name__ == "__main__":
    _rank, _address, _options = json.loads(sys.argv[1])
    _child(_rank, _address, Options(*_options))
