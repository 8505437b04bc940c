"""Which of Adam's rules can be chained?  `scale_by_adam`, `scale_by_amsgrad` and `scale_by_adamax`, with checks."""

from typing import Any

import jax
import optax

from adam_jax import validation
from adam_jax.core import (
    Adam,
    AdaMax,
    AMSGrad,
    AxisName,
    Dense,
    EightBit,
    Hyperparameter,
    Hyperparameters,
    MomentFormat,
    NAdam,
    Rule,
    is_number,
)
from adam_jax.transforms.base import ScaleByRule
from adam_jax.transforms.spec import transformation

_MU_DTYPES = ("float32", "bfloat16", "float16", "float64", "complex64", "complex128")
# No float16: its smallest number is 6e-8, so v would vanish for every gradient below 2e-4.
_NU_DTYPES = ("float32", "bfloat16", "float64")
_LARGEST_8BIT_B1 = 0.995  # docs/measurements.md has the error of updates by b1


def scale_by_adam(
    b1: Hyperparameter = 0.9,
    b2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    eps_root: Hyperparameter = 0.0,
    mu_dtype: jax.typing.DTypeLike | None = None,
    *,
    nesterov: bool = False,
    nu_dtype: jax.typing.DTypeLike | None = None,
    moments: str = "float32",
    momentum_decay: float | None = None,
    update_clipping: float | jax.Array | None = None,
    implementation: str | None = None,
    axis_name: AxisName = None,
) -> optax.GradientTransformationExtraArgs:
    r"""Rescale gradients to Adam's :math:`\hat m_t / (\sqrt{\hat v_t} + \epsilon)`, a direction of about unit size.

    A drop-in for `optax.scale_by_adam`: use it in any `optax.chain`.  See `adam_jax.adam` for the equations.

    Args:
      b1: decay rate of the mean of the gradients, in [0, 1); 0 turns momentum off.  A number, a scalar array, or a
        schedule (a function of the step count, which starts at 0).
      b2: decay rate of the mean of the squared gradients, in [0, 1), like b1.  Values that a schedule returns are not
        checked: with 1 an average does not change, and in the first step, where it is still empty, the update is NaN.
      eps: added to the root, >= 0, like b1.
      eps_root: added to v_hat under the root, >= 0, like b1.
      mu_dtype: dtype of `mu` (or its name): float32, bfloat16 (rounded stochastically), float16 or float64.  None:
        float32, or float64 for float64 parameters.  The moments of complex parameters are complex numbers of the same
        precision; if all parameters are complex, the names complex64 and complex128 are allowed too.
      nesterov: use Nesterov momentum (`adam_jax.nadam`).
      nu_dtype: dtype of `nu`: float32, bfloat16 (rounded stochastically) or float64.  None: as for `mu_dtype`.
      moments: "float32"; "bfloat16", which sets both dtypes; or "8bit": one byte for each moment, and three float32
        numbers per leaf (`ScaleByAdam8bitState`), for b1 up to 0.995.
      momentum_decay: with `nesterov`, PyTorch's warm-up of the momentum (PyTorch's default is 0.004), >= 0.  None: no
        warm-up, as in Optax.
      update_clipping: the threshold above which the update of a leaf is scaled down (`adam_jax.adam`).  None: no
        clipping.
      implementation: how a step is compiled: "xla"; "pallas": a TPU kernel for 8-bit moments; "native": C for CPUs,
        only in `adam_jax.step`.  Both raise an error if they cannot run.  None: a kernel if it moves fewer bytes: on a
        single TPU (`python -m adam_jax traffic`; never for this transformation alone), and in `adam_jax.step` on a CPU;
        otherwise XLA.
      axis_name: inside `jax.shard_map`, the axes of the mesh over which leaves are split, as in `adam_jax.adam`.

    Returns:
      A transformation whose state is `optax.ScaleByAdamState(count, mu, nu)`, with `count` an int32 scalar, `mu` and
      `nu` of the parameters' structure and shapes; with "8bit" a `ScaleByAdam8bitState`, whose `mu` and `nu` are codes.
      If b1 or b2 is a schedule, or with `momentum_decay`, that state is inside a `VaryingDecayState`.  Updates have the
      wider dtype of gradient and parameter; without `params`, of gradient and float32 where moments are float32.

    Raises:
      ValueError, TypeError: an argument is out of range; `init` gets an integer leaf; `update` gets gradients that do
        not fit the parameters.  The message names the argument or the leaf.

    >>> import jax.numpy as jnp
    >>> tx = scale_by_adam()
    >>> updates, state = tx.update(jnp.array([4.0, -0.001]), tx.init(jnp.zeros(2)))
    >>> print(updates.round(4), state.count)
    [ 1. -1.] 1
    """
    if momentum_decay is not None:
        if not nesterov:
            raise ValueError("momentum_decay needs nesterov=True")
        momentum_decay = validation.non_negative("momentum_decay", momentum_decay)
    return _scale_by(
        NAdam() if nesterov else Adam(),
        _hyperparameters(b1, b2, eps, eps_root, nesterov=bool(nesterov), momentum_decay=momentum_decay),
        moments,
        mu_dtype,
        nu_dtype,
        implementation,
        axis_name,
        validation.positive("update_clipping", update_clipping),
    )


def scale_by_amsgrad(
    b1: Hyperparameter = 0.9,
    b2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    eps_root: Hyperparameter = 0.0,
    mu_dtype: jax.typing.DTypeLike | None = None,
    bias_correction_mu: bool = True,
    bias_correction_nu: bool = True,
    *,
    maximum_of: str = "v_hat",
    nu_dtype: jax.typing.DTypeLike | None = None,
    moments: str = "float32",
) -> optax.GradientTransformationExtraArgs:
    r"""Rescale gradients by AMSGrad's rule: Adam with a denominator that never falls.  See `adam_jax.amsgrad`.

    Args:
      b1, b2, eps, eps_root, mu_dtype, nu_dtype: as in `scale_by_adam`.  `nu_max` has nu's dtype; in bfloat16 it is up
        to one rounding (0.8%) too large, since it is the maximum of stochastically rounded numbers.
      bias_correction_mu: whether m is divided by 1 - b1**t.
      bias_correction_nu: whether v is divided by 1 - b2**t.
      maximum_of: "v_hat": `nu_max` is the largest bias-corrected v so far, as in Optax.  "v": the largest v itself,
        corrected afterwards, as in PyTorch.
      moments: "float32" or "bfloat16".  "8bit" is for two moments, and AMSGrad has three.

    Returns:
      A transformation whose state is `optax.ScaleByAmsgradState(count, mu, nu, nu_max)`.

    Raises:
      ValueError, TypeError: as `scale_by_adam`.

    >>> import jax.numpy as jnp
    >>> tx = scale_by_amsgrad(maximum_of="v")
    >>> state = tx.init(jnp.zeros(2))
    >>> for g in (4.0, 0.0):
    ...     updates, state = tx.update(jnp.array([g, 1.0]), state)
    >>> print(bool(state.nu_max[0] > state.nu[0]))
    True
    """
    rule = AMSGrad(validation.one_of("maximum_of", maximum_of, ("v_hat", "v")))
    hyperparameters = _hyperparameters(
        b1,
        b2,
        eps,
        eps_root,
        bias_correction_mu=bool(bias_correction_mu),
        bias_correction_nu=bool(bias_correction_nu),
    )
    return _scale_by(rule, hyperparameters, moments, mu_dtype, nu_dtype)


def scale_by_adamax(
    b1: Hyperparameter = 0.9,
    b2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    *,
    mu_dtype: jax.typing.DTypeLike | None = None,
    nu_dtype: jax.typing.DTypeLike | None = None,
    moments: str = "float32",
    implementation: str | None = None,
    axis_name: AxisName = None,
) -> optax.GradientTransformationExtraArgs:
    r"""Rescale gradients by AdaMax's rule: the decaying maximum of \|g\| in place of the root.  See `adam_jax.adamax`.

    Args:
      b1, b2, eps, mu_dtype, nu_dtype, moments, implementation, axis_name: as in `scale_by_adam`; `eps` is added to
        \|g\|.

    Returns:
      A transformation whose state is `optax.ScaleByAdamState(count, mu, nu)`, where `nu` is the maximum.

    Raises:
      ValueError, TypeError: as `scale_by_adam`.

    >>> import jax.numpy as jnp
    >>> tx = scale_by_adamax()
    >>> updates, state = tx.update(jnp.array([4.0, -0.001]), tx.init(jnp.zeros(2)))
    >>> print(updates.round(4))
    [ 1. -1.]
    """
    hyperparameters = _hyperparameters(b1, b2, eps, 0.0)
    return _scale_by(AdaMax(), hyperparameters, moments, mu_dtype, nu_dtype, implementation, axis_name)


def _scale_by(
    rule: Rule,
    hyperparameters: Hyperparameters,
    moments: str,
    mu_dtype: Any,
    nu_dtype: Any,
    implementation: str | None = None,
    axis_name: AxisName = None,
    update_clipping: Any = None,
) -> optax.GradientTransformationExtraArgs:
    if implementation is not None:
        validation.one_of("implementation", implementation, ("xla", "pallas", "native"))
    if implementation == "pallas" and moments != "8bit":
        raise ValueError(
            f"implementation='pallas' is for moments='8bit'; got {moments=}, of which XLA makes one pass itself"
        )
    return transformation(
        ScaleByRule,
        rule=rule,
        format=_format(rule, hyperparameters.b1, moments, mu_dtype, nu_dtype),
        hyperparameters=hyperparameters,
        implementation=implementation,
        axis_name=validation.axis_names(axis_name),
        update_clipping=update_clipping,
    )


def _hyperparameters(b1: Any, b2: Any, eps: Any, eps_root: Any, **others: Any) -> Hyperparameters:
    for name, value in {"b1": b1, "b2": b2, "eps": eps, "eps_root": eps_root}.items():
        validation.not_rounded(name, value)
    return Hyperparameters(
        validation.decay_rate("b1", b1),
        validation.decay_rate("b2", b2),
        validation.non_negative("eps", eps),
        validation.non_negative("eps_root", eps_root),
        **others,
    )


def _format(rule: Rule, b1: Any, moments: str, mu_dtype: Any, nu_dtype: Any) -> MomentFormat:
    """The format that `moments` names; `mu_dtype` and `nu_dtype` go before the dtype that it implies."""
    validation.one_of("moments", moments, ("float32", "bfloat16", "8bit"))
    if moments == "8bit":
        if len(rule.moments) != 2:
            raise ValueError("moments='8bit' holds two moments, and AMSGrad has three; use 'float32' or 'bfloat16'")
        if mu_dtype is not None or nu_dtype is not None:
            raise ValueError(f"moments='8bit' has no dtypes to choose; got {mu_dtype=}, {nu_dtype=}. Leave them out")
        if is_number(b1) and b1 > _LARGEST_8BIT_B1:
            raise ValueError(
                f"moments='8bit' is for b1 up to {_LARGEST_8BIT_B1}; got {b1!r}. Above it the rounding of m, which is "
                "averaged over 1 / (1 - b1) steps, is more than a fifth of the update. Use moments='bfloat16'"
            )
        return EightBit(rule.second_moment)
    implied = "bfloat16" if moments == "bfloat16" else None
    return Dense(
        validation.moment_dtype("mu_dtype", implied if mu_dtype is None else mu_dtype, _MU_DTYPES),
        validation.moment_dtype("nu_dtype", implied if nu_dtype is None else nu_dtype, _NU_DTYPES),
        arrays=len(rule.moments),
    )
