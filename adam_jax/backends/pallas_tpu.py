"""One pass over memory on a TPU: a Pallas kernel, where XLA makes several of outputs of different dtypes."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from adam_jax.backends import Observed, Part, ScalarsOf
from adam_jax.core import LeafArrays, LeafResults, LeafStep, gradient_square

_FLOAT32 = np.dtype(np.float32)


@dataclasses.dataclass(frozen=True)
class PallasTPU:
    """Runs steps of real float32 and bfloat16 leaves.  interpret: on a CPU, slowly, for tests."""

    interpret: bool = False
    recomputes: bool = False

    def unsupported(self, step: LeafStep, arrays: LeafArrays) -> str | None:
        """See `Backend.unsupported`."""
        shape, given = jnp.shape(arrays.g), jnp.result_type(arrays.g)
        if not np.prod(shape):
            return "is empty"
        if arrays.p is None:
            return None if given in (jnp.float32, jnp.bfloat16) else f"has a gradient of {given}"
        if jnp.shape(arrays.p) != shape:
            return f"has shape {jnp.shape(arrays.p)} and its gradient {shape}"
        held = jnp.result_type(arrays.p)
        if held not in (jnp.float32, jnp.bfloat16) or held != given:
            return f"is {held} and its gradient {given}; both must be float32, or both bfloat16"
        return None

    def observe(self, grads: Sequence[jax.Array | None], *, squares: bool, finite: bool) -> Observed:
        """See `Backend.observe`: both in one pass."""
        from adam_jax.backends import elementwise  # Pallas takes most of a second to import

        present = [i for i, g in enumerate(grads) if g is not None]
        if not present:
            return Observed(jnp.zeros(len(grads), jnp.float32), jnp.bool_(True) if finite else None)
        arrays = [g for g in grads if g is not None]
        largest, are_finite = elementwise.largest(gradient_square, arrays, interpret=self.interpret)
        if len(present) < len(grads):
            largest = jnp.zeros(len(grads), jnp.float32).at[np.array(present)].set(largest)
        return Observed(largest if squares else None, jnp.all(are_finite) if finite else None)

    def run(
        self,
        steps: Sequence[LeafStep],
        scalars_of: ScalarsOf,
        leaves: Sequence[LeafArrays],
        numbers: Sequence[int],
        parts: Sequence[Part] | None = None,
    ) -> list[LeafResults]:
        """See `Backend.run`.

        The update of a weight comes out as the parameter that it leads to, of 2 bytes and not 4, and becomes a
        difference outside of the kernel: p + (p' - p) rounds to p', since p' came out of such a sum.
        """
        from adam_jax.backends import elementwise

        if not leaves:
            return []
        scalars = jax.tree.map(lambda x: _of_leaves(_float32(x), numbers), scalars_of(_FLOAT32))
        leaves = [_with_results_dtype(step, leaf) for step, leaf in zip(steps, leaves, strict=True)]
        bodies = [_Body(_in_kernel(step), leaf) for step, leaf in zip(steps, leaves, strict=True)]
        rows = [body.flatten(leaf) for body, leaf in zip(bodies, leaves, strict=True)]
        new = elementwise.run(
            bodies,
            scalars,
            rows,
            [body.writes(leaf) for body, leaf in zip(bodies, leaves, strict=True)],
            first_is_new=any(step.returns == "updates" for step in steps),
            parts=parts,
            interpret=self.interpret,
        )
        return [
            _as_asked(step, leaf, body.results(row))
            for step, leaf, body, row in zip(steps, leaves, bodies, new, strict=True)
        ]


def _float32(x: Any) -> Any:
    """An array as a TPU's kernel takes it: a rate may be bfloat16."""
    return x.astype(jnp.float32) if isinstance(x, jax.Array) and jnp.issubdtype(x.dtype, jnp.inexact) else x


def _of_leaves(x: Any, numbers: Sequence[int]) -> Any:
    return x if np.shape(x) in ((), (len(numbers),)) else x[np.array(numbers)]


def _with_results_dtype(step: LeafStep, leaf: LeafArrays) -> LeafArrays:
    """The gradient in the dtype of the update that comes out in its place."""
    as_update = step.returns == "updates" and step.weight is None
    return leaf._replace(g=leaf.g.astype(step.update_dtype)) if as_update else leaf


def _in_kernel(step: LeafStep) -> LeafStep:
    return dataclasses.replace(step, returns="params") if step.weight else step


def _as_asked(step: LeafStep, leaf: LeafArrays, new: LeafResults) -> LeafResults:
    if step.weight is None or step.returns == "params":
        return new
    return new._replace(value=new.value.astype(jnp.float32) - leaf.p.astype(jnp.float32))


class _Body:
    """A leaf step of arrays in a row: those that it overwrites, in the order of its results, and then the gradient."""

    def __init__(self, step: LeafStep, leaf: LeafArrays) -> None:
        self.step, self.structure = step, jax.tree.structure(leaf)

    def __call__(self, row: tuple[jax.Array, ...], scalars: Any, index: jax.Array) -> tuple[jax.Array, ...]:
        new = self.step(self.structure.unflatten(row), scalars, index)
        return tuple(jax.tree.leaves(new))

    def flatten(self, leaf: LeafArrays) -> tuple[jax.Array, ...]:
        return tuple(map(jnp.asarray, self.structure.flatten_up_to(leaf)))

    def writes(self, leaf: LeafArrays) -> list[int]:
        """For each result, the position of the array whose dtype and memory it has."""
        count = self.structure.num_leaves
        kept = range(0 if leaf.p is None else 1, count - 1)
        return [0 if self.step.returns == "params" else count - 1, *kept]

    def results(self, row: tuple[jax.Array, ...]) -> LeafResults:
        stored = len(jax.tree.leaves(self.structure.unflatten(range(self.structure.num_leaves)).stored))
        value, *kept = row
        return LeafResults(value, tuple(kept[:stored]), kept[stored] if len(kept) > stored else None)
