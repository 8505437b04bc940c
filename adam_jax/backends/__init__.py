"""How does the leaf step run over the leaves of a tree?  The protocol; one file per backend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import jax
import numpy as np

if TYPE_CHECKING:
    from adam_jax.core import LeafArrays, LeafResults, LeafScalars, LeafStep


ScalarsOf = Callable[[np.dtype], "LeafScalars"]  # for arithmetic in this dtype; vectors have an entry per leaf


class Observed(NamedTuple):
    """What must be known of all gradients before any leaf is stepped; None where nobody asked."""

    largest_squares: jax.Array | None  # shape (leaves,), float32: the largest finite g**2; 0 without a gradient
    all_finite: jax.Array | None  # shape (), bool


class Part(NamedTuple):
    """Where the elements of a part are in its leaf, seen as (lead, rows, columns).

    Their `element_index` is first + lead * strides[0] + row * strides[1] + column.
    """

    first: jax.Array  # int32
    strides: tuple[int, int] | None  # None: as in an array of the part's own shape


class Backend(Protocol):
    """One way to run the leaf step.  XLA's is the definition; every other gives what it gives."""

    @property
    def recomputes(self) -> bool:
        """Whether a result that is used twice may be computed twice, and rounded differently, as XLA's fusions may."""
        ...

    def unsupported(self, step: LeafStep, arrays: LeafArrays) -> str | None:
        """Why it cannot run this step on this leaf, in words; None where it can.  arrays: shapes and dtypes suffice."""
        ...

    def observe(self, grads: Sequence[jax.Array | None], *, squares: bool, finite: bool) -> Observed:
        """The largest squares of the gradients, and whether all of them are finite, if asked for."""
        ...

    def run(
        self,
        steps: Sequence[LeafStep],
        scalars_of: ScalarsOf,
        leaves: Sequence[LeafArrays],
        numbers: Sequence[int],
        parts: Sequence[Part] | None = None,
    ) -> list[LeafResults]:
        """`steps[i](leaves[i], leaf_scalars(scalars, numbers[i]))` for every i.

        In place where arrays are donated.  numbers: of the leaves, in the vectors of the scalars.  parts: where the
        arrays are parts of leaves.
        """
        ...
