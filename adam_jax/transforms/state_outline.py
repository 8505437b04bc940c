"""Which parts of a state are ours, and what made them?  The outline of a state, where each stands as a `Part`."""

import contextvars
import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import optax

from adam_jax.core.formats import Storage
from adam_jax.core.hyperparameters import Hyperparameters
from adam_jax.core.rules import Rule


@dataclasses.dataclass(frozen=True, eq=False)
class Part:
    """What one `scale_by_*` keeps in a state.  A leaf for `jax.tree`."""

    hyperparameters: Hyperparameters
    rule: Rule
    storage: Storage
    params: Any  # that it steps: under optax.masked and optax.partition not all
    state: Any  # as `init` gives it, with shapes and dtypes for arrays


_outlining = contextvars.ContextVar("outlining", default=False)


def outline(tx: optax.GradientTransformation, params: optax.Params) -> Any:
    """`tx.init(params)` with a `Part` for the state of every rule of ours, however deep in wrappers of Optax's.

    Those are closures, which cannot be looked into; but each calls the `init` of what it wraps.
    """
    token = _outlining.set(True)
    try:
        with jax.disable_jit():  # a jitted init cannot return a Part
            return tx.init(params)
    finally:
        _outlining.reset(token)


def init(
    build: Callable[[Any], Any], params: optax.Params, hyperparameters: Hyperparameters, rule: Rule, storage: Storage
) -> Any:
    """`build(params)`, or the `Part` that stands for it in an outline."""
    if not _outlining.get():
        return build(params)
    return Part(hyperparameters, rule, storage, params, jax.eval_shape(build, params))
