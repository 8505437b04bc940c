"""One array, one step: decode the stored moments, apply the rule, encode.  The definition of everything else."""

import functools
from typing import Any

import jax

from adam_jax.core.formats import Storage, Stored, arithmetic_dtype, shallowest, with_depth
from adam_jax.core.rules import Rule, Step, saturate


@functools.partial(jax.jit, static_argnames=("rule", "storage"))
def step_leaf(
    g: jax.Array,
    stored: Stored,
    step: Step,
    place: Any,
    index: jax.Array | None = None,
    *,
    rule: Rule,
    storage: Storage,
) -> tuple[jax.Array, Stored]:
    """The update of one leaf, in the gradient's dtype, and what to store.

    index: the `element_index` of the elements, which seeds their rounding, if `g` is a part of the leaf.

    Under jit, so that leaves of one shape are traced once, however many there are.
    """
    dtype = arithmetic_dtype(g, *stored)
    moments = storage.decode(stored, dtype, place)
    u, moments = rule(saturate(with_depth(g, dtype), shallowest(*stored)), moments, step)
    return u.astype(g.dtype), storage.encode(moments, stored, place, index)
