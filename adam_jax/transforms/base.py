"""How does a rule become a transformation of a pytree?  Its state, as Optax has it, and one step over all leaves."""

import dataclasses
from functools import cached_property, partial
from typing import Any, Literal

import jax
import jax.numpy as jnp
import optax

from adam_jax import validation
from adam_jax.backends import fused
from adam_jax.backends.fused import StepInputs as StepInputs
from adam_jax.backends.fused import StepOutputs as StepOutputs
from adam_jax.backends.fused import StepPlan as StepPlan
from adam_jax.core import AxisName, Corrections, Hyperparameters, MomentFormat, Rule, arithmetic_dtype
from adam_jax.transforms import state_outline
from adam_jax.transforms.spec import Spec, spec_of
from adam_jax.transforms.states import VaryingDecayState, refuse_first_edition, state_type


class LeafwiseSpec(Spec):
    """A spec whose step is a leaf step of every leaf, if it has a plan: see `backends.fused`."""

    @cached_property
    def plan(self) -> StepPlan | None:
        """What is computed for each leaf; None where what it wraps is something else."""
        raise NotImplementedError

    def read_state(self, state: Any, params: Any) -> StepInputs:
        """What a step reads of a state."""
        raise NotImplementedError

    def write_state(self, state: Any, outputs: StepOutputs) -> Any:
        """The next state."""
        raise NotImplementedError

    def update(self, updates: Any, state: Any, params: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        """The update of every leaf, and the next state."""
        del extra_args
        return self._run(updates, state, params, "updates")

    @property
    def has_step(self) -> bool:
        """Whether `step` is more than `update` and `apply_updates`."""
        return self.plan is not None

    def step(self, grads: Any, state: Any, params: Any, shardings: Any = None, **extra_args: Any) -> tuple[Any, Any]:
        """The new parameters of every leaf, and the next state: what `adam_jax.step` does."""
        del extra_args
        return self._run(grads, state, params, "params", shardings)

    def _run(
        self,
        grads: Any,
        state: Any,
        params: Any,
        returns: Literal["params", "updates"],
        shardings: Any = None,
        good: Any = None,
    ) -> tuple[Any, Any]:
        """good: whether the step counts, where that is known before."""
        assert self.plan is not None
        inputs = self.read_state(state, params)._replace(good=good)
        return fused.step(self.plan, inputs, partial(self.write_state, state), grads, params, returns, shardings)


class Wrapper(LeafwiseSpec):
    """A transformation around another, which is its field `tx`."""

    tx: Any

    @cached_property
    def inner(self) -> LeafwiseSpec | None:
        """`tx`, if its step is a leaf step of every leaf."""
        return leafwise(self.tx)


def leafwise(tx: Any) -> LeafwiseSpec | None:
    """The spec of a transformation of ours whose step is a leaf step of every leaf; None for any other."""
    spec = spec_of(tx)
    return spec if isinstance(spec, LeafwiseSpec) and spec.plan is not None else None


def with_step(tx: Any) -> LeafwiseSpec | None:
    """The spec of a transformation of ours whose `step` is more than `update` and `apply_updates`."""
    spec = spec_of(tx)
    return spec if isinstance(spec, LeafwiseSpec) and spec.has_step else None


@dataclasses.dataclass(frozen=True, eq=False)
class ScaleByRule(LeafwiseSpec):
    """A rule and a format of its moments: `scale_by_adam` and its siblings."""

    rule: Rule
    format: MomentFormat
    hyperparameters: Hyperparameters
    implementation: str | None = None
    axis_name: AxisName = None
    update_clipping: Any = None

    @cached_property
    def plan(self) -> StepPlan:
        return StepPlan(
            self.hyperparameters,
            self.rule,
            self.format,
            self.implementation,
            self.axis_name,
            update_clipping=self.update_clipping,
        )

    @cached_property
    def state_type(self) -> Any:
        """A NamedTuple: `count`, one tree per stored array of a leaf, then what all leaves share."""
        return state_type(self.rule, self.format)

    def init(self, params: optax.Params) -> Any:
        return state_outline.init(self, params)

    def first_state(self, params: optax.Params) -> Any:
        """What `init` gives, where nobody asks for an outline."""
        paths_and_params, structure = jax.tree_util.tree_flatten_with_path(params)
        rows = [self._init_leaf(path, param) for path, param in paths_and_params]
        trees = [structure.unflatten([row[i] for row in rows]) for i in range(self.format.arrays)]
        state = self.state_type(jnp.zeros((), jnp.int32), *trees, *self.format.init_shared(len(rows)))
        if not self.hyperparameters.vary:
            return state
        dtype = arithmetic_dtype(*(array for row in rows for array in row))
        return VaryingDecayState(state, *self.hyperparameters.start(dtype))

    def _init_leaf(self, path: Any, param: Any) -> tuple[Any, ...]:
        name = validation.name_of(path)
        if problem := validation.not_an_array(param):
            raise TypeError(f"the parameter {name} {problem}")
        param = param if hasattr(param, "dtype") and hasattr(param, "shape") else jnp.asarray(param)
        if problem := validation.leaf_problem(param):
            raise ValueError(f"the parameter {name} {problem}")
        try:
            return self.format.init(param)
        except ValueError as error:
            raise ValueError(f"the parameter {name}: {error}") from None

    def read_state(self, state: Any, params: Any) -> StepInputs:
        del params
        running = state if isinstance(state, VaryingDecayState) else None
        inner = running.inner_state if running else state
        if not isinstance(inner, self.state_type):
            refuse_first_edition(inner)
            raise TypeError(
                f"expected the {self.state_type.__name__} that init gives; got {type(inner).__name__}. "
                "To change the format of moments see adam_jax.from_optax, or adam_jax.pack_moments for 8 bits"
            )
        if self.hyperparameters.vary and not running:
            raise ValueError("b1 and b2 vary, but this state was initialized for constant ones")
        if self.hyperparameters.momentum_decay is not None and running and running.momentum_correction is None:
            raise ValueError("momentum_decay is given, but this state was initialized without it")
        count, *arrays = inner
        moments, shared = tuple(arrays[: self.format.arrays]), tuple(arrays[self.format.arrays :])
        leaves = len(jax.tree.leaves(moments[0]))
        if self.format.exact:
            validation.no_codes(inner._fields[1:], moments)
        validation.one_for_each_leaf(inner._fields[1 + len(moments) :], shared, leaves)
        return StepInputs(count, moments, shared, Corrections(*running[1:]) if running else None)

    def write_state(self, state: Any, outputs: StepOutputs) -> Any:
        inner = self.state_type(outputs.count, *outputs.moments, *outputs.shared)
        return VaryingDecayState(inner, *outputs.corrections) if outputs.corrections else inner
