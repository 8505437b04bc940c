"""How do parameters get their step in one pass?  `step`: `update` and `apply_updates` through one door."""

from typing import Any

import jax
import optax

from adam_jax import fused
from adam_jax.older_jax import reshard
from adam_jax.sharding import of_parameters


def step(
    tx: optax.GradientTransformation,
    grads: optax.Updates,
    state: optax.OptState,
    params: optax.Params,
    *,
    shardings: Any = None,
    **extra: Any,
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
      shardings: on many devices, what `adam_jax.state_shardings` gave for this state.  The step of each parameter is
        computed where its state lives: with ZeRO-1 gradients are reduced and scattered, and the new parameters come out
        spread as the state is, until `out_shardings` of the caller's `jit` gathers them.  A TPU's kernel runs on many
        devices only with it: XLA cannot cut a kernel.  Parameters of which the state has nothing stay where they are.
      extra: further arguments of `tx.update`, such as `value`; what has a kernel ignores them.

    Returns:
      The new parameters, with the dtypes of the old, and the new state.  Donate both under jit:
      `jax.jit(..., donate_argnames=("state", "params"))`.

    Raises:
      ValueError: `tx` was made with `implementation="pallas"`, and the kernel cannot do this step: decay rates that are
        no numbers, a missing gradient, an empty leaf, a dtype that is neither float32 nor bfloat16.  `shardings` are
        not those of this state.  Whatever `tx.update` raises.

    >>> import adam_jax, jax.numpy as jnp
    >>> tx = adam_jax.adam(0.1)
    >>> params = jnp.ones(2)
    >>> params, state = step(tx, jnp.ones(2), tx.init(params), params)
    >>> print(params)
    [0.9 0.9]
    """
    places = None if shardings is None else of_parameters(params, state, shardings)
    plan = None if places and None in places else fused.plan_of(tx)
    plan = fused.usable(plan, grads, state, params, update=False, shardings=places)
    if places is not None:
        grads, params = (_beside_the_state(tree, params, places) for tree in (grads, params))
    if plan is not None:
        return fused.step(plan, grads, state, params, shardings=places)
    updates, state = optax.with_extra_args_support(tx).update(grads, state, params, **extra)
    return optax.apply_updates(params, updates), state


def _beside_the_state(tree: Any, params: Any, places: list[Any]) -> Any:
    leaves = jax.tree.structure(params).flatten_up_to(tree)
    placed = [x if x is None or s is None else _place(x, s) for x, s in zip(leaves, places, strict=True)]
    return jax.tree.structure(params).unflatten(placed)


def _place(x: Any, sharding: Any) -> Any:
    # a mesh with explicit axes has shardings in types, which constraints cannot change
    explicit = jax.sharding.AxisType.Explicit in sharding.mesh.axis_types
    return reshard(x, sharding) if explicit else jax.lax.with_sharding_constraint(x, sharding)
