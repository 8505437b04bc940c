"""Which leaf steps have a native kernel, and what is each called?

`native/generate.py` writes the C of each, and `adam_jax.backends.native` calls it.
"""

import dataclasses
import functools
import itertools

EIGHT_BITS = ("int8", "uint8")
_MOMENTS = {"adam": 2, "nadam": 2, "amsgrad": 3, "amsgrad_of_v": 3, "adamax": 2}  # arrays of each rule
_WIDE_PARAMS = (("float32", None), ("bfloat16", 32), ("bfloat16", 24), ("bfloat16", 16))


@dataclasses.dataclass(frozen=True)
class Kernel:
    """A leaf step that writes new parameters, up to its numbers.

    Attributes:
      rule: the name of the equations.
      moments: dtypes of the arrays that the state keeps.
      param: the dtype of the parameter and of its gradient.
      bits: of the weight that the parameter and a remainder make; None: the parameter is the weight.
      any_rates: for b1 and b2 that are arrays, below 0.5, or so close to 1 that averages are dithered.
    """

    rule: str
    moments: tuple[str, ...]
    param: str
    bits: int | None
    any_rates: bool

    @property
    def name(self) -> str:
        """What the library calls it."""
        moments = "8bit" if self.moments == EIGHT_BITS else "_".join(dict.fromkeys(self.moments))
        weights = "" if self.bits is None else f"_weights{self.bits}"
        return f"{self.rule}_{moments}_{self.param}{weights}{'_any_rates' if self.any_rates else ''}"


def every_kernel() -> list[Kernel]:
    """All that there are.

    Each takes 9 kB, and 0.12 seconds to compile, so that not everything that could be traced is: moments of two dtypes,
    and bfloat16 parameters that are no part of a wider weight, are for Adam alone.
    """
    kernels: list[Kernel] = []
    for rule, arrays in _MOMENTS.items():
        formats, params = [("float32",) * arrays, ("bfloat16",) * arrays], _WIDE_PARAMS
        if arrays == 2:
            formats.append(EIGHT_BITS)
        if rule == "adam":
            formats.append(("bfloat16", "float32"))
            params = (*_WIDE_PARAMS, ("bfloat16", None))
        for moments, (param, bits), any_rates in itertools.product(formats, params, (False, True)):
            kernels.append(Kernel(rule, moments, param, bits, any_rates))
    return kernels


@functools.cache
def known_kernels() -> frozenset[Kernel]:
    """The same, to ask whether there is one."""
    return frozenset(every_kernel())
