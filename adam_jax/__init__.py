"""Adam (Kingma & Ba 2015) as an Optax gradient transformation: tested against float64."""

from adam_jax import interruption as interruption  # first: Ctrl-C while the others are imported
from adam_jax.interop.formats import pack_moments, unpack_moments
from adam_jax.interop.optax_state import from_optax, to_optax
from adam_jax.interop.pytorch_optimizer import pytorch_optimizer
from adam_jax.interop.pytorch_state import from_pytorch
from adam_jax.interop.pytorch_weights import weights_from_pytorch
from adam_jax.optimizers import adam, adamax, adamw, amsgrad, nadam, nadamw
from adam_jax.sharding import state_shardings
from adam_jax.step import step
from adam_jax.transforms.adam import scale_by_adam, scale_by_adamax, scale_by_amsgrad
from adam_jax.transforms.master_weights import master_weights
from adam_jax.transforms.skip import skip_nonfinite
from adam_jax.transforms.spikes import skip_spikes
from adam_jax.transforms.states import (
    MasterWeightsState,
    ScaleByAdam8bitState,
    ScaleByAdamax8bitState,
    SkipNonfiniteState,
    SkipSpikesState,
    VaryingDecayState,
)
from adam_jax.transforms.wide_weights import split_weights, wide_weights

__version__ = "0.1.0"

__all__ = [
    "MasterWeightsState",
    "ScaleByAdam8bitState",
    "ScaleByAdamax8bitState",
    "SkipNonfiniteState",
    "SkipSpikesState",
    "VaryingDecayState",
    "adam",
    "adamax",
    "adamw",
    "amsgrad",
    "from_optax",
    "from_pytorch",
    "master_weights",
    "nadam",
    "nadamw",
    "pack_moments",
    "pytorch_optimizer",
    "scale_by_adam",
    "scale_by_adamax",
    "scale_by_amsgrad",
    "skip_nonfinite",
    "skip_spikes",
    "split_weights",
    "state_shardings",
    "step",
    "to_optax",
    "unpack_moments",
    "weights_from_pytorch",
    "wide_weights",
]
