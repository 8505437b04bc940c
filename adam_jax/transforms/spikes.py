"""What if a gradient norm or a loss is a spike?  `skip_spikes` skips the whole step of any transformation."""

import dataclasses
import functools
import math
import numbers
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.core import Tracer

from adam_jax import validation
from adam_jax.backends.devices import all_finite, everywhere, global_norm
from adam_jax.core import AxisName, increment
from adam_jax.transforms.base import StepInputs, StepOutputs, StepPlan, Wrapper
from adam_jax.transforms.skip import inexact_leaves, updated_if
from adam_jax.transforms.spec import transformation
from adam_jax.transforms.states import SkipSpikesState

_ROUNDING = 2.0**-20  # of a mean of float32: what is nearer to it than that is no spike


def skip_spikes(
    tx: optax.GradientTransformation, *, window: int = 128, sigma: float = 6.0, axis_name: AxisName = None
) -> optax.GradientTransformationExtraArgs:
    r"""Skip the whole step if its gradient norm, or its loss, is far above that of the steps before.

    With the mean :math:`\mu` and the standard deviation :math:`s` of the gradient's global norm :math:`n` over the last
    `window` accepted steps, a step is a spike where

    .. math::

        n > \mu + \sigma s, \quad \mu = \frac{1}{w} \sum n_i, \quad s^2 = \frac{1}{w - 1} \sum (n_i - \mu)^2

    On a spike the inner state and the parameters stay bit-identical, `skipped` is increased by one, and the spike does
    not enter the window, so that later spikes are still found.  A run with spikes is bit-identical to the run without
    those steps.  A norm or a loss that is infinite or NaN is always a spike, also if a gradient has such an element.
    Otherwise there are no spikes in the first `window` steps, nor while all values in the window are equal.  There is
    no limit: after a lasting rise by more than `sigma` deviations every step is skipped.  Watch `skipped`.

    The loss is tested too, with a window of its own, if it is given to `update` or `adam_jax.step` as ``loss=``.  The
    norm is computed, in one more pass over the gradients, unless it is given as ``grad_norm=``; then there is still a
    pass that looks for infinities and NaN, as in `skip_nonfinite`.  Both are passed on to `tx`.

    Standard deviations from a rolling mean are how OLMo 2 counts spikes (https://arxiv.org/abs/2501.00656, section 3: 7
    over 1,000 steps), whose gradient norms jump before their losses do.  Skipping the step is the rule of OLMo-core's
    `SkipStepOptimizer`, with 6 over 128 steps; there spikes enter the window too, and half a window is enough.

    Args:
      tx: any transformation, `master_weights` and an `optax.MultiSteps` included.
      window: how many accepted steps are compared with, >= 2.
      sigma: how many standard deviations above the mean a spike is, > 0 and finite.
      axis_name: inside `jax.shard_map(check_vma=False)`, the axes of the mesh over which gradients differ between
        devices, as in `skip_nonfinite`; there `grad_norm` must be given, unless `axis_name` is (): a device cannot know
        which gradients are parts.

    Returns:
      A transformation whose state is `SkipSpikesState(inner_state, skipped, grad_norms, losses, norms_seen,
      losses_seen)`, 8 `window` + 12 bytes larger than that of `tx`.  Updates have the dtypes of the updates of `tx`.
      For arrays spread over devices the norm is that of the whole gradients, up to the order of its sum.  Norms above
      1.8e19 count as infinite.

    Raises:
      ValueError: `window` or `sigma` is out of range; there is neither a gradient nor a `grad_norm` or `loss` to look
        at; one of these is no scalar; `update` runs inside `jax.shard_map(check_vma=False)` without `axis_name` or
        `grad_norm`.
      TypeError: an argument is no number; `update` gets a state of another transformation.

    >>> import adam_jax
    >>> tx = skip_spikes(adam_jax.adam(0.1), window=4)
    >>> params = jnp.ones(2)
    >>> state = tx.init(params)
    >>> for size in [1.0, 1.1, 0.9, 1.0, 50.0, 1.0]:
    ...     updates, state = tx.update(jnp.array([size, 0.0]), state, params)
    >>> print(state.skipped, state.inner_state[0].count)
    1 5
    """
    if isinstance(window, bool) or not isinstance(window, numbers.Integral):
        raise TypeError(f"window must be an integer >= 2; got {window!r}")
    if window < 2:
        raise ValueError(f"window must be an integer >= 2, since one step has no deviation; got {window!r}")
    if isinstance(sigma, bool) or not isinstance(sigma, numbers.Real):
        raise TypeError(f"sigma must be a finite number > 0; got {sigma!r}")
    if not 0 < sigma < math.inf:
        raise ValueError(f"sigma must be a finite number > 0; got {sigma!r}")
    names = validation.axis_names(axis_name)
    return transformation(SkipSpikes, tx=tx, window=int(window), sigma=float(sigma), axis_name=names)


@dataclasses.dataclass(frozen=True, eq=False)
class SkipSpikes(Wrapper):
    """`tx`, but for steps that are spikes."""

    tx: Any  # a transformation, or an optax.MultiSteps
    window: int
    sigma: float
    axis_name: AxisName

    @functools.cached_property
    def plan(self) -> StepPlan | None:
        plan = self.inner and self.inner.plan
        return None if plan is None or plan.skips else dataclasses.replace(plan, skips=True)

    def init(self, params: optax.Params) -> SkipSpikesState:
        zeros = jnp.zeros(self.window, jnp.float32)
        none = jnp.zeros((), jnp.int32)
        return SkipSpikesState(self.tx.init(params), none, zeros, jnp.copy(zeros), jnp.copy(none), jnp.copy(none))

    def update(self, updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        return self._judged(updates, state, params, "updates", None, extra_args)

    def step(self, grads: Any, state: Any, params: Any, shardings: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        return self._judged(grads, state, params, "params", shardings, extra_args)

    def _judged(
        self,
        grads: Any,
        state: Any,
        params: Any,
        returns: Literal["params", "updates"],
        shardings: Any,
        extra_args: dict[str, Any],
    ) -> tuple[Any, Any]:
        if not isinstance(state, SkipSpikesState):
            raise TypeError(f"skip_spikes: expected the SkipSpikesState of init; got {type(state).__name__}")
        if np.shape(state.grad_norms) != (self.window,):
            raise ValueError(
                f"skip_spikes: this state remembers {np.size(state.grad_norms)} steps, and window is {self.window}"
            )
        good, seen = self._judge(grads, state, extra_args)
        if self.plan is None:
            new, inner_state = updated_if(good, self.tx, grads, state.inner_state, params, extra_args)
            return new, seen._replace(inner_state=inner_state)
        return self._run(grads, seen, params, returns, shardings, good)

    @property
    def has_step(self) -> bool:
        return self.plan is not None

    def _judge(self, grads: Any, state: SkipSpikesState, extra: dict[str, Any]) -> tuple[jax.Array, SkipSpikesState]:
        """Whether the step counts, and what is remembered after it."""
        norm, loss = (_statistic(name, extra.get(name)) for name in ("grad_norm", "loss"))
        leaves = inexact_leaves(grads)
        good = jnp.bool_(True)
        if norm is None and leaves:
            norm = global_norm(leaves, self.axis_name)
        elif leaves:
            good = all_finite(leaves)
        if norm is None and loss is None:
            raise ValueError("skip_spikes: there is no gradient to look at; give update a loss= or a grad_norm=")
        if norm is not None:
            good &= ~_is_spike(norm, state.grad_norms, state.norms_seen, self.sigma)
        if loss is not None:
            good &= ~_is_spike(loss, state.losses, state.losses_seen, self.sigma)
        good = everywhere(good, self.axis_name, "skip_spikes")
        norms, norms_seen = _remembered(good, norm, state.grad_norms, state.norms_seen)
        losses, losses_seen = _remembered(good, loss, state.losses, state.losses_seen)
        skipped = jnp.where(good, state.skipped, increment(state.skipped))
        return good, SkipSpikesState(state.inner_state, skipped, norms, losses, norms_seen, losses_seen)

    def read_state(self, state: Any, params: Any) -> StepInputs:
        assert self.inner is not None
        return self.inner.read_state(state.inner_state, params)

    def write_state(self, state: Any, outputs: StepOutputs) -> SkipSpikesState:
        assert self.inner is not None
        return state._replace(inner_state=self.inner.write_state(state.inner_state, outputs))


def _statistic(name: str, value: Any) -> jax.Array | None:
    if value is None:
        return None
    if not isinstance(value, numbers.Real | np.ndarray | np.generic | jax.Array | Tracer) or isinstance(value, bool):
        raise TypeError(f"{name} must be a real number or a scalar array; got {value!r}")
    array = jnp.asarray(value)
    if array.shape != ():
        raise ValueError(f"{name} must be a scalar; got an array of shape {array.shape}")
    if not jnp.issubdtype(array.dtype, jnp.floating) and not jnp.issubdtype(array.dtype, jnp.integer):
        raise TypeError(f"{name} must be a real number or a scalar array; got one of {array.dtype}")
    return jax.lax.stop_gradient(array.astype(jnp.float32))


def _is_spike(x: jax.Array, values: jax.Array, seen: jax.Array, sigma: float) -> jax.Array:
    """Whether x is not finite, or more than sigma standard deviations above the mean of a full window of values."""
    first = values[0]
    mean = first + jnp.mean(values - first)  # of equal values the value itself
    deviation = jnp.sqrt(jnp.sum(jax.lax.square(values - mean)) / (values.size - 1))
    above = x - mean
    is_high = (above > sigma * deviation) & (above > _ROUNDING * jnp.abs(mean)) & (deviation > 0)
    return ~jnp.isfinite(x) | ((seen >= values.size) & is_high)


def _remembered(
    good: jax.Array, x: jax.Array | None, values: jax.Array, seen: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The last values, in a ring, and how many there were."""
    if x is None:
        return values, seen
    place = seen % values.size
    return values.at[place].set(jnp.where(good, x, values[place])), jnp.where(good, increment(seen), seen)
