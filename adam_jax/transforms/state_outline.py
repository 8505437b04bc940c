"""Which parts of a state belong to adam_jax, and what made them?  The outline of a state, with a `StateOutline` for
each.

The trick of `optax.tree_map_params`: `init` is called with a placeholder in force, and what comes out shows where each
part of the state came from.
"""

import contextvars
import dataclasses
from typing import Any

import jax
import optax


@dataclasses.dataclass(frozen=True, eq=False)
class StateOutline:
    """What one `scale_by_*` keeps in a state.  A leaf for `jax.tree`."""

    spec: Any  # the `ScaleByRule` that made it
    params: Any  # that it steps: under optax.masked and optax.partition not all
    state: Any  # as `init` gives it, with shapes and dtypes for arrays


_outlining = contextvars.ContextVar("outlining", default=False)


def outline(tx: optax.GradientTransformation, params: optax.Params) -> Any:
    """`tx.init(params)` with a `StateOutline` for the state of every rule of ours, however deep in Optax's wrappers.

    Those are closures, which cannot be looked into; but each calls the `init` of what it wraps.
    """
    token = _outlining.set(True)
    try:
        with jax.disable_jit():  # a jitted init cannot return a StateOutline
            return tx.init(params)
    finally:
        _outlining.reset(token)


def init(spec: Any, params: optax.Params) -> Any:
    """`spec.first_state(params)`, or the `StateOutline` that stands for it."""
    if not _outlining.get():
        return spec.first_state(params)
    return StateOutline(spec, params, jax.eval_shape(spec.first_state, params))
