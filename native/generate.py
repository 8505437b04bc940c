"""Writes kernels/*.c: the C of every leaf step that the native backend has, from JAX's trace of it.

    python native/generate.py

A `LeafStep` is elementwise, so its trace on single numbers is its whole program: some 60 operations on float32 and
32-bit integers.  Each becomes one line of C, in their order.  What the step computes stands in `adam_jax/core` alone.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, Literal

from adam_jax.backends.native import RULES, kernel_scalars
from adam_jax.backends.native_kernels import EIGHT_BITS, Kernel, every_kernel
from adam_jax.core import (
    Dense,
    EightBit,
    Hyperparameters,
    LeafArrays,
    LeafScalars,
    LeafStep,
    MomentFormat,
    WeightFormat,
    dither_seed,
)

FOLDER = Path(__file__).parent / "kernels"

HEAD = """// What does one step do to a run of elements of one leaf?  Written by native/generate.py from the traces of
// adam_jax/core/leaf_step.py; never by hand.
#include "../kernels.h"

"""

# How a number of a dtype is kept in a register of 32 bits, as XLA keeps it: a bfloat16 as the float32 that it is.
HELD = {"float32": "float", "bfloat16": "float", "uint32": "uint32_t", "bool": "int32_t"}
HELD |= dict.fromkeys(("int8", "uint8", "int16", "int32"), "int32_t")
IN_MEMORY = {"float32": "float", "bfloat16": "uint16_t", "uint32": "uint32_t", "int32": "int32_t"}
IN_MEMORY |= {"int8": "int8_t", "uint8": "uint8_t", "int16": "int16_t"}

BINARY = {"add": "+", "sub": "-", "mul": "*", "div": "/", "and": "&", "or": "|", "xor": "^"}
COMPARISONS = {"lt": "<", "gt": ">", "le": "<=", "ge": ">=", "eq": "==", "ne": "!="}
CALLS = {"jit": "jaxpr", "pjit": "jaxpr", "closed_call": "call_jaxpr", "custom_jvp_call": "call_jaxpr"}
SAME = {"broadcast_in_dim", "reshape", "copy", "squeeze", "stop_gradient", "optimization_barrier"}


# Lines in a loop at most.  A step is one chain of 140 instructions, each waiting for the one before it, and a processor
# looks some 250 ahead.  In short loops it finds several elements to work on: 8-bit moments take 0.6 of the time.
LONGEST = 20


class Line(NamedTuple):
    """A number in C."""

    name: str
    type: str
    expression: str

    @property
    def reads(self) -> set[str]:
        return names_in(self.expression)

    def __str__(self) -> str:
        return f"const {self.type} {self.name} = {self.expression};"


def names_in_order(expression: str) -> list[str]:
    """The numbers that an expression reads, each as often as it stands there."""
    return re.findall(r"\b(?:[xst]\d+|index)\b", expression)


def names_in(expression: str) -> set[str]:
    """The numbers that an expression reads."""
    return set(names_in_order(expression))


class Program:
    """The lines of C of a trace on single numbers."""

    def __init__(self, traced: ClosedJaxpr, arguments: list[str], of_all: list[bool]) -> None:
        """arguments: names of the trace's arguments in C; of_all: which of them are the same for all elements."""
        self.lines: list[Line] = []  # for each element
        self.before: list[Line] = []  # once for all of them
        self.reciprocals: dict[str, str] = {}
        self.numbers = itertools.count()
        self.same = {name for name, same in zip(arguments, of_all, strict=True) if same}
        self.results = self._run(traced, arguments)

    def rewrite(self) -> None:
        """Does what XLA does for a CPU, so that bits are the same."""
        self._divide_once()
        self._fuse()
        self._compare_where_it_is_selected()
        self._clip()
        self._leave_out_unused()

    def _uses(self) -> Counter[str]:
        """How often each number is read."""
        expressions = [*(line.expression for line in self.lines), *self.results]
        return Counter(name for expression in expressions for name in names_in_order(expression))

    def _divide_once(self) -> None:
        """(x / by) / y as x / (by * y), where `by` is the same for all elements."""
        uses, lines = self._uses(), {}
        for line in self.lines:
            lines[line.name] = line
            quotient = re.fullmatch(r"(\w+) / (\w+)", line.expression)
            above = lines.get(quotient.group(1)) if quotient else None
            divided = re.fullmatch(r"divided\((\w+), (\w+), \w+\)", above.expression) if above else None
            if quotient and above and divided and uses[above.name] == 1:
                del lines[above.name]
                below = Line(above.name, "float", f"{divided.group(2)} * {quotient.group(2)}")
                lines |= {below.name: below, line.name: line._replace(expression=f"{divided.group(1)} / {below.name}")}
                lines[line.name] = lines.pop(line.name)
        self.lines = list(lines.values())

    def _fuse(self) -> None:
        """Makes one operation, rounded once, of a product and the sum or difference that alone reads it."""
        uses = self._uses()
        products = {line.name: line for line in self.lines if line.type == "float" and " * " in line.expression}
        lines: dict[str, Line] = {}
        for line in self.lines:
            lines[line.name] = line
            sum_of = re.fullmatch(r"(\S+) ([+-]) (\S+)", line.expression) if line.type == "float" else None
            left, sign, right = sum_of.groups() if sum_of else ("", "", "")
            product = next((x for x in (right, left) if x in products and uses[x] == 1), None)
            if product is None:
                continue
            a, b = products[product].expression.split(" * ")
            other = left if product == right else right
            if sign == "-":
                a, other = (f"-({a})", other) if product == right else (a, f"-({other})")
            lines[line.name] = line._replace(expression=f"fmaf({a}, {b}, {other})")
            del lines[product]
        self.lines = list(lines.values())

    def _compare_where_it_is_selected(self) -> None:
        """Makes one expression of a selection and its condition: x < y ? x : y is one instruction, and of two four."""
        uses, comparison = self._uses(), re.compile(r"\S+ (<|>|<=|>=|==|!=) \S+")
        conditions = {line.name: line for line in self.lines if comparison.fullmatch(line.expression)}
        lines: dict[str, Line] = {}
        for line in self.lines:
            lines[line.name] = line
            condition = line.expression.partition(" ? ")[0]
            if condition in conditions and uses[condition] == 1 and condition != line.expression:
                expression = line.expression.replace(condition, conditions[condition].expression, 1)
                lines[line.name] = line._replace(expression=expression)
                del lines[condition]
        self.lines = list(lines.values())

    def _clip(self) -> None:
        """Makes one call of x < most ? x : most and of what alone reads it, x > -most ? x : -most."""
        uses, lines = self._uses(), {}
        for line in self.lines:
            lines[line.name] = line
            below = re.fullmatch(r"(\w+) > -(\S+) \? \1 : -\2", line.expression)
            above = lines.get(below.group(1)) if below else None
            found = re.fullmatch(r"(\w+) < (\S+) \? \1 : \2", above.expression) if above else None
            if above and below and found and found.group(2) == below.group(2) and uses[above.name] == 2:
                lines[line.name] = line._replace(expression=f"clipped({found.group(1)}, {found.group(2)})")
                del lines[above.name]
        self.lines = list(lines.values())

    def _leave_out_unused(self) -> None:
        """Of a format that this kernel does not have."""
        read = set().union(*map(names_in, self.results))
        for line in reversed([*self.before, *self.lines]):
            if line.name in read:
                read |= line.reads
        self.before, self.lines = ([line for line in some if line.name in read] for some in (self.before, self.lines))

    def decay_only_if(self, decays: str, cautious: str, weight_decay: str) -> None:
        """Makes of cautious decay one kernel for all: none unless `decays`, everywhere unless `cautious`."""
        (number,) = (i for i, line in enumerate(self.lines) if weight_decay in line.reads)
        chosen = self.lines[number]
        found = re.fullmatch(rf"(\w+ < \S+) \? (\S+) : {weight_decay}", chosen.expression)
        assert found, chosen
        opposed, zero = found.groups()
        self.lines[number] = chosen._replace(expression=f"{cautious} & ({opposed}) ? {zero} : {weight_decay}")
        (number,) = (i for i, line in enumerate(self.lines) if chosen.name in line.reads)
        line = self.lines[number]
        found = re.fullmatch(rf"fmaf\({chosen.name}, \w+, (\w+)\)", line.expression)
        assert found, line
        self.lines[number] = line._replace(expression=f"{decays} ? {line.expression} : {found.group(1)}")

    def _run(self, traced: ClosedJaxpr, arguments: list[str]) -> list[str]:
        names: dict[Any, str] = {}
        for variable, value in zip(traced.jaxpr.constvars, traced.consts, strict=True):
            names[variable] = self._literal(value, variable.aval.dtype)
        names |= dict(zip(traced.jaxpr.invars, arguments, strict=True))

        def read(x: Any) -> str:
            return self._literal(x.val, x.aval.dtype) if isinstance(x, Literal) else names[x]

        for equation in traced.jaxpr.eqns:
            operands = [read(x) for x in equation.invars]
            names |= dict(zip(equation.outvars, self._equation(equation, operands), strict=True))
        return [read(x) for x in traced.jaxpr.outvars]

    def _equation(self, equation: Any, operands: list[str]) -> list[str]:
        name, params = equation.primitive.name, equation.params
        if name in CALLS:
            inner = params[CALLS[name]]
            return self._run(inner if isinstance(inner, ClosedJaxpr) else ClosedJaxpr(inner, ()), operands)
        if name == "platform_index":
            return [f"branch {self._of_a_cpu(params['platforms'])}"]
        if name == "cond":  # of `lax.platform_dependent`, and no other
            return self._run(params["branches"][int(operands[0].removeprefix("branch "))], operands[1:])
        if name in SAME:
            return operands
        dtype = equation.outvars[0].aval.dtype
        expression = self._expression(name, operands, equation.invars[0].aval.dtype, dtype, params)
        return [self._named(expression, dtype, operands)]

    @staticmethod
    def _of_a_cpu(platforms: Any) -> int:
        return next(i for i, names in enumerate(platforms) if names is not None and "cpu" in names)

    def _named(self, expression: str, dtype: np.dtype, operands: list[str]) -> str:
        same = all(x in self.same or not x.isidentifier() for x in operands)
        lines = self.before if same else self.lines
        for line in lines:
            if (line.type, line.expression) == (HELD[dtype.name], expression):  # computed before
                return line.name
        lines.append(Line(f"t{next(self.numbers)}", HELD[dtype.name], expression))
        if same:
            self.same.add(lines[-1].name)
        return lines[-1].name

    @staticmethod
    def _literal(value: Any, dtype: np.dtype) -> str:
        if np.issubdtype(dtype, np.bool_):
            return str(int(value))
        if jnp.issubdtype(dtype, jnp.floating):
            number = np.float32(value)
            return f"{float(number).hex()}f" if np.isfinite(number) else f"float_of(0x{number.view(np.uint32):08X}u)"
        return f"{int(value)}u" if dtype == np.uint32 else f"({int(value)})"

    def _expression(self, name: str, x: list[str], given: np.dtype, dtype: np.dtype, params: Any) -> str:
        is_float = jnp.issubdtype(dtype, jnp.floating)
        if name in COMPARISONS:
            return f"{x[0]} {COMPARISONS[name]} {x[1]}"
        if name in BINARY:
            if dtype == np.int32 and name in ("add", "sub", "mul"):  # signed numbers may not overflow in C
                return f"(int32_t)((uint32_t){x[0]} {BINARY[name]} (uint32_t){x[1]})"
            if name == "div" and x[1] in self.same:
                return self._divided(*x)
            return self._rounded(f"{x[0]} {BINARY[name]} {x[1]}", dtype)
        if name in ("square", "integer_pow"):
            assert params.get("y", 2) == 2
            return self._rounded(f"{x[0]} * {x[0]}", dtype)
        if name == "select_n":
            return f"{x[0]} ? {x[2]} : {x[1]}"
        if name == "convert_element_type":
            if dtype == jnp.bfloat16 and self._is_a_bfloat16(x[0]):
                return x[0]
            return self._converted(x[0], given, dtype)
        if name == "bitcast_convert_type":
            if given == np.float32:
                return f"({HELD[dtype.name]})bits_of({x[0]})"
            return f"float_of((uint32_t){x[0]})" if dtype == np.float32 else f"({HELD[dtype.name]}){x[0]}"
        if name == "clamp":
            return f"{x[1]} < {x[0]} ? {x[0]} : {x[1]} > {x[2]} ? {x[2]} : {x[1]}"
        if name in ("max", "min"):  # of which NaN is either
            nan = f" || {x[0]} != {x[0]}" if is_float else ""
            return f"{x[0]} {'>' if name == 'max' else '<'} {x[1]}{nan} ? {x[0]} : {x[1]}"
        one = {
            "neg": f"-{x[0]}",
            "not": f"!{x[0]}" if dtype == np.bool_ else f"~{x[0]}",
            "abs": f"fabsf({x[0]})" if is_float else f"abs({x[0]})",
            "sqrt": f"sqrtf({x[0]})",
            "is_finite": f"(bits_of({x[0]}) & 0x7FFFFFFFu) < 0x7F800000u",
            "shift_left": f"({HELD[dtype.name]})((uint32_t){x[0]} << {x[-1]})",
            "shift_right_logical": f"({HELD[dtype.name]})((uint32_t){x[0]} >> {x[-1]})",
            "shift_right_arithmetic": f"{x[0]} >> {x[-1]}",
        }
        return one[name]  # a KeyError is an operation that nobody wrote down yet

    def _divided(self, x: str, by: str) -> str:
        """By a number that is the same for all elements."""
        if by not in self.reciprocals:
            self.reciprocals[by] = f"t{next(self.numbers)}"
            self.before.append(Line(self.reciprocals[by], "float", f"1.0f / {by}"))
            self.same.add(self.reciprocals[by])
        return f"divided({x}, {by}, {self.reciprocals[by]})"

    def _is_a_bfloat16(self, x: str) -> bool:
        """Whether the lower half of a float is known to be 0."""
        made = {line.name: line.expression for line in self.lines}
        bits = re.fullmatch(r"float_of\(\(uint32_t\)(\w+)\)", made.get(x, ""))
        return bits is not None and made.get(bits.group(1), "").endswith(f"& ({-(2**16)})")

    @staticmethod
    def _rounded(expression: str, dtype: np.dtype) -> str:
        return f"to_bfloat16({expression})" if dtype == jnp.bfloat16 else expression

    @staticmethod
    def _converted(x: str, given: np.dtype, dtype: np.dtype) -> str:
        if dtype == jnp.bfloat16:
            return f"to_bfloat16({x})"
        if dtype.name in ("int8", "uint8", "int16"):  # as they are after they were in memory
            return f"wrapped_{dtype.name}((int32_t){x})"
        return x if HELD[dtype.name] == HELD[given.name] else f"({HELD[dtype.name]}){x}"


def step_of(kernel: Kernel) -> LeafStep:
    """The definition of what it computes."""
    weight = None if kernel.bits is None else WeightFormat(kernel.bits)
    dtype = np.dtype(np.float32) if weight else jnp.dtype(kernel.param)
    return LeafStep(RULES[kernel.rule], _format(kernel), weight, True, True, False, "params", dtype, cautious=True)


def arrays_of(kernel: Kernel) -> LeafArrays:
    """Shapes and dtypes of one element of a leaf."""
    weight = step_of(kernel).weight
    remainder = weight and weight.remainder_dtype
    p, *stored = (jax.ShapeDtypeStruct((), jnp.dtype(dtype)) for dtype in (kernel.param, *kernel.moments))
    return LeafArrays(p, tuple(stored), remainder and jax.ShapeDtypeStruct((), remainder), p)


def scalars_of(kernel: Kernel) -> LeafScalars:
    """Shapes and dtypes of the numbers of one leaf."""
    hyperparameters, moments = Hyperparameters(0.9, 0.999, 1e-8, nesterov=kernel.rule == "nadam"), _format(kernel)

    def of_a_step(count: jax.Array) -> LeafScalars:
        rule = hyperparameters.at(count, None, np.dtype(np.float32))
        _, codec = moments.per_step_scalars(jnp.ones(1), [True], moments.init_shared(1), rule, count)
        codec = jax.tree.map(lambda x: x[0] if x.ndim else x, codec)
        return kernel_scalars(kernel, LeafScalars(rule, codec, 0.0, 0.0, dither_seed(count, 0, 0)))

    return jax.eval_shape(of_a_step, jax.ShapeDtypeStruct((), jnp.int32))


def _format(kernel: Kernel) -> MomentFormat:
    if kernel.moments == EIGHT_BITS:
        return EightBit(RULES[kernel.rule].second_moment)
    return Dense(jnp.dtype(kernel.moments[0]), jnp.dtype(kernel.moments[1]), len(kernel.moments))


def code_of(kernel: Kernel) -> str:
    """The C of one kernel."""
    scalars, structure = jax.tree.flatten(scalars_of(kernel))
    given, of_arrays = jax.tree.flatten(arrays_of(kernel))

    def step(*numbers: Any) -> Any:
        held, rest = of_arrays.unflatten(numbers[: len(given)]), numbers[len(given) :]
        return step_of(kernel)(held, structure.unflatten(rest[:-1]), rest[-1])

    index = jax.ShapeDtypeStruct((), jnp.uint32)
    with jax.numpy_dtype_promotion("standard"):
        traced = jax.make_jaxpr(step)(*given, *scalars, index)
    names = [f"x{i}" for i in range(len(given))]
    of_leaf = [f"s{i}" for i in range(1, 1 + len(scalars))]  # the first one: whether the leaf decays, and how
    program = Program(traced, [*names, *of_leaf, "index"], [False] * len(names) + [True] * len(of_leaf) + [False])
    program.rewrite()
    weight_decay = next(
        i
        for i, (path, _) in enumerate(jax.tree_util.tree_leaves_with_path(scalars_of(kernel)), 1)
        if "weight_decay" in str(path)
    )
    program.decay_only_if("decays", "cautious", f"s{weight_decay}")
    dtypes = [x.dtype.name for x in given]
    written = dtypes[:-1]  # all but the gradient, in place
    assert [x.dtype.name for x in traced.out_avals] == written
    lines = [f"KERNEL({kernel.name}) {{", "  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;"]
    read = set().union(*(line.reads for line in [*program.before, *program.lines]), *map(names_in, program.results))
    lines += [
        f"  const {HELD[x.dtype.name]} {name} = {f'float_of(s[{i}])' if x.dtype == np.float32 else f's[{i}]'};"
        for i, (name, x) in enumerate(zip(of_leaf, scalars, strict=True), 1)
        if name in read
    ]
    lines += [f"  {line}" for line in program.before]
    lines += [
        f"  {'' if i < len(written) else 'const '}{IN_MEMORY[name]}* restrict a{i} = a[{i}];"
        for i, name in enumerate(dtypes)
    ]
    lines += ["  for (int64_t b = 0; b < blocks; b++) {", *(f"    {line}" for line in _block(program, dtypes))]
    lines.append("    " + " ".join(f"a{i} += BLOCK;" for i in range(len(dtypes))) + " first += BLOCK;")
    return "\n".join([*lines, "  }", "}", ""])


def _block(program: Program, dtypes: list[str]) -> list[str]:
    """What is done to a block: loops over its elements, one after another."""
    # Numbers of 8 and 16 bits are widened first: in one loop with the rest a compiler would count in the narrowest, and
    # unroll what it computes in 32 bits four times.
    narrow = [i for i, name in enumerate(dtypes) if name != "float32"]
    written = [i for i in narrow if i < len(dtypes) - 1]
    at = [f"{'w' if i in narrow else 'a'}{i}[k]" for i in range(len(dtypes))]
    lines = [f"{HELD[dtypes[i]]} w{i}[BLOCK];" for i in narrow]
    lines += [f"widen_{dtypes[i]}(w{i}, a{i});" for i in narrow]

    loaded = [Line(f"x{i}", HELD[name], at[i]) for i, name in enumerate(dtypes)]
    loaded.append(Line("index", "uint32_t", "first + (uint32_t)k"))
    stored = {f"x{i}": f"{at[i]} = {result};" for i, result in enumerate(program.results)}
    loops = _cut(program.lines)
    reads = [set().union(*(line.reads for line in loop)) for loop in loops]
    last = {name: max((i for i, names in enumerate(reads) if name in names), default=0) for name in stored}
    made = [{line.name for line in loop} for loop in loops]
    stores: list[list[str]] = [[] for _ in loops]
    for x, store in stored.items():  # as soon as it is made, if what it overwrites is read no more
        (result,) = names_in(store.split(" = ")[1])
        number = max(last[x], next((i for i, names in enumerate(made) if result in names), 0))
        stores[number].append(store)
        reads[number].add(result)
    for number, loop in enumerate(loops):
        later = set().union(*reads[number + 1 :])
        kept = [line for line in loop if line.name in later]
        before = [line for earlier in loops[:number] for line in earlier if line.name in reads[number]]
        lines += [f"{line.type} {line.name}_[BLOCK];" for line in kept]
        lines += ["UNALIASED", "for (int k = 0; k < BLOCK; k++) {"]
        lines += [f"  {line}" for line in loaded if line.name in reads[number]]
        lines += [f"  {line._replace(expression=f'{line.name}_[k]')}" for line in before]
        lines += [f"  {line}" for line in loop]
        lines += [f"  {store}" for store in stores[number]]
        lines += [f"  {line.name}_[k] = {line.name};" for line in kept]
        lines.append("}")
    return lines + [f"narrow_{dtypes[i]}(a{i}, w{i});" for i in written]


def _cut(lines: list[Line]) -> list[list[Line]]:
    """The lines in loops of at most LONGEST, cut where the fewest numbers must be kept from one to the next."""
    made = {line.name: i for i, line in enumerate(lines)}
    used = {name: max(i for i, line in enumerate(lines) if name in line.reads | {line.name}) for name in made}
    best: list[tuple[int, list[int]]] = [(0, [])]  # up to each line: how many are kept, and where it is cut
    for end in range(1, len(lines) + 1):
        kept = sum(made[name] < end <= used[name] for name in made)
        cost, cuts = min(best[start] for start in range(max(0, end - LONGEST), end))
        best.append((cost + kept + 2, [*cuts, end]))
    ends = best[-1][1]
    return [lines[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _entry(kernel: Kernel) -> str:
    sizes = ", ".join(str(x.dtype.itemsize) for x in jax.tree.leaves(arrays_of(kernel)))
    return f'    {{"{kernel.name}", {kernel.name}, {{{sizes}}}}},'


def sources() -> dict[str, str]:
    """The texts of the files in kernels/, one per rule."""
    texts = {}
    for rule, group in itertools.groupby(every_kernel(), lambda kernel: kernel.rule):
        kernels = list(group)
        table = [f"const Kernel {rule}_kernels[] = {{", *map(_entry, kernels), "    {0},\n};\n"]
        texts[f"{rule}.c"] = "\n".join([HEAD, *map(code_of, kernels), *table])
    return texts


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in sources().items():
        (FOLDER / name).write_text(text)
