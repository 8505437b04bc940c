"""How do I change the moments' format in the middle of a run, or read 8-bit moments?  To and from Optax's state."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax

from adam_jax import validation
from adam_jax.core.formats.eightbit import Packed, PackedAdamState, Place
from adam_jax.core.hyperparameters import Corrections, Hyperparameters
from adam_jax.core.rules import Moments, Step
from adam_jax.ownership import own
from adam_jax.transforms.base import VaryingDecayState


def unpack_moments(state: optax.OptState, *, of_maximum: bool = False) -> optax.OptState:
    """`state` with every 8-bit part as Optax's float32 `ScaleByAdamState(count, mu, nu)`.

    To log moments, to write a checkpoint that Optax reads, and to continue a run with `moments="float32"`.  The state
    says all that is needed: b1 and b2 may have been schedules, or injected.

    Args:
      state: any optimizer state.
      of_maximum: whether the rule is AdaMax, whose `nu` is a maximum.

    Returns:
      The same state; parts that are not 8-bit stay.

    >>> import adam_jax
    >>> tx = adam_jax.scale_by_adam(moments="8bit")
    >>> _, state = tx.update(jnp.array([3.0, -2.0]), tx.init(jnp.zeros(2)))
    >>> print(unpack_moments(state).mu.round(1))
    [ 0.3 -0.2]
    """
    storage = Packed(of_maximum)

    def visit(node: Any) -> Any:
        return unpack(node, storage) if isinstance(node, PackedAdamState) else node

    return own(jax.tree.map(visit, state, is_leaf=lambda node: isinstance(node, PackedAdamState)))


def pack_moments(
    state: optax.OptState, b1: float = 0.9, b2: float = 0.999, *, of_maximum: bool = False
) -> optax.OptState:
    """`state` with every `ScaleByAdamState` as an 8-bit `PackedAdamState`: the inverse of `unpack_moments`.

    To continue a run of Optax's, or one with `moments="float32"`, with `moments="8bit"`.  The moments are rounded
    stochastically, as in every 8-bit step.

    Args:
      state: any optimizer state.
      b1, b2: the constant decay rates of the run, in [0, 1).  A `VaryingDecayState` brings its own corrections.  They
        choose where the format is finest; any rates are read back right.
      of_maximum: as in `unpack_moments`.

    Returns:
      The same state; other parts stay.

    Raises:
      ValueError: b1 or b2 is out of range; a moment belongs to a complex or float64 parameter.

    >>> import adam_jax
    >>> params = jnp.ones(2)
    >>> _, state = optax.adam(0.1).update(params, optax.adam(0.1).init(params))
    >>> updates, state = adam_jax.adam(0.1, moments="8bit").update(params, pack_moments(state))
    """

    constants = Hyperparameters(validation.decay_rate("b1", b1), validation.decay_rate("b2", b2), eps=0.0)
    storage = Packed(of_maximum)

    def visit(node: Any) -> Any:
        varying = isinstance(node, VaryingDecayState)
        inner = node.inner_state if varying else node
        if not isinstance(inner, optax.ScaleByAdamState):
            return node
        corrections = Corrections(*node[1:]) if varying else None
        packed = pack(inner, last_step(constants, jnp.asarray(inner.count), corrections), storage)
        return node._replace(inner_state=packed) if varying else packed

    kinds = optax.ScaleByAdamState | VaryingDecayState
    return own(jax.tree.map(visit, state, is_leaf=lambda node: isinstance(node, kinds)))


def unpack(state: PackedAdamState, storage: Packed) -> optax.ScaleByAdamState:
    """One 8-bit part in float32."""
    words, structure = jax.tree.flatten(state.packed)
    validation.one_for_each_leaf(state._fields[2:], state[2:], len(words))
    pairs = [_decode(storage, word, np.uint32(i), [x[i] for x in state[2:]]) for i, word in enumerate(words)]
    mu, nu = (structure.unflatten([pair[i] for pair in pairs]) for i in (0, 1))
    return optax.ScaleByAdamState(state.count, mu, nu)


def pack(state: optax.ScaleByAdamState, step: Step, storage: Packed) -> PackedAdamState:
    """One part in 8 bits: the inverse of `unpack`.  step: the scalars of the step that made the state."""
    m_leaves, structure = jax.tree.flatten(state.mu)
    v_leaves = structure.flatten_up_to(state.nu)
    count = jnp.asarray(state.count)
    rows = [
        _encode(storage, m, v, count, np.uint32(i), step)
        for i, (m, v) in enumerate(zip(m_leaves, v_leaves, strict=True))
    ]
    words, *columns = zip(*rows, strict=True) if rows else [()] * 4
    shared = map(jnp.stack, columns) if rows else storage.init_shared(0)
    return PackedAdamState(count, structure.unflatten(words), *shared)


def last_step(hyperparameters: Hyperparameters, count: jax.Array, corrections: Corrections | None) -> Step:
    """The scalars of the step that was the last one after `count` steps; of the first one before it."""
    return hyperparameters.at(jnp.maximum(count - 1, 0), corrections, np.dtype(np.float32))


# Jitted: operation by operation every shape would compile a hundred programs.
@functools.partial(jax.jit, static_argnames="storage")
def _decode(storage: Packed, word: Any, leaf: Any, shared: Any) -> Moments:
    return storage.decode((word,), np.dtype(np.float32), Place.of(jnp.int32(0), leaf, shared, shared))


@functools.partial(jax.jit, static_argnames="storage")
def _encode(storage: Packed, m: Any, v: Any, count: jax.Array, leaf: Any, step: Step) -> tuple[Any, ...]:
    (stored,) = storage.init(m)
    v32 = v.astype(jnp.float32)
    root, largest = (v32, lax.square(v32)) if storage.of_maximum else (jnp.sqrt(v32), v32)
    # One bad element must not spoil its leaf.
    bound = jnp.max(largest, initial=0, where=largest < jnp.inf)
    ratio = jnp.abs(m.astype(jnp.float32)) / jnp.where(root > 0, root, 1)
    reach = jnp.max(ratio, initial=0, where=(root > 0) & (ratio < jnp.inf))
    # Before the first step a correction can be 0 / 0.
    scale = storage.scale_of(step)
    shared = (bound, jnp.where(count > 0, scale, 1), reach)
    (word,) = storage.encode((m, v), (stored,), Place.of(count, leaf, shared, shared), None)
    return word, *shared
