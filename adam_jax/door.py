"""How do parameters get their step in one pass?  `step`: `update` and `apply_updates` through one door."""

from typing import Any

import optax

from adam_jax import fused


def step(
    tx: optax.GradientTransformation, grads: optax.Updates, state: optax.OptState, params: optax.Params, **extra: Any
) -> tuple[optax.Params, optax.OptState]:
    r"""`tx.update` and `optax.apply_updates` in one: :math:`\theta_t` from :math:`\theta_{t-1}` and :math:`g_t`.

    A compiler may need several passes over memory for an update and its application: on a TPU XLA merges outputs of
    different dtypes only sometimes.  Where `tx` is `adam`, `adamw`, `nadam`, `nadamw` or `adamax` with
    `moments="8bit"`, alone or inside `master_weights` and `skip_nonfinite`, a TPU runs one kernel that reads and writes
    everything once (`python -m adam_jax traffic`).  Any other transformation, and any other platform, gets
    `tx.update` and `optax.apply_updates`.

    Args:
      tx: any Optax transformation.
      grads: the gradients, of the parameters' structure and shapes.
      state: of `tx.init(params)` or of the step before.
      params: the parameters.
      extra: further arguments of `tx.update`, such as `value`; with any, `update` runs.

    Returns:
      The new parameters, with the dtypes of the old, and the new state.  Donate both under jit:
      `jax.jit(..., donate_argnames=("state", "params"))`.

    Raises:
      ValueError: `tx` was made with `implementation="pallas"`, and the kernel cannot do this step: decay rates that are
        no numbers, a missing gradient, an empty leaf, a dtype that is neither float32 nor bfloat16.  Whatever
        `tx.update` raises.

    >>> import adam_jax, jax.numpy as jnp
    >>> tx = adam_jax.adam(0.1)
    >>> params = jnp.ones(2)
    >>> params, state = step(tx, jnp.ones(2), tx.init(params), params)
    >>> print(params)
    [0.9 0.9]
    """
    plan = None if extra else fused.usable(fused.plan_of(tx), grads, state, params, update=False)
    if plan is not None:
        return fused.step(plan, grads, state, params)
    updates, state = optax.with_extra_args_support(tx).update(grads, state, params, **extra)
    return optax.apply_updates(params, updates), state
