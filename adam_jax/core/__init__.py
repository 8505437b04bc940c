"""One array: Adam's arithmetic, how its moments and weights are stored, and the step of a leaf.

Float32 in, float32 out: no pytrees, and nothing of Optax.  What the other packages use of it is listed here.
"""
# pyright: reportUnusedImport=false

from adam_jax.core.arithmetic import (
    arithmetic_dtype,
    bits_to_float,
    gradient_square,
    is_number,
    map_real_imag,
    not_differentiated,
    safe_divide,
    saturate,
    saturated_float32,
    square,
    wider,
    with_depth,
    wrapped,
    written_once,
)
from adam_jax.core.decay import Decay, StepScalars, initial_decay, power_correction
from adam_jax.core.formats import MomentFormat
from adam_jax.core.formats.dense import Dense
from adam_jax.core.formats.eightbit import EightBit, EightBitScalars
from adam_jax.core.hyperparameters import AxisName, Corrections, Hyperparameter, Hyperparameters, increment
from adam_jax.core.leaf_step import WEIGHT_STREAM, LeafArrays, LeafResults, LeafScalars, LeafStep, applied, leaf_scalars
from adam_jax.core.rounding import dither, dither_seed, element_index
from adam_jax.core.rules import Adam, AdaMax, AMSGrad, DecayingMaximum, Moments, NAdam, Rule
from adam_jax.core.split_float import WeightFormat, join
