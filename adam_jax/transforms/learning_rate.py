"""How long is the step?  The learning rate and the weight decay around a rule, with Optax's states.

Optax's own `scale_by_learning_rate` and `add_decayed_weights` raise under strict dtype promotion when the rate is an
array of another dtype than the update, and change the update's dtype under standard promotion.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax import validation
from adam_jax.backends import fused
from adam_jax.core.formats.eightbit import Packed, PackedAdamState
from adam_jax.transforms.base import Transformation, update_dtypes
from adam_jax.transforms.masks import chosen_leaves
from adam_jax.transforms.spec import built, remember
from adam_jax.validation import is_none, not_an_array


def optimizer(
    rule: optax.GradientTransformationExtraArgs, learning_rate: Any, weight_decay: Any = None, mask: Any = None
) -> optax.GradientTransformationExtraArgs:
    """A rule, weight decay unless it is None, and the learning rate, as one chain."""
    if weight_decay is None or (isinstance(weight_decay, float | int) and weight_decay == 0):
        validation.finite("learning_rate", learning_rate)
    else:
        validation.learning_rate_with_decay(learning_rate)
    if weight_decay is not None:
        validation.non_negative("weight_decay", weight_decay)
    return remember(_chain, rule=rule, learning_rate=learning_rate, weight_decay=weight_decay, mask=mask)


def _chain(rule: Any, learning_rate: Any, weight_decay: Any, mask: Any) -> optax.GradientTransformationExtraArgs:
    decay = [] if weight_decay is None else [add_decayed_weights(weight_decay, mask)]
    chain = rounded_once(optax.chain(rule, *decay, scale_by_learning_rate(learning_rate)))
    return fused.Planned(*chain, plan=_plan(rule, learning_rate, weight_decay, mask))


def _plan(rule: Any, learning_rate: Any, weight_decay: Any, mask: Any) -> fused.Plan | None:
    """One kernel can do the whole chain if its moments rest in 8 bits; with float32 ones XLA makes one pass."""
    made = built(rule)
    if not isinstance(made, Transformation) or not isinstance(made.storage, Packed):
        return None

    parts = 2 if weight_decay is None else 3

    def opened(state: Any) -> fused.Opened | None:
        if not isinstance(state, tuple) or len(state) != parts or not isinstance(state[0], PackedAdamState):
            return None
        moments, *decays, rates = state
        decay = _at("weight_decay", weight_decay, _unmasked(decays[0]))[0] if decays else None
        return fused.Opened(moments, _at("learning_rate", learning_rate, rates)[0], decay)

    def closed(state: Any, new: fused.Closed) -> Any:
        _, *decays, rates = state
        if decays:
            after = _at("weight_decay", weight_decay, _unmasked(decays[0]))[1]
            decays = [after if mask is None else decays[0]._replace(inner_state=after)]
        return (new.moments, *decays, _at("learning_rate", learning_rate, rates)[1])

    return fused.Plan(made.hyperparameters, made.rule, made.storage, made.implementation, mask, opened, closed)


def _unmasked(state: Any) -> Any:
    return state.inner_state if isinstance(state, optax.MaskedState) else state


def scale_by_learning_rate(learning_rate: Any) -> optax.GradientTransformationExtraArgs:
    """u * -learning_rate, in u's dtype; the state is that of `optax.scale_by_learning_rate`."""
    optaxs = optax.scale_by_learning_rate(learning_rate)

    def update(updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        del params, extra_args
        rate, state = _at("learning_rate", learning_rate, state)
        return jax.tree.map(lambda u: _as(-rate, u) * u, updates), state

    return optax.GradientTransformationExtraArgs(optaxs.init, update)


def add_decayed_weights(weight_decay: Any, mask: Any) -> optax.GradientTransformationExtraArgs:
    """u + weight_decay * p where `mask` is true; the state is that of `optax.add_decayed_weights`."""
    optaxs = optax.add_decayed_weights(weight_decay)

    def init(params: optax.Params) -> optax.OptState:
        state = optaxs.init(params)
        return state if mask is None else optax.MaskedState(state)

    def update(updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        del extra_args
        validation.params_given(params)
        rate, inner = _at("weight_decay", weight_decay, _unmasked(state))
        state = inner if mask is None else optax.MaskedState(inner)
        if isinstance(rate, float | int) and rate == 0:
            return updates, state
        leaves, structure = jax.tree.flatten(params)
        column = structure.flatten_up_to(updates)
        for i, (u, p, decays) in enumerate(zip(column, leaves, chosen_leaves(mask, params), strict=True)):
            if decays and u is not None:
                column[i] = u + _as(rate, u) * _as(p, u)
        return structure.unflatten(column), state

    return optax.GradientTransformationExtraArgs(init, update)


def rounded_once(tx: optax.GradientTransformationExtraArgs) -> optax.GradientTransformationExtraArgs:
    """Compute narrow leaves in float32 from the gradient to the last factor, and round the final update.

    A chain whose members each round to bfloat16 is up to three roundings off.  A leaf whose gradient is None gets an
    update that leaves its parameter as it is.
    """

    def update(updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        grads = jax.tree.map(_none_if_float0, updates)
        dtypes = update_dtypes(grads, params, state[0])
        wide, new_state = tx.update(_widen(grads), state, params, **extra_args)
        given, structure = jax.tree.flatten(updates, is_leaf=is_none)
        column = [
            g if u is None else u.astype(dtype)
            for u, g, dtype in zip(structure.flatten_up_to(wide), given, dtypes, strict=True)
        ]
        rounded = structure.unflatten(column)
        if params is not None:
            rounded = jax.tree.map(_stay, rounded, params, is_leaf=is_none)
        return rounded, new_state

    return optax.GradientTransformationExtraArgs(tx.init, update)


def _none_if_float0(g: Any) -> Any:
    return None if jnp.result_type(g) == jax.dtypes.float0 else g


def _stay(u: Any, p: Any) -> Any:
    # -0.0 is the neutral element of addition; +0.0 would turn a parameter of -0.0 into +0.0.
    return u if u is not None or p is None or not_an_array(p) else jnp.full_like(p, -0.0)


def _at(name: str, rate: Any, state: Any) -> tuple[Any, Any]:
    if callable(rate):
        return validation.scalar(name, rate(state.count)), state._replace(count=optax.safe_increment(state.count))
    return rate, state


def _as(x: Any, like: jax.Array) -> jax.Array:
    return jnp.asarray(x, like.dtype)


def _widen(tree: Any) -> Any:
    def widen(x: Any) -> Any:
        if not_an_array(x):  # parameters may be a whole Equinox model, with functions in it
            return x
        is_half = jnp.issubdtype(jnp.result_type(x), jnp.floating) and jnp.finfo(jnp.result_type(x)).bits < 32
        return x.astype(np.float32) if is_half else x

    return jax.tree.map(widen, tree)
