"""Which backend runs a step, and why not another?"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from adam_jax.backends import Backend
from adam_jax.backends.pallas_tpu import PallasTPU
from adam_jax.backends.platforms import is_of_tpus, is_unsharded, may_be_tpu
from adam_jax.backends.shard_map import ShardMapped
from adam_jax.backends.xla import XLA
from adam_jax.core import LeafArrays, LeafStep

TPU_KERNEL = PallasTPU()  # tests put an interpreted one in its place


class Choice(NamedTuple):
    """A kernel where there is a TPU, or XLA everywhere."""

    kernel: Backend | None  # None: XLA
    refusal: str | None = None  # what a ValueError says where there is no TPU; None: XLA runs there
    at_once: bool = False  # whether it is known that the kernel can run here

    def run(self, on: Callable[[Backend], Any], *arrays: Any) -> Any:
        """`on(backend)`.  arrays: what it computes on."""
        if self.kernel is None:
            return on(XLA())
        if self.at_once:
            return on(self.kernel)
        from adam_jax.backends.lowering import with_tpu_kernel

        kernel = self.kernel
        return with_tpu_kernel(lambda: on(kernel), lambda: on(XLA()), *arrays, refusal=self.refusal)


def choose(
    implementation: str | None,
    steps: Sequence[LeafStep],
    leaves: Sequence[LeafArrays],
    numbers: Sequence[int],
    name_of: Callable[[int], str],
    shardings: Any,
) -> Choice:
    """How these steps run.

    implementation: what the user named; None: the kernel on TPUs where it moves fewer bytes, else XLA.
    numbers, name_of: of the leaves among all, and how messages call one of them.
    shardings: of every leaf, where the kernel may run on parts.

    Raises ValueError if the kernel was named and cannot do it.
    """
    named = implementation == "pallas"
    if implementation == "xla" or not leaves or not (named or _pays(steps, leaves, shardings)):
        return Choice(None)
    kernel = ShardMapped(TPU_KERNEL, shardings) if shardings else TPU_KERNEL
    for step, leaf, number in zip(steps, leaves, numbers, strict=True):
        problem = kernel.unsupported(step, leaf)
        if problem is None and isinstance(kernel, ShardMapped):
            problem = kernel.unsupported_part(jnp.shape(leaf.g), number)
        if problem and named:
            raise ValueError(
                f"implementation='pallas' cannot do this step: the parameter {name_of(number)} {problem}. "
                "Use implementation=None or 'xla'"
            )
        if problem:
            return Choice(None)
    refusal = "implementation='pallas' is a TPU kernel, and this is no TPU. Use implementation=None or 'xla'"
    return Choice(kernel, refusal if named else None, at_once=bool(shardings) or (named and TPU_KERNEL.interpret))


def _pays(steps: Sequence[LeafStep], leaves: Sequence[LeafArrays], shardings: Any) -> bool:
    """Whether this may be a TPU, where the kernel can run and moves fewer bytes than XLA's passes.

    It does for moments of 8 bits: of floats XLA makes one pass itself.  As an update the step costs 6 bytes per
    parameter more, and only that of a bfloat16 weight is known to lead where it should.
    """
    if any(step.format.exact for step in steps):
        return False
    if steps[0].returns == "updates":
        if any(step.weight is None for step in steps):
            return False
        if all(step.weight is not None and step.weight.bits == 16 and not step.skips for step in steps):
            return False
    if shardings:
        return is_of_tpus(shardings[0].mesh)
    arrays = jax.tree.leaves([(leaf.p, leaf.g) for leaf in leaves])
    return may_be_tpu(*arrays) and is_unsharded(*arrays)
