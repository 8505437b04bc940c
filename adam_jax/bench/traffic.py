"""How many bytes does a step move?  Counts what XLA compiled for an H200, on a machine that has none.

The compiler runs ahead of time on any Linux machine, so a count needs no GPU and is the same each time.  It needs

    pip install --no-deps jax-cuda13-plugin==<jax version> jax-cuda13-pjrt==<jax version>

and JAX_PLATFORMS=cpu and JAX_SKIP_CUDA_CONSTRAINTS_CHECK=1 in the environment before jax is imported.

A kernel reads its operands from memory once and writes its results once, so the traffic is the sum of the operand and
result sizes over the instructions of the compiled program's ENTRY computation: fusions, custom calls, copies.
Parameters, constants, tuples, get-tuple-element and bitcast move nothing by themselves.  An asynchronous pair
(copy-start, copy-done) is one kernel.  Three things to know when reading a count:

- caches do not exist here: an operand counts in full for every kernel that reads it, and once per kernel;
- a kernel that reads or writes a slice of an array counts as the whole array;
- a loop or a branch has no fixed count: such a program raises NotImplementedError.
"""

import functools
import importlib.util
import math
import os
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import optax
from jax.experimental import topologies

_H200 = """
gpu_device_info {
  threads_per_block_limit: 1024 threads_per_warp: 32 shared_memory_per_block: 49152 shared_memory_per_core: 233472
  threads_per_core_limit: 2048 core_count: 132 fpus_per_core: 128 block_dim_limit_x: 2147483647
  block_dim_limit_y: 65535 block_dim_limit_z: 65535 memory_bandwidth: 4800000000000 l2_cache_size: 62914560
  clock_rate_ghz: 1.98 device_memory_size: 150000000000 shared_memory_per_block_optin: 232448
  cuda_compute_capability { major: 9 } registers_per_core_limit: 65536 registers_per_block_limit: 65536
}
platform_name: "CUDA" dnn_version_info { major: 9 minor: 8 } device_description_str: "NVIDIA H200"
"""
_SIZES = {"pred": 1, "bf16": 2, "f16": 2, "f32": 4, "f64": 8, "token": 0}
_SIZES |= {f"{sign}{8 * size}": size for sign in "su" for size in (1, 2, 4, 8)}
_FREE = {"parameter", "constant", "tuple", "get-tuple-element", "bitcast", "after-all", "add-dependency"}
_CONTROL = {"while", "conditional", "call"}


class Traffic(NamedTuple):
    """Of one compiled program; `bytes` and `temporaries` (bytes of scratch memory) are per parameter."""

    bytes: float
    kernels: int
    passes: int  # kernels that move more than a hundredth of a byte per parameter
    temporaries: float


def h200(tx: optax.GradientTransformation, params_shapes: Any, grads_dtype: Any = None) -> Traffic:
    """Counts `tx.update` and `optax.apply_updates` in one program, the weights and the state donated.

    `params_shapes` is the pytree of parameters, or of anything with their `shape` and `dtype`; the gradients have the
    same dtypes unless `grads_dtype` says otherwise.  The gradients are not donated: no output is left to take them.
    """
    params = jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype), params_shapes)
    grads = jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, grads_dtype or x.dtype), params)

    def step(params, state, grads):
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    return of_program(step, params, jax.eval_shape(tx.init, params), grads, donate_argnums=(0, 1))


def of_program(fn: Callable[..., Any], *shapes: Any, donate_argnums: int | tuple[int, ...] = ()) -> Traffic:
    """Counts the program `fn(*shapes)`, per element of its first argument."""
    sharding = jax.sharding.SingleDeviceSharding(_topology().devices[0])
    shapes = jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=sharding), shapes)
    compiled = jax.jit(fn, donate_argnums=donate_argnums).lower(*shapes).compile()
    elements = sum(math.prod(x.shape) for x in jax.tree.leaves(shapes[0]))
    moved = kernels_of(compiled.as_text() or "")
    memory = compiled.memory_analysis()
    if memory is None:
        raise RuntimeError("the compiler gave no memory analysis")
    return Traffic(
        bytes=sum(moved.values()) / elements,
        kernels=len(moved),
        passes=sum(size > elements / 100 for size in moved.values()),
        temporaries=memory.temp_size_in_bytes / elements,
    )


def kernels_of(hlo: str) -> dict[str, int]:
    """The bytes that each kernel of the ENTRY computation moves, from the text of a compiled module."""
    entry = re.search(r"^ENTRY .*?^}", hlo, re.MULTILINE | re.DOTALL)
    if entry is None:
        raise ValueError("the compiled program has no ENTRY computation")
    types, operands, moved = {}, {}, {}
    for line in re.sub(r"/\*index=\d+\*/", "", entry[0]).splitlines()[1:-1]:
        named = re.match(r"\s*(?:ROOT )?%?([\w.\-]+) = (.*)", line)
        if named is None:
            raise ValueError(f"cannot read the instruction {line.strip()[:200]!r}")
        name, rest = named.groups()
        types[name], rest = _cut(rest, " ")
        operation, rest = rest.split("(", 1)
        if operation in _CONTROL:
            raise NotImplementedError(f"the program has a {operation} ({name}), whose traffic is not in its operands")
        if operation in _FREE:
            continue
        operands[name] = _names(_cut(rest, ")")[0])
        if operation.endswith("-start"):
            continue
        read = operands[operands[name][0]] if operation.endswith("-done") else operands[name]
        moved[name] = _bytes(types[name]) + sum(_bytes(types[operand]) for operand in dict.fromkeys(read))
    return moved


def _cut(text: str, separator: str) -> tuple[str, str]:
    """`text` before and after the first separator that stands outside brackets."""
    depth = 0
    for at, character in enumerate(text):
        if character == separator and not depth:
            return text[:at], text[at + 1 :].lstrip()
        depth += (character in "([{") - (character in ")]}")
    return text, ""


def _names(operands: str) -> list[str]:
    """The operands' names; a type may stand before each."""
    names = []
    while operands:
        operand, operands = _cut(operands, ",")
        names.append(operand.split()[-1].lstrip("%"))
    return names


def _bytes(type_: str) -> int:
    arrays = re.findall(r"([a-z]\w*)\[([\d,]*)\]", type_)
    if unknown := {dtype for dtype, _ in arrays} - set(_SIZES):
        raise NotImplementedError(f"the size of {', '.join(sorted(unknown))} in {type_} is not known here")
    return sum(_SIZES[dtype] * math.prod(int(n) for n in shape.split(",") if n) for dtype, shape in arrays)


@functools.cache
def _topology() -> Any:
    try:
        plugin = importlib.util.find_spec("jax_plugins.xla_cuda13")
    except ModuleNotFoundError:
        plugin = None
    if plugin is None:
        raise RuntimeError(
            "compiling for a GPU needs its compiler: pip install --no-deps "
            f"jax-cuda13-plugin=={jax.__version__} jax-cuda13-pjrt=={jax.__version__}"
        )
    wanted = {"JAX_PLATFORMS": "cpu", "JAX_SKIP_CUDA_CONSTRAINTS_CHECK": "1"}
    if wrong := [f"{name}={value}" for name, value in wanted.items() if os.environ.get(name) != value]:
        raise RuntimeError(f"compiling without the GPU needs {' and '.join(wrong)}, set before jax is imported")
    return topologies.get_topology_desc(
        platform="cuda", topology_name="h200", topology="1x1x1", target_config=_H200.replace("\n", " ")
    )
