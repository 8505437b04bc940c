"""How do moments rest between steps?  The protocol, and one file a format.

A storage turns a rule's float32 moments into what the state keeps for one leaf, and back.  It never knows the rule.
"""

from typing import Any, Protocol

import jax
import numpy as np

from adam_jax.rule import Moments, Step

Stored = tuple[Any, ...]


class Storage(Protocol):
    """One leaf's moments in memory.  Implementations are frozen and hashable: they are static under jit."""

    def init(self, param: Any) -> Stored:
        """What the state keeps before the first step.  `param` needs a shape and a dtype only."""
        ...

    def decode(self, stored: Stored, dtype: np.dtype, step: Step) -> Moments:
        """The moments in the (real) dtype of the arithmetic, complex where the parameter is."""
        ...

    def encode(self, moments: Moments, stored: Stored, step: Step, count: jax.Array, leaf: jax.Array | int) -> Stored:
        """What to keep of them, with the shapes and dtypes of `stored`; `count` and `leaf` seed the rounding."""
        ...


def arithmetic_dtype(*arrays: Any) -> np.dtype:
    """The real dtype that a leaf is computed in: float64 if anything of it is 64 bits deep, else float32."""
    deep = any(np.dtype(x.dtype) in (np.dtype(np.float64), np.dtype(np.complex128)) for x in arrays)
    return np.dtype(np.float64 if deep else np.float32)


def with_depth(array: jax.Array, dtype: np.dtype) -> jax.Array:
    """`array` in `dtype`'s precision: real arrays become `dtype`, complex ones the complex dtype of that depth."""
    is_complex = np.issubdtype(array.dtype, np.complexfloating)
    return array.astype(np.result_type(dtype, np.complex64) if is_complex else dtype)
