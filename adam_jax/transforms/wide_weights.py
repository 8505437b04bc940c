"""How do trees of bfloat16 parameters and remainders become trees of float32 weights, and back?"""

from typing import Any

import jax
import jax.numpy as jnp
import optax

from adam_jax.core import WeightFormat, join
from adam_jax.transforms.ownership import own
from adam_jax.transforms.states import MasterWeightsState
from adam_jax.validation import is_narrow, name_of, one_of

BITS = (32, 24, 16)


def wide_weights(params: optax.Params, state: optax.OptState) -> optax.Params:
    """The float32 weights from `params` and the remainders in `state`; other leaves do not change.

    For evaluation at full precision, and to continue without `master_weights`: with these weights and the state's
    `inner_state`, or with the result of `to_optax`.

    Args:
      params: the parameters of a run with `master_weights`.
      state: its state of the same step: a `MasterWeightsState`, or a state that contains one or more: of
        `skip_nonfinite`, `optax.MultiSteps`, `optax.partition`, or any other wrapper or chain.

    Returns:
      The tree of `params`, with float32 in place of bfloat16.

    Raises:
      ValueError: `state` has no `MasterWeightsState` in it; a remainder belongs to no parameter, or to one of another
        shape or dtype.

    >>> import adam_jax
    >>> params = jnp.ones(2, jnp.bfloat16)
    >>> wide_weights(params, adam_jax.master_weights(optax.sgd(0.1)).init(params)).dtype
    dtype('float32')
    """
    return own(joined(params, state))


def joined(params: Any, state: Any) -> Any:
    """The same, in which other leaves are those of `params` and not copies."""
    known = remainders_by_path(params, state)
    return jax.tree_util.tree_map_with_path(
        lambda path, p: join(p, known[path]) if path in known else widened(p), params
    )


def remainders_by_path(params: Any, state: Any) -> dict[Any, Any]:
    """The remainders in a state, each of which must fit its parameter."""
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
    return known


def split_weights(weights: optax.Params, bits: int = 32) -> tuple[optax.Params, optax.Params]:
    """Split float32 `weights` into bfloat16 parameters and remainders: the inverse of `wide_weights`.

    To change to `master_weights` in the middle of a run, use the state
    `MasterWeightsState(float32_state, remainder, jnp.int32(0))`.

    Args:
      weights: a tree of float arrays; float32 arrays are split (half up), others do not change.
      bits: 32, 24 or 16, as in `master_weights`; with fewer than 32 the weights are rounded to that many, half up.

    Returns:
      The parameters and the remainders, as `master_weights` keeps them.

    Raises:
      ValueError: `bits` is none of these.

    >>> params, remainder = split_weights(jnp.array([1.001], jnp.float32))
    >>> print(params.dtype, remainder.dtype, remainder)
    bfloat16 int16 [8389]
    """
    one_of("bits", bits, BITS)

    def split_leaf(w: jax.Array) -> tuple[jax.Array, Any]:
        return WeightFormat(bits).split(w) if w.dtype == jnp.float32 else (w, optax.MaskedNode())

    leaves, structure = jax.tree.flatten(weights)
    pairs = [split_leaf(jnp.asarray(w)) for w in leaves]
    remainder = () if bits == 16 else structure.unflatten([r for _, r in pairs])
    return own((structure.unflatten([p for p, _ in pairs]), remainder))


def _is_state(x: Any) -> bool:
    return isinstance(x, MasterWeightsState)


def widened(tree: Any) -> Any:
    """`tree` with float32 in place of bfloat16: arrays, or shapes and dtypes."""

    def widen(x: Any) -> Any:
        if not is_narrow(x):
            return x
        if isinstance(x, jax.ShapeDtypeStruct):
            return x.update(dtype=jnp.float32)
        return x.astype(jnp.float32)

    return jax.tree.map(widen, tree)
