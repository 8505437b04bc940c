"""How does a step on one array become a transformation of a pytree?"""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax import validation
from adam_jax.hyperparameters import Hyperparameters
from adam_jax.leaf import step_leaf
from adam_jax.rule import Rule
from adam_jax.storage import Storage, arithmetic_dtype
from adam_jax.validation import is_none


class VaryingDecayState(NamedTuple):
    """The state when b1 or b2 are schedules or arrays: the usual state, and 1 - the products of the rates used."""

    inner_state: Any
    b1_correction: jax.Array  # shape (), float32, or float64 if any parameter is
    b2_correction: jax.Array


def transformation(
    hyperparameters: Hyperparameters, rule: Rule, storage: Storage, state_type: Any
) -> optax.GradientTransformationExtraArgs:
    """A rule and a storage on a pytree.  `state_type(count, *trees)` holds the stored trees."""

    def init(params: optax.Params) -> optax.OptState:
        paths_and_params, structure = jax.tree_util.tree_flatten_with_path(params)
        stored = [_init_leaf(path, param, storage) for path, param in paths_and_params]
        trees = [structure.unflatten(column) for column in _columns(stored, len(state_type._fields) - 1)]
        state = state_type(jnp.zeros((), jnp.int32), *trees)
        if not hyperparameters.vary:
            return state
        zero = jnp.zeros((), arithmetic_dtype(*(param for row in stored for param in row)))
        return VaryingDecayState(state, b1_correction=zero, b2_correction=zero)

    def update(updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        del params, extra_args
        running = state if isinstance(state, VaryingDecayState) else None
        inner_state = running.inner_state if running else state
        if not isinstance(inner_state, state_type):
            raise TypeError(f"expected the {state_type.__name__} that init gives; got {type(state).__name__}")
        count, *trees = inner_state
        if hyperparameters.scheduled and not running:
            raise ValueError("b1 and b2 vary, but this state was initialized for constant ones")
        corrections = running and hyperparameters.advance(count, running[1:])

        grads, structure = _flatten(updates)
        columns, structures = zip(*map(_flatten, trees), strict=True)
        if structures[0] != structure:
            validation.gradients_fit(updates, trees[0])
        steps = {}
        new_updates, new_rows = [], []
        for leaf, (g, *stored) in enumerate(zip(grads, *columns, strict=True)):
            if g is None or jax.dtypes.result_type(g) == jax.dtypes.float0:
                u, row = g, tuple(stored)
            else:
                g = _as_array(g)
                if problem := validation.gradient_problem(g, stored[0]):
                    path = jax.tree_util.tree_leaves_with_path(updates, is_leaf=is_none)[leaf][0]
                    raise ValueError(f"the gradient {validation.name_of(path)} {problem}")
                dtype = arithmetic_dtype(g, *stored)
                if dtype not in steps:
                    steps[dtype] = hyperparameters.at(count, corrections, dtype)
                u, row = step_leaf(g, tuple(stored), steps[dtype], count, np.uint32(leaf), rule=rule, storage=storage)
            new_updates.append(u)
            new_rows.append(row)

        trees = [s.unflatten(column) for s, column in zip(structures, _columns(new_rows, len(trees)), strict=True)]
        new_state = state_type(optax.safe_increment(count), *trees)
        if corrections:
            new_state = VaryingDecayState(new_state, *corrections)
        return structure.unflatten(new_updates), new_state

    return optax.GradientTransformationExtraArgs(init, update)


def _init_leaf(path: Any, param: Any, storage: Storage) -> tuple[Any, ...]:
    param = _as_array(param)
    if problem := validation.leaf_problem(param):
        raise ValueError(f"the parameter {validation.name_of(path)} {problem}")
    try:
        return storage.init(param)
    except ValueError as error:
        raise ValueError(f"the parameter {validation.name_of(path)}: {error}") from None


def _as_array(leaf: Any) -> Any:
    return leaf if hasattr(leaf, "dtype") and hasattr(leaf, "shape") else jnp.asarray(leaf)


def _flatten(tree: Any) -> tuple[list[Any], Any]:
    return jax.tree.flatten(tree, is_leaf=is_none)


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[i] for row in rows] for i in range(width)]
