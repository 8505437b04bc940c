"""Does a new state share memory with the old one?  No: arrays are copied, so that either of them can be donated."""

from typing import Any

import jax
import jax.numpy as jnp
from jax.core import Tracer


def own(tree: Any) -> Any:
    """`tree` with a copy of every array, leaf by leaf: each in memory of its own.

    Donating an array deletes every other one that shares its memory, and one memory cannot be donated twice.  Under
    `jit` there is nothing to do: results are written to memory of their own there.
    """
    leaves, structure = jax.tree.flatten(tree)
    del tree  # so that each array that nobody else holds goes as its copy comes
    for i, leaf in enumerate(leaves):
        if isinstance(leaf, jax.Array) and not isinstance(leaf, Tracer):
            leaves[i] = jnp.array(leaf, copy=True)
    return structure.unflatten(leaves)
