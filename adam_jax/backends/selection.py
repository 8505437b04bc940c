"""Which backend runs a step, and why not another?"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from adam_jax.backends import Backend
from adam_jax.backends.native import Native
from adam_jax.backends.pallas_tpu import PallasTPU
from adam_jax.backends.platforms import is_of, is_unsharded, may_be_cpu, may_be_tpu
from adam_jax.backends.shard_map import ShardMapped
from adam_jax.backends.xla import XLA
from adam_jax.core import LeafArrays, LeafStep

TPU_KERNEL = PallasTPU()  # tests put an interpreted one in its place
CPU_KERNEL = Native()


class Choice(NamedTuple):
    """Kernels, by the platforms that they are for, or XLA everywhere."""

    kernels: dict[str, Backend]
    refusal: str | None = None  # what a ValueError says on other platforms; None: XLA runs there
    at_once: bool = False  # whether it is known that the kernel, of which there is one, can run here
    whole_arrays: bool = False  # whether a CPU's kernel must have whole arrays

    def run(self, on: Callable[[Backend], Any], *arrays: Any) -> Any:
        """`on(backend)`.  arrays: what it computes on."""
        if not self.kernels:
            return on(XLA())
        if self.at_once:
            (kernel,) = self.kernels.values()
            return on(kernel)
        from adam_jax.backends.lowering import with_kernels

        ways = {platform: (lambda kernel=kernel: on(kernel)) for platform, kernel in self.kernels.items()}
        # A TPU's kernel that was named is batched as it is; a CPU's has XLA's derivatives and batches.
        otherwise = None if self.refusal and "tpu" in ways else lambda: on(XLA())
        return with_kernels(ways, otherwise, *arrays, refusal=self.refusal, whole_arrays=self.whole_arrays)


def choose(
    implementation: str | None,
    steps: Sequence[LeafStep],
    leaves: Sequence[LeafArrays],
    numbers: Sequence[int],
    name_of: Callable[[int], str],
    shardings: Any,
) -> Choice:
    """How these steps run.

    implementation: what the user named; None: a TPU's or a CPU's kernel where it moves fewer bytes, else XLA.
    numbers, name_of: of the leaves among all, and how messages call one of them.
    shardings: of every leaf, where a kernel may run on parts.

    Raises ValueError if a kernel was named and cannot do it.
    """
    if implementation == "xla" or not leaves:
        return Choice({})

    def usable(kernel: Backend, named: bool) -> Backend | None:
        kernel = ShardMapped(kernel, shardings) if shardings else kernel
        for step, leaf, number in zip(steps, leaves, numbers, strict=True):
            problem = kernel.unsupported(step, leaf)
            if problem is None and isinstance(kernel, ShardMapped):
                problem = kernel.unsupported_part(jnp.shape(leaf.g), number)
            if problem and named:
                raise ValueError(
                    f"implementation={implementation!r} cannot do this step: the parameter {name_of(number)} "
                    f"{problem}. Use implementation=None or 'xla'"
                )
            if problem:
                return None
        return kernel

    if implementation == "pallas":
        kernel = usable(TPU_KERNEL, named=True)
        assert kernel is not None
        refusal = "implementation='pallas' is a TPU kernel, and this is no TPU. Use implementation=None or 'xla'"
        return Choice({"tpu": kernel}, refusal, at_once=bool(shardings) or TPU_KERNEL.interpret)
    if implementation == "native":
        kernel = usable(CPU_KERNEL, named=True)
        assert kernel is not None
        return Choice({"cpu": kernel}, _NOT_NATIVE, whole_arrays=not shardings)
    if _pays_on_a_tpu(steps, leaves, shardings) and (kernel := usable(TPU_KERNEL, named=False)):
        kernels: dict[str, Backend] = {"tpu": kernel}
        if shardings:
            return Choice(kernels, at_once=True)
    else:
        kernels = {}
    if _pays_on_a_cpu(steps, leaves, shardings) and (kernel := usable(CPU_KERNEL, named=False)):
        kernels["cpu"] = kernel
    return Choice(kernels, whole_arrays=not shardings)


_NOT_NATIVE = (
    "implementation='native' is for whole arrays on a CPU, and this is no CPU, or a program of many devices, which XLA "
    "cannot cut a native kernel for. There give adam_jax.step the shardings of the state, or call it inside "
    "jax.shard_map; or use implementation=None or 'xla'"
)


def _pays_on_a_cpu(steps: Sequence[LeafStep], leaves: Sequence[LeafArrays], shardings: Any) -> bool:
    """Whether this may be a CPU, and the kernel moves fewer bytes than XLA's passes: where it writes new parameters."""
    if steps[0].returns != "params":
        return False
    if shardings:
        return is_of("cpu", shardings[0].mesh)
    return may_be_cpu(*jax.tree.leaves([(leaf.p, leaf.g) for leaf in leaves]))


def _pays_on_a_tpu(steps: Sequence[LeafStep], leaves: Sequence[LeafArrays], shardings: Any) -> bool:
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
        return is_of("tpu", shardings[0].mesh)
    arrays = jax.tree.leaves([(leaf.p, leaf.g) for leaf in leaves])
    return may_be_tpu(*arrays) and is_unsharded(*arrays)
