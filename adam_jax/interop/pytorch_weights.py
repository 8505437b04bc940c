"""How do the weights of a PyTorch model become parameters for JAX?  From its `state_dict`."""

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax.validation import name_of

Layout = Callable[[np.ndarray], Any]


def weights_from_pytorch(model_state_dict: Mapping[str, Any], names: Any, *, like: optax.Params) -> optax.Params:
    """Convert the weights of a PyTorch model to parameters for JAX.

    `names` is the same as for the moments in `from_pytorch`.  Values are copied bit for bit; if the dtype in `like` is
    narrower, they are rounded to nearest.  PyTorch is not imported.

    Args:
      model_state_dict: `model.state_dict()`, of tensors on any device, or of NumPy arrays.
      names: for each parameter, in the structure of `like`, PyTorch's name of it, or a pair: the name, and a function
        of a NumPy array that converts PyTorch's layout to that of `like`, as in `from_pytorch`:
        `("fc.weight", np.transpose)` for a Flax kernel.  None for a parameter that keeps its value in `like`.
      like: a tree with the shapes and dtypes that the parameters should have: the parameters of the newly initialized
        model, or `jax.eval_shape` of the initialization.

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


def by_path(names: Any, tree: Any, what: str) -> dict[Any, Any]:
    """The entry of `names` for each leaf of `tree`, which is called `what`."""
    paths, structure = jax.tree_util.tree_flatten_with_path(tree)
    try:
        entries = structure.flatten_up_to(names)
    except (ValueError, TypeError) as error:
        raise ValueError(f"names must have the structure of {what}: {error}") from None
    return dict(zip([path for path, _ in paths], entries, strict=True))


def parsed(path: Any, entry: Any) -> tuple[str, Any, Layout | None]:
    """What to call a parameter in a message, PyTorch's name or number of it, and the function that moves its axes."""
    name, layout = entry if isinstance(entry, tuple) and len(entry) == 2 else (entry, None)
    if not isinstance(name, str | int) or not (layout is None or callable(layout)):
        raise TypeError(
            f"names: the parameter {name_of(path)} must have a name, a number, or a pair of one and a function; "
            f"got {name!r}" + ("" if layout is None else f" and {layout!r}")
        )
    return f"the parameter {name_of(path)}, PyTorch's {name!r},", name, layout


def laid_out(here: str, key: str, value: Any, layout: Layout | None, shape: tuple[int, ...]) -> np.ndarray:
    """A tensor in our layout, which must have `shape`.  key: what to call it in the message."""
    array = to_numpy(value)
    moved = array if layout is None else np.asarray(layout(array))
    if moved.shape != shape:
        how = "" if layout is None else f", after its function {moved.shape}"
        raise ValueError(
            f"{here} has shape {shape}, but {key} {array.shape}{how}. Give a pair (name, function) in names: "
            "np.transpose for a dense kernel (PyTorch: out, in; Flax: in, out), lambda w: w.transpose(2, 3, 1, 0) for "
            "a 2D convolution's"
        )
    return moved


def to_numpy(value: Any) -> np.ndarray:
    """A copy of a tensor, an array or a number: PyTorch writes into its own, and JAX may read the same memory."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        narrow = str(value.dtype) == "torch.bfloat16" or str(value.dtype).startswith("torch.float8")
        value = (value.float() if narrow else value).numpy()  # NumPy has neither
    return np.array(value)
