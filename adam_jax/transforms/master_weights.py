"""How does a bfloat16 weight keep what rounding drops?  `master_weights`, around any Optax transformation.

A float32 number is a bfloat16 one (its upper 16 bits) and a remainder (the lower 16).  Keeping the remainder in the
state as an int16 makes training with bfloat16 weights bit-identical to training with float32 weights, at 2 bytes a
parameter in place of the 4 of a float32 copy.
"""

import dataclasses
import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax.backends import fused
from adam_jax.core.rounding import dither, element_index
from adam_jax.core.split_float import STREAM, join, land, landable, split
from adam_jax.ownership import own
from adam_jax.transforms import handover
from adam_jax.transforms.masks import shown_wider
from adam_jax.transforms.spec import remember
from adam_jax.validation import arrays_only, name_of, one_of

_BITS = (32, 24, 16)


class MasterWeightsState(NamedTuple):
    """The state of `master_weights`."""

    inner_state: Any
    remainder: Any  # int16 or int8 for each bfloat16 parameter and MaskedNode for every other; () with bits=16
    steps: jax.Array  # shape (), int32: seeds the stochastic rounding of bits=24 and bits=16
    checksum: Any = np.uint32(0)  # shape (), uint32: of a sample of the parameters that the last step left; 0: none
    moved_by_others: Any = np.int32(0)  # shape (), int32: how many steps met other parameters than these


def master_weights(
    tx: optax.GradientTransformation | optax.MultiSteps, bits: int = 32
) -> optax.GradientTransformationExtraArgs:
    r"""Train bfloat16 parameters as if they had `bits` bits.

    `tx` is initialized with, and shown, the wide weights :math:`w = p + r`.  With its update :math:`u` the next weight
    is :math:`w' = w + u` in float32, split into a bfloat16 parameter and a remainder.  What comes out is the float32
    difference to the parameter, so that the stock `optax.apply_updates` lands exactly on it.  A plain sum, as in
    `equinox.apply_updates`, is a float32 array instead, which the next step refuses.

    Must be outermost but for `skip_nonfinite`: whatever changes the update afterwards would move the parameter but not
    the remainder, and the weight is lost::

        tx = master_weights(optax.chain(adam, optax.scale(0.5)))  # right
        tx = optax.chain(master_weights(adam), optax.scale(0.5))  # wrong: the weight hardly moves

    No transformation sees what follows it, but `moved_by_others` in the state counts the steps that met other
    parameters than the last step left: ``optax.tree.get(state, "moved_by_others")`` stays 0 in a right order, and grows
    in a wrong one.  Loading or clipping the parameters between two steps counts too.  What is compared is a checksum of
    up to eight bfloat16 parameters, of at most 16,384 elements or a 4,096th of all elements each.  Without such
    parameters, or inside `jax.shard_map`, nothing is counted.

    Updates of bfloat16 parameters are float32, and so are not of the gradients' dtype.  Where one branch of a
    conditional returns them and the other zeros like the gradients, as in `optax.apply_if_finite(master_weights(tx),
    n)` and `jax.lax.cond(ok, tx.update, lambda: zeros_like(grads))`, JAX raises ``TypeError: cond branches must have
    equal output types but they differ``.  For the first use `skip_nonfinite(master_weights(tx))`.  In a conditional of
    your own put `optax.apply_updates` into the branch, so that both return parameters and state::

        params, state = jax.lax.cond(ok, step, lambda params, state, grads: (params, state), params, state, grads)

    or return zeros of the updates' dtypes::

        like, _ = jax.eval_shape(tx.update, grads, state, params)
        zeros = jax.tree.map(lambda u: jnp.zeros(u.shape, u.dtype), like)

    Gradients are accumulated by `master_weights(optax.MultiSteps(tx, k))`: bit for bit what `optax.MultiSteps(tx, k)`
    does to float32 weights.  The other way round, `optax.MultiSteps(master_weights(tx), k)` runs too, but rounds the
    mean of k gradients to the gradients' bfloat16 before `tx` sees it.

    Args:
      tx: any transformation of updates that are then added to the parameters, or an `optax.MultiSteps`.  Its gradients
        are widened to float32.
      bits: 32: an int16 remainder; bit-identical to float32 weights, except that -0.0 becomes 0.0 and weights beyond
        3.39e38 saturate.  24: an int8 remainder, rounded stochastically.  16: no remainder, the weight itself is
        rounded stochastically.  On average, no update is lost.

    Returns:
      A transformation whose state is `MasterWeightsState(inner_state, remainder, steps, checksum, moved_by_others)`;
      made by hand it does without the last two.  Updates of bfloat16 parameters are float32.  Parameters of other
      float dtypes pass through to `tx` as they are.

    Raises:
      ValueError: `bits` is none of these; no parameter is bfloat16; a parameter is float16 or no float, or no longer
        has the dtype that `init` saw; `update` is called without `params`.

    >>> import adam_jax
    >>> tx = master_weights(adam_jax.adam(1e-5))
    >>> params = jnp.ones(2, jnp.bfloat16)
    >>> state = tx.init(params)
    >>> for _ in range(100):
    ...     updates, state = tx.update(jnp.ones(2, jnp.bfloat16), state, params)
    ...     params = optax.apply_updates(params, updates)
    >>> print(f"{wide_weights(params, state)[0]:.5f}")
    0.99900
    """
    one_of("bits", bits, _BITS)
    return remember(_master_weights, tx=tx, bits=bits)


def wide_weights(params: optax.Params, state: optax.OptState) -> optax.Params:
    """The float32 weights that `params` and the remainders in `state` stand for; other leaves as they are.

    For evaluation at full precision, and to leave the format: train on with these and the state's `inner_state`, or
    with what `to_optax` gives.

    Args:
      params: the parameters of a run with `master_weights`.
      state: its state, of the same step: a `MasterWeightsState`, or a state that has some in it: of `skip_nonfinite`,
        `optax.MultiSteps`, `optax.partition`, or any other wrapper or chain.

    Returns:
      The tree of `params`, with float32 in place of bfloat16.

    Raises:
      ValueError: `state` has no `MasterWeightsState` in it; a remainder belongs to no parameter, or to one of another
        shape or dtype.

    >>> import adam_jax
    >>> params = jnp.ones(2, jnp.bfloat16)
    >>> wide_weights(params, master_weights(optax.sgd(0.1)).init(params)).dtype
    dtype('float32')
    """
    return own(_joined(params, state))


def _joined(params: Any, state: Any) -> Any:
    """The same, in which other leaves are those of `params` and not copies."""
    masters = [node for node in jax.tree.leaves(state, is_leaf=_is_state) if _is_state(node)]
    if not masters:
        raise ValueError(
            f"wide_weights: there is no MasterWeightsState in state, which is a {type(state).__name__}; give the state "
            "of a run with adam_jax.master_weights. A checkpoint must be restored into that transformation's init"
        )
    known = {path: r for master in masters for path, r in jax.tree_util.tree_leaves_with_path(master.remainder)}
    places = {path: (jnp.shape(p), jnp.result_type(p)) for path, p in jax.tree_util.tree_leaves_with_path(params)}
    for path, r in known.items():
        if places.get(path) != (r.shape, jnp.bfloat16):
            shape, dtype = places.get(path, (None, None))
            raise ValueError(
                f"wide_weights: state has a remainder of shape {r.shape} {name_of(path)}, where params have "
                + ("nothing" if dtype is None else f"{dtype}{shape}, not bfloat16{r.shape}")
                + "; give the parameters and the state of one step"
            )
    return jax.tree_util.tree_map_with_path(lambda path, p: join(p, known[path]) if path in known else _wide(p), params)


def split_weights(weights: optax.Params, bits: int = 32) -> tuple[optax.Params, optax.Params]:
    """bfloat16 parameters and the remainders of `bits` bits for float32 `weights`: the inverse of `wide_weights`.

    To enter the format in the middle of a run: `MasterWeightsState(float32_state, remainder, jnp.int32(0))`.

    Args:
      weights: a tree of float arrays; float32 ones are split (half up), others stay.
      bits: 32, 24 or 16, as in `master_weights`; with fewer than 32 the weights are rounded to that many, half up.

    Returns:
      The parameters and the remainders, as `master_weights` keeps them.

    Raises:
      ValueError: `bits` is none of these.

    >>> params, remainder = split_weights(jnp.array([1.001], jnp.float32))
    >>> print(params.dtype, remainder.dtype, remainder)
    bfloat16 int16 [8389]
    """
    one_of("bits", bits, _BITS)

    def split_leaf(w: jax.Array) -> tuple[jax.Array, Any]:
        return split(w, bits) if w.dtype == jnp.float32 else (w, optax.MaskedNode())

    leaves, structure = jax.tree.flatten(weights)
    pairs = [split_leaf(jnp.asarray(w)) for w in leaves]
    remainder = () if bits == 16 else structure.unflatten([r for _, r in pairs])
    return own((structure.unflatten([p for p, _ in pairs]), remainder))


def _master_weights(tx: optax.GradientTransformation, bits: int) -> optax.GradientTransformationExtraArgs:
    inner, plan = optax.with_extra_args_support(tx), _plan(fused.plan_of(tx), bits)

    def init(params: optax.Params) -> MasterWeightsState:
        paths_and_params = jax.tree_util.tree_leaves_with_path(params)
        arrays_only(params)
        for path, p in paths_and_params:
            dtype = jnp.result_type(p)
            if dtype == jnp.float16 or not jnp.issubdtype(dtype, jnp.inexact):
                raise ValueError(
                    f"master_weights: the parameter at {jax.tree_util.keystr(path)} has dtype {dtype}; it must be "
                    "bfloat16, or float32 or wider to pass through. Leave it out with optax.masked"
                )
        if paths_and_params and not any(_is_narrow(p) for _, p in paths_and_params):
            raise ValueError(
                "master_weights: no parameter is bfloat16; there is nothing to widen. Use tx alone. "
                "(A master_weights inside another one sees float32 weights: it must be outermost.)"
            )
        dtype = jnp.int16 if bits == 32 else jnp.int8
        remainder = jax.tree.map(lambda p: jnp.zeros_like(p, dtype) if _is_narrow(p) else optax.MaskedNode(), params)
        with shown_wider(params):
            inner_state = inner.init(_wide(params))
        return MasterWeightsState(
            inner_state,
            () if bits == 16 else remainder,
            steps=jnp.zeros((), jnp.int32),
            checksum=jnp.zeros((), jnp.uint32),
            moved_by_others=jnp.zeros((), jnp.int32),
        )

    def update(updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, MasterWeightsState]:
        if params is None:
            raise ValueError("master_weights needs the parameters; call update(grads, state, params)")
        arrays_only(params)
        if not isinstance(state, MasterWeightsState):
            raise TypeError(
                f"master_weights: expected the MasterWeightsState that init gives; got {type(state).__name__}. "
                "To continue from float32 weights see adam_jax.from_optax"
            )
        otherwise = functools.partial(plain, updates, state, params, extra_args)
        if ready := fused.usable(plan, updates, state, params, update=True):
            return fused.run(ready, lambda: fused.update(ready, updates, state, params), otherwise, params)
        return otherwise()

    def plain(updates: Any, state: MasterWeightsState, params: Any, extra_args: Any) -> tuple[Any, MasterWeightsState]:
        leaves, structure = jax.tree.flatten(params)
        remainders: list[Any] = [None] * len(leaves) if bits == 16 else structure.flatten_up_to(state.remainder)
        _check_same_leaves(params, remainders, bits)
        wide = _joined(params, state)
        with shown_wider(params):
            step, inner_state = inner.update(_wide(updates), state.inner_state, wide, **extra_args)

        weights, steps, left = structure.flatten_up_to(wide), structure.flatten_up_to(step), list(leaves)
        sampled = handover.sampled(leaves)
        for i, (p, w, u) in enumerate(zip(leaves, weights, steps, strict=True)):
            if u is not None and _is_narrow(p):
                noise = dither(element_index(p.shape), state.steps, STREAM, np.uint32(i))
                steps[i], remainders[i] = land(p, landable(w + u.astype(jnp.float32)), bits, noise)
                if i in sampled:
                    steps[i] = handover.written_once(steps[i])
                    left[i] = (p.astype(jnp.float32) + steps[i]).astype(jnp.bfloat16)  # as optax.apply_updates does
        new_state = MasterWeightsState(
            inner_state,
            () if bits == 16 else structure.unflatten(remainders),
            jnp.asarray(optax.safe_increment(state.steps)),
            *handover.counted(state.checksum, state.moved_by_others, leaves, left),
        )
        return structure.unflatten(steps), new_state

    return fused.Planned(init, update, plan)


def _plan(plan: fused.Plan | None, bits: int) -> fused.Plan | None:
    """The plan of what is wrapped, with a remainder."""
    if plan is None:
        return None
    inside = plan

    def opened(state: Any) -> fused.Opened | None:
        parts = inside.open(state.inner_state) if isinstance(state, MasterWeightsState) else None
        return None if parts is None else parts._replace(remainder=state.remainder, steps=state.steps)

    def closed(state: MasterWeightsState, new: fused.Closed) -> MasterWeightsState:
        steps = jnp.asarray(optax.safe_increment(state.steps))
        seen = handover.counted(state.checksum, state.moved_by_others, new.found, new.left)
        return MasterWeightsState(inside.close(state.inner_state, new), new.remainder, steps, *seen)

    return dataclasses.replace(plan, open=opened, close=closed, bits=bits)


def _check_same_leaves(params: Any, remainders: list[Any], bits: int) -> None:
    """A parameter that was bfloat16 at init must still be.  With 16 bits the state says only that some were."""
    advice = "Apply updates with optax.apply_updates, which keeps the parameters' dtype; a plain sum is float32"
    if bits == 16 and remainders and not any(map(_is_narrow, jax.tree.leaves(params))):
        raise ValueError(f"master_weights: no parameter is bfloat16, but init saw some that were. {advice}")
    for (path, p), kept in zip(jax.tree_util.tree_leaves_with_path(params), remainders, strict=True):
        if bits != 16 and _is_narrow(p) == _is_masked(kept):
            saw = "float32 weights, or wider" if _is_masked(kept) else f"bfloat16, not float32 weights. {advice}"
            raise ValueError(
                f"master_weights: the parameter at {jax.tree_util.keystr(path)} has dtype {jnp.result_type(p)}, but "
                f"init saw {saw}"
            )


def _is_narrow(x: Any) -> bool:
    return jnp.result_type(x) == jnp.bfloat16


def _is_state(x: Any) -> bool:
    return isinstance(x, MasterWeightsState)


def _is_masked(x: Any) -> bool:
    return isinstance(x, optax.MaskedNode)


def _wide(tree: Any) -> Any:
    def widen(x: Any) -> Any:
        if not _is_narrow(x):
            return x
        if isinstance(x, jax.ShapeDtypeStruct):
            return x.update(dtype=jnp.float32)
        return x.astype(jnp.float32)

    return jax.tree.map(widen, tree)
