"""How many bytes per parameter does training keep?  Weights, gradients and every tree of the state."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax


def bytes_of(tree: Any) -> int:
    """The bytes of all arrays (or `ShapeDtypeStruct`s) of a tree.

    >>> bytes_of({"w": jnp.zeros((2, 3)), "b": jnp.zeros(3, jnp.bfloat16)})
    30
    """
    return sum(int(np.prod(x.shape)) * jnp.dtype(x.dtype).itemsize for x in jax.tree.leaves(tree))


def bytes_a_parameter(
    tx: optax.GradientTransformation, params: Any, grads_dtype: jax.typing.DTypeLike | None = None
) -> dict[str, float]:
    """The memory that training with `tx` keeps between steps, in bytes per parameter.

    Args:
      tx: any transformation.
      params: a tree of arrays, or of `jax.ShapeDtypeStruct`.
      grads_dtype: the gradients' dtype; None: the parameters'.

    Returns:
      "weights", "gradients", one entry for each field of the state that holds arrays, by its path, and "total".

    >>> import adam_jax
    >>> params = jax.ShapeDtypeStruct((1000, 1000), jnp.bfloat16)
    >>> tx = adam_jax.master_weights(adam_jax.adam(1e-3, moments="8bit"))
    >>> print(round(bytes_a_parameter(tx, params)["total"], 3))
    8.0
    """
    shapes = jax.eval_shape(lambda: jax.tree.map(jnp.zeros_like, params))
    parameters = sum(int(np.prod(p.shape)) for p in jax.tree.leaves(shapes))
    state = jax.eval_shape(tx.init, shapes)
    grads = jax.tree.map(lambda p: jax.ShapeDtypeStruct(p.shape, grads_dtype or p.dtype), shapes)
    fields: dict[str, float] = {"weights": bytes_of(shapes), "gradients": bytes_of(grads)}
    for path, leaf in jax.tree_util.tree_leaves_with_path(state):
        names = [key.name for key in path if isinstance(key, jax.tree_util.GetAttrKey)]
        field = names[-1] if names else "state"
        fields[field] = fields.get(field, 0) + bytes_of(leaf)
    fields["total"] = sum(fields.values())
    return {name: value / parameters for name, value in fields.items()}
