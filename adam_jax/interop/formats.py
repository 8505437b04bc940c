"""How do I change the moments' format in the middle of a run, or read 8-bit moments?  To and from Optax's state."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax

from adam_jax import validation
from adam_jax.rule import Decay, decay, power_correction
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

    def unpack(inner: PackedAdamState, place: Callable[..., Place]) -> optax.ScaleByAdamState:
        words, structure = jax.tree.flatten(inner.packed)
        pairs = [
            Packed(of_maximum).decode((word,), np.dtype(np.float32), place(inner.count, i, inner.bounds[i]))
            for i, word in enumerate(words)
        ]
        mu, nu = (structure.unflatten([pair[i] for pair in pairs]) for i in (0, 1))
        return optax.ScaleByAdamState(inner.count, mu, nu)

    return _convert(state, PackedAdamState, unpack, b1, b2, of_maximum)


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

    def pack(inner: optax.ScaleByAdamState, place: Callable[..., Place]) -> PackedAdamState:
        m_leaves, structure = jax.tree.flatten(inner.mu)
        v_leaves = structure.flatten_up_to(inner.nu)
        count, words, bounds = jnp.asarray(inner.count), [], []
        for i, (m, v) in enumerate(zip(m_leaves, v_leaves, strict=True)):
            stored = Packed(of_maximum).init(m)
            v32 = v.astype(jnp.float32)
            bound = jnp.max(lax.square(v32) if of_maximum else v32, initial=0)
            words += Packed(of_maximum).encode((m, v), stored, place(count, i, bound), None)
            bounds.append(bound)
        return PackedAdamState(count, structure.unflatten(words), jnp.stack(bounds) if bounds else jnp.zeros(0))

    return _convert(state, optax.ScaleByAdamState, pack, b1, b2, of_maximum)


def _convert(state: Any, kind: Any, convert: Callable[..., Any], b1: float, b2: float, of_maximum: bool) -> Any:
    rates = [
        decay(validation.decay_rate(name, value), np.dtype(np.float32)) for name, value in (("b1", b1), ("b2", b2))
    ]

    def visit(node: Any) -> Any:
        if isinstance(node, VaryingDecayState):
            inner = node.inner_state
            return (
                node._replace(inner_state=convert(inner, _place(rates, node[1:], of_maximum)))
                if isinstance(inner, kind)
                else node
            )
        if not isinstance(node, kind):
            return node
        corrections = [power_correction(b, jnp.asarray(node.count), np.dtype(np.float32)) for b in rates]
        return convert(node, _place(rates, corrections, of_maximum))

    return jax.tree.map(visit, state, is_leaf=lambda node: isinstance(node, kind | VaryingDecayState))


def _place(rates: list[Decay], corrections: Any, of_maximum: bool) -> Callable[..., Place]:
    """The scalars of a leaf between two steps, for decoding and encoding alike."""
    b1, b2 = rates
    c1, c2 = corrections[0], jnp.ones(()) if of_maximum else corrections[1]

    def place(count: jax.Array, leaf: int, bound: jax.Array) -> Place:
        scale = jnp.where(count == 0, 1, c1 * lax.rsqrt(jnp.where(count == 0, 1, c2)))
        largest = largest_ratio(b1.rate, b1.complement, b2.rate, b2.complement)
        return Place.of(count, np.asarray(leaf, np.uint32), largest, (bound, bound), (scale, scale))

    return place
