"""How is an array cut into tiles that fit a TPU's memory?  Shapes and index arithmetic only.

Every array is seen as (lead, rows, columns).  For two and more dimensions, and for vectors of a multiple of 128
elements, that view has the array's own layout, so that it costs no copy.
"""

import dataclasses
import math
from typing import NamedTuple

_ELEMENTS = 2**16  # of a tile: 128 KiB of 16-bit numbers, long enough for a memory transfer at full speed
_COLUMNS = 1024
_CHUNK_ROWS = 32  # the rows of a register tile of 8-bit numbers; 16- and 32-bit ones have 16 and 8
_CHUNK_COLUMNS = 256


class Chunk(NamedTuple):
    """What is computed at a time: 8 registers of float32."""

    rows: int
    columns: int


def padded(tile: tuple[int, int, int]) -> int:
    """The elements that a tile takes up in a TPU's memory, whatever their size: whole registers."""
    lead, rows, columns = tile
    return lead * math.ceil(rows / _CHUNK_ROWS) * _CHUNK_ROWS * math.ceil(columns / 128) * 128


@dataclasses.dataclass(frozen=True)
class Tiling:
    """One array in tiles."""

    shape: tuple[int, int, int]
    tile: tuple[int, int, int]

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many tiles there are along each axis."""
        lead, rows, columns = (-(-size // tile) for size, tile in zip(self.shape, self.tile, strict=True))
        return lead, rows, columns

    @property
    def tiles(self) -> int:
        return math.prod(self.counts)

    @property
    def chunk(self) -> Chunk:
        """What divides a tile."""
        _, rows, columns = self.tile
        return Chunk(
            _CHUNK_ROWS if rows % _CHUNK_ROWS == 0 else rows,
            next((c for c in (_CHUNK_COLUMNS, 128) if columns % c == 0), columns),
        )


def tiling(shape: tuple[int, ...]) -> Tiling:
    """How to cut an array of `shape`.

    >>> tiling((50257, 768))
    Tiling(shape=(1, 50257, 768), tile=(1, 64, 768))
    >>> tiling((768,))
    Tiling(shape=(1, 6, 128), tile=(1, 6, 128))
    """
    seen = _view(shape)
    lead, rows, columns = seen
    if columns > _COLUMNS:  # the fewest columns of tiles, and these as even as multiples of 128 allow
        columns = 128 * math.ceil(columns / 128 / math.ceil(columns / _COLUMNS))
    most = max(_CHUNK_ROWS, _ELEMENTS // columns // _CHUNK_ROWS * _CHUNK_ROWS)
    rows = rows if rows <= _CHUNK_ROWS else min(most, rows // _CHUNK_ROWS * _CHUNK_ROWS)
    whole = (rows, columns) == seen[1:]
    return Tiling(seen, (min(lead, max(1, _ELEMENTS // padded((1, rows, columns)))) if whole else 1, rows, columns))


def _view(shape: tuple[int, ...]) -> tuple[int, int, int]:
    if len(shape) >= 2:
        return math.prod(shape[:-2]), shape[-2], shape[-1]
    (size,) = shape or (1,)
    return (1, size // 128, 128) if size % 128 == 0 and size else (1, 1, size)
