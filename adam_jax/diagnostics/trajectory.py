"""What happened in a run?  Every step of it: parameters, losses, gradients, updates and states."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax


class Trace(NamedTuple):
    """A recorded run: the first axis of each array is the step.  `params` has one row more, the start."""

    params: Any  # before the first step, and after each
    losses: jax.Array  # at the parameters before each step
    grads: Any
    updates: Any
    states: Any  # after each step


def trace(
    tx: optax.GradientTransformation,
    loss: Callable[..., jax.Array],
    params: optax.Params,
    steps: int,
    data: Any = None,
) -> Trace:
    r"""Minimise `loss` from `params` and record every step.

    .. math::

        u_t, s_t = \text{update}(\nabla f(\theta_{t-1}), s_{t-1}, \theta_{t-1}), \quad \theta_t = \theta_{t-1} + u_t

    It is a pure function, one `jax.lax.scan`, which can be jitted (with `tx`, `loss` and `steps` static), vmapped and
    differentiated.  It keeps every step, so it is for small problems; for a large run, stack the results of `measure`
    in a scan of your own.

    Args:
      tx: any Optax transformation.  One that takes extra arguments, as line searches do, gets `value`, `grad` and
        `value_fn` of the step's loss.
      loss: `loss(params)`, or `loss(params, entry)` with `data`; returns a real scalar.
      params: the starting point; any pytree of float or complex arrays.  The gradients of complex leaves are
        conjugated, so that steps reduce the loss.
      steps: the number of steps, >= 1.
      data: a pytree of arrays whose first axis is the step: batches, or for random losses
        `jax.random.split(key, steps)`.  Step t gets entry t.

    Returns:
      `Trace(params, losses, grads, updates, states)`, where `losses` has shape (steps,), the leaves of `params`
      (steps + 1, ...), those of the others (steps, ...).

    Raises:
      ValueError: `steps` is no int >= 1; an array of `data` has another first axis.

    >>> import adam_jax
    >>> run = trace(adam_jax.adam(0.1), lambda x: jnp.sum(x**2), jnp.array([1.0, -2.0]), steps=50)
    >>> print(run.params.shape, run.losses.shape, bool(run.losses[-1] < 0.1))
    (51, 2) (50,) True
    >>> noisy = lambda x, key: jnp.sum((x + jax.random.normal(key, x.shape)) ** 2)
    >>> trace(adam_jax.adam(0.1), noisy, jnp.ones(2), 3, jax.random.split(jax.random.key(0), 3)).grads.shape
    (3, 2)
    """
    if not isinstance(steps, int) or isinstance(steps, bool) or steps < 1:
        raise ValueError(f"steps must be an int >= 1; got {steps!r}")
    for path, x in jax.tree_util.tree_leaves_with_path(data):
        if jnp.shape(x)[:1] != (steps,):
            raise ValueError(
                f"data{jax.tree_util.keystr(path)} must have one entry for each of {steps} steps along its first axis; "
                f"got shape {jnp.shape(x)}"
            )
    update = optax.with_extra_args_support(tx).update

    def one_step(carry: tuple[Any, Any], entry: Any) -> tuple[Any, Any]:
        params, state = carry

        def value_fn(p: Any) -> jax.Array:
            return loss(p) if data is None else loss(p, entry)

        value, grads = jax.value_and_grad(value_fn)(params)
        grads = jax.tree.map(jnp.conj, grads)
        updates, state = update(grads, state, params, value=value, grad=grads, value_fn=value_fn)
        params = optax.apply_updates(params, updates)
        return (params, state), (params, value, grads, updates, state)

    params = jax.tree.map(jnp.asarray, params)
    _, (path, losses, grads, updates, states) = jax.lax.scan(one_step, (params, tx.init(params)), data, length=steps)
    path = jax.tree.map(lambda start, rest: jnp.concatenate([start[None], rest]), params, path)
    return Trace(path, losses, grads, updates, states)
