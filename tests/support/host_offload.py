"""Compiles programs that use the host's memory, and counts what goes there and back."""

import contextlib
import math
import re
from typing import NamedTuple

import jax
import numpy as np
from jax.sharding import AbstractMesh, Mesh, NamedSharding, PartitionSpec

from adam_jax.tools.bench import targets


def _mesh(target, devices):
    several = str(devices) if target == "h200" and devices > 1 else None
    return Mesh(np.array(targets.devices(target, several)[:devices]), ("data",))


def place(target, devices=1):
    """In the memory of every device.

    A compiler without a GPU knows no memories of one, and a sharding on its devices forgets its memory kind; an
    abstract mesh has no devices to ask.
    """
    mesh = AbstractMesh((devices,), ("data",)) if target == "h200" else _mesh(target, devices)
    return NamedSharding(mesh, PartitionSpec(), memory_kind="device")


def compile_for(target, fn, *shapes, devices=1, **options):
    mesh = _mesh(target, devices)
    # the concrete mesh says which compiler an abstract one is for
    with jax.set_mesh(mesh) if target == "h200" else contextlib.nullcontext():
        lowered = jax.jit(fn, **options).trace(*shapes).lower(lowering_platforms=(targets.platform(target),))
    return lowered.compile(device_assignment=tuple(mesh.devices) if target == "h200" else None)


class Moved(NamedTuple):
    """Bytes; `calls` counts pieces of host code, and `in_place` the results that host code writes over operands."""

    to_host: int
    to_device: int
    within_host: int
    calls: int
    in_place: int


def moved(text):
    """Of the ENTRY computation of a compiled program: host memory is S(5)."""
    to_host = to_device = within_host = calls = in_place = 0
    entry = re.search(r"^ENTRY .*?^}", text, re.MULTILINE | re.DOTALL)[0]
    for line in re.sub(r"/\*index=\d+\*/", "", entry).splitlines():
        named = re.match(r".*? = (.*?) (custom-call-start|copy-start|copy)\(([^)]*)\)", line)
        if named is None:
            continue
        types, operation, operands = named.groups()
        arrays = [(_bytes(dtype, shape), "S(5)" in layout) for dtype, shape, layout in _ARRAY.findall(types)]
        if operation == "custom-call-start":
            assert 'custom_call_target="HostExecute"' in line
            given = operands.count("%")
            to_host += sum(size for size, on_host in arrays[:given] if not on_host)
            to_device += sum(size for size, on_host in arrays[given:-1] if not on_host)  # the last is its handle
            calls += 1
            in_place += len(re.findall(r"\{\d*\}: \(\d+, \{\}\)", line))
        else:
            (size, written_to_host), (_, read_from_host) = (*arrays, *arrays)[:2]  # a copy's type is of its result
            if operation == "copy" and not written_to_host:
                continue
            within_host += size * (written_to_host and read_from_host)
            to_host += size * (written_to_host and not read_from_host)
            to_device += size * (read_from_host and not written_to_host)
    return Moved(to_host, to_device, within_host, calls, in_place)


_ARRAY = re.compile(r"([a-z]\w*)\[([\d,]*)\](\{[^}]*\})?")


def _bytes(dtype, shape):
    return int(re.search(r"\d+", dtype)[0]) // 8 * math.prod(int(n) for n in shape.split(",") if n)
