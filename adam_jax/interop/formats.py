"""How do I change the moments' format in the middle of a run, or read 8-bit moments?  To and from Optax's state."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax

from adam_jax import validation
from adam_jax.hyperparameters import Hyperparameters
from adam_jax.ownership import own
from adam_jax.rule import Moments, Step
from adam_jax.storage.packed import Packed, PackedAdamState, Place, largest_ratio
from adam_jax.tree import VaryingDecayState


def unpack_moments(
    state: optax.OptState, b1: float = 0.9, b2: float = 0.999, *, of_maximum: bool = False
) -> optax.OptState:
    """`state` with every 8-bit part as Optax's float32 `ScaleByAdamState(count, mu, nu)`.

    To log moments, to write a checkpoint that Optax reads, and to continue a run with `moments="float32"`.

    Args:
      state: any optimizer state.
      b1, b2: the constant decay rates of the run, in [0, 1).  A `VaryingDecayState` brings its own corrections.
      of_maximum: whether the rule is AdaMax, whose `nu` is a maximum.

    Returns:
      The same state; parts that are not 8-bit stay.

    Raises:
      ValueError: b1 or b2 is out of range.

    >>> import adam_jax
    >>> tx = adam_jax.scale_by_adam(moments="8bit")
    >>> _, state = tx.update(jnp.array([3.0, -2.0]), tx.init(jnp.zeros(2)))
    >>> print(unpack_moments(state).mu.round(1))
    [ 0.3 -0.2]
    """

    return _convert(state, PackedAdamState, unpack, b1, b2, Packed(of_maximum))


def pack_moments(
    state: optax.OptState, b1: float = 0.9, b2: float = 0.999, *, of_maximum: bool = False
) -> optax.OptState:
    """`state` with every `ScaleByAdamState` as an 8-bit `PackedAdamState`: the inverse of `unpack_moments`.

    To continue a run of Optax's, or one with `moments="float32"`, with `moments="8bit"`.  The moments are rounded
    stochastically, as in every 8-bit step.

    Args:
      state, b1, b2, of_maximum: as in `unpack_moments`.

    Returns:
      The same state; other parts stay.

    Raises:
      ValueError: b1 or b2 is out of range; a moment belongs to a complex or float64 parameter.

    >>> import adam_jax
    >>> params = jnp.ones(2)
    >>> _, state = optax.adam(0.1).update(params, optax.adam(0.1).init(params))
    >>> updates, state = adam_jax.adam(0.1, moments="8bit").update(params, pack_moments(state))
    """

    return _convert(state, optax.ScaleByAdamState, pack, b1, b2, Packed(of_maximum))


def unpack(state: PackedAdamState, step: Step, storage: Packed) -> optax.ScaleByAdamState:
    """One 8-bit part in float32.  step: the scalars of the step that would come next."""
    words, structure = jax.tree.flatten(state.packed)
    validation.bounds_fit(state.bounds, len(words))
    pairs = [_decode(storage, word, state.count, np.uint32(i), state.bounds[i], step) for i, word in enumerate(words)]
    mu, nu = (structure.unflatten([pair[i] for pair in pairs]) for i in (0, 1))
    return optax.ScaleByAdamState(state.count, mu, nu)


def pack(state: optax.ScaleByAdamState, step: Step, storage: Packed) -> PackedAdamState:
    """One part in 8 bits: the inverse of `unpack`."""
    m_leaves, structure = jax.tree.flatten(state.mu)
    v_leaves = structure.flatten_up_to(state.nu)
    count, words, bounds = jnp.asarray(state.count), [], []
    for i, (m, v) in enumerate(zip(m_leaves, v_leaves, strict=True)):
        word, bound = _encode(storage, m, v, count, np.uint32(i), step)
        words.append(word)
        bounds.append(bound)
    return PackedAdamState(count, structure.unflatten(words), jnp.stack(bounds) if bounds else jnp.zeros(0))


# Jitted: operation by operation every shape would compile a hundred programs.
@functools.partial(jax.jit, static_argnames="storage")
def _decode(storage: Packed, word: Any, count: jax.Array, leaf: Any, bound: jax.Array, step: Step) -> Moments:
    return storage.decode((word,), np.dtype(np.float32), _place(count, leaf, bound, step, storage))


@functools.partial(jax.jit, static_argnames="storage")
def _encode(storage: Packed, m: Any, v: Any, count: jax.Array, leaf: Any, step: Step) -> tuple[Any, Any]:
    (stored,) = storage.init(m)
    v32 = v.astype(jnp.float32)
    largest = lax.square(v32) if storage.of_maximum else v32
    bound = jnp.max(largest, initial=0, where=largest < jnp.inf)  # one bad element must not spoil its leaf
    (word,) = storage.encode((m, v), (stored,), _place(count, leaf, bound, step, storage), None)
    return word, bound


def _convert(state: Any, kind: Any, convert: Callable[..., Any], b1: float, b2: float, storage: Packed) -> Any:
    constants = Hyperparameters(validation.decay_rate("b1", b1), validation.decay_rate("b2", b2), eps=0.0)

    def visit(node: Any) -> Any:
        varying = isinstance(node, VaryingDecayState)
        inner = node.inner_state if varying else node
        if not isinstance(inner, kind):
            return node
        corrections = (node[1:], node[1:]) if varying else None
        step = constants.at(jnp.asarray(inner.count), corrections, np.dtype(np.float32))
        converted = convert(inner, step, storage)
        return node._replace(inner_state=converted) if varying else converted

    return own(jax.tree.map(visit, state, is_leaf=lambda node: isinstance(node, kind | VaryingDecayState)))


def _place(count: jax.Array, leaf: Any, bound: jax.Array, step: Step, storage: Packed) -> Place:
    """The scalars of a leaf between two steps, for decoding and encoding alike."""
    b1, b2 = step.b1, step.b2
    c2 = 1.0 if storage.of_maximum else b2.previous
    scale = jnp.where(count == 0, 1, b1.previous * lax.rsqrt(jnp.where(count == 0, 1, jnp.float32(c2))))
    largest = largest_ratio(b1.rate, b1.complement, b2.rate, b2.complement)
    return Place.of(count, leaf, largest, (bound, bound), (scale, scale))
