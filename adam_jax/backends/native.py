"""One pass over memory on a CPU: C compiled from the traced leaf step, where XLA makes a kernel for each result.

It overwrites the parameters and the state, so that it serves `adam_jax.step`; an update of its own would be written and
read once more, and gain nothing.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from adam_jax.backends import Observed, Part, ScalarsOf, native_library
from adam_jax.backends.native_kernels import Kernel, known_kernels
from adam_jax.core import (
    Adam,
    AdaMax,
    AMSGrad,
    Decay,
    LeafArrays,
    LeafResults,
    LeafScalars,
    LeafStep,
    NAdam,
    Rule,
    StepScalars,
    not_differentiated,
)

_LEAVES = 64  # in one call at most: the time that XLA takes to compile it grows with the square of its operands
_FLOAT32 = np.dtype(np.float32)
_NO_DERIVATIVE = "a native kernel cannot be differentiated here; make this optimizer with implementation='xla'"
RULES: dict[str, Rule] = {
    "adam": Adam(),
    "nadam": NAdam(),
    "amsgrad": AMSGrad("v_hat"),
    "amsgrad_of_v": AMSGrad("v"),
    "adamax": AdaMax(),
}


@dataclasses.dataclass(frozen=True)
class Native:
    """Runs steps of float32 and bfloat16 leaves that write new parameters."""

    recomputes: bool = False

    def unsupported(self, step: LeafStep, arrays: LeafArrays) -> str | None:
        """See `Backend.unsupported`."""
        if problem := native_library.why_not():
            return f"needs a native library, which {problem}"
        if step.returns == "updates":
            return "gets an update, and native kernels write new parameters: call adam_jax.step"
        shape, given = jnp.shape(arrays.g), jnp.result_type(arrays.g)
        if jnp.shape(arrays.p) != shape:
            return f"has shape {jnp.shape(arrays.p)} and its gradient {shape}"
        held = jnp.result_type(arrays.p)
        if held != given or held not in (jnp.float32, jnp.bfloat16):
            return f"is {held} and its gradient {given}; both must be float32, or both bfloat16"
        kernel = _kernel_of(step, arrays)
        if kernel is None:
            moments, rule = ", ".join(str(x.dtype) for x in arrays.stored), type(step.rule).__name__
            return f"is {held} with moments of {moments}, for which {rule} has no native kernel"
        if not native_library.has_kernel(kernel.name):
            return f"needs the kernel {kernel.name}, which the native library lacks: it was compiled from other sources"
        return None

    def observe(self, grads: Sequence[jax.Array | None], *, squares: bool, finite: bool) -> Observed:
        """See `Backend.observe`: both in one pass."""
        present = [(i, g) for i, g in enumerate(grads) if g is not None]
        if not (squares or finite):
            return Observed(None, None)
        largest = jnp.zeros(len(grads), jnp.float32)
        all_finite = jnp.bool_(True)
        for some in _in_groups(present):
            result = [jax.ShapeDtypeStruct((len(some),), dtype) for dtype in (jnp.float32, jnp.int32)]
            squares_of_some, are_finite = jax.ffi.ffi_call(native_library.OBSERVE, result)(*(g for _, g in some))
            largest = largest.at[np.array([i for i, _ in some])].set(squares_of_some)
            all_finite &= jnp.all(are_finite != 0)
        return Observed(largest if squares else None, all_finite if finite else None)

    def run(
        self,
        steps: Sequence[LeafStep],
        scalars_of: ScalarsOf,
        leaves: Sequence[LeafArrays],
        numbers: Sequence[int],
        parts: Sequence[Part] | None = None,
    ) -> list[LeafResults]:
        """See `Backend.run`."""
        if not leaves:
            return []
        scalars = scalars_of(_FLOAT32)
        found = [_kernel_of(step, leaf, scalars.rule) for step, leaf in zip(steps, leaves, strict=True)]
        results: dict[int, LeafResults] = {}
        for kernel in dict.fromkeys(found):
            assert kernel is not None, "unsupported"
            columns = _columns(kernel, scalars)
            for group in _in_groups([i for i, one in enumerate(found) if one == kernel]):
                places = [_place(leaves[i], parts[i] if parts else None) for i in group]
                decays = np.array([steps[i].decays * (1 + 2 * steps[i].cautious) for i in group], np.uint32)
                rows = _rows(columns, scalars.good, decays, places, [numbers[i] for i in group])
                results |= zip(group, _call(kernel.name, rows, [leaves[i] for i in group]), strict=True)
        return [results[i] for i in range(len(leaves))]


def one_pass(arrays: Sequence[Sequence[jax.Array]], grads: Sequence[jax.Array]) -> list[list[jax.Array]]:
    """Adds float32 gradients to three arrays each, through memory as a step: the least time that a step can take."""
    new: list[list[jax.Array]] = []
    for group in _in_groups(list(zip(arrays, grads, strict=True))):
        leaves = [LeafArrays(p, (m, v), None, g) for (p, m, v), g in group]
        none = np.zeros(len(group), np.uint32)
        rows = _rows([], None, none, [_place(leaf, None) for leaf in leaves], list(range(len(group))))
        new += [[leaf.value, *leaf.stored] for leaf in _call("limit", rows, leaves)]
    return new


def kernel_scalars(kernel: Kernel, scalars: LeafScalars) -> LeafScalars:
    """The scalars in the one structure that the kernel knows: nothing static, and None what it does not need.

    Without a learning rate the update is multiplied by 1.
    """
    rule = scalars.rule
    return LeafScalars(
        StepScalars(
            _decay(rule.b1, kernel.any_rates),
            _decay(rule.b2, kernel.any_rates),
            _float32(rule.eps),
            _float32(rule.eps_root),
            rule.nesterov and (_decay(rule.nesterov[0], False), _decay(rule.nesterov[1], False)),
        ),
        scalars.codec,
        _float32(-1.0 if scalars.learning_rate is None else scalars.learning_rate),
        _float32(0.0 if scalars.weight_decay is None else scalars.weight_decay),
        None if kernel.bits is None else scalars.weight_seed,
        None,
    )


def _decay(b: Decay, any_rates: bool) -> Decay:
    held = (_float32(x) for x in (b.rate, b.one_minus_rate, b.correction, b.reciprocal))
    if not any_rates:
        return Decay(*held, dither=None, rate_ge_half=True)
    return Decay(*held, dither=_float32(0.0 if b.dither is None else b.dither), rate_ge_half=None)


def _float32(x: Any) -> jax.Array:
    return jnp.asarray(x, jnp.float32)


def _kernel_of(step: LeafStep, arrays: LeafArrays, rule: StepScalars | None = None) -> Kernel | None:
    """The kernel of a step, with these scalars or with any; None where there is none."""
    names = [name for name, known in RULES.items() if known == step.rule]
    rates = (rule.b1, rule.b2) if rule else ()
    usual = bool(rates) and all(b.rate_ge_half is True and b.dither is None for b in rates)
    moments = tuple(np.dtype(x.dtype).name for x in arrays.stored)
    param = np.dtype(jnp.result_type(arrays.p)).name
    bits = step.weight.bits if step.weight else None
    found = [Kernel(name, moments, param, bits, not usual) for name in names]
    return found[0] if found and found[0] in known_kernels() else None


def _in_groups(items: list[Any]) -> list[list[Any]]:
    return [items[start : start + _LEAVES] for start in range(0, len(items), _LEAVES)]


def _columns(kernel: Kernel, scalars: LeafScalars) -> list[jax.Array]:
    """The bits of every number that the kernel reads: of all leaves, or one for each."""
    numbers = [not_differentiated(x, _NO_DERIVATIVE) for x in jax.tree.leaves(kernel_scalars(kernel, scalars))]
    return [lax.bitcast_convert_type(jnp.asarray(x), jnp.uint32) for x in numbers]


def _place(leaf: LeafArrays, part: Part | None) -> list[Any]:
    """Where the elements are: the index of the first, strides of lead and row, and how many rows and columns."""
    shape = jnp.shape(leaf.g)
    if part is None or part.strides is None:
        size = math.prod(shape)
        return [0 if part is None else part.first, size, size, 1, size]
    return [part.first, *part.strides, *shape[-2:]]


def _rows(
    columns: list[jax.Array], good: jax.Array | None, decays: np.ndarray, places: list[list[Any]], numbers: list[int]
) -> jax.Array:
    """A row of uint32 for each leaf: whether the step counts, its place, whether it decays, the kernel's numbers."""
    counts = jnp.uint32(1) if good is None else good.astype(jnp.uint32)
    where = [_uint32(column) for column in zip(*places, strict=True)]
    which = np.array(numbers)
    mine = [x[which] if x.ndim else x for x in columns]
    return jnp.stack([jnp.broadcast_to(x, (len(which),)) for x in (counts, *where, decays, *mine)], axis=1)


def _uint32(column: Sequence[Any]) -> jax.Array:
    """Modulo 2**32, as element indices are."""
    if any(isinstance(x, jax.Array) for x in column):
        return lax.bitcast_convert_type(jnp.stack([jnp.asarray(x, jnp.int32) for x in column]), jnp.uint32)
    return jnp.asarray(np.array([x % 2**32 for x in column], np.uint32))


def _call(kernel: str, rows: jax.Array, leaves: list[LeafArrays]) -> list[LeafResults]:
    structure = jax.tree.structure(leaves[0])
    arrays = [x for leaf in leaves for x in jax.tree.leaves(leaf)]
    of_leaf = structure.num_leaves
    written = [i for i in range(len(arrays)) if i % of_leaf != of_leaf - 1]  # all but the gradients
    call = jax.ffi.ffi_call(
        native_library.STEP,
        [jax.ShapeDtypeStruct(arrays[i].shape, arrays[i].dtype) for i in written],
        input_output_aliases={1 + i: result for result, i in enumerate(written)},
        vmap_method="sequential",
    )
    new = iter(call(rows, *arrays, kernel=kernel))
    results = [structure.unflatten([*(next(new) for _ in range(of_leaf - 1)), None]) for _ in leaves]
    return [LeafResults(leaf.p, leaf.stored, leaf.remainder) for leaf in results]
