"""Any backend on the parts of arrays that each device holds: XLA cannot partition a custom kernel."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import AbstractMesh, Mesh, NamedSharding, PartitionSpec

from adam_jax.backends import Backend, Observed, Part, ScalarsOf
from adam_jax.core import LeafArrays, LeafResults, LeafStep, wrapped


@dataclasses.dataclass(frozen=True)
class ShardMapped:
    """`inner` in `jax.shard_map`, on leaves that are split as `shardings` say."""

    inner: Backend
    shardings: Sequence[NamedSharding]

    @property
    def recomputes(self) -> bool:
        """See `Backend.recomputes`."""
        return self.inner.recomputes

    @property
    def _mesh(self) -> Mesh | AbstractMesh:
        return self.shardings[0].mesh

    def unsupported(self, step: LeafStep, arrays: LeafArrays) -> str | None:
        """See `Backend.unsupported`."""
        return self.inner.unsupported(step, arrays)

    def unsupported_part(self, shape: tuple[int, ...], number: int) -> str | None:
        """Why elements of the parts of this leaf cannot be numbered, or None."""
        spec = self.shardings[number].spec
        split = [i for i, entry in enumerate(spec) if entry is not None and 0 < i < len(shape) - 2]
        return (
            f"is split along dimension {split[0]} of {shape}: only the first and the last two can be" if split else None
        )

    def observe(self, grads: Sequence[jax.Array | None], *, squares: bool, finite: bool) -> Observed:
        """See `Backend.observe`: of all parts, in one reduction over the mesh."""
        present = [(g, s) for g, s in zip(grads, self.shardings, strict=True) if g is not None]

        def local(*parts: jax.Array) -> jax.Array:
            held = iter(parts)
            seen = self.inner.observe([None if g is None else next(held) for g in grads], squares=True, finite=True)
            assert seen.largest_squares is not None
            assert seen.all_finite is not None
            both = jnp.append(seen.largest_squares, 1 - seen.all_finite.astype(jnp.float32))
            return lax.pmax(both, self._mesh.axis_names)

        both = _mapped(local, self._mesh, [s.spec for _, s in present], PartitionSpec())(*(g for g, _ in present))
        return Observed(both[:-1] if squares else None, both[-1] == 0 if finite else None)

    def run(
        self,
        steps: Sequence[LeafStep],
        scalars_of: ScalarsOf,
        leaves: Sequence[LeafArrays],
        numbers: Sequence[int],
        parts: Sequence[Part] | None = None,
    ) -> list[LeafResults]:
        """See `Backend.run`."""
        assert parts is None, "parts of parts"
        shardings = [self.shardings[number] for number in numbers]
        shapes = [jnp.shape(leaf.g) for leaf in leaves]
        given, structure = jax.tree.flatten(scalars_of(np.dtype(np.float32)))
        traced = [x for x in given if isinstance(x, jax.Array)]

        def local(values: list[jax.Array], own: list[LeafArrays]) -> list[LeafResults]:
            held = iter(values)
            scalars = structure.unflatten([next(held) if isinstance(x, jax.Array) else x for x in given])
            where = [_part(shape, sharding) for shape, sharding in zip(shapes, shardings, strict=True)]
            return self.inner.run(steps, lambda _: scalars, own, numbers, where)

        ins = [jax.tree.map(lambda _, s=s: s.spec, leaf) for leaf, s in zip(leaves, shardings, strict=True)]
        outs = [
            LeafResults(spec.g, spec.stored, None if step.weight is None else spec.remainder)
            for step, spec in zip(steps, ins, strict=True)
        ]
        return _mapped(local, self._mesh, (PartitionSpec(), ins), outs)(traced, list(leaves))


def _mapped(
    function: Callable[..., Any], mesh: Mesh | AbstractMesh, in_specs: Any, out_specs: Any
) -> Callable[..., Any]:
    return jax.shard_map(function, mesh=mesh, in_specs=tuple(in_specs), out_specs=out_specs, check_vma=False)


def _part(shape: tuple[int, ...], sharding: NamedSharding) -> Part:
    """Where the elements of this device's part are in the whole array."""
    local = sharding.shard_shape(shape)
    entries = [*sharding.spec, *[None] * (len(shape) - len(sharding.spec))]
    strides = [int(np.prod(shape[i + 1 :])) for i in range(len(shape))]
    first = jnp.int32(0)
    for entry, size, stride in zip(entries, local, strides, strict=True):
        if entry is not None:
            first = first + lax.axis_index(entry) * wrapped(size * stride)
    if len(shape) < 2:
        return Part(first, None)  # a part of a vector is contiguous
    return Part(first, (strides[-3] if len(shape) > 2 else 0, strides[-2]))
