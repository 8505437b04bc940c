"""How do the moments of one rule get in and out of its storage?  From Optax's state and to it."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import optax

from adam_jax.core import rules
from adam_jax.core.formats import arithmetic_dtype, at, with_depth
from adam_jax.core.formats.eightbit import Packed, PackedAdamState
from adam_jax.core.hyperparameters import Corrections
from adam_jax.interop.formats import last_step, pack, unpack
from adam_jax.transforms.base import VaryingDecayState
from adam_jax.transforms.state_outline import Part
from adam_jax.validation import name_of


def enter(part: Part, state: Any, path: Any) -> Any:
    """What `part` keeps, from Optax's state or from ours with a `VaryingDecayState`."""
    storage, running = part.storage, isinstance(state, VaryingDecayState)
    inner = state.inner_state if running else state
    of_type(optax.ScaleByAmsgradState if storage.arrays == 3 else optax.ScaleByAdamState, inner, path)
    params, structure = jax.tree.flatten(part.params)
    columns = _columns(inner, part.params, path)
    columns[1:] = [[x.real for x in column] for column in columns[1:]]  # Optax's nu of complex parameters is complex
    count = jnp.asarray(inner.count, jnp.int32)
    corrections = None
    if part.hyperparameters.vary:
        start = part.hyperparameters.start(part.state.b1_correction.dtype)
        corrections = Corrections(*state[1:]) if running else None
        if corrections is None or (corrections.momentum is None) != (start.momentum is None):
            corrections = jax.lax.fori_loop(0, count, part.hyperparameters.advance, start)
    step = last_step(part.hyperparameters, count, corrections)
    if isinstance(storage, Packed):
        mu, nu = map(structure.unflatten, columns)
        new = pack(optax.ScaleByAdamState(count, mu, nu), step, storage)
    else:
        places = storage.prepare(None, [True] * len(params), (), step, count)[1]
        rows = [
            _encode(storage, row, storage.init(p), at(places, i))
            for i, (p, row) in enumerate(zip(params, zip(*columns, strict=True), strict=True))
        ]
        new = storage.state_type(count, *(structure.unflatten([row[i] for row in rows]) for i in range(storage.arrays)))
    return VaryingDecayState(new, corrections.b1, corrections.b2, corrections.momentum) if corrections else new


def leave(part: Part, state: Any, path: Any) -> Any:
    """What Optax keeps, from what `part` does."""
    running = isinstance(state, VaryingDecayState)
    inner = state.inner_state if running else state
    of_type(part.storage.state_type, inner, path)
    if isinstance(inner, PackedAdamState) and isinstance(part.storage, Packed):
        return unpack(inner, part.storage)
    params, structure = jax.tree.flatten(part.params)
    mu, *nus = (
        [with_depth(x, arithmetic_dtype(p, x)) for p, x in zip(params, column, strict=True)]
        for column in _columns(inner, part.params, path)
    )
    nus = [[v.astype(m.dtype) if jnp.iscomplexobj(m) else v for m, v in zip(mu, nu, strict=True)] for nu in nus]
    return type(inner)(inner.count, *map(structure.unflatten, (mu, *nus)))


@functools.partial(jax.jit, static_argnames="storage")
def _encode(storage: Any, row: Any, stored: Any, place: Any) -> Any:
    return storage.encode(row, stored, place, None)


def check_optax_has(part: Part) -> None:
    """Refuse the one rule whose state does not follow from Optax's."""
    if part.rule is rules.amsgrad_pytorch:
        raise ValueError(
            'amsgrad(maximum_of="v") keeps the largest v, Optax the largest v_hat; neither can be had from the other. '
            'Use maximum_of="v_hat"'
        )


def _columns(state: Any, params: Any, path: Any) -> list[list[jax.Array]]:
    """The leaves of each moment, which must be the parameters'."""
    expected, structure = jax.tree_util.tree_flatten_with_path(params)
    columns = []
    for name, tree in zip(state._fields[1:], state[1:], strict=True):
        try:
            leaves = structure.flatten_up_to(tree)
        except ValueError as error:
            raise ValueError(
                f"`{name}` {name_of(path)} has not the structure of the parameters: {error}. Of Flax NNX give both "
                "as nnx.as_pure makes them"
            ) from None
        for (leaf, p), x in zip(expected, leaves, strict=True):
            if jnp.shape(x) != p.shape:
                raise ValueError(
                    f"`{name}` {name_of(path)} has shape {jnp.shape(x)} for the parameter {name_of(leaf)} of {p.shape}"
                )
        columns.append([jnp.asarray(x) for x in leaves])
    return columns


def of_type(kind: Any, state: Any, path: Any) -> None:
    """Refuse the state of something else."""
    if not isinstance(state, kind):
        raise mismatch(kind.__name__, state, path)


def mismatch(expected: str, state: Any, path: Any) -> ValueError:
    """For a state of something else."""
    return ValueError(
        f"the state {name_of(path)} must be a {expected} of tx's structure; got {type(state).__name__}. Give the state "
        "of the same transformation with Optax's names (from_optax) or of tx itself (to_optax); a checkpoint must be "
        "restored into that transformation's init"
    )
