"""`adam_jax.step`: `tx.update` and `optax.apply_updates` in one call, so that one kernel can do both."""

from typing import Any

import jax
import numpy as np
import optax

from adam_jax import validation
from adam_jax.sharding import beside_the_state, of_parameters
from adam_jax.transforms.base import with_step


def step(
    tx: optax.GradientTransformation,
    params: optax.Params,
    state: optax.OptState,
    grads: optax.Updates,
    *,
    shardings: Any = None,
    **extra: Any,
) -> tuple[optax.Params, optax.OptState]:
    r"""`tx.update` and `optax.apply_updates` in one call: :math:`\theta_t` from :math:`\theta_{t-1}` and :math:`g_t`.

    A compiler may need several passes over memory for an update and its application: on a TPU XLA merges outputs of
    different dtypes only sometimes.  Where `tx` is `adam`, `adamw`, `nadam`, `nadamw` or `adamax` with
    `moments="8bit"`, alone or inside `master_weights`, `skip_nonfinite` and `skip_spikes`, a TPU runs one kernel that
    reads and writes everything once (`python -m adam_jax traffic`).  With `master_weights` as the outermost
    transformation, the new weight itself is split: with 32 bits this is exact, while an update, which is a float32
    difference, can be off by half an ulp.

    On a CPU, XLA makes a kernel for each result, and moves 40 bytes per float32 parameter instead of 28.  With the
    native library, which is compiled when adam_jax is installed, if there is a C compiler, the optimizers of this
    package need one pass, also with float32 moments, and no temporaries.  For Adam with b1 and b2 up to 0.999 and a
    tree of several leaves, the bits are those of XLA's kernels.  The last bit of a parameter may differ for a single
    leaf, for other rules, for b1 or b2 that are arrays, above 0.999 or below 0.5, and for 8 bits inside
    `skip_nonfinite` (docs/native.md).  `ADAM_JAX_NATIVE=0` turns it off for programs that are traced afterwards;
    derivatives, `vmap`, `jax.export`, and arrays spread over devices without `shardings` use XLA's kernels.  For any
    other transformation, and on any other platform, `tx.update` and `optax.apply_updates` are called.

    Args:
      tx: any Optax transformation.
      params: the parameters.
      state: the result of `tx.init(params)` or of the step before.
      grads: the gradients, with the parameters' structure and shapes.
      shardings: on many devices, the result of `adam_jax.state_shardings` for this state.  Each parameter is updated on
        the devices that hold its state.  With ZeRO-1, gradients are reduce-scattered, and the new parameters are
        sharded like the state, until `out_shardings` of the caller's `jit` gathers them.  The TPU kernel runs on many
        devices only with this argument: XLA cannot partition a custom kernel.  Parameters without an array in the state
        keep their sharding.
      extra: further arguments of `tx.update`, such as `value`, or the `loss` of `skip_spikes`; the optimizers of this
        package ignore them.

    Returns:
      The new parameters, with the dtypes of the old, and the new state.  With `jax.jit`, donate both, and take and
      return them in this order::

          @functools.partial(jax.jit, donate_argnames=("params", "state"))
          def train_step(params, state, batch):
              grads = jax.grad(loss_fn)(params, batch)
              return adam_jax.step(tx, params, state, grads)

      JAX reuses donated arrays for results in order, by shape and dtype.  In a function of `(grads, state, params)`
      that returns `(params, state)`, the new parameters get the memory of `mu`, and XLA copies whole arrays to make
      room (float32 moments on a GPU: 44 bytes per parameter instead of 28).

    Raises:
      TypeError: the arguments are in another order, as far as their structures and shapes show it.  Parameters and
        gradients of the same shapes and dtypes cannot be distinguished.
      ValueError: `tx` was made with `implementation="pallas"` or `"native"`, and the kernel cannot do this step: an
        empty leaf on a TPU, a dtype that is neither float32 nor bfloat16, a gradient of another dtype than its
        parameter; the native library is not installed, or arrays are spread over devices without `shardings`.
        `shardings` are not those of this state.  The parameters and the gradients have different structures.  And any
        error of `tx.update`.

    >>> import adam_jax, jax.numpy as jnp
    >>> tx = adam_jax.adam(0.1)
    >>> params = jnp.ones(2)
    >>> params, state = step(tx, params, tx.init(params), jnp.ones(2))
    >>> print(params)
    [0.9 0.9]
    """
    _check_order(tx, params, state, grads)
    places = None if shardings is None else of_parameters(params, state, shardings)
    if places is not None:
        grads, params = (beside_the_state(tree, params, places) for tree in (grads, params))
    if spec := with_step(tx):
        return spec.step(grads, state, params, places if places and None not in places else None, **extra)
    updates, new_state = optax.with_extra_args_support(tx).update(grads, state, params, **extra)
    return optax.apply_updates(params, updates), new_state


def _check_order(tx: optax.GradientTransformation, params: Any, state: Any, grads: Any) -> None:
    """Raises TypeError if it is in another order that the arguments fit: up to 0.1.0 it was (grads, state, params)."""
    shapes = [_described(tree) for tree in (params, state, grads)]
    alike = shapes[0] == shapes[2] and _dtypes(params) == _dtypes(grads)  # then nothing can tell them apart
    if alike or _gives(tx, params, shapes[1]):
        return
    given = ("params", params), ("state", state), ("grads", grads)
    for first, second in ((2, 1), (0, 2), (1, 2), (1, 0), (2, 0)):
        if _gives(tx, given[first][1], shapes[second]):
            moved = "`params` and `grads` are exchanged"
            if second != 1:
                moved = f"the optimizer's state was given as `{given[second][0]}`"
            raise TypeError(
                f"adam_jax.step takes (tx, params, state, grads), in this order; {moved}. "
                "Call params, state = adam_jax.step(tx, params, state, grads)"
            )


def _gives(tx: optax.GradientTransformation, params: Any, described_state: Any) -> bool:
    """Whether `tx.init` makes a state of this structure and these shapes of these parameters."""
    try:
        return _described(jax.eval_shape(tx.init, params)) == described_state
    except Exception:  # no parameters at all: init may raise whatever it likes
        return False


def _described(tree: Any) -> Any:
    leaves, structure = jax.tree.flatten(tree, is_leaf=validation.is_none)
    return structure, [np.shape(x) for x in leaves]


def _dtypes(tree: Any) -> list[Any]:
    return [getattr(x, "dtype", type(x)) for x in jax.tree.leaves(tree)]
