"""What else do users call?  `amsgrad` and `adamax`, Adam with another second moment."""

from typing import Any

import optax

from adam_jax.backends.devices import AxisName
from adam_jax.core.hyperparameters import Hyperparameter
from adam_jax.transforms.adam import scale_by_adamax, scale_by_amsgrad
from adam_jax.transforms.learning_rate import optimizer


def amsgrad(
    learning_rate: Hyperparameter,
    b1: Hyperparameter = 0.9,
    b2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    eps_root: Hyperparameter = 0.0,
    mu_dtype: Any = None,
    bias_correction_mu: bool = True,
    bias_correction_nu: bool = True,
    *,
    maximum_of: str = "v_hat",
    nu_dtype: Any = None,
    moments: str = "float32",
) -> optax.GradientTransformationExtraArgs:
    r"""AMSGrad: Adam whose denominator never falls (Reddi et al. 2018, https://openreview.net/pdf?id=ryQu7f-RZ).

    .. math::

        \hat v^{\max}_t = \max(\hat v^{\max}_{t-1}, \hat v_t), \quad
        \theta_t = \theta_{t-1} - \alpha \, \hat m_t / (\sqrt{\hat v^{\max}_t + \bar\epsilon} + \epsilon)

    A drop-in for `optax.amsgrad`.  Libraries differ in which v is maximised: Optax takes the bias-corrected one
    (`maximum_of="v_hat"`, the default), PyTorch v itself, corrected afterwards (`maximum_of="v"`), the paper v itself,
    never corrected (`bias_correction_mu=False, bias_correction_nu=False`).

    Args:
      learning_rate, b1, b2, eps, eps_root, mu_dtype, nu_dtype, moments: as in `adam`, but for "8bit"; `nu_dtype` is
        also that of `nu_max`.
      bias_correction_mu: whether m is divided by 1 - b1**t.
      bias_correction_nu: whether v is divided by 1 - b2**t.
      maximum_of: "v_hat" or "v".

    Returns:
      A transformation with Optax's state, `(ScaleByAmsgradState(count, mu, nu, nu_max), EmptyState())`.

    Raises:
      ValueError, TypeError: as `adam`.

    >>> import jax.numpy as jnp
    >>> tx = amsgrad(learning_rate=1.0)
    >>> updates, state = tx.update(jnp.array([5.0]), tx.init(jnp.zeros(1)))
    >>> print(updates.round(4))
    [-1.]
    """
    rule = scale_by_amsgrad(
        b1,
        b2,
        eps,
        eps_root,
        mu_dtype,
        bias_correction_mu,
        bias_correction_nu,
        maximum_of=maximum_of,
        nu_dtype=nu_dtype,
        moments=moments,
    )
    return optimizer(rule, learning_rate)


def adamax(
    learning_rate: Hyperparameter,
    b1: Hyperparameter = 0.9,
    b2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    *,
    mu_dtype: Any = None,
    nu_dtype: Any = None,
    moments: str = "float32",
    implementation: str | None = None,
    axis_name: AxisName = None,
) -> optax.GradientTransformationExtraArgs:
    r"""AdaMax: Adam with the infinity norm (Kingma & Ba 2015, section 7.1).

    .. math::

        u_t = \max(\beta_2 u_{t-1}, |g_t| + \epsilon), \quad \theta_t = \theta_{t-1} - \alpha \, \hat m_t / u_t

    A drop-in for `optax.adamax`; :math:`u_t` is `nu` in the state.  The paper has no :math:`\epsilon` here.

    Args:
      learning_rate, b1, b2, eps, mu_dtype, nu_dtype, moments, implementation, axis_name: as in `adam`; `eps` is
        added to the gradient's magnitude.

    Returns:
      A transformation with Optax's state, `(ScaleByAdamState(count, mu, nu), EmptyState())`.

    Raises:
      ValueError, TypeError: as `adam`.

    >>> import jax.numpy as jnp
    >>> tx = adamax(learning_rate=1.0)
    >>> updates, state = tx.update(jnp.array([5.0]), tx.init(jnp.zeros(1)))
    >>> print(updates.round(4))
    [-1.]
    """
    rule = scale_by_adamax(
        b1,
        b2,
        eps,
        mu_dtype=mu_dtype,
        nu_dtype=nu_dtype,
        moments=moments,
        implementation=implementation,
        axis_name=axis_name,
    )
    return optimizer(rule, learning_rate)
