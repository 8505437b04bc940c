"""How many instructions does a step take?  Counted in what compilers make of it: PTX of an H200, LLO of a TPU's kernel.

A step of few bytes may be bound by its arithmetic.  An elementwise kernel of a GPU has no loop: what stands in it is
run by each thread, for the few elements whose results it stores.  A TPU's kernel has a loop over chunks of a few
registers: what stands in it is run for each.
"""

import re
from collections.abc import Sequence

from adam_jax.backends.tiles import tiling
from adam_jax.diagnostics.hlo import Kernel

_BYTES = {"8": 1, "16": 2, "32": 4, "64": 8}
_DIVISION = 8  # instructions that a full-range float32 division is compiled to
_REGISTER = 8 * 128  # float32 numbers in a vector register of a TPU
_NOT_COMPUTED = ("vbitcast", "vxlaneid", "vslaneid", "vector_load", "vector_store")


def of_kernels(ptx: str, kernels: Sequence[Kernel], elements: int) -> float | None:
    """Instructions per element, over all kernels that write more than a hundredth of a byte per element.

    Others are reductions and scalars.  None: a kernel is not in `ptx`, or has loops.
    """
    bodies = dict(re.findall(r"\.entry ([\w$]+)\((.*?)^}", ptx, re.MULTILINE | re.DOTALL))
    total = 0.0
    for kernel in kernels:
        if kernel.written <= elements / 100:
            continue
        body = bodies.get(re.sub(r"\W", "_", kernel.name))
        if body is None or re.search(r"^\s*(?:@%p\d+ )?bra", body, re.MULTILINE):
            return None
        threads = kernel.written / _stored(body)
        total += threads * sum(map(_cost, _instructions(body)))
    return total / elements


def of_tpu_kernel(llo: str, shape: tuple[int, ...]) -> float:
    """Vector operations per element of a kernel that steps one leaf of this shape, without loads and stores."""
    operations = re.findall(r"llo\.(v[a-z0-9_.]+)", llo)
    counted = [name for name in operations if not name.startswith(_NOT_COMPUTED)]
    chunk = tiling(shape).chunk
    return len(counted) / (chunk.rows * chunk.columns / _REGISTER)


def _instructions(body: str) -> list[str]:
    lines = (re.sub(r"^@!?%p\d+\s+", "", line.strip()) for line in body.splitlines() if line.startswith("\t"))
    return [line.split()[0].rstrip(";") for line in lines if line and not line.startswith((".", "//", "$"))]


def _cost(instruction: str) -> int:
    return _DIVISION if instruction.startswith("div.") else 1


def _stored(body: str) -> int:
    """The bytes that a thread writes to memory."""
    stores = re.findall(r"st\.global(?:\.v(\d))?\.[bfsu](\d+)", body)
    return sum(int(count or 1) * _BYTES[bits] for count, bits in stores)
