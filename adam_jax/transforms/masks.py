"""Which leaves does a mask choose?  It gets the user's own parameters, also inside wrappers.

`master_weights` shows what it wraps float32 weights in place of bfloat16 parameters.  A mask is the user's function of
the user's parameters, however deep in wrappers of Optax's the decay stands that it belongs to.
"""

import contextlib
import contextvars
from collections.abc import Generator
from typing import Any

import jax
import jax.numpy as jnp

_given: contextvars.ContextVar[Any] = contextvars.ContextVar("given", default=None)


@contextlib.contextmanager
def shown_wider(params: Any) -> Generator[None]:
    """While a transformation is shown wider parameters in place of these."""
    token = _given.set(params)
    try:
        yield
    finally:
        _given.reset(token)


def chosen_leaves(mask: Any, params: Any) -> list[bool]:
    """Whether `mask` is true for each leaf of `params`: a tree, a prefix of one, or a callable; None is always true."""
    if mask is None:
        return [True] * len(jax.tree.leaves(params))
    tree = mask(_as_given(params)) if callable(mask) else mask
    try:
        return jax.tree.leaves(jax.tree.map(lambda m, part: jax.tree.map(lambda _: bool(m), part), tree, params))
    except ValueError as error:
        raise ValueError(f"mask must have the structure of the parameters, or of a prefix of it: {error}") from None


def _as_given(params: Any) -> Any:
    """`params` with the user's own leaves.

    Leaves are found by their paths: `optax.masked` and `optax.partition` take leaves away and move none.
    """
    given = dict(jax.tree_util.tree_leaves_with_path(_given.get()))

    def own(path: Any, p: Any) -> Any:
        known = given.get(path)
        return known if known is not None and jnp.shape(known) == jnp.shape(p) else p

    return jax.tree_util.tree_map_with_path(own, params) if given else params
