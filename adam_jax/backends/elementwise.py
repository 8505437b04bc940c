"""One TPU kernel that runs the leaf step over many leaves, tile after tile.

A grid step is one tile of one leaf.  Each leaf has its own BlockSpecs: while another leaf is processed its block index
does not change, so Pallas issues no copies for it.  No leaf is copied or concatenated, and outputs overwrite inputs.
"""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.experimental import pallas as pl
from jax.experimental.pallas import tpu as pltpu

from adam_jax.backends import Part
from adam_jax.backends.platforms import may_be_tpu, platform
from adam_jax.backends.tiles import Tiling, padded, tiling
from adam_jax.core.arithmetic import not_differentiated, wrapped
from adam_jax.core.leaf_step import leaf_scalars

_VMEM = 48 * 2**20  # bytes for the blocks of one kernel, each twice; a TPU v5e or v6e has 128 MiB
_LEAVES = 16  # in one kernel at most: compile time
_NO_DERIVATIVE = "a TPU kernel cannot be differentiated; make this optimizer with implementation='xla'"

Array = jax.Array
Body = Callable[[tuple[Array, ...], Any, Array], tuple[Array, ...]]


def run(
    bodies: Sequence[Body],
    scalars: Any,
    leaves: Sequence[tuple[Array, ...]],
    writes: Sequence[Sequence[int]],
    *,
    first_is_new: bool = False,
    parts: Sequence[Part] | None = None,
    interpret: bool = False,
) -> list[tuple[Array, ...]]:
    """`bodies[i](leaves[i], leaf_scalars(scalars, i), index)` for every leaf i, in few kernels.

    Args:
      bodies: what to do to the tiles of a leaf's arrays, elementwise; `index` is their `element_index`.
      scalars: a pytree of what all leaves share, and of vectors with an entry per leaf (`formats.leaf_scalars`).
      leaves: the arrays of each leaf, all of one shape.
      writes: for each leaf, and each output of its body, the position of the array whose dtype it has, and whose memory
        it overwrites.
      first_is_new: the first output of each leaf gets memory of its own: what it would overwrite is still needed.
      parts: where the arrays are parts of leaves.
      interpret: run on a CPU, slowly, for tests.

    Returns:
      The outputs of each leaf.
    """
    parts = parts or [Part(jnp.int32(0), None)] * len(leaves)
    firsts = jnp.stack([part.first for part in parts])
    leaves = [tuple(not_differentiated(x, _NO_DERIVATIVE) for x in row) for row in leaves]
    scalars = jax.tree.map(lambda x: not_differentiated(x, _NO_DERIVATIVE) if isinstance(x, Array) else x, scalars)
    results: list[Any] = [() for _ in leaves]
    for group in _groups(leaves, writes, interpret):
        those, arrays, written = [bodies[i] for i in group], [leaves[i] for i in group], [writes[i] for i in group]
        strides = [parts[i].strides for i in group]
        outputs = _call(group, (scalars, firsts), those, arrays, written, strides, first_is_new, interpret)
        for i, output in zip(group, outputs, strict=True):
            results[i] = output
    return results


def largest(
    measure: Callable[[Array], Array], arrays: Sequence[Array], *, interpret: bool = False
) -> tuple[Array, Array]:
    """For each array the largest `measure` (>= 0) of its finite elements, and whether all are finite."""
    arrays = [not_differentiated(array, _NO_DERIVATIVE) for array in arrays]
    groups = _groups([(array,) for array in arrays], [() for _ in arrays], interpret)  # of neighbours
    parts = [_largest_call(measure, [arrays[i] for i in group], interpret) for group in groups]
    peaks, bad = (jnp.concatenate(column) for column in zip(*parts, strict=True))
    return peaks, bad == 0


def _groups(leaves: Sequence[tuple[Array, ...]], writes: Sequence[Sequence[int]], interpret: bool) -> list[list[int]]:
    """Leaves that share a kernel, as many as fit."""
    arrays = [array for row in leaves for array in row]
    if not may_be_tpu(*arrays) and not interpret:
        this = platform(*arrays) or jax.default_backend()
        raise ValueError(f"implementation='pallas' is a TPU kernel, and this is a {this}. Use None or 'xla'")
    groups: list[list[int]] = []
    room = 0
    for i, (arrays, written) in enumerate(zip(leaves, writes, strict=True)):
        if 0 in arrays[0].shape:
            raise ValueError(
                "implementation='pallas' cannot step an empty leaf. Leave it out with optax.masked, or use 'xla'"
            )
        elements = padded(tiling(arrays[0].shape).tile)
        size = 2 * elements * sum(a.dtype.itemsize for a in (*arrays, *(arrays[which] for which in written)))
        if not groups or size > room or len(groups[-1]) == _LEAVES:
            groups.append([])
            room = _VMEM
        groups[-1].append(i)
        room -= size
    return groups


def _call(
    group: list[int],
    scalars: Any,
    bodies: list[Body],
    leaves: list[tuple[Array, ...]],
    writes: list[Sequence[int]],
    strides: list[tuple[int, int] | None],
    first_is_new: bool,
    interpret: bool,
) -> list[tuple[Array, ...]]:
    tilings = [tiling(arrays[0].shape) for arrays in leaves]
    starts = np.cumsum([0, *(t.tiles for t in tilings)])
    given, structure = jax.tree.flatten(scalars)
    traced = [x.reshape(-1) for x in given if isinstance(x, Array)]  # the rest are constants

    def scalars_of(leaf: int, refs: Any) -> Any:
        held = iter(refs)
        values = [next(held)[leaf if x.ndim else 0] if isinstance(x, Array) else x for x in given]
        return leaf_scalars(structure.unflatten(values), leaf)

    def kernel(*refs: Any) -> None:
        tile = pl.program_id(0)
        held, rest = refs[: len(traced)], iter(refs[len(traced) :])
        ins = [[next(rest) for _ in arrays] for arrays in leaves]
        outs = [[next(rest) for _ in written] for written in writes]
        for position, (leaf, t) in enumerate(zip(group, tilings, strict=True)):
            start, stop = int(starts[position]), int(starts[position + 1])

            @pl.when((tile >= start) & (tile < stop))
            def _(position: int = position, leaf: int = leaf, t: Tiling = t, start: int = start) -> None:
                of_leaf, first = scalars_of(leaf, held)

                def chunk(where: Any) -> None:
                    index = _index(t, tile - start, where, first, strides[position])
                    results = bodies[position](tuple(ref[where] for ref in ins[position]), of_leaf, index)
                    for ref, result in zip(outs[position], results, strict=True):
                        ref[where] = result

                _chunks(t, chunk)

    arrays = [array.reshape(t.shape) for t, row in zip(tilings, leaves, strict=True) for array in row]
    specs = [_block(t, int(start)) for t, start, row in zip(tilings, starts, leaves, strict=False) for _ in row]
    first = np.cumsum([0, *map(len, leaves)])
    written = [int(first[leaf]) + which for leaf, positions in enumerate(writes) for which in positions]
    new = np.cumsum([0, *map(len, writes)]) if first_is_new else ()
    results = pl.pallas_call(
        kernel,
        grid=(int(starts[-1]),),
        in_specs=[pl.BlockSpec(memory_space=pltpu.SMEM)] * len(traced) + specs,
        out_specs=[specs[which] for which in written],
        out_shape=[pltpu.HBM(arrays[which].shape, arrays[which].dtype) for which in written],
        input_output_aliases={len(traced) + which: i for i, which in enumerate(written) if i not in new},
        compiler_params=pltpu.CompilerParams(vmem_limit_bytes=_VMEM + 2**24),
        interpret=interpret,
        name="adam_step",
    )(*traced, *(_in_memory(array, interpret) for array in arrays))
    of = iter(results)
    return [tuple(next(of).reshape(row[0].shape) for _ in w) for row, w in zip(leaves, writes, strict=True)]


def _largest_call(measure: Callable[[Array], Array], arrays: list[Array], interpret: bool) -> tuple[Array, Array]:
    tilings = [tiling(array.shape) for array in arrays]
    starts = np.cumsum([0, *(t.tiles for t in tilings)])

    def kernel(*refs: Any) -> None:
        tile = pl.program_id(0)
        *ins, peaks, bad = refs
        for leaf, (ref, t) in enumerate(zip(ins, tilings, strict=True)):
            start = int(starts[leaf])

            @pl.when(tile == start)
            def _(leaf: int = leaf) -> None:
                peaks[leaf] = 0.0
                bad[leaf] = 0.0

            @pl.when((tile >= start) & (tile < int(starts[leaf + 1])))
            def _(leaf: int = leaf, ref: Any = ref, t: Tiling = t, start: int = start) -> None:
                zero = jnp.zeros((t.chunk.rows, t.chunk.columns), jnp.float32)

                def chunk(where: Any, carry: tuple[Array, Array]) -> tuple[Array, Array]:
                    g = jnp.where(_inside(t, tile - start, where), ref[where].astype(jnp.float32), 0)
                    finite = jnp.abs(g) < jnp.inf
                    return (
                        jnp.maximum(carry[0], measure(jnp.where(finite, g, 0))),
                        jnp.maximum(carry[1], jnp.where(finite, 0.0, 1.0)),
                    )

                largest_here, bad_here = _chunks(t, chunk, (zero, zero))
                peaks[leaf] = jnp.maximum(peaks[leaf], jnp.max(largest_here))
                bad[leaf] = jnp.maximum(bad[leaf], jnp.max(bad_here))

    vector = jax.ShapeDtypeStruct((len(arrays),), jnp.float32)
    return pl.pallas_call(
        kernel,
        grid=(int(starts[-1]),),
        in_specs=[_block(t, int(start)) for t, start in zip(tilings, starts, strict=False)],
        out_specs=[pl.BlockSpec(memory_space=pltpu.SMEM)] * 2,
        out_shape=[vector, vector],
        compiler_params=pltpu.CompilerParams(vmem_limit_bytes=_VMEM + 2**24),
        interpret=interpret,
        name="adam_largest",
    )(*(_in_memory(array.reshape(t.shape), interpret) for t, array in zip(tilings, arrays, strict=True)))


def _block(t: Tiling, start: int) -> pl.BlockSpec:
    """The tile of grid step i: before the leaf's first and after its last tile, that one."""

    def index(i: Array) -> tuple[Array, Array, Array]:
        return _position(t, jnp.clip(i - start, 0, t.tiles - 1))

    return pl.BlockSpec(t.tile, index)


def _position(t: Tiling, number: Array) -> tuple[Array, Array, Array]:
    _, rows, columns = t.counts
    above, column = _divmod(number, columns)
    return (*_divmod(above, rows), column)


def _divmod(number: Array, by: int) -> tuple[Array, Array]:
    """Of numbers >= 0, where // and % would look at signs."""
    return lax.div(number, np.int32(by)), lax.rem(number, np.int32(by))


def _chunks(t: Tiling, chunk: Callable[..., Any], carry: Any = None) -> Any:
    """Calls `chunk(where[, carry])` for every chunk of a tile."""
    c = t.chunk
    across, down = t.tile[2] // c.columns, t.tile[1] // c.rows

    def one(i: Array, carry: Any) -> Any:
        above, column = _divmod(i, across)
        lead, row = _divmod(above, down)
        where = (
            lead,
            pl.ds(pl.multiple_of(row * c.rows, c.rows), c.rows),
            pl.ds(pl.multiple_of(column * c.columns, c.columns), c.columns),
        )
        return chunk(where) if carry is None else chunk(where, carry)

    return lax.fori_loop(0, t.tile[0] * across * down, one, carry)


def _corner(t: Tiling, number: Array, where: Any) -> tuple[Array, Array, Array]:
    """The place of a chunk's first element in the leaf."""
    starts = (where[0], where[1].start, where[2].start)
    lead, row, column = (p * size + s for p, size, s in zip(_position(t, number), t.tile, starts, strict=True))
    return lead, row, column


def _index(t: Tiling, number: Array, where: Any, first: Array, strides: tuple[int, int] | None) -> Array:
    lead, row, column = _corner(t, number, where)
    shape = (t.chunk.rows, t.chunk.columns)
    of_lead, of_row = map(wrapped, strides or (t.shape[1] * t.shape[2], t.shape[2]))
    first = first + lead * of_lead + row * of_row + column
    offset = lax.broadcasted_iota(jnp.int32, shape, 0) * of_row + lax.broadcasted_iota(jnp.int32, shape, 1)
    return lax.bitcast_convert_type(first + offset, jnp.uint32)


def _inside(t: Tiling, number: Array, where: Any) -> Array:
    lead, row, column = _corner(t, number, where)
    shape = (t.chunk.rows, t.chunk.columns)
    rows, columns = lax.broadcasted_iota(jnp.int32, shape, 0), lax.broadcasted_iota(jnp.int32, shape, 1)
    return (rows < t.shape[1] - row) & (columns < t.shape[2] - column) & (lead < t.shape[0])


def _in_memory(array: Array, interpret: bool) -> Array:
    """Keeps XLA from copying an operand to VMEM first, which the kernel does tile by tile."""
    return array if interpret else pltpu.with_memory_space_constraint(array, pltpu.HBM)
