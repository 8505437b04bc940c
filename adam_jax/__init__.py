"""Adam (Kingma & Ba 2015) as an Optax gradient transformation: exact to a few ulp, tested against float64."""

from adam_jax.optimizers import adam, adamax, adamw, amsgrad, nadam, nadamw
from adam_jax.transform import scale_by_adam, scale_by_adamax, scale_by_amsgrad
from adam_jax.tree import VaryingDecayState

__version__ = "0.1.0"

__all__ = [
    "VaryingDecayState",
    "adam",
    "adamax",
    "adamw",
    "amsgrad",
    "nadam",
    "nadamw",
    "scale_by_adam",
    "scale_by_adamax",
    "scale_by_amsgrad",
]
