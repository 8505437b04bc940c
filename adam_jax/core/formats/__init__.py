"""How do moments rest between steps?  The protocol, and one file a format.

A storage turns a rule's float32 moments into what the state keeps for one leaf, and back.  It never knows the rule.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import jax
import jax.numpy as jnp
import numpy as np

from adam_jax.core.rules import Moments, Step

Stored = tuple[Any, ...]


class Storage(Protocol):
    """One leaf's moments in memory.  Implementations are frozen and hashable: they are static under jit."""

    @property
    def arrays(self) -> int:
        """How many arrays `init` gives for a leaf."""
        ...

    @property
    def state_type(self) -> Any:
        """A NamedTuple: `count`, one tree for each stored array of a leaf, then what all leaves share."""
        ...

    def init(self, param: Any) -> Stored:
        """What the state keeps of one leaf before the first step.  `param` needs a shape and a dtype only."""
        ...

    def init_shared(self, leaves: int) -> Stored:
        """What the state keeps of all leaves together."""
        ...

    def observe(self, grads: Sequence[jax.Array | None]) -> Any:
        """What `prepare` needs to know of all gradients before any leaf is stepped: an array of a number a leaf."""
        ...

    def prepare(
        self, observed: Any, present: Sequence[bool], shared: Stored, step: Step, count: jax.Array
    ) -> tuple[Stored, Any]:
        """The shared part after this step, and the scalars that `decode` and `encode` need, for `at`.

        present: which leaves have a gradient.  Scalars of all leaves are computed here together, as vectors, not in a
        small kernel for each.
        """
        ...

    def decode(self, stored: Stored, dtype: np.dtype, place: Any) -> Moments:
        """The moments in the (real) dtype of the arithmetic, complex where the parameter is."""
        ...

    def encode(self, moments: Moments, stored: Stored, place: Any, index: jax.Array | None) -> Stored:
        """What to keep of them, with the shapes and dtypes of `stored`.

        index: `element_index` of the elements; None: they are all of the leaf.
        """
        ...


def at(places: Any, leaf: int) -> Any:
    """One leaf's scalars of what `prepare` gave for all: vectors have an entry for each leaf, scalars serve all."""
    return jax.tree.map(lambda x: x[leaf] if np.ndim(x) else x, places)


def arithmetic_dtype(*arrays: Any) -> np.dtype:
    """The real dtype that a leaf is computed in: float64 if anything of it is 64 bits deep, else float32."""
    deep = any(x.dtype in (jnp.float64, jnp.complex128) for x in arrays)
    return np.dtype(np.float64 if deep else np.float32)


def shallowest(*arrays: Any) -> np.dtype:
    """The real dtype whose range a leaf's numbers must keep to: float64 if all of it is 64 bits deep, else float32."""
    return min((arithmetic_dtype(x) for x in arrays), key=lambda dtype: dtype.itemsize)


def wider(*dtypes: Any) -> np.dtype:
    """The dtype that loses nothing of any of these, all real or all complex; float32 for float16 and bfloat16."""
    widest = max(map(np.dtype, dtypes), key=lambda dtype: dtype.itemsize)
    rivals = {np.dtype(dtype) for dtype in dtypes if np.dtype(dtype).itemsize == widest.itemsize}
    return widest if len(rivals) == 1 else np.dtype(np.float32)


def with_depth(array: jax.Array, dtype: np.dtype) -> jax.Array:
    """`array` in `dtype`'s precision: real arrays become `dtype`, complex ones the complex dtype of that depth."""
    is_complex = np.issubdtype(array.dtype, np.complexfloating)
    return array.astype(np.result_type(dtype, np.complex64) if is_complex else dtype)
