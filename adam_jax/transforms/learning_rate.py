"""How long is the step?  A rule, the weight decay and the learning rate as one transformation, with Optax's states.

The order is Optax's: the decay is added to the update, and both are multiplied by the rate.  Optax's own
`scale_by_learning_rate` and `add_decayed_weights` raise under strict dtype promotion when the rate is an array of
another dtype than the update, and change the update's dtype under standard promotion.
"""

import dataclasses
import functools
from typing import Any

import jax
import optax

from adam_jax import validation
from adam_jax.core import is_number
from adam_jax.transforms.base import LeafwiseSpec, ScaleByRule, StepInputs, StepOutputs, StepPlan
from adam_jax.transforms.masks import chosen_leaves
from adam_jax.transforms.spec import spec_of, transformation
from adam_jax.validation import is_none


def optimizer(
    rule: optax.GradientTransformationExtraArgs,
    learning_rate: Any,
    weight_decay: Any = None,
    mask: Any = None,
    cautious_weight_decay: bool = False,
) -> optax.GradientTransformationExtraArgs:
    """A rule, weight decay unless it is None, and the learning rate, as one transformation."""
    validation.flag("cautious_weight_decay", cautious_weight_decay)
    if weight_decay is None or (is_number(weight_decay) and weight_decay == 0):
        validation.finite("learning_rate", learning_rate)
    else:
        validation.learning_rate_with_decay(learning_rate)
    if weight_decay is not None:
        validation.non_negative("weight_decay", weight_decay)
    return transformation(
        Optimizer,
        rule=rule,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
        mask=mask,
        cautious=cautious_weight_decay,
    )


@dataclasses.dataclass(frozen=True, eq=False)
class Optimizer(LeafwiseSpec):
    """u = -learning_rate * (rule(g) + weight_decay * p).

    rule: a transformation of `ScaleByRule`.  weight_decay: None without a decay, which Optax's state shows.
    """

    rule: optax.GradientTransformationExtraArgs
    learning_rate: Any
    weight_decay: Any
    mask: Any
    cautious: bool = False

    @functools.cached_property
    def scale_by(self) -> ScaleByRule:
        """The rule."""
        found = spec_of(self.rule)
        assert isinstance(found, ScaleByRule)
        return found

    @functools.cached_property
    def plan(self) -> StepPlan:
        return dataclasses.replace(self.scale_by.plan, learning_rate=self.learning_rate, cautious=self.cautious)

    @functools.cached_property
    def _members(self) -> list[optax.GradientTransformation]:
        """Optax's transformations, whose states these are."""
        decay = [] if self.weight_decay is None else [optax.add_decayed_weights(self.weight_decay)]
        return [*decay, optax.scale_by_learning_rate(self.learning_rate)]

    def init(self, params: optax.Params) -> tuple[Any, ...]:
        *decay, rate = (member.init(params) for member in self._members)
        if self.mask is not None:
            decay = [optax.MaskedState(state) for state in decay]
        return (self.rule.init(params), *decay, rate)

    def read_state(self, state: Any, params: Any) -> StepInputs:
        expected = 1 + len(self._members)
        if not isinstance(state, tuple | list) or len(state) != expected:
            raise ValueError(
                f"expected the tuple of {expected} states that init gives; got {type(state).__name__}. "
                "A checkpoint must be restored into the init of this transformation"
            )
        inputs = self.scale_by.read_state(state[0], params)
        inputs = inputs._replace(learning_rate=_value("learning_rate", self.learning_rate, state[-1]))
        if self.weight_decay is None:
            return inputs
        validation.params_given(params)
        decay = _value("weight_decay", self.weight_decay, _unmasked(state[1]))
        if is_number(decay) and decay == 0:
            return inputs
        chosen = iter(chosen_leaves(self.mask, params))
        decays = [p is not None and next(chosen) for p in jax.tree.leaves(params, is_leaf=is_none)]
        return inputs._replace(weight_decay=decay, decays=decays)

    def write_state(self, state: Any, outputs: StepOutputs) -> tuple[Any, ...]:
        moments, *decays, rate = state
        if decays:
            after = _counted(self.weight_decay, _unmasked(decays[0]), outputs)
            decays = [after if self.mask is None else optax.MaskedState(after)]
        return (self.scale_by.write_state(moments, outputs), *decays, _counted(self.learning_rate, rate, outputs))


def _unmasked(state: Any) -> Any:
    return state.inner_state if isinstance(state, optax.MaskedState) else state


def _value(name: str, rate: Any, state: Any) -> Any:
    return validation.scalar(name, rate(state.count)) if callable(rate) else rate


def _counted(rate: Any, state: Any, outputs: StepOutputs) -> Any:
    return state._replace(count=outputs.next(state.count)) if callable(rate) else state
