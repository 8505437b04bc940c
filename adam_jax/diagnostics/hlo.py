"""How many bytes does a compiled program move?  Reads the text of what XLA compiled.

A kernel reads its operands from memory once and writes its results once, so the traffic is the sum of the operand and
result sizes over the instructions of the program's ENTRY computation: fusions, custom calls, copies.  Parameters,
constants, tuples, get-tuple-element and bitcast move nothing by themselves.  An asynchronous pair (copy-start,
copy-done) is one kernel.  A TPU computes scalars beside its kernels; a GPU needs a kernel for them.  Arrays that live
on the chip (memory spaces, S(1) and up in a layout) are not memory traffic.

Things to know when reading a count:

- an operand counts in full for every kernel that reads it, and once per kernel: GPU caches do not exist here;
- a kernel that reads or writes a slice of an array counts as the whole array, but for copies of slices;
- padding of arrays whose last dimensions are no multiples of a TPU's 8 x 128 is not counted;
- a loop has no fixed count: its body counts once; of a branch, the side that moves most counts.
"""

import math
import re
from typing import NamedTuple

_FREE = {
    "parameter",
    "constant",
    "tuple",
    "get-tuple-element",
    "bitcast",
    "after-all",
    "add-dependency",
    "partition-id",
    "replica-id",
}


class Kernel(NamedTuple):
    """One kernel, and the bytes of memory that it reads and writes."""

    name: str
    operation: str
    read: int
    written: int
    copies: bool = False  # from memory to memory, in one layout: XLA made room for a result


class Program(NamedTuple):
    """What a program runs when it runs once, its loops once too."""

    kernels: tuple[Kernel, ...]
    loops: int
    branches: int

    @property
    def bytes(self) -> int:
        """Read and written by all kernels."""
        return sum(kernel.read + kernel.written for kernel in self.kernels)


def program_of(hlo: str) -> Program:
    """The kernels of the ENTRY computation and of what it calls, from the text of a compiled module."""
    entry = re.search(r"^ENTRY .*?^}", hlo, re.MULTILINE | re.DOTALL)
    if entry is None:
        raise ValueError("the compiled program has no ENTRY computation")
    return _read(entry[0], hlo)


def kernels_of(hlo: str) -> dict[str, int]:
    """The bytes that each kernel moves.  NotImplementedError if the program has a loop or a branch."""
    program = program_of(hlo)
    if program.loops or program.branches:
        what = "while" if program.loops else "conditional"
        raise NotImplementedError(f"the program has a {what}, so that its traffic has no fixed count")
    return {kernel.name: kernel.read + kernel.written for kernel in program.kernels}


def aliases_of(hlo: str) -> list[tuple[int, int]]:
    """Which results take over the memory of an argument: pairs of their numbers, of results in order."""
    header = hlo.split("\n", 1)[0]
    pairs = re.findall(r"\{([\d, ]*)\}: \((\d+), \{[\d, ]*\}, (?:may|must)-alias\)", header)
    return sorted((int((result or "0").split(",")[0]), int(argument)) for result, argument in pairs)


def _read(computation: str, hlo: str) -> Program:
    types: dict[str, str] = {}
    operands: dict[str, list[str]] = {}
    kernels: list[Kernel] = []
    loops = branches = 0
    for line in re.sub(r"/\*index=\d+\*/", "", computation).splitlines()[1:-1]:
        named = re.match(r"\s*(?:ROOT )?%?([\w.\-]+) = (.*)", line)
        if named is None:
            raise ValueError(f"cannot read the instruction {line.strip()[:200]!r}")
        name, rest = named.groups()
        types[name], rest = _cut(rest, " ")
        operation, rest = rest.split("(", 1)
        given, attributes = _cut(rest, ")")
        if operation in ("while", "conditional", "call"):
            inner = [_read(_computation(callee, hlo), hlo) for callee in _callees(operation, attributes)]
            most = max(inner, key=lambda program: program.bytes)
            kernels += most.kernels
            loops += most.loops + (operation == "while")
            branches += most.branches + (operation == "conditional")
            operands[name] = []
            continue
        if operation in _FREE or 'custom_call_target="AllocateBuffer"' in rest:
            continue
        operands[name] = _names(given)
        if all(_is_tpu_scalar(types[which]) for which in (name, *operands[name])):
            continue
        if operation.endswith("-start"):
            continue
        if operation == "slice-done":  # of what it slices, it reads the slice
            kernels.append(Kernel(name, operation, _bytes(types[name], everywhere=True), _bytes(types[name])))
            continue
        read = operands.get(operands[name][0], []) if operation.endswith("-done") else operands[name]
        size, written = sum(_bytes(types[operand]) for operand in dict.fromkeys(read)), _bytes(types[name])
        same = operation in ("copy", "copy-done") and size > 0 and types[read[0]] == types[name]
        kernels.append(Kernel(name, operation, size, written, same))
    return Program(tuple(kernels), loops, branches)


def _callees(operation: str, attributes: str) -> list[str]:
    """The computations that a call, a loop or a branch runs; a loop's condition moves next to nothing."""
    if operation == "conditional":
        listed = re.search(r"branch_computations=\{([^}]*)\}", attributes)
        return _names(listed[1]) if listed else re.findall(r"(?:true|false)_computation=%?([\w.\-]+)", attributes)
    return re.findall(r"(?:body|to_apply)=%?([\w.\-]+)", attributes)


def _computation(name: str, hlo: str) -> str:
    found = re.search(rf"^%?{re.escape(name)} .*?^}}", hlo, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"the compiled program has no computation {name}")
    return found[0]


def _cut(text: str, separator: str) -> tuple[str, str]:
    """`text` before and after the first separator that stands outside brackets."""
    depth = 0
    for at, character in enumerate(text):
        if character == separator and not depth:
            return text[:at], text[at + 1 :].lstrip()
        depth += (character in "([{") - (character in ")]}")
    return text, ""


def _names(operands: str) -> list[str]:
    """The operands' names; a type may stand before each."""
    names = []
    while operands:
        operand, operands = _cut(operands, ",")
        names.append(operand.split()[-1].lstrip("%"))
    return names


def _is_tpu_scalar(type_: str) -> bool:
    """Layouts in tiles are a TPU's."""
    return re.fullmatch(r"[a-z]\w*\[\]\{:T\(.*\}", type_) is not None


def _bytes(type_: str, *, everywhere: bool = False) -> int:
    """The size of a type's arrays in memory, or wherever they are."""
    return sum(
        math.ceil(_bits(dtype, type_) * math.prod(int(n) for n in shape.split(",") if n) / 8)
        for dtype, shape, layout in re.findall(r"([a-z]\w*)\[([\d,]*)\](\{[^}]*\})?", type_)
        if everywhere or not re.search(r"S\([1-9]", layout)
    )


def _bits(dtype: str, type_: str) -> int:
    """Of one element, by XLA's name of its dtype: pred, s32, bf16, f8e4m3fn, c64."""
    if dtype in ("pred", "token", "opaque"):
        return 8 if dtype == "pred" else 0
    named = re.match(r"(?:[suc]|b?f)(\d+)", dtype)
    if named is None:
        raise NotImplementedError(f"the size of {dtype} in {type_} is not known here")
    return int(named[1])
