"""How do I change the format of moments in the middle of a run, or read 8-bit moments?  To and from Optax's state."""

import functools
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax import validation
from adam_jax.core import (
    Adam,
    AdaMax,
    AMSGrad,
    Corrections,
    EightBit,
    EightBitScalars,
    Hyperparameters,
    Moments,
    Rule,
    StepScalars,
    arithmetic_dtype,
    dither_seed,
    leaf_scalars,
    with_depth,
)
from adam_jax.transforms.ownership import own
from adam_jax.transforms.state_outline import StateOutline
from adam_jax.transforms.states import (
    EIGHT_BIT_STATES,
    ScaleByAdam8bitState,
    ScaleByAdamax8bitState,
    VaryingDecayState,
    refuse_first_edition,
)
from adam_jax.validation import name_of


def unpack_moments(state: optax.OptState) -> optax.OptState:
    """Convert every 8-bit part of `state` to Optax's float32 `ScaleByAdamState(count, mu, nu)`.

    Use it to log moments, to write a checkpoint that Optax can read, and to continue a run with `moments="float32"`.
    The state contains all that is needed: b1 and b2 may have been schedules, or injected.

    Args:
      state: any optimizer state.

    Returns:
      The same state; parts that are not 8-bit do not change.

    >>> import adam_jax
    >>> tx = adam_jax.scale_by_adam(moments="8bit")
    >>> _, state = tx.update(jnp.array([3.0, -2.0]), tx.init(jnp.zeros(2)))
    >>> print(unpack_moments(state).mu.round(1))
    [ 0.3 -0.2]
    """

    def visit(node: Any) -> Any:
        refuse_first_edition(node)
        return unpack(node) if isinstance(node, EIGHT_BIT_STATES) else node

    return own(jax.tree.map(visit, state, is_leaf=_is_eight_bit))


def pack_moments(
    state: optax.OptState, b1: float = 0.9, b2: float = 0.999, *, rule: Literal["adam", "adamax"] = "adam"
) -> optax.OptState:
    """Convert every `ScaleByAdamState` of `state` to an 8-bit `ScaleByAdam8bitState`: the inverse of `unpack_moments`.

    Use it to continue an Optax run, or a run with `moments="float32"`, with `moments="8bit"`.  The moments are rounded
    stochastically, as in every 8-bit step.

    Args:
      state: any optimizer state.
      b1, b2: the constant decay rates of the run, in [0, 1).  A `VaryingDecayState` contains its own corrections.  They
        determine where the format is most exact; with other rates the moments are still decoded correctly.
      rule: "adamax" for a state of AdaMax, whose `nu` is a maximum; an Optax state does not show which rule it belongs
        to.

    Returns:
      The same state; other parts do not change.

    Raises:
      ValueError: b1 or b2 is out of range; `rule` is neither; a moment belongs to a complex or float64 parameter.

    >>> import adam_jax
    >>> params = jnp.ones(2)
    >>> _, state = optax.adam(0.1).update(params, optax.adam(0.1).init(params))
    >>> updates, state = adam_jax.adam(0.1, moments="8bit").update(params, pack_moments(state))
    """

    constants = Hyperparameters(validation.decay_rate("b1", b1), validation.decay_rate("b2", b2), eps=0.0)
    of = AdaMax() if validation.one_of("rule", rule, ("adam", "adamax")) == "adamax" else Adam()

    def visit(node: Any) -> Any:
        varying = isinstance(node, VaryingDecayState)
        inner = node.inner_state if varying else node
        if not isinstance(inner, optax.ScaleByAdamState):
            return node
        corrections = Corrections(*node[1:]) if varying else None
        packed = pack(inner, last_step(constants, jnp.asarray(inner.count), corrections), of)
        return node._replace(inner_state=packed) if varying else packed

    kinds = optax.ScaleByAdamState | VaryingDecayState
    return own(jax.tree.map(visit, state, is_leaf=lambda node: isinstance(node, kinds)))


def _is_eight_bit(node: Any) -> bool:
    return isinstance(node, EIGHT_BIT_STATES) or "packed" in getattr(node, "_fields", ())


def unpack(state: Any) -> optax.ScaleByAdamState:
    """One 8-bit part in float32."""
    rule = AdaMax() if isinstance(state, ScaleByAdamax8bitState) else Adam()
    mu, structure = jax.tree.flatten(state.mu)
    codes = list(zip(mu, structure.flatten_up_to(state.nu), strict=True))
    validation.one_for_each_leaf(state._fields[3:], state[3:], len(codes))
    of = EightBit(rule.second_moment)
    pairs = [_decode(of, pair, [x[i] for x in state[3:]]) for i, pair in enumerate(codes)]
    mu, nu = (structure.unflatten([pair[i] for pair in pairs]) for i in (0, 1))
    return optax.ScaleByAdamState(state.count, mu, nu)


def pack(state: optax.ScaleByAdamState, scalars: StepScalars, rule: Rule) -> Any:
    """One part in 8 bits: the inverse of `unpack`.  scalars: of the step that made the state."""
    m_leaves, structure = jax.tree.flatten(state.mu)
    v_leaves = structure.flatten_up_to(state.nu)
    count, of = jnp.asarray(state.count), EightBit(rule.second_moment)
    rows = [
        _encode(of, m, v, count, np.uint32(i), scalars) for i, (m, v) in enumerate(zip(m_leaves, v_leaves, strict=True))
    ]
    mu, nu, *columns = zip(*rows, strict=True) if rows else [()] * 5
    shared = map(jnp.stack, columns) if rows else of.init_shared(0)
    kind = ScaleByAdamax8bitState if isinstance(rule, AdaMax) else ScaleByAdam8bitState
    return kind(count, structure.unflatten(mu), structure.unflatten(nu), *shared)


def last_step(hyperparameters: Hyperparameters, count: jax.Array, corrections: Corrections | None) -> StepScalars:
    """The scalars of the step that was the last one after `count` steps; of the first one before it."""
    return hyperparameters.at(jnp.maximum(count - 1, 0), corrections, np.dtype(np.float32))


# Jitted: operation by operation every shape would compile a hundred programs.
@functools.partial(jax.jit, static_argnames="of")
def _decode(of: EightBit, codes: Any, shared: Any) -> Moments:
    return of.decode(codes, np.dtype(np.float32), EightBitScalars.of(jnp.uint32(0), shared, shared))


@functools.partial(jax.jit, static_argnames="of")
def _encode(of: EightBit, m: Any, nu: Any, count: jax.Array, leaf: Any, scalars: StepScalars) -> tuple[Any, ...]:
    root, v = (convert(nu.astype(jnp.float32)) for convert in (of.second_moment.root, of.second_moment.square))
    # One bad element must not spoil its leaf.
    bound = jnp.max(v, initial=0, where=v < jnp.inf)
    ratio = jnp.abs(m.astype(jnp.float32)) / jnp.where(root > 0, root, 1)
    reach = jnp.max(ratio, initial=0, where=(root > 0) & (ratio < jnp.inf))
    # Before the first step a correction can be 0 / 0.
    shared = (bound, jnp.where(count > 0, of.scale_of(scalars), 1), reach)
    codec = EightBitScalars.of(dither_seed(count, 0, leaf), shared, shared)
    return *of.encode((m, nu), of.init(m), codec, None), *shared


def enter(outline: StateOutline, state: Any, path: Any) -> Any:
    """What `outline` keeps, from Optax's state or from ours with a `VaryingDecayState`."""
    spec, running = outline.spec, isinstance(state, VaryingDecayState)
    hyperparameters, moment_format = spec.hyperparameters, spec.format
    inner = state.inner_state if running else state
    of_type(optax.ScaleByAmsgradState if len(spec.rule.moments) == 3 else optax.ScaleByAdamState, inner, path)
    params, structure = jax.tree.flatten(outline.params)
    columns = _columns(inner, outline.params, path)
    columns[1:] = [[x.real for x in column] for column in columns[1:]]  # Optax's nu of complex parameters is complex
    count = jnp.asarray(inner.count, jnp.int32)
    corrections = None
    if hyperparameters.vary:
        start = hyperparameters.start(outline.state.b1_correction.dtype)
        corrections = Corrections(*state[1:]) if running else None
        if corrections is None or (corrections.momentum is None) != (start.momentum is None):
            corrections = jax.lax.fori_loop(0, count, hyperparameters.advance, start)
    step = last_step(hyperparameters, count, corrections)
    if isinstance(moment_format, EightBit):
        mu, nu = map(structure.unflatten, columns)
        new = pack(optax.ScaleByAdamState(count, mu, nu), step, spec.rule)
    else:
        codec = moment_format.per_step_scalars(None, [True] * len(params), (), step, count)[1]
        rows = [
            _encode_dense(moment_format, row, moment_format.init(p), leaf_scalars(codec, i))
            for i, (p, row) in enumerate(zip(params, zip(*columns, strict=True), strict=True))
        ]
        new = spec.state_type(
            count, *(structure.unflatten([row[i] for row in rows]) for i in range(spec.format.arrays))
        )
    return VaryingDecayState(new, corrections.b1, corrections.b2, corrections.momentum) if corrections else new


def leave(outline: StateOutline, state: Any, path: Any) -> Any:
    """What Optax keeps, from what `outline` does."""
    running = isinstance(state, VaryingDecayState)
    inner = state.inner_state if running else state
    of_type(outline.spec.state_type, inner, path)
    if isinstance(outline.spec.format, EightBit):
        return unpack(inner)
    params, structure = jax.tree.flatten(outline.params)
    mu, *nus = (
        [with_depth(x, arithmetic_dtype(p, x)) for p, x in zip(params, column, strict=True)]
        for column in _columns(inner, outline.params, path)
    )
    nus = [[v.astype(m.dtype) if jnp.iscomplexobj(m) else v for m, v in zip(mu, nu, strict=True)] for nu in nus]
    return type(inner)(inner.count, *map(structure.unflatten, (mu, *nus)))


@functools.partial(jax.jit, static_argnames="moment_format")
def _encode_dense(moment_format: Any, row: Any, stored: Any, scalars: Any) -> Any:
    return moment_format.encode(row, stored, scalars, None)


def check_optax_has(outline: StateOutline) -> None:
    """Refuse the one rule whose state does not follow from Optax's."""
    if outline.spec.rule == AMSGrad("v"):
        raise ValueError(
            'amsgrad(maximum_of="v") keeps the largest v, Optax the largest v_hat; neither can be computed from the '
            'other. Use maximum_of="v_hat"'
        )


def _columns(state: Any, params: Any, path: Any) -> list[list[jax.Array]]:
    """The leaves of each moment, which must be the parameters'."""
    expected, structure = jax.tree_util.tree_flatten_with_path(params)
    columns = []
    for name, tree in zip(state._fields[1:], state[1:], strict=True):
        try:
            leaves = structure.flatten_up_to(tree)
        except ValueError as error:
            raise ValueError(
                f"`{name}` {name_of(path)} has not the structure of the parameters: {error}. Of Flax NNX give both "
                "as nnx.as_pure makes them"
            ) from None
        for (leaf, p), x in zip(expected, leaves, strict=True):
            if jnp.shape(x) != p.shape:
                raise ValueError(
                    f"`{name}` {name_of(path)} has shape {jnp.shape(x)} for the parameter {name_of(leaf)} of {p.shape}"
                )
        columns.append([jnp.asarray(x) for x in leaves])
    return columns


def of_type(kind: Any, state: Any, path: Any) -> None:
    """Refuse the state of something else."""
    refuse_first_edition(state)
    if not isinstance(state, kind):
        raise mismatch(kind.__name__, state, path)


def mismatch(expected: str, state: Any, path: Any) -> ValueError:
    """For a state of something else."""
    return ValueError(
        f"the state {name_of(path)} must be a {expected} of tx's structure; got {type(state).__name__}. Give the state "
        "of the same transformation with Optax's names (from_optax) or of tx itself (to_optax); a checkpoint must be "
        "restored into that transformation's init"
    )
