"""How do the kernels run on many devices?  In shard_map, each on its parts of the arrays; XLA cannot cut a kernel."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import AbstractMesh, Mesh, NamedSharding, PartitionSpec

from adam_jax.backends import pallas_tpu
from adam_jax.backends.pallas_tpu import Body, Numbering

Array = jax.Array


def problem(shape: tuple[int, ...], sharding: NamedSharding) -> str | None:
    """Why a kernel cannot run on the parts of such an array, or None."""
    split = [i for i, entry in enumerate(sharding.spec) if entry is not None and 0 < i < len(shape) - 2]
    return f"dimension {split[0]} of {shape} is split: only the first and the last two can be" if split else None


def largest(
    measure: Callable[[Array], Array], arrays: Sequence[Array], shardings: Sequence[NamedSharding]
) -> tuple[Array, Array]:
    """`elementwise.largest` of all parts, in one reduction over the mesh."""
    mesh = shardings[0].mesh

    def local(*parts: Array) -> Array:
        peaks, finite = pallas_tpu.largest(measure, parts)
        return lax.pmax(jnp.concatenate([peaks, 1 - finite.astype(jnp.float32)]), mesh.axis_names)

    both = _mapped(local, mesh, [s.spec for s in shardings], PartitionSpec())(*arrays)
    peaks, bad = jnp.split(both, 2)
    return peaks, bad == 0


def run(
    bodies: Sequence[Body],
    scalars: Any,
    leaves: Sequence[tuple[Array, ...]],
    writes: Sequence[Sequence[int]],
    shardings: Sequence[NamedSharding],
) -> list[tuple[Array, ...]]:
    """`elementwise.run` on the parts of each leaf that each device holds."""
    mesh = shardings[0].mesh
    given, structure = jax.tree.flatten(scalars)
    traced = [x for x in given if isinstance(x, Array)]
    shapes = [row[0].shape for row in leaves]

    def local(values: list[Array], parts: list[tuple[Array, ...]]) -> list[tuple[Array, ...]]:
        held = iter(values)
        own = structure.unflatten([next(held) if isinstance(x, Array) else x for x in given])
        numbering = [_numbering(shape, sharding) for shape, sharding in zip(shapes, shardings, strict=True)]
        return pallas_tpu.run(bodies, own, parts, writes, numbering=numbering)

    specs = [s.spec for s in shardings]
    ins = [tuple(spec for _ in row) for spec, row in zip(specs, leaves, strict=True)]
    outs = [tuple(spec for _ in written) for spec, written in zip(specs, writes, strict=True)]
    return _mapped(local, mesh, (PartitionSpec(), ins), outs)(traced, list(leaves))


def _mapped(
    function: Callable[..., Any], mesh: Mesh | AbstractMesh, in_specs: Any, out_specs: Any
) -> Callable[..., Any]:
    return jax.shard_map(function, mesh=mesh, in_specs=tuple(in_specs), out_specs=out_specs, check_vma=False)


def _numbering(shape: tuple[int, ...], sharding: NamedSharding) -> Numbering:
    """The numbers, in the whole array, of the elements of this device's part."""
    local = sharding.shard_shape(shape)
    entries = [*sharding.spec, *[None] * (len(shape) - len(sharding.spec))]
    strides = [int(np.prod(shape[i + 1 :])) for i in range(len(shape))]
    first = jnp.int32(0)
    for entry, size, stride in zip(entries, local, strides, strict=True):
        if entry is not None:
            first = first + lax.axis_index(entry) * pallas_tpu.wrapped(size * stride)
    if len(shape) < 2:
        return Numbering(first, None)  # a part of a vector is contiguous
    return Numbering(first, (strides[-3] if len(shape) > 2 else 0, strides[-2]))
