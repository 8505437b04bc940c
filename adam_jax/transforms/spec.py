"""When are two transformations the same?  When the same function made them from equal arguments.

Optax's transformations are closures: two equal calls differ, do not pickle, and retrace as static jit arguments.
Ours remember the call instead, and build the closures when `init` or `update` runs.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import optax
from jax.core import Tracer


@dataclasses.dataclass(frozen=True, eq=False)
class _Method:
    """`make(**arguments).init` or `.update`, comparable, hashable and picklable."""

    make: Callable[..., optax.GradientTransformation]
    arguments: dict[str, Any]
    name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.make(**self.arguments), self.name)(*args, **kwargs)

    def _key(self) -> tuple[Any, ...]:
        leaves, structure = jax.tree.flatten(self.arguments)
        return (self.make, self.name, structure, *map(_comparable, leaves))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Method) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


def remember(
    make: Callable[..., optax.GradientTransformation], **arguments: Any
) -> optax.GradientTransformationExtraArgs:
    """The transformation `make(**arguments)`, equal to every other one that was made so.

    make: a function that stands in a module (so that it pickles) and returns a `GradientTransformationExtraArgs`.
    """
    return optax.GradientTransformationExtraArgs(_Method(make, arguments, "init"), _Method(make, arguments, "update"))


def built(tx: optax.GradientTransformation) -> optax.GradientTransformation | None:
    """What `make(**arguments)` returns, for a transformation that `remember` made; None for any other."""
    method = getattr(tx, "update", None)
    return method.make(**method.arguments) if isinstance(method, _Method) else None


def arguments(tx: optax.GradientTransformation) -> dict[str, Any]:
    """The arguments of `make`, for a transformation that `remember` made; none for any other."""
    method = getattr(tx, "update", None)
    return dict(method.arguments) if isinstance(method, _Method) else {}


@dataclasses.dataclass(frozen=True, eq=False)
class _Same:
    """Compares by identity: for tracers, which have no value yet, and for objects that cannot be hashed."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def _comparable(leaf: Any) -> Any:
    if isinstance(leaf, Tracer):
        return _Same(leaf)
    if isinstance(leaf, jax.Array | np.ndarray):
        array = np.asarray(leaf)
        return (array.dtype.name, array.shape, array.tobytes())
    try:
        hash(leaf)
    except TypeError:
        return _Same(leaf)
    return leaf
