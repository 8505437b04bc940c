"""Which transformation does the same as a PyTorch optimizer?  From the hyperparameters in its `state_dict`."""

from collections.abc import Mapping
from typing import Any

import optax

from adam_jax.transforms.adam import Hyperparameter, scale_by_adam, scale_by_amsgrad
from adam_jax.transforms.learning_rate import optimizer


def pytorch_optimizer(
    param_group: Any,
    *,
    learning_rate: Hyperparameter | None = None,
    moments: str = "float32",
    decoupled_weight_decay: bool | None = None,
) -> optax.GradientTransformationExtraArgs:
    """The transformation that does the same as PyTorch's `Adam`, `AdamW` or `NAdam` with these hyperparameters.

    PyTorch is not imported.

    Args:
      param_group: one of the optimizer's `param_groups`; or the optimizer itself or its `state_dict()`, if it has only
        one.  For several, one call for each, in `optax.partition`.
      learning_rate: replaces the group's `lr`, which with an `LRScheduler` is the last one: a number, an array or a
        schedule.
      moments: as in `adam_jax.adam`.
      decoupled_weight_decay: whether weights decay as in `AdamW`.  None: as in the group; in older versions of PyTorch
        the groups of `Adam` and `AdamW` do not contain it.

    Returns:
      `adam`, `adamw`, `nadam` or `nadamw`; AMSGrad as PyTorch has it; in a chain after `optax.add_decayed_weights` if
      weight decay is part of the gradient, and after `optax.scale(-1)` with `maximize`.

    Raises:
      ValueError: there are several groups; the group is not of these optimizers; the kind of its weight decay is not
        known; a hyperparameter is out of range.
      TypeError: `param_group` is none of these.

    >>> group = {"lr": 1e-3, "betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 0.1, "amsgrad": False}
    >>> import adam_jax
    >>> tx = pytorch_optimizer(group, decoupled_weight_decay=True)
    >>> tx == adam_jax.adamw(1e-3, b2=0.99, weight_decay=0.1)
    True
    """
    param_group = _only_group(param_group)
    if "betas" not in param_group or not ("amsgrad" in param_group or "momentum_decay" in param_group):
        raise ValueError(
            f"param_group must be of Adam, AdamW or NAdam; got one with {sorted(map(str, param_group))}. For others "
            "write the transformation yourself"
        )
    rate = float(param_group["lr"]) if learning_rate is None else learning_rate
    b1, b2 = map(float, param_group["betas"])
    eps, weight_decay = float(param_group["eps"]), float(param_group["weight_decay"])
    if decoupled_weight_decay is None:
        decoupled_weight_decay = param_group.get("decoupled_weight_decay")
        if decoupled_weight_decay is None and weight_decay:
            raise ValueError(
                "param_group does not say whether its weight_decay is Adam's or AdamW's; give "
                "decoupled_weight_decay=False or True"
            )
    if param_group.get("amsgrad"):
        scale = scale_by_amsgrad(b1, b2, eps, maximum_of="v", moments=moments)
    else:
        momentum_decay = param_group.get("momentum_decay")
        nesterov = momentum_decay is not None
        scale = scale_by_adam(b1, b2, eps, nesterov=nesterov, momentum_decay=momentum_decay, moments=moments)
    before = [optax.scale(-1.0)] if param_group.get("maximize") else []
    if weight_decay and not decoupled_weight_decay:
        before.append(optax.add_decayed_weights(weight_decay))
    tx = optimizer(scale, rate, weight_decay if weight_decay and decoupled_weight_decay else None)
    return optax.chain(*before, tx) if before else tx


def _only_group(given: Any) -> Mapping[str, Any]:
    """The one param group of an optimizer or of its `state_dict`, or the group itself."""
    if isinstance(given, Mapping):
        groups = given.get("param_groups")
    else:
        groups = getattr(given, "param_groups", None)
        if groups is None:
            raise TypeError(
                "param_group must be a PyTorch optimizer, its state_dict(), or one of its param_groups; got "
                f"{type(given).__name__}" + (", of which give one" if isinstance(given, list | tuple) else "")
            )
    if groups is None:
        return given
    if len(groups) != 1:
        raise ValueError(
            f"the optimizer has {len(groups)} param groups, which may differ: call "
            "pytorch_optimizer(optimizer.param_groups[i]) for each, and put the results into optax.partition"
        )
    return groups[0]
