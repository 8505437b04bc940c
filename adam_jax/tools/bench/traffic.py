"""How many bytes does a step move?  Counted in the program that a compiler for a GPU, a TPU or this machine makes.

And how many instructions does it take on an H200, or a TPU's kernel?  The longer of the two limits the time of a step.
"""

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jax
import optax

import adam_jax
from adam_jax.backends import native_library
from adam_jax.diagnostics import hlo
from adam_jax.tools.bench import instructions, targets
from adam_jax.tools.bench.configurations import Configuration, Shapes
from adam_jax.transforms.spec import spec_of


class Traffic(NamedTuple):
    """Of one compiled program; `bytes` and `temporaries` (bytes of scratch memory) are per parameter."""

    bytes: float
    kernels: int
    passes: int  # kernels that move more than a hundredth of a byte per parameter
    temporaries: float
    copies: int  # of arrays from memory to memory, of more than a hundredth of a byte per parameter
    instructions: float | None = None  # per parameter; None: not counted

    def picoseconds(self, target: str) -> tuple[float, float] | None:
        """The time per parameter of the bytes, and of the instructions, at the peak rates of the target."""
        if target not in RATES or self.instructions is None:
            return None
        return self.bytes / RATES[target].bytes, self.instructions / RATES[target].instructions


class Rates(NamedTuple):
    """What a chip does in a picosecond at most, of what can be reached."""

    bytes: float
    instructions: float


# 0.9 of 4.8 TB/s, and 132 multiprocessors of 128 lanes at 1.785 GHz; 0.9 of 819 GB/s, and 4 vector units of 1,024 lanes
# at 1.5 GHz.
RATES = {"h200": Rates(4.32, 30.2), "v5e": Rates(0.737, 6.14)}


def of_step(
    tx: optax.GradientTransformation, params_shapes: Any, target: str, grads_dtype: Any = None, *, fused: bool = False
) -> Traffic:
    """Counts a step on `target`, the weights and the state donated.

    Args:
      tx: the transformation.
      params_shapes: the pytree of parameters, or of anything with their `shape` and `dtype`.
      target: one of `targets.TARGETS`.
      grads_dtype: the gradients' dtype; None: the parameters'.  They are not donated: no output is left to take them.
      fused: count `adam_jax.step`, not `tx.update` and `optax.apply_updates`.
    """
    params = jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype), params_shapes)
    grads = jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, grads_dtype or x.dtype), params)

    whole: Any = getattr(tx, "step", None)  # FlashOptim has no update: its step writes the parameters itself

    def step(params: Any, state: Any, grads: Any) -> tuple[Any, Any]:
        if whole:
            return whole(params, state, grads)
        if fused:
            return adam_jax.step(tx, params, state, grads)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    return of_program(step, params, jax.eval_shape(tx.init, params), grads, target=target, donate_argnums=(0, 1))


def of_program(
    fn: Callable[..., Any], *shapes: Any, target: str, donate_argnums: int | tuple[int, ...] = ()
) -> Traffic:
    """Counts the program `fn(*shapes)`, per element of its first argument."""
    sharding = jax.sharding.SingleDeviceSharding(targets.devices(target)[0])
    shapes = jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=sharding), shapes)
    lowered = jax.jit(fn, donate_argnums=donate_argnums).lower(*shapes)
    seen = targets.step_kernels()
    with tempfile.TemporaryDirectory() as dump:
        options: Any = {"xla_dump_to": dump} if target == "h200" else None
        compiled = lowered.compile(compiler_options=options)
        ptx = "".join(file.read_text() for file in Path(dump).glob("*.ptx"))
    elements = sum(math.prod(x.shape) for x in jax.tree.leaves(shapes[0]))
    text = compiled.as_text() or ""
    moved = hlo.kernels_of(text)
    kernels = hlo.program_of(text).kernels
    memory = compiled.memory_analysis()
    if memory is None:
        raise RuntimeError("the compiler gave no memory analysis")
    return Traffic(
        bytes=sum(moved.values()) / elements,
        kernels=len(moved),
        passes=sum(size > elements / 100 for size in moved.values()),
        temporaries=memory.temp_size_in_bytes / elements,
        copies=sum(kernel.copies and kernel.written > elements / 100 for kernel in kernels),
        instructions=instructions.of_kernels(ptx, kernels, elements)
        if ptx
        else _of_new_kernel(seen, jax.tree.leaves(shapes[0])),
    )


def _of_new_kernel(seen: Mapping[str, str], leaves: Sequence[Any]) -> float | None:
    """Of a TPU's one kernel for one leaf."""
    new = [text for name, text in targets.step_kernels().items() if name not in seen]
    return instructions.of_tpu_kernel(new[0], leaves[0].shape) if len(new) == len(leaves) == 1 else None


def measure(
    configurations: Mapping[str, Configuration],
    shapes: Shapes,
    target: str,
    progress: Callable[[Sequence[Any]], Any] = iter,
) -> list[dict[str, Any]]:
    """One row for each configuration, and one more for its fused step where that is another program."""
    rows = []
    jobs = [(name, fused) for name in configurations for fused in (False, True)]
    for name, fused in progress(jobs):
        configuration = configurations[name]
        tx, params = configuration.make(1e-3), configuration.params(shapes)
        if fused and not has_fused_step(tx, target):
            continue
        count = of_step(tx, params, target, fused=fused)
        least = {"least": configuration.least, "bound": configuration.bound}
        times = count.picoseconds(target)
        picoseconds = {"picoseconds": times and {"bytes": times[0], "instructions": times[1]}}
        through = "step" if fused else "update"
        rows.append({"configuration": name, "through": through, **least, **count._asdict(), **picoseconds})
    return rows


def has_fused_step(tx: optax.GradientTransformation, target: str) -> bool:
    """Whether `adam_jax.step` is another program on `target` than update and apply_updates.

    A master weight is split from the sum itself, a TPU has a kernel, and this CPU may have one.
    """
    plan = getattr(spec_of(tx), "plan", None)
    if plan is None:
        return False
    platform = targets.platform(target)
    has_kernel = platform == "tpu" or (platform == "cpu" and native_library.why_not() is None)
    return plan.weight is not None or (has_kernel and plan.implementation != "xla")


def report(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a Markdown table, and what bounds their time as another where that is known."""
    lines = [
        "| configuration | through | least | bytes | kernels | passes | temporaries |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        least = f"{row['least']:g}" + (f" + {row['bound']:g}" if row["bound"] else "")
        columns = (row["configuration"], row["through"], least, f"{row['bytes']:.2f}", row["kernels"], row["passes"])
        lines.append("| " + " | ".join(map(str, columns)) + f" | {row['temporaries']:.3f} |")
    bounded = [row for row in rows if row.get("picoseconds")]
    if bounded:
        lines += ["", "| configuration | through | bytes | ps | instructions | ps | bound by |"]
        lines.append("|---|---|---|---|---|---|---|")
    for row in bounded:
        times = row["picoseconds"]
        lines.append(
            f"| {row['configuration']} | {row['through']} | {row['bytes']:.2f} | {times['bytes']:.1f} | "
            f"{row['instructions']:.0f} | {times['instructions']:.1f} | {max(times, key=times.get)} |"
        )
    return "\n".join(lines)
