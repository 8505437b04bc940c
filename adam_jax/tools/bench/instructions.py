"""How many instructions does a step take?  Counted in what the compiler of an H200 makes of it: PTX.

A step of few bytes may be bound by its arithmetic.  An elementwise kernel has no loop: what stands in it is run by each
thread, for the few elements whose results it stores.
"""

import re
from collections.abc import Sequence

from adam_jax.diagnostics.hlo import Kernel

_BYTES = {"8": 1, "16": 2, "32": 4, "64": 8}
_DIVISION = 8  # instructions that a full-range float32 division is compiled to


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


def _instructions(body: str) -> list[str]:
    lines = (re.sub(r"^@!?%p\d+\s+", "", line.strip()) for line in body.splitlines() if line.startswith("\t"))
    return [line.split()[0].rstrip(";") for line in lines if line and not line.startswith((".", "//", "$"))]


def _cost(instruction: str) -> int:
    return _DIVISION if instruction.startswith("div.") else 1


def _stored(body: str) -> int:
    """The bytes that a thread writes to memory."""
    stores = re.findall(r"st\.global(?:\.v(\d))?\.[bfsu](\d+)", body)
    return sum(int(count or 1) * _BYTES[bits] for count, bits in stores)
