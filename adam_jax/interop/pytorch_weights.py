"""How do PyTorch's weights become parameters here?  From a model's `state_dict`."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax.interop.pytorch_arrays import Layout, by_path, laid_out, parsed
from adam_jax.validation import name_of


def weights_from_pytorch(model_state_dict: Mapping[str, Any], names: Any, *, like: optax.Params) -> optax.Params:
    """The parameters that a PyTorch model's weights are here.

    The same `names` that `from_pytorch` takes for the moments describe the weights.  Values come over bit for bit, but
    where the dtype in `like` is narrower, which rounds to nearest.  PyTorch is not imported.

    Args:
      model_state_dict: `model.state_dict()`, of tensors on any device, or of NumPy arrays.
      names: for each parameter, in the structure of `like`, PyTorch's name of it, or a pair: the name, and a function
        of a NumPy array that brings PyTorch's layout to ours, as in `from_pytorch`: `("fc.weight", np.transpose)` for
        a Flax kernel.  None for a parameter that stays as `like` has it.
      like: the parameters as they are to be, with the shapes and dtypes of their leaves: the model's freshly
        initialized ones, or `jax.eval_shape` of their initialization.

    Returns:
      A tree of the structure, the shapes and the dtypes of `like`.

    Raises:
      ValueError: a parameter's name is not in `model_state_dict`; its weight has another shape, or is complex or float
        where the parameter is not; `names` has another structure than `like`.
      TypeError: `names` has a leaf that is none of these; `model_state_dict` is the model itself.

    >>> import numpy as np
    >>> saved = {"fc.weight": np.ones((2, 3), np.float32), "fc.bias": np.zeros(2, np.float32)}  # model.state_dict()
    >>> names = {"kernel": ("fc.weight", np.transpose), "bias": "fc.bias"}
    >>> like = {"kernel": jnp.zeros((3, 2), jnp.bfloat16), "bias": jnp.zeros(2)}
    >>> params = weights_from_pytorch(saved, names, like=like)
    >>> print(params["kernel"].shape, params["kernel"].dtype)
    (3, 2) bfloat16
    """
    if not isinstance(model_state_dict, Mapping):
        raise TypeError(f"model_state_dict must be model.state_dict(); got {type(model_state_dict).__name__}")
    entries = by_path(names, like, "`like`")
    return jax.tree_util.tree_map_with_path(lambda path, p: _weight(path, entries[path], p, model_state_dict), like)


def _weight(path: Any, entry: Any, p: Any, weights: Mapping[str, Any]) -> jax.Array:
    if entry is None:
        if isinstance(p, jax.ShapeDtypeStruct):
            raise ValueError(
                f"names: the parameter {name_of(path)} has None, to stay as `like` has it, which has only a shape. "
                "Give PyTorch's name of it, or arrays in `like`"
            )
        return jnp.array(p)
    here, name, layout = parsed(path, entry)
    if name not in weights:
        known = ", ".join(map(repr, weights))
        raise ValueError(f"{here} is not in model_state_dict, which has {known}")
    return _converted(here, weights[name], layout, p)


def _converted(here: str, value: Any, layout: Layout | None, p: Any) -> jax.Array:
    moved = laid_out(here, "PyTorch's weight", value, layout, np.shape(p))
    dtype = jnp.result_type(p)
    # float32 to bfloat16 is meant, complex to real or float to int is a mistake in `names`
    if not any(jnp.issubdtype(moved.dtype, kind) and jnp.issubdtype(dtype, kind) for kind in _KINDS):
        raise ValueError(f"{here} has dtype {dtype}, but PyTorch's weight {moved.dtype}: another kind of number")
    return jnp.array(moved, dtype)


_KINDS = (jnp.floating, jnp.complexfloating, jnp.integer, jnp.bool_)
