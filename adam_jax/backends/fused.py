"""When can one kernel do a whole step, and how?  A plan that transformations of ours carry, and its execution.

A transformation whose step is one function of each element says so by a `Plan`: its rule, its rate, its master weight,
and where in its state these things are.  Wrappers extend the plan of what they wrap.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax import validation
from adam_jax.backends.devices import AxisName, everywhere
from adam_jax.backends.platforms import may_be_tpu, sees_whole_arrays
from adam_jax.core.formats.eightbit import Packed, PackedAdamState, squares
from adam_jax.core.hyperparameters import Hyperparameters
from adam_jax.core.rules import Rule
from adam_jax.core.whole import Scalars, WholeLeaf
from adam_jax.older_jax import device_of
from adam_jax.transforms.masks import chosen_leaves
from adam_jax.transforms.spec import built

Tree = Any


class Opened(NamedTuple):
    """What a step reads of a state."""

    moments: Any
    learning_rate: Any
    weight_decay: Any = None
    remainder: Tree = ()
    steps: Any = None


class Closed(NamedTuple):
    """What a step writes into it."""

    moments: PackedAdamState
    remainder: Tree
    good: Any  # None: does not matter
    found: list[Any]  # the parameters before it
    left: list[Any]  # and after it


@dataclasses.dataclass(frozen=True)
class Plan:
    """A whole step in terms of its leaves.

    open: the parts of a state, None if it is another transformation's.  close: a state, from the one before and what a
    step writes.
    """

    hyperparameters: Hyperparameters
    rule: Rule
    storage: Packed
    implementation: str | None
    mask: Any
    open: Callable[[Any], Opened | None]
    close: Callable[[Any, Closed], Any]
    bits: int | None = None
    skip: bool = False
    skip_axis_name: AxisName = None


class Planned(optax.GradientTransformationExtraArgs):
    """A transformation with a plan, which it may have for some arguments only."""

    plan: Plan | None

    def __new__(cls, init: Any, update: Any, plan: Plan | None) -> "Planned":
        self = super().__new__(cls, init, update)
        self.plan = plan
        return self


def plan_of(tx: optax.GradientTransformation) -> Plan | None:
    """The plan of a transformation of ours that has one."""
    return getattr(built(tx), "plan", None)


def usable(
    plan: Plan | None, grads: Tree, state: Any, params: Tree, *, update: bool, shardings: Any = None
) -> Plan | None:
    """The plan, if its kernel is to do this step on TPUs; None: XLA does.  `run` does as it says.

    update: the step has to come out as an update, which costs 6 bytes a parameter more, and of which only
    `master_weights` guarantees where it lands.  shardings: of every parameter, where the kernel may run on parts.

    Raises ValueError if the kernel was named and cannot do it.
    """
    if plan is None or plan.implementation == "xla":
        return None
    if update and (plan.bits is None or any(jnp.result_type(p) != jnp.bfloat16 for p in jax.tree.leaves(params))):
        return None
    if plan.implementation is None:
        if not _may_run(shardings, params) or (update and plan.bits == 16 and not plan.skip):
            return None
        return plan if _problem(plan, grads, state, params, shardings) is None else None
    if problem := _problem(plan, grads, state, params, shardings):
        raise ValueError(f"implementation='pallas' cannot do this step: {problem}. Use implementation=None or 'xla'")
    return plan


def run(
    plan: Plan, kernel: Callable[[], Any], otherwise: Callable[[], Any], params: Tree, shardings: Any = None
) -> Any:
    """`kernel()` on a TPU, else `otherwise()`, or an error if the kernel is named."""
    from adam_jax.backends.lowering import with_tpu_kernel

    named = plan.implementation == "pallas"
    if shardings or (named and _interpreted()):
        return kernel()
    refusal = "implementation='pallas' is a TPU kernel, and this is no TPU. Use implementation=None or 'xla'"
    return with_tpu_kernel(kernel, otherwise, *jax.tree.leaves(params), refusal=refusal if named else None)


def _interpreted() -> bool:
    from adam_jax.backends import pallas_tpu

    return pallas_tpu.INTERPRET


def _may_run(shardings: Any, params: Tree) -> bool:
    """Whether this may be a TPU, and the kernel sees whole arrays or knows its parts: XLA cannot cut a kernel."""
    if shardings:
        mesh = shardings[0].mesh
        device = device_of(mesh) if isinstance(mesh, jax.sharding.AbstractMesh) else mesh.devices.flat[0]
        return device is not None and device.platform == "tpu"
    leaves = jax.tree.leaves(params)
    return may_be_tpu(*leaves) and sees_whole_arrays(*leaves)


def _problem(plan: Plan, grads: Tree, state: Any, params: Tree, shardings: Any) -> str | None:
    """Why the kernel cannot do this step, or None."""
    if plan.hyperparameters.vary:
        return "b1 or b2 is a schedule"
    opened = plan.open(state)
    if opened is None or not _has_leaves_of(opened, params, plan.bits):
        return "the state is not the one that init gives for these parameters"
    if jax.tree.structure(grads, is_leaf=validation.is_none) != jax.tree.structure(params):
        return "the gradients do not have the structure of the parameters"
    if not jax.tree.leaves(params):
        return "there are no parameters"
    given = jax.tree.leaves(grads, is_leaf=validation.is_none)
    for (path, p), g in zip(jax.tree_util.tree_leaves_with_path(params), given, strict=True):
        name = f"the parameter {validation.name_of(path)}"
        if g is None:
            return f"{name} has no gradient"
        if jnp.shape(g) != jnp.shape(p):
            return f"{name} has shape {jnp.shape(p)} and its gradient {jnp.shape(g)}"
        if not jnp.size(p):
            return f"{name} is empty"
        wide, narrow = (jnp.result_type(p), jnp.result_type(g))
        if wide not in (jnp.float32, jnp.bfloat16) or wide != narrow:
            return f"{name} is {wide} and its gradient {narrow}; both must be float32, or both bfloat16"
    return _problem_of_parts(params, shardings) if shardings else None


def _problem_of_parts(params: Tree, shardings: Any) -> str | None:
    from adam_jax.backends import shard_map

    problems = (shard_map.problem(p.shape, s) for p, s in zip(jax.tree.leaves(params), shardings, strict=True))
    return next((problem for problem in problems if problem), None)


def _has_leaves_of(opened: Opened, params: Tree, bits: int | None) -> bool:
    """Whether there is a word for each parameter, and a remainder for each that is bfloat16."""
    structure = jax.tree.structure(params)
    if jax.tree.structure(opened.moments.packed) != structure:
        return False
    words, leaves = jax.tree.leaves(opened.moments.packed), jax.tree.leaves(params)
    fits = [jnp.shape(vector) == (len(leaves),) for vector in opened.moments[2:]]
    fits += [jnp.shape(word) == jnp.shape(p) for word, p in zip(words, leaves, strict=True)]
    if bits in (32, 24):
        if jax.tree.structure(opened.remainder, is_leaf=_is_masked) != structure:
            return False
        remainders = jax.tree.leaves(opened.remainder, is_leaf=_is_masked)
        fits += [
            not _is_masked(r) and jnp.shape(r) == jnp.shape(p) if jnp.result_type(p) == jnp.bfloat16 else _is_masked(r)
            for r, p in zip(remainders, leaves, strict=True)
        ]
    return all(fits)


def _is_masked(x: Any) -> bool:
    return isinstance(x, optax.MaskedNode)


def step(
    plan: Plan, params: Tree, state: Any, grads: Tree, *, keep_params: bool = False, shardings: Any = None
) -> tuple[Tree, Any]:
    """The parameters and the state after one step.

    keep_params: the old ones are still needed.  shardings: of every leaf, if they are parts on many devices.
    """
    from adam_jax.backends import pallas_tpu, shard_map  # Pallas takes most of a second to import

    opened = plan.open(state)
    assert opened is not None, "usable saw to that"
    moments: PackedAdamState = opened.moments
    leaves, structure = jax.tree.flatten(params)
    leaves, given = [jnp.asarray(p) for p in leaves], [jnp.asarray(g) for g in jax.tree.leaves(grads)]
    words = structure.flatten_up_to(moments.packed)
    remainders = structure.flatten_up_to(opened.remainder) if plan.bits in (32, 24) else [None] * len(leaves)

    if shardings:
        peaks, finite = shard_map.largest(squares, given, shardings)
    else:
        peaks, finite = pallas_tpu.largest(squares, given)
    peaks = plan.storage.of_all_devices(peaks)
    good = everywhere(jnp.all(finite), plan.skip_axis_name) if plan.skip else None
    scalars = plan.hyperparameters.at(moments.count, None, np.dtype(np.float32))
    vectors, places = plan.storage.prepare(peaks, [True] * len(leaves), moments[2:], scalars, moments.count)
    rows, bodies = [], []
    for p, word, remainder, g, decays in zip(
        leaves, words, remainders, given, _decays(plan, opened, params), strict=True
    ):
        bits = plan.bits if p.dtype == jnp.bfloat16 else None
        rows.append((p, word, g) if bits in (16, None) else (p, word, remainder, g))
        bodies.append(WholeLeaf(plan.rule, plan.storage, bits, decays))
    shared = Scalars(
        scalars,
        places,
        minus_rate=_float32(opened.learning_rate, -1),
        weight_decay=_float32(opened.weight_decay, 1),
        steps=opened.steps,
        leaf=np.arange(len(leaves), dtype=np.uint32),
        good=None if good is None else good.astype(jnp.int32),
    )
    writes = [range(len(row) - 1) for row in rows]
    if shardings:
        new = shard_map.run(bodies, shared, rows, writes, shardings)
    else:
        new = pallas_tpu.run(bodies, shared, rows, writes, first_is_new=keep_params)

    column = [row[2] if len(row) == 3 else old for row, old in zip(new, remainders, strict=True)]
    kept = structure.unflatten(column) if plan.bits in (32, 24) else ()
    packed = structure.unflatten([row[1] for row in new])
    after = PackedAdamState(jnp.asarray(optax.safe_increment(moments.count)), packed, *vectors)
    left = [row[0] for row in new]
    return structure.unflatten(left), plan.close(state, Closed(after, kept, good, leaves, left))


def update(plan: Plan, grads: Tree, state: Any, params: Tree) -> tuple[Tree, Any]:
    """The same step as an update for `apply_updates`: the difference of bfloat16 parameters in float32.

    It lands: p + (p' - p) rounds to p', since p' came out of such a sum (`adam_jax.core.split_float.land`).
    """
    moved, state = step(plan, params, state, grads, keep_params=True)
    return jax.tree.map(lambda new, p: new.astype(jnp.float32) - p.astype(jnp.float32), moved, params), state


def _decays(plan: Plan, opened: Opened, params: Tree) -> list[bool]:
    rate = opened.weight_decay
    if rate is None or (isinstance(rate, float | int) and rate == 0):
        return [False] * len(jax.tree.leaves(params))
    return chosen_leaves(plan.mask, params)


def _float32(rate: Any, sign: int) -> Any:
    if rate is None or isinstance(rate, float | int):
        return None if rate is None else sign * rate
    return (sign * rate).astype(jnp.float32)
