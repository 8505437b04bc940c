"""How does a step on one array become a transformation of a pytree?"""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax import validation
from adam_jax.core.formats import Storage, arithmetic_dtype, at, wider
from adam_jax.core.formats.eightbit import Packed
from adam_jax.core.hyperparameters import Corrections, Hyperparameters
from adam_jax.core.leaf_step import step_leaf
from adam_jax.core.rules import Rule, Step
from adam_jax.transforms import state_outline
from adam_jax.validation import is_none


class VaryingDecayState(NamedTuple):
    """The state when b1 or b2 are schedules: the usual state, and 1 - the products of the rates used."""

    inner_state: Any
    b1_correction: jax.Array  # shape (), float32, or float64 if any parameter is
    b2_correction: jax.Array
    momentum_correction: Any = None  # likewise, of NAdam's momenta with `momentum_decay`; None without


class Transformation(optax.GradientTransformationExtraArgs):
    """A transformation that shows what it is made of."""

    hyperparameters: Hyperparameters
    rule: Rule
    storage: Storage
    implementation: str | None


def transformation(
    hyperparameters: Hyperparameters, rule: Rule, storage: Storage, implementation: str | None = None
) -> Transformation:
    """A rule and a storage on a pytree.  implementation: "pallas": one kernel decodes, steps and encodes on a TPU."""
    state_type = storage.state_type

    def build(params: optax.Params) -> optax.OptState:
        paths_and_params, structure = jax.tree_util.tree_flatten_with_path(params)
        rows = [_init_leaf(path, param, storage) for path, param in paths_and_params]
        trees = [structure.unflatten(column) for column in _columns(rows, storage.arrays)]
        state = state_type(jnp.zeros((), jnp.int32), *trees, *storage.init_shared(len(rows)))
        if not hyperparameters.vary:
            return state
        dtype = arithmetic_dtype(*(array for row in rows for array in row))
        return VaryingDecayState(state, *hyperparameters.start(dtype))

    def init(params: optax.Params) -> optax.OptState:
        return state_outline.init(build, params, hyperparameters, rule, storage)

    def update(updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        del extra_args
        running = state if isinstance(state, VaryingDecayState) else None
        inner_state = running.inner_state if running else state
        if not isinstance(inner_state, state_type):
            raise TypeError(
                f"expected the {state_type.__name__} that init gives; got {type(inner_state).__name__}. "
                "To change the format of moments see adam_jax.from_optax, or adam_jax.pack_moments for 8 bits"
            )
        if hyperparameters.vary and not running:
            raise ValueError("b1 and b2 vary, but this state was initialized for constant ones")
        if hyperparameters.momentum_decay is not None and running and running.momentum_correction is None:
            raise ValueError("momentum_decay is given, but this state was initialized without it")
        count, trees, shared = inner_state[0], inner_state[1 : 1 + storage.arrays], inner_state[1 + storage.arrays :]
        corrections = running and hyperparameters.advance(count, Corrections(*running[1:]))

        @functools.cache  # one Step for each dtype, not for each leaf
        def step(dtype: np.dtype) -> Step:
            return hyperparameters.at(count, corrections, dtype)

        given, structure = _flatten(updates)
        columns, structures = zip(*map(_flatten, trees), strict=True)
        if structures[0] != structure:
            validation.gradients_fit(updates, trees[0])
        rows = list(zip(*columns, strict=True))
        grads = [None if _is_absent(g) else _as_array(g) for g in given]
        for leaf, (g, row) in enumerate(zip(grads, rows, strict=True)):
            if g is not None and (problem := validation.gradient_problem(g, row[0])):
                path = jax.tree_util.tree_leaves_with_path(updates, is_leaf=is_none)[leaf][0]
                raise ValueError(f"the gradient {validation.name_of(path)} {problem}")

        dtypes = update_dtypes(updates, params, inner_state)
        held = [leaf for leaf, row in enumerate(rows) if row[0] is not None]
        validation.one_for_each_leaf(inner_state._fields[1 + storage.arrays :], shared, len(held))
        present = [grads[leaf] is not None for leaf in held]
        column, kept = [grads[leaf] for leaf in held], [rows[leaf] for leaf in held]
        kernels = _kernels() if implementation == "pallas" and isinstance(storage, Packed) else None
        observed = kernels.observe(column, storage) if kernels else storage.observe(column)
        # An update in the gradient's own dtype could be rounded to 0 where the parameter's is wider.
        column = [g if g is None else g.astype(dtypes[leaf]) for leaf, g in zip(held, column, strict=True)]
        float32 = step(np.dtype(np.float32))
        shared, places = storage.prepare(observed, present, shared, float32, count)
        if kernels:
            new = kernels.step_leaves(column, kept, float32, places, rule, storage)
        else:
            new = [
                (None, row)
                if g is None
                else step_leaf(g, row, step(arithmetic_dtype(g, *row)), at(places, number), rule=rule, storage=storage)
                for number, (g, row) in enumerate(zip(column, kept, strict=True))
            ]
        for leaf, (u, row) in zip(held, new, strict=True):
            given[leaf], rows[leaf] = given[leaf] if u is None else u, row

        trees = [s.unflatten(column) for s, column in zip(structures, _columns(rows, storage.arrays), strict=True)]
        new_state = state_type(optax.safe_increment(count), *trees, *shared)
        if corrections:
            new_state = VaryingDecayState(new_state, *corrections)
        return structure.unflatten(given), new_state

    made = Transformation(init, update)
    made.hyperparameters, made.rule, made.storage = hyperparameters, rule, storage
    made.implementation = implementation
    return made


def update_dtypes(updates: Any, params: Any, state: Any) -> list[np.dtype | None]:
    """The dtype of each leaf's update: the wider of gradient and parameter; None where there is no gradient.

    Without `params`, the wider of the gradient and float32 where moments are float32 (float64 where they are).
    """
    grads, structure = _flatten(updates)
    leaves = _flatten(params)[0]
    if len(leaves) != len(grads):  # None, or the parameters of something else: a rule does not need any
        leaves = [None] * len(grads)
    inner = state.inner_state if isinstance(state, VaryingDecayState) else state
    trees = [_flatten(tree)[0] for tree in inner[1:] if jax.tree.structure(tree, is_leaf=is_none) == structure]
    rows: Any = zip(*trees, strict=True) if trees else [()] * len(grads)
    return [
        None if _is_absent(g) else _update_dtype(jnp.result_type(g), p, row)
        for g, p, row in zip(grads, leaves, rows, strict=True)
    ]


def _update_dtype(dtype: np.dtype, param: Any, stored: Any) -> np.dtype:
    if param is not None:
        return wider(dtype, jnp.result_type(param))
    floats = [x for x in stored if x is not None and jnp.issubdtype(x.dtype, jnp.inexact) and x.dtype.itemsize >= 4]
    if not floats:
        return dtype
    known = arithmetic_dtype(*floats)
    return wider(dtype, np.result_type(known, np.complex64) if jnp.issubdtype(dtype, jnp.complexfloating) else known)


def _kernels() -> Any:
    from adam_jax.backends import pallas_moments  # Pallas takes most of a second to import

    return pallas_moments


def _is_absent(g: Any) -> bool:
    return g is None or jax.dtypes.result_type(g) == jax.dtypes.float0


def _init_leaf(path: Any, param: Any, storage: Storage) -> tuple[Any, ...]:
    if problem := validation.not_an_array(param):
        raise TypeError(f"the parameter {validation.name_of(path)} {problem}")
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
