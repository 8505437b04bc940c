"""Rules x storages x dtypes, and what each may be off by."""

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from older_jax import enable_x64

import adam_jax


class Case(NamedTuple):
    """A rule of ours and the arguments that give the same rule to the oracle."""

    make: Any
    ours: dict[str, Any]
    rule: str
    oracle: dict[str, Any]


RULES = {
    "adam": Case(adam_jax.scale_by_adam, {}, "adam", {}),
    "adam, b1=0": Case(adam_jax.scale_by_adam, {"b1": 0}, "adam", {"b1": 0}),
    "adam, b1=.3": Case(adam_jax.scale_by_adam, {"b1": 0.3, "b2": 0.4}, "adam", {"b1": 0.3, "b2": 0.4}),
    "adam, eps_root": Case(
        adam_jax.scale_by_adam, {"eps_root": 1e-3, "eps": 0.1}, "adam", {"eps_root": 1e-3, "eps": 0.1}
    ),
    "nadam": Case(adam_jax.scale_by_adam, {"nesterov": True}, "nadam", {}),
    "nadam, momentum_decay": Case(
        adam_jax.scale_by_adam, {"nesterov": True, "momentum_decay": 4e-3}, "nadam", {"momentum_decay": 4e-3}
    ),
    "amsgrad": Case(adam_jax.scale_by_amsgrad, {}, "amsgrad", {}),
    "amsgrad of v": Case(adam_jax.scale_by_amsgrad, {"maximum_of": "v"}, "amsgrad", {"maximum_of": "v"}),
    "amsgrad of the paper": Case(
        adam_jax.scale_by_amsgrad,
        {"bias_correction_mu": False, "bias_correction_nu": False},
        "amsgrad",
        {"bias_correction": False},
    ),
    "adamax": Case(adam_jax.scale_by_adamax, {}, "adamax", {}),
}

STORAGES = {
    "float32": {},
    "bfloat16": {"mu_dtype": "bfloat16", "nu_dtype": "bfloat16"},
    "bfloat16 mu": {"mu_dtype": "bfloat16"},
    "float16 mu": {"mu_dtype": "float16"},
}

DTYPES = ("float16", "bfloat16", "float32", "float64", "complex64", "complex128")

# 16-bit moments of complex parameters are refused (test_validation).
STORAGES_AND_DTYPES = [(s, d) for s in STORAGES for d in DTYPES if s == "float32" or "complex" not in d]

# The largest error of an update over some tens of steps, in units of the root mean square of all updates.
# float32: sqrt(v_hat) is within 1.3e-6 / 2, and m adds one rounding a step; the rest is cancellation in m.
FLOAT32_UPDATE = 3e-6
FLOAT64_UPDATE = 1e-13
# Half a unit in the last place of the update's own dtype, on top.
LAST_ROUNDING = {"float16": 2.0**-11, "bfloat16": 2.0**-8}
# Stochastic rounding errs by up to one unit of 2**-8 a step in m and v; over about 10 remembered steps of m.
BFLOAT16_STORAGE = 0.06
# Rounding to nearest at 2**-11, over about 10 remembered steps.
FLOAT16_STORAGE = 4e-3


# Largest relative error of sqrt(v_hat) on random gradients, by b2.  A float32 average adds a rounding error of up to
# half an ulp a step and remembers 1 / (1 - b2) of them.
RANDOM = {0.9: 1.3e-6, 0.99: 1.3e-6, 0.999: 1.3e-6, 0.9999: 2.5e-6, 0.99999: 8e-6, 0.999999: 8e-6}
RANDOM_BIAS = 2e-7


def tolerance(storage: str, dtype: str) -> float:
    """The allowed error of an update, in units of the root mean square of all updates (largest about 4)."""
    arithmetic = FLOAT64_UPDATE if dtype in ("float64", "complex128") else FLOAT32_UPDATE
    stored = {"float32": 0.0, "float16 mu": FLOAT16_STORAGE}.get(storage, BFLOAT16_STORAGE)
    return arithmetic + stored + 4 * LAST_ROUNDING.get(dtype, 0.0)


def gradients(dtype: str, shape: tuple[int, ...], steps: int, seed: int = 0) -> np.ndarray:
    """Normal gradients whose scales differ a hundredfold between elements, exactly representable in `dtype`."""
    rng = np.random.default_rng(seed)
    scale = 10 ** rng.uniform(-2, 0, shape)
    x = scale * rng.standard_normal((steps, *shape))
    if "complex" in dtype:
        x = x + 1j * scale * rng.standard_normal((steps, *shape))
    return x.astype(jnp.dtype(dtype))


def x64(dtype: str) -> Any:
    """The context in which arrays of `dtype` exist."""
    return enable_x64(dtype in ("float64", "complex128"))
