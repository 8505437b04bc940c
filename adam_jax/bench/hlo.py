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
- a loop or a branch has no fixed count: such a program raises NotImplementedError.
"""

import math
import re

_INTEGERS = {f"{sign}{8 * size}": size for sign in "su" for size in (1, 2, 4, 8)}
_SIZES = {"pred": 1, "bf16": 2, "f16": 2, "f32": 4, "f64": 8, "token": 0, **_INTEGERS}
_FREE = {"parameter", "constant", "tuple", "get-tuple-element", "bitcast", "after-all", "add-dependency"}
_CONTROL = {"while", "conditional", "call"}


def kernels_of(hlo: str) -> dict[str, int]:
    """The bytes that each kernel of the ENTRY computation moves, from the text of a compiled module."""
    entry = re.search(r"^ENTRY .*?^}", hlo, re.MULTILINE | re.DOTALL)
    if entry is None:
        raise ValueError("the compiled program has no ENTRY computation")
    types, operands, moved = {}, {}, {}
    for line in re.sub(r"/\*index=\d+\*/", "", entry[0]).splitlines()[1:-1]:
        named = re.match(r"\s*(?:ROOT )?%?([\w.\-]+) = (.*)", line)
        if named is None:
            raise ValueError(f"cannot read the instruction {line.strip()[:200]!r}")
        name, rest = named.groups()
        types[name], rest = _cut(rest, " ")
        operation, rest = rest.split("(", 1)
        if operation in _CONTROL:
            raise NotImplementedError(f"the program has a {operation} ({name}), whose traffic is not in its operands")
        if operation in _FREE or 'custom_call_target="AllocateBuffer"' in rest:
            continue
        operands[name] = _names(_cut(rest, ")")[0])
        if all(_is_tpu_scalar(types[which]) for which in (name, *operands[name])):
            continue
        if operation.endswith("-start"):
            continue
        if operation == "slice-done":  # of what it slices, it reads the slice
            moved[name] = _bytes(types[name], everywhere=True) + _bytes(types[name])
            continue
        read = operands[operands[name][0]] if operation.endswith("-done") else operands[name]
        moved[name] = _bytes(types[name]) + sum(_bytes(types[operand]) for operand in dict.fromkeys(read))
    return moved


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
    arrays = re.findall(r"([a-z]\w*)\[([\d,]*)\](\{[^}]*\})?", type_)
    if unknown := {dtype for dtype, _, _ in arrays} - set(_SIZES):
        raise NotImplementedError(f"the size of {', '.join(sorted(unknown))} in {type_} is not known here")
    return sum(
        _SIZES[dtype] * math.prod(int(n) for n in shape.split(",") if n)
        for dtype, shape, layout in arrays
        if everywhere or not re.search(r"S\([1-9]", layout)
    )
