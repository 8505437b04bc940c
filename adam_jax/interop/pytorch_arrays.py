"""Which of PyTorch's arrays belongs to a parameter of ours, and how does it become one?  Names, layouts, tensors."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from adam_jax.validation import name_of

Layout = Callable[[np.ndarray], Any]


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
