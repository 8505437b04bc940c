"""How are moments stored between steps?  The protocol, and one file per format.

A format turns a rule's float32 moments into what the state keeps of one leaf, and back.  It knows neither the rule nor
the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import jax
import numpy as np

if TYPE_CHECKING:
    from adam_jax.core.decay import StepScalars
    from adam_jax.core.rules import Moments


Stored = tuple[Any, ...]
CodecScalars = Any  # what `decode` and `encode` need: scalars, and vectors with an entry per leaf


class MomentFormat(Protocol):
    """One leaf's moments in memory.  Implementations are frozen and hashable: they are static under jit."""

    @property
    def arrays(self) -> int:
        """How many arrays `init` gives for a leaf."""
        ...

    @property
    def needs_largest_squares(self) -> bool:
        """Whether `per_step_scalars` reads the largest g**2 of each leaf."""
        ...

    @property
    def exact(self) -> bool:
        """Whether moments are kept so exactly that the rule must divide, and not multiply by a near reciprocal."""
        ...

    def init(self, param: Any) -> Stored:
        """What the state keeps of one leaf before the first step.  `param` needs a shape and a dtype only."""
        ...

    def init_shared(self, leaves: int) -> Stored:
        """What the state keeps of all leaves together."""
        ...

    def per_step_scalars(
        self,
        largest_squares: jax.Array | None,
        has_gradient: Sequence[bool],
        shared: Stored,
        scalars: StepScalars,
        count: jax.Array,
    ) -> tuple[Stored, CodecScalars]:
        """The shared part after this step, and the scalars that `decode` and `encode` need.

        Scalars of all leaves are computed here together, as vectors, and not in a small kernel for each.
        """
        ...

    def decode(self, stored: Stored, dtype: np.dtype, scalars: CodecScalars) -> Moments:
        """The moments in the (real) dtype of the arithmetic, complex where the parameter is."""
        ...

    def encode(self, moments: Moments, stored: Stored, scalars: CodecScalars, index: jax.Array | None) -> Stored:
        """What to keep of them, with the shapes and dtypes of `stored`.

        index: `element_index` of the elements; None: they are all of the leaf.
        """
        ...
