"""How does adam_jax continue an Optax run, and the other way round?  Whole states, in every format and wrapper."""

from typing import Any

import jax
import jax.numpy as jnp
import optax

from adam_jax.core import join
from adam_jax.interop.formats import check_optax_has, enter, leave, mismatch, of_type
from adam_jax.transforms import state_outline
from adam_jax.transforms.master_weights import narrowed
from adam_jax.transforms.ownership import own
from adam_jax.transforms.state_outline import StateOutline
from adam_jax.transforms.states import MasterWeightsState, SkipNonfiniteState, SkipSpikesState
from adam_jax.validation import name_of


def from_optax(
    tx: optax.GradientTransformation, opt_state: optax.OptState, params: optax.Params, *, like: Any = None
) -> tuple[optax.Params, optax.OptState]:
    """The parameters and the state with which `tx` continues an Optax run.

    `tx` may keep its moments in any format, be inside `master_weights` and `skip_nonfinite`, and all of that inside
    Optax's wrappers; `opt_state` is the state of the same transformation made with Optax's functions and without these
    two wrappers.  The count, the state of schedules and everything else in it are kept.  A float32 state is copied bit
    for bit; narrower moments are rounded stochastically, as in every step.  b1 and b2 are taken from `tx`; if they
    vary, the bias corrections are those of a run with them.  For arrays on many devices call it inside `jax.jit` with
    `out_shardings` from `state_shardings`.

    Args:
      tx: the transformation to continue with, of adam_jax or Optax or a chain of both.
      opt_state: the state of `optax.adamw` or a similar optimizer, or of adam_jax's with float32 or bfloat16 moments.
        It may be of `optax.apply_if_finite` if `tx` has `skip_nonfinite`: the count of bad steps goes on.
      params: the parameters of the run.
      like: the shapes and dtypes that the parameters should have for `tx`: arrays, or `jax.ShapeDtypeStruct`.  None: as
        they are, but if `tx` is `master_weights`, alone or in `skip_nonfinite`, every float32 parameter becomes
        bfloat16.  Needed if `master_weights` is deeper inside `tx`, or if some parameters stay float32.

    Returns:
      `params` and `tx`'s state, with the structure, shapes and dtypes of `tx.init`.  Float arrays that are not moments
      (accumulated gradients, other optimizers' momentum) are rounded to their dtype in `tx`.  Every array is new, so
      donating it does not affect `opt_state` and `params`.

    Raises:
      ValueError: `opt_state` is not of this transformation, or not of these parameters; `like` asks for more than
        bfloat16 in place of float32; `tx` is `amsgrad(maximum_of="v")`, whose maximum Optax does not keep.

    >>> import adam_jax
    >>> params = {"w": jnp.array([3.0, -4.0])}
    >>> theirs = optax.adamw(0.1)
    >>> updates, opt_state = theirs.update(params, theirs.init(params), params)
    >>> tx = adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.adamw(0.1, moments="8bit")))
    >>> params, state = from_optax(tx, opt_state, params)
    >>> print(params["w"].dtype, optax.tree.get(state, "count"))
    bfloat16 1
    """
    params, outline = narrowed(tx, params, like)
    return own((params, _entered(outline, opt_state, ())))


def to_optax(
    tx: optax.GradientTransformation, state: optax.OptState, params: optax.Params
) -> tuple[optax.Params, optax.OptState]:
    """The parameters and the state with which Optax continues a run of `tx`: the inverse of `from_optax`.

    Args:
      tx: the transformation of the run.
      state: its state.
      params: its parameters.

    Returns:
      `params`, in float32 where `master_weights` kept remainders, and the state of the same transformation made with
      Optax's functions: moments in float32 (float64 for float64 parameters), without `skip_nonfinite`, `skip_spikes`
      and `master_weights`.  Corrections of varying b1 and b2 are left out: Optax computes them from the count.

    Raises:
      ValueError: `state` is not of `tx`; `tx` is `amsgrad(maximum_of="v")`.

    >>> import adam_jax
    >>> tx = adam_jax.master_weights(adam_jax.adam(0.1, moments="8bit"))
    >>> params = jnp.ones(2, jnp.bfloat16)
    >>> params, opt_state = to_optax(tx, tx.init(params), params)
    >>> updates, opt_state = optax.adam(0.1).update(jnp.ones(2), opt_state)
    >>> print(params.dtype, opt_state[0].count)
    float32 1
    """
    remainders: list[MasterWeightsState] = []
    opt_state = _left(state_outline.outline(tx, params), state, (), remainders)
    known = {path: r for kept in remainders for path, r in jax.tree_util.tree_leaves_with_path(kept.remainder)}

    def widened(path: Any, p: Any) -> Any:
        if path in known:
            return join(p, known[path])
        return p.astype(jnp.float32) if remainders and p.dtype == jnp.bfloat16 else p

    return own((jax.tree_util.tree_map_with_path(widened, params), opt_state))


def _entered(outline: Any, state: Any, path: Any) -> Any:
    if isinstance(outline, StateOutline):
        check_optax_has(outline)
        return enter(outline, state, path)
    if isinstance(outline, MasterWeightsState | SkipSpikesState):
        return outline._replace(inner_state=_entered(outline.inner_state, state, path))
    if isinstance(outline, SkipNonfiniteState):
        if isinstance(state, optax.ApplyIfFiniteState):
            skipped = jnp.asarray(state.total_notfinite)
            return SkipNonfiniteState(_entered(outline.inner_state, state.inner_state, path), skipped)
        return outline._replace(inner_state=_entered(outline.inner_state, state, path))
    if jax.tree_util.all_leaves([outline]):
        return _like_array(outline, state, path)
    children, structure = _one_level(outline, state, path)
    return structure.unflatten([_entered(*child) for child in children])


def _left(outline: Any, state: Any, path: Any, masters: list[MasterWeightsState]) -> Any:
    if isinstance(outline, StateOutline):
        check_optax_has(outline)
        return leave(outline, state, path)
    if isinstance(outline, MasterWeightsState | SkipNonfiniteState | SkipSpikesState):
        of_type(type(outline), state, path)
        if isinstance(state, MasterWeightsState):
            masters.append(state)
        return _left(outline.inner_state, state.inner_state, path, masters)
    if jax.tree_util.all_leaves([outline]):
        return _like_array(outline, state, path)
    children, structure = _one_level(outline, state, path)
    return structure.unflatten([_left(*child, masters) for child in children])


def _one_level(outline: Any, state: Any, path: Any) -> tuple[list[tuple[Any, Any, Any]], Any]:
    """The children of a node of the outline with what stands in their place in `state`, and the node's structure."""
    children, structure = jax.tree_util.tree_flatten_with_path(outline, is_leaf=lambda x: x is not outline)
    try:
        states = structure.flatten_up_to(state)
    except (ValueError, TypeError):
        raise mismatch(type(outline).__name__, state, path) from None
    return [(child, s, (*path, *key)) for (key, child), s in zip(children, states, strict=True)], structure


def _like_array(array: Any, state: Any, path: Any) -> jax.Array:
    given = jnp.asarray(state)
    both_float = all(jnp.issubdtype(x.dtype, jnp.inexact) for x in (array, given))
    if given.shape != array.shape or not (both_float or given.dtype == array.dtype):
        raise ValueError(
            f"the state {name_of(path)} must be {array.dtype}{array.shape}; got {given.dtype}{given.shape}"
        )
    return given.astype(array.dtype)
