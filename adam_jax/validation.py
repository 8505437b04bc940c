"""Which arguments make sense?  Every check of a number, a name, a dtype or a tree, and its message."""

import math
import numbers
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer


def non_negative(name: str, value: Any) -> Any:
    """A finite number >= 0, a scalar array, or a schedule (a callable of the count)."""
    return _hyperparameter(name, value, "a finite number >= 0", lambda x: 0 <= x < math.inf)


def positive(name: str, value: Any) -> Any:
    """A finite number > 0, or a scalar array; None stays None."""
    if value is None:
        return None
    if callable(value):
        raise TypeError(f"{name} must be None, or a finite number > 0; got the schedule {value!r}")
    return _hyperparameter(name, value, "None, or a finite number > 0", lambda x: 0 < x < math.inf)


def flag(name: str, value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False; got {value!r}")
    return bool(value)


def finite(name: str, value: Any) -> Any:
    """A finite number, a scalar array, or a schedule (a callable of the count)."""
    return _hyperparameter(name, value, "a finite number", math.isfinite)


def learning_rate_with_decay(value: Any) -> Any:
    """A learning rate that must not be negative, since weights would be pushed away from 0."""
    allowed = (
        "a finite number >= 0 where weights decay (to maximise, negate the gradients: "
        "optax.chain(optax.scale(-1.0), adamw(...)), or use weight_decay=0)"
    )
    return _hyperparameter("learning_rate", value, allowed, lambda x: 0 <= x < math.inf)


def decay_rate(name: str, value: Any) -> Any:
    """A number in [0, 1), a scalar array, or a schedule (a callable of the count)."""
    return _hyperparameter(name, value, "a number in [0, 1)", lambda x: 0 <= x < 1)


def not_rounded(name: str, value: Any) -> Any:
    """Refuse a 16-bit scalar: 0.999 as bfloat16 is 1, and 1e-8 as float16 is 0."""
    dtype = getattr(value, "dtype", None)
    if dtype is not None and dtype.itemsize < 4:
        raise ValueError(
            f"{name} is a {dtype} scalar, which cannot hold such a number (0.999 becomes 1 in bfloat16, "
            "1e-8 becomes 0 in float16). Give a Python number or a float32 array. optax.inject_hyperparams casts to "
            "the parameters' dtype: call it with hyperparam_dtype=jnp.float32"
        )
    return value


def scalar(name: str, value: Any) -> Any:
    """Refuse what a schedule must not return: a vector would broadcast against parameters, or against leaves."""
    if shape := np.shape(value):
        raise ValueError(f"{name} must be a scalar; its schedule returned an array of shape {shape}")
    return value


def _hyperparameter(name: str, value: Any, allowed: str, accept: Any) -> Any:
    if isinstance(value, Tracer) and value.shape != ():
        raise ValueError(f"{name} must be a scalar; got an array of shape {value.shape}")
    if callable(value) or isinstance(value, Tracer):
        return value
    is_array = isinstance(value, jax.Array | np.ndarray)
    is_real = jnp.isrealobj(value) and value.dtype != bool if is_array else isinstance(value, numbers.Real)
    if not is_real or isinstance(value, bool):
        raise TypeError(f"{name} must be {allowed}, or a schedule; got {value!r}")
    if is_array and value.shape != ():
        raise ValueError(f"{name} must be a scalar; got an array of shape {value.shape}")
    if not accept(float(value)):
        raise ValueError(f"{name} must be {allowed}; got {value!r}")
    return value if isinstance(value, jax.Array | int) else float(value)


def moment_dtype(name: str, value: Any, allowed: tuple[str, ...]) -> np.dtype | None:
    """A dtype, or its name, among `allowed`; None stays None."""
    if value is None:
        return None
    try:
        dtype = jnp.dtype(value)
    except TypeError:
        raise ValueError(f"{name} must be None or one of {allowed}; got {value!r}") from None
    if dtype.name not in allowed:
        raise ValueError(f"{name} must be None or one of {allowed}; got {dtype.name!r}")
    if dtype.name in ("float64", "complex128") and not jax.config.read("jax_enable_x64"):
        raise ValueError(f"{name}={dtype.name!r} needs jax.config.update('jax_enable_x64', True)")
    return dtype


def one_of(name: str, value: Any, allowed: tuple[str, ...] | tuple[int, ...]) -> Any:
    """A name or a number among `allowed`, and of its type: neither 32.0 nor True is an int here."""
    if not any(isinstance(value, type(a)) and value == a for a in allowed) or isinstance(value, bool):
        raise ValueError(f"{name} must be one of {allowed}; got {value!r}")
    return value


def not_an_array(leaf: Any) -> str | None:
    """Why this leaf of a tree is no parameter (the functions in an Equinox model, strings), or None."""
    try:
        jnp.result_type(leaf)
    except TypeError:
        return (
            f"is no array but a {type(leaf).__name__}, {leaf!r:.80}. Leave out what is no parameter: of an Equinox "
            "model give eqx.filter(model, eqx.is_inexact_array)"
        )
    return None


def arrays_only(params: Any) -> None:
    """Refuse a tree of parameters with leaves that are none, by path."""
    for path, p in jax.tree_util.tree_leaves_with_path(params):
        if problem := not_an_array(p):
            raise TypeError(f"the parameter {name_of(path)} {problem}")


def one_for_each_leaf(names: Sequence[str], vectors: Sequence[Any], leaves: int) -> None:
    """8-bit moments have a bound, a scale and a reach for each leaf: with another number they are of another tree."""
    for name, vector in zip(names, vectors, strict=True):
        if np.shape(vector) != (leaves,):
            raise ValueError(
                f"{name} must have shape ({leaves},), one for each leaf with 8-bit moments; got {np.shape(vector)}. "
                "This state was made for other parameters: restore a checkpoint into the init of these"
            )


def no_codes(names: Sequence[str], moments: Sequence[Any]) -> None:
    """Refuse integers for moments that are floats: codes of 8 bits, taken for numbers, would be a wrong step."""
    if all(jnp.issubdtype(jnp.result_type(x), jnp.inexact) for x in jax.tree.leaves(moments)):
        return
    for name, tree in zip(names, moments, strict=False):
        for path, moment in jax.tree_util.tree_leaves_with_path(tree):
            if not jnp.issubdtype(jnp.result_type(moment), jnp.inexact):
                raise TypeError(
                    f"{name} {name_of(path)} has dtype {jnp.result_type(moment)}, and moments of this transformation "
                    "are floats. 8-bit moments go with moments='8bit'; adam_jax.unpack_moments makes floats of them"
                )


def axis_names(value: Any) -> tuple[str, ...] | None:
    """Names of axes of a mesh: one, some, none; None stays None."""
    names = (value,) if isinstance(value, str) else value
    if names is not None and not (isinstance(names, tuple | list) and all(isinstance(name, str) for name in names)):
        raise TypeError(f"axis_name must be None, the name of an axis of a mesh, or a tuple of names; got {value!r}")
    return names if names is None else tuple(names)


def leaf_problem(leaf: Any) -> str | None:
    """Why Adam cannot step this leaf (integers, booleans, random keys), or None."""
    if jnp.issubdtype(leaf.dtype, jnp.inexact):
        return None
    return (
        f"has dtype {leaf.dtype}; only float and complex leaves can be optimized. "
        "Leave it out with optax.masked or optax.partition"
    )


def gradient_problem(g: Any, moment: Any) -> str | None:
    """Why this gradient does not belong to the parameter with this moment, or None."""
    if moment is None:
        return f"has shape {g.shape}, but the parameter was None"
    if g.shape != moment.shape:
        return f"has shape {g.shape}, but the parameter had {moment.shape}"
    if leaf_problem(g):
        return leaf_problem(g)
    if jnp.iscomplexobj(g) != jnp.iscomplexobj(moment):
        return f"has dtype {g.dtype}, but the moment has {moment.dtype}; both must be real or both complex"
    return None


def gradients_fit(grads: Any, mu: Any) -> None:
    """Refuse gradients of another structure or shape than the parameters that `init` saw, by path."""
    got = dict(jax.tree_util.tree_leaves_with_path(grads, is_leaf=is_none))
    expected = dict(jax.tree_util.tree_leaves_with_path(mu, is_leaf=is_none))
    if got.keys() != expected.keys():
        missing = [name_of(path) for path in expected if path not in got]
        unknown = [name_of(path) for path in got if path not in expected]
        raise ValueError(
            f"the gradients do not have the structure of the parameters that init saw; "
            f"missing: {', '.join(missing) or 'none'}; not expected: {', '.join(unknown) or 'none'}"
        )
    if jax.tree.structure(grads, is_leaf=is_none) != jax.tree.structure(mu, is_leaf=is_none):
        raise ValueError(
            f"the gradients do not have the structure of the parameters that init saw; got "
            f"{jax.tree.structure(grads)}, expected {jax.tree.structure(mu)}"
        )


def params_given(params: Any) -> None:
    """Weight decay reads the parameters."""
    if params is None:
        raise ValueError("weight decay needs the parameters; call update(grads, state, params)")


def name_of(path: Any) -> str:
    """`at ['w']` for the path of a leaf."""
    return f"at {jax.tree_util.keystr(path)}" if path else "(the whole tree)"


def is_none(x: Any) -> bool:
    """For `is_leaf`: None stands for a leaf that is not optimized."""
    return x is None


def is_narrow(x: Any) -> bool:
    """Whether this is a bfloat16 parameter, of which there is more than it says."""
    return jnp.result_type(x) == jnp.bfloat16
