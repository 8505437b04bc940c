"""What if a gradient is bad?  `skip_nonfinite`: the step is skipped whole, around any Optax transformation."""

import dataclasses
import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from adam_jax import validation
from adam_jax.backends import fused
from adam_jax.backends.devices import AxisName, everywhere
from adam_jax.transforms.spec import remember


class SkipNonfiniteState(NamedTuple):
    """The state of `skip_nonfinite`."""

    inner_state: Any
    skipped: jax.Array  # shape (), int32: how many steps were skipped


def skip_nonfinite(
    tx: optax.GradientTransformation, *, axis_name: AxisName = None
) -> optax.GradientTransformationExtraArgs:
    """Skip every step that has an infinite or NaN gradient entry, as one.

    On a skipped step the inner state (moments, count, remainders of `master_weights`) and the parameters stay bit for
    bit as they were, and `skipped` counts one more.  It never gives up and lets a bad step through, as
    `optax.apply_if_finite` does after `max_consecutive_errors`: watch `skipped` instead.

    On sharded arrays every device skips when any of them has a bad entry.  Inside `jax.shard_map` each judges the part
    it sees, and `axis_name` says where the others are.

    Args:
      tx: any transformation, `master_weights` included.
      axis_name: inside `jax.shard_map`, the axes of the mesh over which gradients differ between devices, as in `adam`.

    Returns:
      A transformation whose state is `SkipNonfiniteState(inner_state, skipped)`.  Updates have the dtypes of `tx`'s.

    Raises:
      TypeError: `update` meets a state of another transformation; `axis_name` is no name.
      ValueError: `update` runs inside `jax.shard_map(check_vma=False)` without `axis_name`.

    >>> import adam_jax
    >>> tx = skip_nonfinite(adam_jax.adam(0.1))
    >>> params = jnp.ones(2)
    >>> updates, state = tx.update(jnp.array([jnp.nan, 1.0]), tx.init(params), params)
    >>> print(optax.apply_updates(params, updates), state.skipped)
    [1. 1.] 1
    """
    return remember(_skip_nonfinite, tx=tx, axis_name=validation.axis_names(axis_name))


def _skip_nonfinite(tx: optax.GradientTransformation, axis_name: AxisName) -> optax.GradientTransformationExtraArgs:
    inner, plan = optax.with_extra_args_support(tx), _plan(fused.plan_of(tx), axis_name)

    def init(params: optax.Params) -> SkipNonfiniteState:
        return SkipNonfiniteState(inner.init(params), jnp.zeros((), jnp.int32))

    def update(updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, SkipNonfiniteState]:
        if not isinstance(state, SkipNonfiniteState):
            raise TypeError(f"skip_nonfinite: expected the SkipNonfiniteState of init; got {type(state).__name__}")
        otherwise = functools.partial(plain, updates, state, params, extra_args)
        if ready := fused.usable(plan, updates, state, params, update=True):
            return fused.run(ready, lambda: fused.update(ready, updates, state, params), otherwise, params)
        return otherwise()

    def plain(updates: Any, state: SkipNonfiniteState, params: Any, extra_args: Any) -> tuple[Any, SkipNonfiniteState]:
        leaves = [jnp.asarray(g) for g in jax.tree.leaves(updates) if jnp.issubdtype(jnp.result_type(g), jnp.inexact)]
        bad = [
            jax.lax.reduce(
                jnp.where(jnp.isfinite(g), jnp.float32(0), 1), jnp.float32(0), jax.lax.max, tuple(range(g.ndim))
            )
            for g in leaves
        ]
        good = everywhere(jnp.max(jnp.stack(bad)) == 0, axis_name) if leaves else jnp.bool_(True)
        new_updates, inner_state = inner.update(updates, state.inner_state, params, **extra_args)
        # -0.0 is the neutral element of addition; +0.0 would turn a parameter of -0.0 into +0.0.
        new_updates = jax.tree.map(
            lambda u: jnp.where(good, u, -0.0) if jnp.issubdtype(jnp.result_type(u), jnp.inexact) else u, new_updates
        )
        inner_state = jax.tree.map(lambda new, old: jnp.where(good, new, old), inner_state, state.inner_state)
        return new_updates, SkipNonfiniteState(inner_state, jnp.where(good, state.skipped, state.skipped + 1))

    return fused.Planned(init, update, plan)


def _plan(plan: fused.Plan | None, axis_name: AxisName) -> fused.Plan | None:
    """The plan of what is wrapped, which leaves everything as it is on a bad step."""
    if plan is None:
        return None
    inside = plan

    def closed(state: SkipNonfiniteState, new: fused.Closed) -> SkipNonfiniteState:
        after = inside.close(state.inner_state, new)
        written = {id(x) for x in jax.tree.leaves((new.moments.packed, new.remainder))}  # the kernel kept these
        after = jax.tree.map(
            lambda x, old: x if id(x) in written else jnp.where(new.good, x, old), after, state.inner_state
        )
        return SkipNonfiniteState(after, jnp.where(new.good, state.skipped, state.skipped + 1))

    def opened(state: Any) -> fused.Opened | None:
        return inside.open(state.inner_state) if isinstance(state, SkipNonfiniteState) else None

    return dataclasses.replace(plan, open=opened, close=closed, skip=True, skip_axis_name=axis_name)
