"""What do the transformations of adam_jax keep?  Every state that is not Optax's own."""

from typing import Any, NamedTuple

import jax
import numpy as np
import optax

from adam_jax.core import DecayingMaximum, EightBit, MomentFormat, Rule


class ScaleByAdam8bitState(NamedTuple):
    """The state with `moments="8bit"`: format version 2.

    It contains all that decoding needs: b1 and b2 may change from step to step.  A code of 0 is a moment of 0, so that
    rows can be set to zero.  Version 1, of adam_jax 0.1, had both moments in one uint16, `packed`; it raises an error.
    """

    #: shape (), int32: completed steps
    count: jax.Array  # type: ignore[assignment]
    mu: Any  #: int8, the parameters' structure and shapes: the code of m / sqrt(v)
    nu: Any  #: uint8, the same structure and shapes: the code of v
    bounds: jax.Array  #: float32, one per leaf in the tree's order: never below the leaf's largest v
    scales: jax.Array  #: float32, one per leaf: half of the codes are for `|m| / sqrt(v)` below it
    reaches: jax.Array  #: float32, one per leaf: never below the leaf's largest `|m| / sqrt(v)`


class ScaleByAdamax8bitState(NamedTuple):
    """The same for `adamax`, whose `nu` is u, a decaying maximum of `|g|`."""

    #: shape (), int32: completed steps
    count: jax.Array  # type: ignore[assignment]
    mu: Any  #: int8, the parameters' structure and shapes: the code of m / u
    nu: Any  #: uint8, the same structure and shapes: the code of u
    bounds: jax.Array  #: float32, one per leaf in the tree's order: never below the leaf's largest u**2
    scales: jax.Array  #: float32, one per leaf: half of the codes are for `|m| / u` below it
    reaches: jax.Array  #: float32, one per leaf: never below the leaf's largest `|m| / u`


EIGHT_BIT_STATES = (ScaleByAdam8bitState, ScaleByAdamax8bitState)


class VaryingDecayState(NamedTuple):
    """The state when b1 or b2 are schedules: the usual state, and 1 - the products of the rates used."""

    inner_state: Any  #: Optax's state, or the 8-bit one
    b1_correction: jax.Array  #: 1 - the product of b1; shape (), float32, or float64 if any parameter is
    b2_correction: jax.Array  #: the same for b2
    momentum_correction: Any = None  #: the same for NAdam's momentum with `momentum_decay`; otherwise None


class MasterWeightsState(NamedTuple):
    """The state of `master_weights`."""

    inner_state: Any  #: the state of `tx`
    remainder: Any  #: int16 or int8 for each bfloat16 parameter and MaskedNode for every other; () with bits=16
    steps: jax.Array  #: shape (), int32: seeds the stochastic rounding of bits=24 and bits=16
    checksum: Any = np.uint32(0)  #: shape (), uint32: of a sample of the parameters after the last step; 0: none
    moved_by_others: Any = np.int32(0)  #: shape (), int32: how many steps got other parameters than these


class SkipNonfiniteState(NamedTuple):
    """The state of `skip_nonfinite`."""

    inner_state: Any  #: the state of `tx`
    skipped: jax.Array  #: shape (), int32: how many steps were skipped


class SkipSpikesState(NamedTuple):
    """The state of `skip_spikes`."""

    inner_state: Any  #: the state of `tx`
    skipped: jax.Array  #: shape (), int32: how many steps were skipped
    grad_norms: jax.Array  #: shape (window,), float32: of the last accepted steps, as a ring buffer
    losses: jax.Array  #: the same for losses
    norms_seen: jax.Array  #: shape (), int32: how many accepted steps had a norm
    losses_seen: jax.Array  #: shape (), int32: how many accepted steps had a loss


def state_type(rule: Rule, moment_format: MomentFormat) -> Any:
    """The NamedTuple of a rule's moments in a format: `count`, the trees, and what all leaves share."""
    if isinstance(moment_format, EightBit):
        return ScaleByAdamax8bitState if isinstance(rule.second_moment, DecayingMaximum) else ScaleByAdam8bitState
    return optax.ScaleByAdamState if len(rule.moments) == 2 else optax.ScaleByAmsgradState


def refuse_first_edition(node: Any) -> None:
    """Raises ValueError if it is an 8-bit state of adam_jax 0.1, as it was or as a dictionary."""
    fields = set(node if isinstance(node, dict) else getattr(node, "_fields", ()))
    if {"count", "packed", "bounds"} <= fields:
        raise ValueError(
            "this is an 8-bit state of adam_jax 0.1 (format version 1: both moments in `packed`), which this version "
            "does not read. There adam_jax.unpack_moments(state) gives float32 moments; here adam_jax.pack_moments of "
            "those continues the run"
        )
