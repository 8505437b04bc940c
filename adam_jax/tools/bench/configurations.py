"""What do the benchmarks compare?  Models by the shapes of their leaves, and optimizers with their dtypes."""

import dataclasses
import importlib
import importlib.util
import math
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax

import adam_jax

Shapes = Sequence[tuple[int, ...]]

_GPT2_BLOCK = (
    *((768,), (768,)),  # ln_1
    *((768, 2304), (2304,), (768, 768), (768,)),  # attention: c_attn, c_proj
    *((768,), (768,)),  # ln_2
    *((768, 3072), (3072,), (3072, 768), (768,)),  # MLP: c_fc, c_proj
)
MODELS: dict[str, Shapes] = {
    "matrix": [(4096, 4096)],
    "vocabulary": [(50257, 768)],
    "gpt2": [(50257, 768), (1024, 768), *_GPT2_BLOCK * 12, (768,), (768,)],  # GPT-2 small, 148 leaves
    "sixteen": [(1024, 1024)] * 16,
    "small": [(64, 64)] * 1000,
}


@dataclasses.dataclass(frozen=True)
class Configuration:
    """An optimizer, the dtype of its weights and gradients, and the least bytes per parameter a step can move."""

    make: Callable[[float], optax.GradientTransformation]
    dtype: Any
    least: float  # weights, gradients and state read once; weights and state written once
    bound: int = 0  # the bytes of one more pass over the gradient, for the bound of the 8-bit moments
    fused: bool = False  # whether `bench speed` steps it by `adam_jax.step`, not by `update` and `apply_updates`

    def params(self, shapes: Shapes) -> list[jax.ShapeDtypeStruct]:
        """The parameters, as shapes and dtypes."""
        return [jax.ShapeDtypeStruct(shape, self.dtype) for shape in shapes]


def _packed(learning_rate: float) -> optax.GradientTransformation:
    return adam_jax.adamw(learning_rate, moments="8bit")


def _master(bits: int) -> Callable[[float], optax.GradientTransformation]:
    return lambda learning_rate: adam_jax.master_weights(_packed(learning_rate), bits)


def _flash(bits: int) -> Callable[[float], optax.GradientTransformation]:
    def make(learning_rate: float) -> optax.GradientTransformation:
        return importlib.import_module("flashoptim_jax").flash_adamw(learning_rate, master_weight_bits=bits)

    return make


CONFIGURATIONS: dict[str, Configuration] = {
    "optax": Configuration(optax.adamw, jnp.float32, 28),
    "float32": Configuration(adam_jax.adamw, jnp.float32, 28),
    "8bit": Configuration(_packed, jnp.float32, 16, 4),
    "8bit+32": Configuration(_master(32), jnp.bfloat16, 14, 2),
    "8bit+24": Configuration(_master(24), jnp.bfloat16, 12, 2),
    "8bit+16": Configuration(_master(16), jnp.bfloat16, 10, 2),
    "8bit+32, skip": Configuration(lambda rate: adam_jax.skip_nonfinite(_master(32)(rate)), jnp.bfloat16, 14, 2),
    "8bit+32, clip": Configuration(
        lambda rate: optax.chain(optax.clip_by_global_norm(1.0), _master(32)(rate)), jnp.bfloat16, 14, 2
    ),
}
BASELINES: dict[str, Configuration] = {  # when installed; 8-bit moments, a 16-bit scale for each 32
    f"flashoptim+{bits}": Configuration(_flash(bits), jnp.bfloat16, 2 + 2 * (2 + (bits - 16) / 8 + 2 * (1 + 2 / 32)))
    for bits in (32, 24)
}


def available() -> dict[str, Configuration]:
    """All configurations that can run with what is installed."""
    return CONFIGURATIONS | (BASELINES if importlib.util.find_spec("flashoptim_jax") else {})


def parameters(shapes: Shapes) -> int:
    """How many parameters a model has.

    >>> parameters(MODELS["gpt2"])
    124439808
    """
    return sum(math.prod(shape) for shape in shapes)
