"""What if a gradient is infinite or NaN?  `skip_nonfinite` skips the whole step of any transformation."""

import dataclasses
import functools
from typing import Any

import jax
import jax.numpy as jnp
import optax

from adam_jax import validation
from adam_jax.backends.devices import all_finite, everywhere
from adam_jax.core import AxisName
from adam_jax.transforms.base import StepInputs, StepOutputs, StepPlan, Wrapper
from adam_jax.transforms.spec import transformation
from adam_jax.transforms.states import SkipNonfiniteState


def skip_nonfinite(
    tx: optax.GradientTransformation, *, axis_name: AxisName = None
) -> optax.GradientTransformationExtraArgs:
    """Skip the whole step if any gradient has an infinite or NaN element.

    On a skipped step the inner state (moments, count, remainders of `master_weights`) and the parameters stay
    bit-identical, and `skipped` is increased by one.  Bad steps are always skipped, while `optax.apply_if_finite`
    applies them after `max_consecutive_errors`: watch `skipped`.

    With sharded arrays all devices skip if any of them has a bad element.  Inside `jax.shard_map` each device sees only
    its part, and `axis_name` is needed to combine the results of all devices.

    Args:
      tx: any transformation, `master_weights` included.
      axis_name: inside `jax.shard_map`, the axes of the mesh over which gradients differ between devices, as in `adam`.

    Returns:
      A transformation whose state is `SkipNonfiniteState(inner_state, skipped)`.  Updates have the dtypes of the
      updates of `tx`.

    Raises:
      TypeError: `update` gets a state of another transformation; `axis_name` is no name.
      ValueError: `update` runs inside `jax.shard_map(check_vma=False)` without `axis_name`.

    >>> import adam_jax
    >>> tx = skip_nonfinite(adam_jax.adam(0.1))
    >>> params = jnp.ones(2)
    >>> updates, state = tx.update(jnp.array([jnp.nan, 1.0]), tx.init(params), params)
    >>> print(optax.apply_updates(params, updates), state.skipped)
    [1. 1.] 1
    """
    return transformation(SkipNonfinite, tx=tx, axis_name=validation.axis_names(axis_name))


@dataclasses.dataclass(frozen=True, eq=False)
class SkipNonfinite(Wrapper):
    """`tx`, but for steps that have a bad gradient."""

    tx: optax.GradientTransformation
    axis_name: AxisName

    @functools.cached_property
    def plan(self) -> StepPlan | None:
        plan = self.inner and self.inner.plan
        if plan is None or plan.skips:
            return None
        return dataclasses.replace(plan, skips=True, skip_axis_name=self.axis_name)

    def init(self, params: optax.Params) -> SkipNonfiniteState:
        return SkipNonfiniteState(self.tx.init(params), jnp.zeros((), jnp.int32))

    def update(self, updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        if self.plan is not None:
            return super().update(updates, state, params, **extra_args)
        inner_state = _opened(state)
        good = everywhere(all_finite(inexact_leaves(updates)), self.axis_name, "skip_nonfinite")
        new_updates, kept = updated_if(good, self.tx, updates, inner_state, params, extra_args)
        return new_updates, SkipNonfiniteState(kept, jnp.where(good, state.skipped, state.skipped + 1))

    def read_state(self, state: Any, params: Any) -> StepInputs:
        assert self.inner is not None
        return self.inner.read_state(_opened(state), params)

    def write_state(self, state: Any, outputs: StepOutputs) -> SkipNonfiniteState:
        assert self.inner is not None
        assert outputs.good is not None
        skipped = jnp.where(outputs.good, state.skipped, state.skipped + 1)
        return SkipNonfiniteState(self.inner.write_state(state.inner_state, outputs), skipped)


def inexact_leaves(grads: Any) -> list[jax.Array]:
    """The gradients that can be judged: floats and complex numbers."""
    return [jnp.asarray(g) for g in jax.tree.leaves(grads) if jnp.issubdtype(jnp.result_type(g), jnp.inexact)]


def updated_if(
    good: jax.Array, tx: Any, updates: Any, state: Any, params: Any, extra_args: dict[str, Any]
) -> tuple[Any, Any]:
    """What `tx.update` gives if the step counts, else updates that change nothing and the state as it was."""
    new_updates, new_state = optax.with_extra_args_support(tx).update(updates, state, params, **extra_args)
    # -0.0 is the neutral element of addition; +0.0 would turn a parameter of -0.0 into +0.0.
    new_updates = jax.tree.map(
        lambda u: jnp.where(good, u, -0.0) if jnp.issubdtype(jnp.result_type(u), jnp.inexact) else u, new_updates
    )
    return new_updates, jax.tree.map(lambda new, old: jnp.where(good, new, old), new_state, state)


def _opened(state: Any) -> Any:
    if not isinstance(state, SkipNonfiniteState):
        raise TypeError(f"skip_nonfinite: expected the SkipNonfiniteState of init; got {type(state).__name__}")
    return state.inner_state
