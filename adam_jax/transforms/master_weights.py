"""How do bfloat16 weights keep the bits that rounding drops?  `master_weights`, around any Optax transformation.

A float32 number consists of a bfloat16 number (the upper 16 bits) and a remainder (the lower 16).  With the remainder
as an int16 in the state, training with bfloat16 weights is bit-identical to training with float32 weights, for 2 bytes
per parameter instead of the 4 of a float32 copy.
"""

import dataclasses
import functools
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from adam_jax.backends import checksum
from adam_jax.core import (
    WEIGHT_STREAM,
    WeightFormat,
    applied,
    dither,
    dither_seed,
    element_index,
    increment,
    written_once,
)
from adam_jax.transforms import state_outline
from adam_jax.transforms.base import StepInputs, StepOutputs, StepPlan, Wrapper
from adam_jax.transforms.masks import shown_wider
from adam_jax.transforms.spec import spec_of, transformation
from adam_jax.transforms.states import MasterWeightsState
from adam_jax.transforms.wide_weights import BITS, joined, remainders_by_path, widened
from adam_jax.validation import arrays_only, is_narrow, is_none, name_of, one_of


def master_weights(
    tx: optax.GradientTransformation | optax.MultiSteps, bits: int = 32
) -> optax.GradientTransformationExtraArgs:
    r"""Train bfloat16 parameters as if they had `bits` bits.

    `tx` gets the wide weights :math:`w = p + r`, in `init` and in `update`.  With its update :math:`u` the next weight
    is :math:`w' = w + u` in float32, which is split into a bfloat16 parameter and a remainder.  The returned update is
    the float32 difference between the new and the old parameter, so that `optax.apply_updates` gives exactly the new
    parameter.  A plain sum, as in `equinox.apply_updates`, gives a float32 array instead, which is an error at the next
    step.

    It must be the outermost transformation; only `skip_nonfinite` and `skip_spikes` may be around it.  A transformation
    that changes the update afterwards would change the parameter but not the remainder, and then the two no longer fit
    together::

        tx = master_weights(optax.chain(adam, optax.scale(0.5)))  # right
        tx = optax.chain(master_weights(adam), optax.scale(0.5))  # wrong: the weight hardly moves

    A transformation cannot see what follows it, but `moved_by_others` in the state counts the steps that got other
    parameters than the step before had left: ``optax.tree.get(state, "moved_by_others")`` stays 0 in the right order,
    and grows in a wrong one.  Loading or clipping the parameters between two steps counts too.  It compares a checksum
    of up to eight bfloat16 parameters, of at most 16,384 elements or a 4,096th of all elements each.  Without such
    parameters, or inside `jax.shard_map`, nothing is counted.

    Updates of bfloat16 parameters are float32, not the gradients' dtype.  If one branch of a conditional returns them
    and the other zeros like the gradients, as in `optax.apply_if_finite(master_weights(tx), n)` and
    `jax.lax.cond(ok, tx.update, lambda: zeros_like(grads))`, JAX raises ``TypeError: cond branches must have equal
    output types but they differ``.  Instead of the first, use `skip_nonfinite(master_weights(tx))`.  In a conditional
    of your own, put `optax.apply_updates` into the branch, so that both return parameters and state::

        params, state = jax.lax.cond(ok, step, lambda params, state, grads: (params, state), params, state, grads)

    or return zeros of the updates' dtypes::

        like, _ = jax.eval_shape(tx.update, grads, state, params)
        zeros = jax.tree.map(lambda u: jnp.zeros(u.shape, u.dtype), like)

    To accumulate gradients, use `master_weights(optax.MultiSteps(tx, k))`: it is bit-identical to
    `optax.MultiSteps(tx, k)` with float32 weights.  The other order, `optax.MultiSteps(master_weights(tx), k)`, runs
    too, but rounds the mean of k gradients to bfloat16 before `tx` gets it.

    Args:
      tx: any transformation of updates that are then added to the parameters, or an `optax.MultiSteps`.  Its gradients
        are widened to float32.
      bits: 32: an int16 remainder; bit-identical to float32 weights, except that -0.0 becomes 0.0, that weights beyond
        3.39e38 saturate, and that a compiler may combine a product and a sum in only one of the two programs, which can
        change the last bit of a weight.  24: an int8 remainder, rounded stochastically.  16: no remainder, the weight
        itself is rounded stochastically.  On average no update is lost.

    Returns:
      A transformation whose state is `MasterWeightsState(inner_state, remainder, steps, checksum, moved_by_others)`;
      the last two may be left out when you make one yourself.  Updates of bfloat16 parameters are float32.  Parameters
      of other float dtypes are given to `tx` unchanged.

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
    >>> print(f"{adam_jax.wide_weights(params, state)[0]:.5f}")
    0.99900
    """
    one_of("bits", bits, BITS)
    return transformation(MasterWeights, tx=tx, bits=bits)


@dataclasses.dataclass(frozen=True, eq=False)
class MasterWeights(Wrapper):
    """`tx` on float32 weights, of which parameters are the upper halves."""

    tx: Any  # a transformation, or an optax.MultiSteps
    bits: int

    @functools.cached_property
    def plan(self) -> StepPlan | None:
        plan = self.inner and self.inner.plan
        if plan is None or plan.weight or plan.skips:
            return None
        return dataclasses.replace(plan, weight=WeightFormat(self.bits))

    def init(self, params: optax.Params) -> MasterWeightsState:
        paths_and_params = jax.tree_util.tree_leaves_with_path(params)
        arrays_only(params)
        for path, p in paths_and_params:
            dtype = jnp.result_type(p)
            if dtype == jnp.float16 or not jnp.issubdtype(dtype, jnp.inexact):
                raise ValueError(
                    f"master_weights: the parameter at {jax.tree_util.keystr(path)} has dtype {dtype}; it must be "
                    "bfloat16, or float32 or wider to pass through. Leave it out with optax.masked"
                )
        if paths_and_params and not any(is_narrow(p) for _, p in paths_and_params):
            raise ValueError(
                "master_weights: no parameter is bfloat16; there is nothing to widen. Use tx alone. "
                "(A master_weights inside another one sees float32 weights: it must be outermost.)"
            )
        dtype = WeightFormat(self.bits).remainder_dtype
        remainder = jax.tree.map(lambda p: jnp.zeros_like(p, dtype) if is_narrow(p) else optax.MaskedNode(), params)
        with shown_wider(params):
            inner_state = self.tx.init(widened(params))
        return MasterWeightsState(
            inner_state,
            () if dtype is None else remainder,
            steps=jnp.zeros((), jnp.int32),
            checksum=jnp.zeros((), jnp.uint32),
            moved_by_others=jnp.zeros((), jnp.int32),
        )

    def update(self, updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        if self.plan is not None:
            return super().update(updates, state, params, **extra_args)
        return self._around_any(updates, state, params, "updates", extra_args)

    @property
    def has_step(self) -> bool:
        return True

    def step(
        self, grads: Any, state: Any, params: Any, shardings: Any = None, **extra_args: Any
    ) -> tuple[Any, MasterWeightsState]:
        """The new parameters, exactly, and the next state."""
        if self.plan is not None:
            return super().step(grads, state, params, shardings)
        return self._around_any(grads, state, params, "params", extra_args)

    def _around_any(
        self, updates: Any, state: Any, params: Any, returns: Literal["params", "updates"], extra_args: dict[str, Any]
    ) -> tuple[Any, MasterWeightsState]:
        """Around any transformation: the weights joined first, and split after it."""
        remainders, wide = self._remainders(state, params), joined(params, state)
        tx = optax.with_extra_args_support(self.tx)
        with shown_wider(params):
            step, inner_state = tx.update(widened(updates), state.inner_state, wide, **extra_args)

        weight, structure = WeightFormat(self.bits), jax.tree.structure(params)
        leaves, weights, values = jax.tree.leaves(params), jax.tree.leaves(wide), structure.flatten_up_to(step)
        left, sampled = list(leaves), checksum.sampled(leaves)
        for i, (p, w, u) in enumerate(zip(leaves, weights, values, strict=True)):
            if u is None or not is_narrow(p):
                values[i] = u if returns == "updates" else p if u is None else optax.apply_updates(p, u)
                continue
            noise = dither(element_index(p.shape), dither_seed(state.steps, WEIGHT_STREAM, i))
            target = w + u.astype(jnp.float32)
            if returns == "params":
                values[i], remainders[i] = weight.split(target, noise)
            else:
                values[i], remainders[i] = weight.difference_to(p, target, noise)
            if i in sampled:
                values[i] = written_once(values[i])
                left[i] = values[i] if returns == "params" else applied(p, values[i])
        return structure.unflatten(values), MasterWeightsState(
            inner_state,
            self._remainder_tree(state, remainders),
            increment(state.steps),
            *checksum.counted(state.checksum, state.moved_by_others, leaves, left),
        )

    def read_state(self, state: Any, params: Any) -> StepInputs:
        assert self.inner is not None
        remainders = iter(self._remainders(state, params))
        return self.inner.read_state(state.inner_state, params)._replace(
            remainders=[p if p is None else next(remainders) for p in jax.tree.leaves(params, is_leaf=is_none)],
            weight_steps=state.steps,
            checksum=state.checksum,
            moved_by_others=state.moved_by_others,
        )

    def write_state(self, state: Any, outputs: StepOutputs) -> MasterWeightsState:
        assert self.inner is not None
        return MasterWeightsState(
            self.inner.write_state(state.inner_state, outputs),
            self._remainder_tree(state, outputs.remainders or []),
            outputs.next(state.steps),
            outputs.checksum,
            outputs.moved_by_others,
        )

    def _remainders(self, state: Any, params: Any) -> list[Any]:
        """The remainder of each parameter, None where it has none, once state and parameters fit."""
        if params is None:
            raise ValueError("master_weights needs the parameters; call update(grads, state, params)")
        arrays_only(params)
        if not isinstance(state, MasterWeightsState):
            raise TypeError(
                f"master_weights: expected the MasterWeightsState that init gives; got {type(state).__name__}. "
                "To continue from float32 weights see adam_jax.from_optax"
            )
        leaves, structure = jax.tree.flatten(params)
        kept = [None] * len(leaves) if self.bits == 16 else structure.flatten_up_to(state.remainder)
        _check_same_leaves(params, kept, self.bits)
        remainders_by_path(params, state)
        return [None if isinstance(r, optax.MaskedNode) else r for r in kept]

    def _remainder_tree(self, state: MasterWeightsState, remainders: list[Any]) -> Any:
        """The tree in the state, with these remainders; parameters that have none stay as they are there."""
        arrays = [r for r in remainders if r is not None]
        return jax.tree.unflatten(jax.tree.structure(state.remainder), arrays) if self.bits != 16 else ()


def _check_same_leaves(params: Any, remainders: list[Any], bits: int) -> None:
    """A parameter that was bfloat16 at init must still be.  With 16 bits the state says only that some were."""
    advice = "Apply updates with optax.apply_updates, which keeps the parameters' dtype; a plain sum is float32"
    if bits == 16 and remainders and not any(map(is_narrow, jax.tree.leaves(params))):
        raise ValueError(f"master_weights: no parameter is bfloat16, but init saw some that were. {advice}")
    for (path, p), kept in zip(jax.tree_util.tree_leaves_with_path(params), remainders, strict=True):
        if bits != 16 and is_narrow(p) == isinstance(kept, optax.MaskedNode):
            saw = (
                "float32 weights, or wider"
                if isinstance(kept, optax.MaskedNode)
                else f"bfloat16, not float32 weights. {advice}"
            )
            raise ValueError(
                f"master_weights: the parameter at {jax.tree_util.keystr(path)} has dtype {jnp.result_type(p)}, but "
                f"init saw {saw}"
            )


def narrowed(tx: optax.GradientTransformation, params: optax.Params, like: Any) -> tuple[optax.Params, Any]:
    """`params` in the dtypes of `like`, and `tx`'s outline with the remainders of what that drops."""
    params = jax.tree.map(jnp.asarray, params)
    if like is None:
        like = jax.tree.map(_to_bfloat16, params) if _is_master(tx) else params
    outline = state_outline.outline(tx, like)
    masters = [node for node in jax.tree.leaves(outline, is_leaf=_is_master_state) if _is_master_state(node)]
    bits = {
        path: 32 if r.dtype == jnp.int16 else 24
        for node in masters
        for path, r in jax.tree_util.tree_leaves_with_path(node.remainder)
    }
    halves = {}

    def narrow(path: Any, p: jax.Array, wanted: Any) -> jax.Array:
        stays = p.dtype == wanted.dtype
        if p.shape != wanted.shape or not (stays or (p.dtype == jnp.float32 and wanted.dtype == jnp.bfloat16)):
            raise ValueError(
                f"the parameter {name_of(path)} is {p.dtype}{p.shape} and in `like` {wanted.dtype}{wanted.shape}; "
                "only float32 can change, to bfloat16"
            )
        halves[path] = (p, None) if stays else _split(p, bits.get(path, 16))
        return halves[path][0]

    params = jax.tree_util.tree_map_with_path(narrow, params, like)

    def filled(node: Any) -> Any:
        if not _is_master_state(node):
            return node
        remainder = jax.tree_util.tree_map_with_path(
            lambda path, zero: zero if halves[path][1] is None else halves[path][1], node.remainder
        )
        return node._replace(remainder=remainder)

    return params, jax.tree.map(filled, outline, is_leaf=_is_master_state)


@functools.partial(jax.jit, static_argnames="bits")  # one program for a shape, not twenty
def _split(w: jax.Array, bits: int) -> tuple[jax.Array, jax.Array | None]:
    return WeightFormat(bits).split(w)


def _is_master(tx: Any) -> bool:
    """Whether `tx` is `master_weights`, or `skip_nonfinite` or `skip_spikes` around it."""
    spec = spec_of(tx)
    return isinstance(spec, MasterWeights) or (isinstance(spec, Wrapper) and _is_master(spec.tx))


def _is_master_state(node: Any) -> bool:
    return isinstance(node, MasterWeightsState)


def _to_bfloat16(p: jax.Array) -> jax.Array:
    return p.astype(jnp.bfloat16) if p.dtype == jnp.float32 else p
