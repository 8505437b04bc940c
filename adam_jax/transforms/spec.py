"""What is a transformation of adam_jax?  A frozen dataclass, which can be compared, hashed, pickled and inspected.

Optax's transformations are closures: two equal calls differ, do not pickle, and retrace as static jit arguments.
Ours are the bound methods of a `Spec`, of which there is one object for equal arguments.
"""

import dataclasses
import threading
import weakref
from typing import Any

import jax
import numpy as np
import optax
from jax.core import Tracer


class Spec:
    """A transformation.  Subclasses are dataclasses(frozen=True, eq=False), made by `transformation` alone.

    There is one object for equal arguments, so that identity is equality and a hash takes no time.
    """

    def init(self, params: optax.Params) -> Any:
        """The state before the first step."""
        raise NotImplementedError

    def update(self, updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        """The updates and the state of one step."""
        raise NotImplementedError

    def __reduce__(self) -> Any:
        assert dataclasses.is_dataclass(self)
        return _interned, (type(self), {field.name: getattr(self, field.name) for field in dataclasses.fields(self)})


def transformation(kind: type[Spec], **arguments: Any) -> optax.GradientTransformationExtraArgs:
    """`kind(**arguments)` as Optax has transformations.  Equal arguments give equal transformations."""
    spec = _interned(kind, arguments)
    return optax.GradientTransformationExtraArgs(spec.init, spec.update)


def spec_of(tx: Any) -> Spec | None:
    """The spec of a transformation of ours; None for any other."""
    spec = getattr(getattr(tx, "update", None), "__self__", None)
    return spec if isinstance(spec, Spec) else None


_specs: weakref.WeakValueDictionary[Any, Spec] = weakref.WeakValueDictionary()
_lock = threading.Lock()


def _interned(kind: type[Spec], arguments: dict[str, Any]) -> Spec:
    leaves, structure = jax.tree.flatten(arguments)
    key = (kind, structure, *map(_comparable, leaves))
    try:
        hash(key)
    except TypeError:  # a mask of nodes that cannot be hashed: equal to none but itself
        return kind(**arguments)
    with _lock:
        spec = _specs.get(key)
        if spec is None:
            # Containers of its own: another transformation may share the spec, and its caller may change a mask.
            spec = _specs[key] = kind(**jax.tree.unflatten(structure, leaves))
        return spec


@dataclasses.dataclass(frozen=True, eq=False)
class ByIdentity:
    """Compares by identity: for tracers, which have no value yet, and for objects that cannot be hashed."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByIdentity) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def _comparable(leaf: Any) -> Any:
    if isinstance(leaf, Tracer):
        return ByIdentity(leaf)
    if isinstance(leaf, jax.Array | np.ndarray):
        array = np.asarray(leaf)
        return (type(leaf), array.dtype.name, array.shape, array.tobytes())
    try:
        hash(leaf)
    except TypeError:
        return ByIdentity(leaf)
    return (type(leaf), leaf)  # 1, 1.0 and True are equal, and are not the same argument
