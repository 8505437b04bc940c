"""How does adam_jax continue a PyTorch run?  From its optimizer's `state_dict`."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax

from adam_jax.core import AMSGrad, Hyperparameters
from adam_jax.interop.formats import enter
from adam_jax.interop.pytorch_weights import by_path, laid_out, parsed, to_numpy
from adam_jax.transforms.master_weights import narrowed
from adam_jax.transforms.ownership import own
from adam_jax.transforms.state_outline import StateOutline
from adam_jax.validation import name_of

_SAME = 1e-7  # of betas, relatively: a number rounded to float32 is up to 6e-8 off
_NOT_MOMENTS = {"step", "mu_product"}  # the product of NAdam's momenta follows from the step


def from_pytorch(
    tx: optax.GradientTransformation,
    state_dict: Mapping[str, Any],
    params: optax.Params,
    names: Any,
    *,
    parameter_names: Sequence[str] | None = None,
    like: Any = None,
) -> tuple[optax.Params, optax.OptState]:
    """The parameters and the state with which `tx` continues a PyTorch run.

    For `torch.optim.Adam`, `AdamW`, `NAdam` and `Adamax`.  `tx` is the result of `pytorch_optimizer` for their
    hyperparameters, or any transformation that contains that rule: with a schedule, in another format, for a part of
    the parameters.  Every `count` in its state becomes PyTorch's step, so that schedules go on too; parts of the state
    that PyTorch does not have are those of `tx.init`.  float32 moments are copied bit for bit.  PyTorch is not
    imported.

    Args:
      tx: the transformation to continue with.
      state_dict: `optimizer.state_dict()`, of tensors on any device, or of NumPy arrays.
      params: the model's parameters, already in JAX.
      names: for each parameter, in the structure of `params`, PyTorch's name of it, or its number in the optimizer.  If
        the layout differs, a pair: the name, and a function of a NumPy array that converts PyTorch's layout to that of
        `params`, the same as for the weight: `("fc.weight", np.transpose)` for a Flax kernel (in, out),
        `("conv.weight", lambda w: w.transpose(2, 3, 1, 0))` for a convolution's (height, width, in, out).  It may
        transpose, slice and reshape, but not scale.  None for a parameter that `tx` does not update.
      parameter_names: all names in the order in which the optimizer got the parameters,
        `[name for name, _ in model.named_parameters()]`.  None: they are in `state_dict`, as they are if the optimizer
        was given `model.named_parameters()`.
      like: as in `from_optax`.

    Returns:
      `params` and `tx`'s state.

    Raises:
      ValueError: a parameter has no name; PyTorch has no moments for it, or those of another rule or shape; b1 and b2
        of `tx` are numbers and differ from the betas of the parameter's group; parameters of one rule have different
        step counts; a parameter is complex, for which PyTorch keeps separate v of the real and the imaginary part.
      TypeError: `names` has a leaf that is none of these; `state_dict` is the optimizer itself.

    >>> import adam_jax, numpy as np
    >>> moments = {"step": 10, "exp_avg": np.ones((2, 3), np.float32), "exp_avg_sq": np.ones((2, 3), np.float32)}
    >>> group = {"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0, "amsgrad": False, "params": [0]}
    >>> saved = {"state": {0: moments}, "param_groups": [group]}
    >>> tx = adam_jax.pytorch_optimizer(group)
    >>> params, state = from_pytorch(tx, saved, {"kernel": jnp.zeros((3, 2))}, {"kernel": (0, np.transpose)})
    >>> print(state[0].count, state[0].mu["kernel"].shape)
    10 (3, 2)
    """
    params, outline = narrowed(tx, params, like)
    numbers = _numbers(state_dict, parameter_names)
    betas = {key: group.get("betas") for group in state_dict["param_groups"] for key in group["params"]}
    named = by_path(names, params, "the parameters")

    nodes, structure = jax.tree_util.tree_flatten_with_path(outline)
    states = [
        _state(node, lambda path: _found(path, named[path], numbers, state_dict["state"]), betas)
        if isinstance(node, StateOutline)
        else None
        for _, node in nodes
    ]
    steps = sorted({int(state.count) for state in states if state is not None})
    if not steps:
        raise ValueError("tx has no state of adam_jax's in it; give adam_jax.pytorch_optimizer, adam_jax.adamw, ...")

    def continued(path: Any, node: Any, state: Any) -> Any:
        if state is not None:
            return enter(node, state, path)
        if getattr(path[-1], "name", None) != "count":
            return node
        if len(steps) > 1:
            raise ValueError(f"the count {name_of(path)} could be any of {steps}, PyTorch's step counts")
        return jnp.full_like(node, steps[0])

    new = [continued(path, node, state) for (path, node), state in zip(nodes, states, strict=True)]
    return own((params, structure.unflatten(new)))


def _numbers(state_dict: Mapping[str, Any], parameter_names: Sequence[str] | None) -> dict[Any, Any]:
    """Which key in `state_dict["state"]` belongs to a name or a number."""
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"state_dict must be optimizer.state_dict(); got {type(state_dict).__name__}")
    if not {"state", "param_groups"} <= set(state_dict):
        raise ValueError(f"state_dict must be optimizer.state_dict(), with state and param_groups; got {[*state_dict]}")
    groups = state_dict["param_groups"]
    keys = [key for group in groups for key in group["params"]]
    listed = [name for group in groups for name in group.get("param_names", ())]
    given = listed if parameter_names is None else list(parameter_names)
    if given and len(given) != len(keys):
        raise ValueError(f"parameter_names has {len(given)} names, and the optimizer {len(keys)} parameters")
    return {**{key: key for key in keys}, **dict(zip(given, keys, strict=False))}


def _found(path: Any, entry: Any, numbers: dict[Any, Any], state: Mapping[Any, Any]) -> tuple[str, Any, Any, Any]:
    """PyTorch's state of one parameter: what to call it, its key, its entries, and the change of layout."""
    here, name, layout = parsed(path, entry)
    if name not in numbers:
        known = ", ".join(map(repr, numbers))
        raise ValueError(
            f"{here} is not in the optimizer, which has {known}. Names must be in its param_groups (an optimizer of "
            "model.named_parameters()) or given as parameter_names"
        )
    if numbers[name] not in state:
        raise ValueError(f"{here} has no moments: PyTorch never stepped it. Leave it out of tx with optax.masked")
    return here, numbers[name], state[numbers[name]], layout


def _state(outline: StateOutline, find: Callable[[Any], tuple[str, Any, Any, Any]], betas: Mapping[Any, Any]) -> Any:
    """The state of one rule of ours, as Optax keeps it."""
    rule = outline.spec.rule
    keys = rule.pytorch_moments
    if rule == AMSGrad("v_hat"):
        raise ValueError('PyTorch\'s AMSGrad keeps the largest v, not the largest v_hat: use amsgrad(maximum_of="v")')
    places, structure = jax.tree_util.tree_flatten_with_path(outline.params)
    rows, counts = [], {}
    for path, p in places:
        here, number, entries, layout = find(path)
        if set(entries) - _NOT_MOMENTS != set(keys):
            raise ValueError(
                f"{here} has {sorted(entries)}, but the rule of tx needs {sorted(keys)}: another optimizer"
            )
        if jnp.iscomplexobj(p):
            raise ValueError(f"{here} is complex: PyTorch keeps v of real and imaginary part apart, we keep their sum")
        if betas[number] is not None:
            _check_betas(here, outline.spec.hyperparameters, betas[number])
        rows.append([laid_out(here, key, entries[key], layout, p.shape) for key in keys])
        counts.setdefault(int(to_numpy(entries["step"])), here)
    if len(counts) > 1:
        (first, one), (second, other), *_ = counts.items()
        raise ValueError(
            f"{one} made {first} steps, but {other} {second}; one count serves all parameters of a rule. Give each its "
            "own with optax.partition"
        )
    count = jnp.asarray(next(iter(counts), 0), jnp.int32)
    trees = [structure.unflatten([row[i] for row in rows]) for i in range(len(keys))]
    return (optax.ScaleByAmsgradState if len(keys) == 3 else optax.ScaleByAdamState)(count, *trees)


def _check_betas(here: str, hyperparameters: Hyperparameters, betas: Sequence[Any]) -> None:
    """Moments are averages with the betas of their run; with others they would be read as something else.

    Schedules and arrays have no number to compare.
    """
    given = (hyperparameters.b1, hyperparameters.b2)
    numbers = [(a, float(b)) for a, b in zip(given, betas, strict=True) if isinstance(a, float | int)]
    if not all(math.isclose(a, b, rel_tol=_SAME) for a, b in numbers):
        theirs = tuple(map(float, betas))
        raise ValueError(
            f"{here} was stepped with betas {theirs}, but tx has b1, b2 = {given}; its moments are averages with the "
            f"former. Make tx with adam_jax.pytorch_optimizer(param_group), or with b1={theirs[0]}, b2={theirs[1]}. To "
            'change them from here on, write the new ones into "betas" of state_dict["param_groups"]'
        )
