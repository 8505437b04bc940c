"""One step of a whole tree: read the state once, run the leaf step on every leaf, write the state once."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from adam_jax import validation
from adam_jax.backends import Backend, checksum, selection
from adam_jax.backends.devices import everywhere, over_devices
from adam_jax.backends.update_clipping import shortened
from adam_jax.core import (
    WEIGHT_STREAM,
    AxisName,
    Corrections,
    Hyperparameters,
    LeafArrays,
    LeafScalars,
    LeafStep,
    MomentFormat,
    Rule,
    WeightFormat,
    applied,
    arithmetic_dtype,
    dither_seed,
    increment,
    wider,
    written_once,
)
from adam_jax.validation import is_none

Tree = Any


@dataclasses.dataclass(frozen=True)
class StepPlan:
    """What a transformation of ours computes for each leaf."""

    hyperparameters: Hyperparameters
    rule: Rule
    format: MomentFormat
    implementation: str | None
    axis_name: AxisName
    learning_rate: Any = None  # a number, an array or a schedule; None: updates are not scaled
    update_clipping: Any = None  # the ratio of gradient and root, in the mean, from which a step is shortened
    cautious: bool = False  # whether weight decay must not oppose the update
    weight: WeightFormat | None = None  # of bfloat16 parameters
    skips: bool = False
    skip_axis_name: AxisName = None


class StepInputs(NamedTuple):
    """What a step reads of a state."""

    count: jax.Array  # type: ignore[assignment]
    moments: tuple[Tree, ...]  # one tree per stored array of a leaf
    shared: tuple[jax.Array, ...]  # what the format keeps of all leaves together
    corrections: Corrections | None
    learning_rate: Any = None
    weight_decay: Any = None
    decays: list[bool] | None = None  # per leaf, None among them; None: none decays
    remainders: list[Any] | None = None  # likewise: an array or None
    weight_steps: Any = None
    checksum: Any = None
    moved_by_others: Any = None
    good: Any = None  # whether the step counts, where the plan skips; None: if all gradients are finite


class StepOutputs(NamedTuple):
    """What a step writes into one."""

    count: jax.Array  # type: ignore[assignment]
    moments: tuple[Tree, ...]
    shared: tuple[jax.Array, ...]
    corrections: Corrections | None
    remainders: list[Any]
    checksum: Any
    moved_by_others: Any
    good: jax.Array | None  # shape (), bool: whether the step counts; None: it does

    def next(self, count: Any) -> jax.Array:
        """One more, if the step counts."""
        return _kept(self.good, increment(count), count)


def step(
    plan: StepPlan,
    inputs: StepInputs,
    write_state: Callable[[StepOutputs], Any],
    grads: Tree,
    params: Tree,
    returns: Literal["params", "updates"],
    shardings: Any = None,
) -> tuple[Tree, Any]:
    """The new parameters, or the updates that lead to them, and the new state.

    shardings: of every parameter, where a kernel may run on the parts that devices hold.
    """
    given, structure = _flatten(grads)
    columns, structures = zip(*map(_flatten, inputs.moments), strict=True)
    if structures[0] != structure:
        validation.gradients_fit(grads, inputs.moments[0])
    needed = returns == "params" or bool(plan.weight or inputs.decays)
    before = _aligned(params, structure, needed=needed)
    rows = list(zip(*columns, strict=True))

    def name_of(leaf: int) -> str:
        return validation.name_of(jax.tree_util.tree_leaves_with_path(grads, is_leaf=is_none)[leaf][0])

    for leaf, (g, row) in enumerate(zip(given, rows, strict=True)):
        if not _is_absent(g) and (problem := validation.gradient_problem(_as_array(g), row[0])):
            raise ValueError(f"the gradient {name_of(leaf)} {problem}")
    held = [leaf for leaf, row in enumerate(rows) if row[0] is not None]
    stepped = [leaf for leaf in held if not _is_absent(given[leaf])]
    steps = [_leaf_step(plan, inputs, leaf, given[leaf], before[leaf], rows[leaf], returns) for leaf in stepped]
    arrays = [
        LeafArrays(
            _as_array(before[leaf]) if step.reads_params else None,
            rows[leaf],
            inputs.remainders[leaf] if inputs.remainders and step.weight else None,
            _as_array(given[leaf]),
        )
        for leaf, step in zip(stepped, steps, strict=True)
    ]
    numbers = [number for number, leaf in enumerate(held) if not _is_absent(given[leaf])]

    def on(backend: Backend) -> tuple[Tree, Any]:
        grads_of_held = [None if _is_absent(given[leaf]) else _as_array(given[leaf]) for leaf in held]
        scalars_of, shared, corrections, good = _scalars(plan, inputs, grads_of_held, backend)
        if plan.update_clipping is not None:
            scalars_of = shortened(scalars_of, plan.update_clipping, plan.axis_name, len(held), steps, arrays, numbers)
        results = backend.run(steps, scalars_of, arrays, numbers)

        values = [_unmoved(plan, g, p, returns) for g, p in zip(given, before, strict=True)]
        stored, remainders = list(rows), list(inputs.remainders or [])
        for leaf, result in zip(stepped, results, strict=True):
            values[leaf], stored[leaf] = result.value, result.stored
            if result.remainder is not None:
                remainders[leaf] = result.remainder
        keep = functools.partial(_kept, good)
        seen = inputs.checksum, inputs.moved_by_others
        if plan.weight:
            values, left, found = _sampled_once(values, before, returns, good, backend)
            seen = keep(checksum.counted(inputs.checksum, inputs.moved_by_others, found, left), seen)
        outputs = StepOutputs(
            keep(increment(inputs.count), inputs.count),
            tuple(s.unflatten([row[i] for row in stored]) for i, s in enumerate(structures)),
            keep(shared, inputs.shared),
            keep(corrections, inputs.corrections),
            remainders,
            seen[0],
            seen[1],
            good,
        )
        return structure.unflatten(values), write_state(outputs)

    choice = selection.choose(
        plan.implementation, steps, arrays, numbers, lambda number: name_of(held[number]), shardings
    )
    return choice.run(on, *jax.tree.leaves(arrays))


def _leaf_step(
    plan: StepPlan, inputs: StepInputs, leaf: int, g: Any, p: Any, stored: tuple[Any, ...], returns: Any
) -> LeafStep:
    weight = plan.weight if plan.weight and jnp.result_type(p) == jnp.bfloat16 else None
    return LeafStep(
        plan.rule,
        plan.format,
        weight,
        decays=inputs.decays is not None and inputs.decays[leaf],
        scales=plan.learning_rate is not None or plan.update_clipping is not None,
        skips=plan.skips,
        returns=returns,
        update_dtype=np.dtype(np.float32) if weight else _update_dtype(jnp.result_type(g), p, stored),
        cautious=plan.cautious,
    )


def _update_dtype(dtype: np.dtype, param: Any, stored: tuple[Any, ...]) -> np.dtype:
    """The wider dtype of gradient and parameter, since a smaller one could round the update to 0.

    Without `params`, that of the gradient and float32 where moments are float32 (float64 where they are).
    """
    if param is not None:
        return wider(dtype, jnp.result_type(param))
    floats = [x for x in stored if jnp.issubdtype(x.dtype, jnp.inexact) and x.dtype.itemsize >= 4]
    if not floats:
        return np.dtype(dtype)
    known = arithmetic_dtype(*floats)
    return wider(dtype, np.result_type(known, np.complex64) if jnp.issubdtype(dtype, jnp.complexfloating) else known)


def _scalars(
    plan: StepPlan, inputs: StepInputs, grads: list[Any], backend: Backend
) -> tuple[Any, tuple[jax.Array, ...], Corrections | None, Any]:
    """The scalars of this step for each dtype, and what the state keeps of all leaves together."""
    judges = plan.skips and inputs.good is None
    observed = backend.observe(grads, squares=plan.format.needs_largest_squares, finite=judges)
    largest_squares, good = observed.largest_squares, inputs.good
    if observed.all_finite is not None:
        good = everywhere(observed.all_finite, plan.skip_axis_name, "skip_nonfinite")
    if largest_squares is not None:
        largest_squares = over_devices(largest_squares, plan.axis_name, "moments='8bit'")
    corrections = inputs.corrections and plan.hyperparameters.advance(inputs.count, inputs.corrections)

    @functools.cache  # once per dtype, not per leaf
    def of_rule(dtype: np.dtype) -> Any:
        return plan.hyperparameters.at(inputs.count, corrections, dtype)

    shared, codec = plan.format.per_step_scalars(
        largest_squares, [g is not None for g in grads], inputs.shared, of_rule(np.dtype(np.float32)), inputs.count
    )

    leaves = np.arange(len(grads))

    def scalars_of(dtype: np.dtype) -> LeafScalars:
        return LeafScalars(
            of_rule(dtype),
            codec,
            inputs.learning_rate,
            inputs.weight_decay,
            None if inputs.weight_steps is None else dither_seed(inputs.weight_steps, WEIGHT_STREAM, leaves),
            None if good is None else good.astype(jnp.int32),
        )

    return scalars_of, shared, corrections, good


def _kept(good: jax.Array | None, new: Any, old: Any) -> Any:
    """`new` if the step counts, else `old`."""
    return new if good is None else jax.tree.map(functools.partial(jnp.where, good), new, old)


def _sampled_once(
    values: list[Any], before: list[Any], returns: str, good: jax.Array | None, backend: Backend
) -> tuple[list[Any], list[Any], list[Any]]:
    """The values, computed once where a checksum is of them, and the parameters that it meets after and before."""
    leaves = [leaf for leaf, p in enumerate(before) if p is not None]
    found, values = [before[leaf] for leaf in leaves], list(values)
    left = list(found)
    for number in checksum.sampled(found):
        leaf, p = leaves[number], found[number]
        if backend.recomputes:
            values[leaf] = written_once(values[leaf])
        left[number] = values[leaf] if returns == "params" else applied(p, values[leaf])
        if good is not None:  # XLA merges the sums of both over devices if both wait for this
            found[number], _ = jax.lax.optimization_barrier((jax.lax.stop_gradient(p), good))
    return values, left, found


def _unmoved(plan: StepPlan, g: Any, p: Any, returns: str) -> Any:
    """What comes out for a leaf without a gradient."""
    if returns == "params":
        return p
    if g is not None or plan.learning_rate is None or p is None or validation.not_an_array(p):
        return g
    # -0.0 is the neutral element of addition; +0.0 would turn a parameter of -0.0 into +0.0.
    is_weight = plan.weight is not None and jnp.result_type(p) == jnp.bfloat16
    return jnp.full_like(p, -0.0, dtype=jnp.float32 if is_weight else None)


def _aligned(params: Tree, structure: Any, *, needed: bool) -> list[Any]:
    """A leaf of the parameters for each of the gradients; None where there is none."""
    found, given = _flatten(params)
    if given == structure or (not needed and len(found) == structure.num_leaves):
        return found
    if needed:
        raise ValueError(f"the parameters and the gradients have different structures: {given} and {structure}")
    return [None] * structure.num_leaves  # none, or those of something else, of which nothing is read


def _is_absent(g: Any) -> bool:
    return g is None or jax.dtypes.result_type(g) == jax.dtypes.float0


def _as_array(leaf: Any) -> Any:
    return leaf if hasattr(leaf, "dtype") and hasattr(leaf, "shape") else jnp.asarray(leaf)


def _flatten(tree: Tree) -> tuple[list[Any], Any]:
    return jax.tree.flatten(tree, is_leaf=is_none)
