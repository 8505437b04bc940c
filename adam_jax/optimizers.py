"""What do users call?  `adam`, `adamw`, `nadam`, `nadamw`, `amsgrad` and `adamax`.

Each has the arguments of the function of the same name in Optax, in the same order and with the same defaults, and
returns the same chain: a rule from `transforms/adam.py`, then weight decay if it has one, then the learning rate.
"""

from collections.abc import Callable
from typing import Any

import jax
import optax

from adam_jax.transforms.adam import AxisName, Hyperparameter, scale_by_adam, scale_by_adamax, scale_by_amsgrad
from adam_jax.transforms.learning_rate import optimizer


def adam(
    learning_rate: Hyperparameter,
    b1: Hyperparameter = 0.9,
    b2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    eps_root: Hyperparameter = 0.0,
    mu_dtype: jax.typing.DTypeLike | None = None,
    *,
    nesterov: bool = False,
    nu_dtype: jax.typing.DTypeLike | None = None,
    moments: str = "float32",
    update_clipping: float | jax.Array | None = None,
    implementation: str | None = None,
    axis_name: AxisName = None,
) -> optax.GradientTransformationExtraArgs:
    r"""Adam: momentum and RMSprop in one (Kingma & Ba 2015, https://arxiv.org/abs/1412.6980, Algorithm 1).

    .. math::

        m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        \hat m_t &= m_t / (1 - \beta_1^t), \quad \hat v_t = v_t / (1 - \beta_2^t) \\
        \theta_t &= \theta_{t-1} - \alpha \, \hat m_t / (\sqrt{\hat v_t + \bar\epsilon} + \epsilon)

    A drop-in for `optax.adam`.  :math:`\alpha` is `learning_rate`, :math:`\beta_1, \beta_2` are `b1, b2`,
    :math:`\epsilon` is `eps`, :math:`\bar\epsilon` is `eps_root`, `m, v` are `mu, nu` in the state.  The arithmetic is
    float32 (float64 for float64 parameters), also if parameters, gradients or moments have 16 bits.  On random
    gradients sqrt(v_hat) is within 1.3e-6 of float64 for b2 up to 0.999; on steady ones at b2 = 0.999 a float32 average
    stops 3e-5 short of its limit (`python -m adam_jax bench exactness`).

    Args:
      learning_rate: the learning rate, finite; negative to maximise.  A number, a scalar array, or a schedule: a
        function of the step count, which starts at 0.
      b1: decay rate of the mean of the gradients, in [0, 1); a number, array or schedule too.  0 turns momentum off,
        which leaves RMSprop with bias correction.
      b2: decay rate of the mean of the squared gradients, in [0, 1), like b1.
      eps: added to the root, >= 0, like b1.  A gradient that was always 0 gives an update of 0, also with `eps=0`.
      eps_root: added to v_hat under the root, >= 0, like b1.
      mu_dtype: dtype of `mu`, or its name: float32, bfloat16 (rounded stochastically), float16 or float64.  None:
        float32, or float64 for float64 parameters.
      nesterov: use Nesterov momentum: see `nadam`.
      nu_dtype: dtype of `nu`, or its name: float32, bfloat16 (rounded stochastically) or float64.  None: as `mu_dtype`.
      moments: "float32"; "bfloat16", which sets both dtypes; or "8bit", 2 bytes per parameter for both moments.  8 bits
        have an error of 6% (gradients of one scale) to 10% (scales over many decades) of an average update, without
        bias, and without loss in training.  They do not represent `|g|` below 1e-18, and after one gradient that is 1e9
        times too large they recover only as fast as b2 forgets it: use `skip_nonfinite`, or clip gradients.
      update_clipping: a threshold :math:`d > 0`, a number or a scalar array: the step of a leaf, decay included, is
        divided by :math:`\max(1, \mathrm{RMS} / d)`, where RMS is the root of the mean of
        :math:`g_t^2 / \max(\hat v_t, \epsilon^2)` over the leaf.  1 is StableAdamW (Wortsman et al. 2023,
        https://arxiv.org/abs/2304.13013, algorithm 2), for gradients that grow faster than v follows.  It reads the
        gradient and `nu` once more (`docs/measurements.md`).  None: no clipping.
      implementation: how a step is compiled: "xla"; "pallas": a TPU kernel for 8-bit moments; "native": C for CPUs,
        only in `adam_jax.step`.  Both raise an error if they cannot run.  None: a kernel if it moves fewer bytes, on a
        single TPU or on a CPU (`adam_jax.step`), otherwise XLA.
      axis_name: for `update` inside `jax.shard_map`, where 8-bit moments need the largest gradient of a whole leaf: the
        name, or a tuple of names, of the axes of the mesh over which leaves or gradients differ between devices; () if
        every device has all gradients whole, as after `jax.lax.pmean`.  None: outside `jax.shard_map`, or inside it
        with `check_vma=True`, where JAX itself raises an error if bounds differ.  Other moments ignore it.

    Returns:
      A transformation of any pytree of float or complex arrays.  Its state is Optax's,
      `(ScaleByAdamState(count, mu, nu), EmptyState())`, with moments of the parameters' shapes, so that Optax and
      adam_jax can read each other's checkpoints, also with `optax.inject_hyperparams`.  If b1 or b2 is a schedule, the
      first part is inside a `VaryingDecayState`, which keeps the products of the rates.  If b1 or b2 is an array, as
      `inject_hyperparams` gives it, the bias correction is `1 - b**t` with its present value, as in Optax: if the value
      changes during the run, this is less exact than a schedule.  Updates have the wider dtype of gradient and
      parameter; without `params`, of gradient and float32 if moments are float32.

    Raises:
      ValueError, TypeError: an argument out of its range; an integer leaf; gradients that do not fit the parameters;
        8-bit moments inside `jax.shard_map(check_vma=False)` without `axis_name`; a derivative through 8-bit moments.

    >>> import jax, jax.numpy as jnp, optax
    >>> params = {"w": jnp.array([3.0, -4.0])}
    >>> tx = adam(learning_rate=0.1)
    >>> state = tx.init(params)
    >>> for _ in range(100):
    ...     grads = jax.grad(lambda p: jnp.sum(p["w"] ** 2))(params)
    ...     updates, state = tx.update(grads, state)
    ...     params = optax.apply_updates(params, updates)
    >>> bool(jnp.all(jnp.abs(params["w"]) < 0.1))
    True
    """
    return _optimizer(scale_by_adam, locals())


def adamw(
    learning_rate: Hyperparameter,
    b1: Hyperparameter = 0.9,
    b2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    eps_root: Hyperparameter = 0.0,
    mu_dtype: jax.typing.DTypeLike | None = None,
    weight_decay: Hyperparameter = 1e-4,
    mask: optax.Params | Callable[[optax.Params], Any] | None = None,
    *,
    nesterov: bool = False,
    nu_dtype: jax.typing.DTypeLike | None = None,
    moments: str = "float32",
    update_clipping: float | jax.Array | None = None,
    cautious_weight_decay: bool = False,
    implementation: str | None = None,
    axis_name: AxisName = None,
) -> optax.GradientTransformationExtraArgs:
    r"""Adam with decoupled weight decay (Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101).

    .. math::

        \theta_t = \theta_{t-1} - \alpha \left( \hat m_t / (\sqrt{\hat v_t + \bar\epsilon} + \epsilon)
            + \lambda \theta_{t-1} \right)

    A drop-in for `optax.adamw`; moments as in `adam`.  :math:`\lambda` is `weight_decay`.  As in Optax and PyTorch, and
    unlike the paper, weight decay is multiplied by the whole learning rate.

    Args:
      learning_rate: as in `adam`, but >= 0 unless `weight_decay` is 0: with a negative one, weight decay would make
        weights larger.  To maximise, use `optax.chain(optax.scale(-1.0), adamw(...))`.
      b1, b2, eps, eps_root, mu_dtype, nesterov, nu_dtype, moments, update_clipping, implementation, axis_name: as in
        `adam`.
      weight_decay: the fraction of a parameter that a step with learning rate 1 would remove, >= 0.  A number, a scalar
        array, or a schedule.
      mask: a pytree of booleans (the parameters' structure, or a prefix of it), or a callable of the parameters that
        returns one; weights are decayed where it is True.  A callable gets the user's parameters, in their own dtypes,
        also inside `master_weights`.  None: all weights.
      cautious_weight_decay: decay a weight only where Adam's step does not move it away from zero.

    Returns:
      A transformation as `adam` returns it, with Optax's state, which is `ScaleByAdamState`, the decay's and the
      learning rate's.  `update` needs `params`.

    Raises:
      ValueError, TypeError: as `adam`; and if `update` is called without `params`.

    >>> import jax.numpy as jnp
    >>> params = jnp.array([2.0, 0.0])
    >>> tx = adamw(learning_rate=0.1, weight_decay=0.5)
    >>> updates, state = tx.update(jnp.zeros(2), tx.init(params), params)
    >>> print(updates)  # no gradient: the decay alone, 0.1 * 0.5 * 2
    [-0.1 -0. ]
    """
    return _optimizer(scale_by_adam, locals())


def nadam(
    learning_rate: Hyperparameter,
    b1: Hyperparameter = 0.9,
    b2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    eps_root: Hyperparameter = 0.0,
    mu_dtype: jax.typing.DTypeLike | None = None,
    *,
    nesterov: bool = True,
    nu_dtype: jax.typing.DTypeLike | None = None,
    moments: str = "float32",
    update_clipping: float | jax.Array | None = None,
    implementation: str | None = None,
    axis_name: AxisName = None,
    momentum_decay: float | None = None,
) -> optax.GradientTransformationExtraArgs:
    r"""Adam with Nesterov momentum (Dozat 2016, https://openreview.net/pdf?id=OM0jvwB8jIp57ZJjtNEZ).

    `adam` with another :math:`\hat m_t`, which looks one step ahead:

    .. math::

        \hat m_t = \beta_1 m_t / (1 - \beta_1^{t+1}) + (1 - \beta_1) g_t / (1 - \beta_1^t)

    A drop-in for `optax.nadam`.  With `momentum_decay` :math:`\psi` it is `torch.optim.NAdam`: :math:`\beta_1` in this
    line (not in :math:`m_t`) becomes :math:`\mu_t = \beta_1 (1 - 0.96^{t \psi} / 2)`, and its powers become products.

    Args:
      learning_rate, b1, b2, eps, eps_root, mu_dtype, nu_dtype, moments, update_clipping, implementation, axis_name: as
        in `adam`.
      nesterov: False gives `adam`, as in Optax.
      momentum_decay: PyTorch's warm-up of the momentum, >= 0 (PyTorch's default is 0.004).  None: no warm-up, as in
        Optax.

    Returns:
      A transformation as `adam` returns it; with `momentum_decay` its state is inside a `VaryingDecayState`.

    Raises:
      ValueError, TypeError: as `adam`.

    >>> import jax.numpy as jnp
    >>> tx = nadam(learning_rate=1.0)
    >>> updates, state = tx.update(jnp.array([5.0]), tx.init(jnp.zeros(1)))
    >>> print(f"{updates[0]:.4f}")  # -(0.9 * 0.1 / 0.19 + 0.1 / 0.1)
    -1.4737
    """
    return _optimizer(scale_by_adam, locals())


def nadamw(
    learning_rate: Hyperparameter,
    b1: Hyperparameter = 0.9,
    b2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    eps_root: Hyperparameter = 0.0,
    mu_dtype: jax.typing.DTypeLike | None = None,
    weight_decay: Hyperparameter = 1e-4,
    mask: optax.Params | Callable[[optax.Params], Any] | None = None,
    *,
    nesterov: bool = True,
    nu_dtype: jax.typing.DTypeLike | None = None,
    moments: str = "float32",
    update_clipping: float | jax.Array | None = None,
    cautious_weight_decay: bool = False,
    implementation: str | None = None,
    axis_name: AxisName = None,
    momentum_decay: float | None = None,
) -> optax.GradientTransformationExtraArgs:
    r"""`nadam` with the decoupled weight decay of `adamw`.

    .. math::

        \theta_t = \theta_{t-1} - \alpha \left( \hat m_t / (\sqrt{\hat v_t + \bar\epsilon} + \epsilon)
            + \lambda \theta_{t-1} \right), \quad
        \hat m_t = \beta_1 m_t / (1 - \beta_1^{t+1}) + (1 - \beta_1) g_t / (1 - \beta_1^t)

    A drop-in for `optax.nadamw` (Dozat 2016; Loshchilov & Hutter 2019).

    Args:
      b1, b2, eps, eps_root, mu_dtype, nesterov, nu_dtype, moments: as in `nadam`.
      update_clipping, implementation, axis_name, momentum_decay: as in `nadam`.
      learning_rate, weight_decay, mask, cautious_weight_decay: as in `adamw`.

    Returns:
      A transformation as `adamw` returns it.

    Raises:
      ValueError, TypeError: as `adamw`.

    >>> import jax.numpy as jnp
    >>> params = jnp.array([2.0])
    >>> tx = nadamw(learning_rate=0.1, weight_decay=0.5)
    >>> updates, state = tx.update(jnp.zeros(1), tx.init(params), params)
    >>> print(updates)
    [-0.1]
    """
    return _optimizer(scale_by_adam, locals())


def amsgrad(
    learning_rate: Hyperparameter,
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
    r"""AMSGrad: Adam whose denominator never falls (Reddi et al. 2018, https://openreview.net/pdf?id=ryQu7f-RZ).

    .. math::

        \hat v^{\max}_t = \max(\hat v^{\max}_{t-1}, \hat v_t), \quad
        \theta_t = \theta_{t-1} - \alpha \, \hat m_t / (\sqrt{\hat v^{\max}_t + \bar\epsilon} + \epsilon)

    A drop-in for `optax.amsgrad`.  Libraries take the maximum of different numbers: Optax of the bias-corrected v
    (`maximum_of="v_hat"`, the default), PyTorch of v itself, which is corrected afterwards (`maximum_of="v"`), the
    paper of v itself, without correction (`bias_correction_mu=False, bias_correction_nu=False`).

    Args:
      learning_rate, b1, b2, eps, eps_root, mu_dtype, nu_dtype, moments: as in `adam`, but not "8bit"; `nu_dtype` is
        also the dtype of `nu_max`.
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
    return _optimizer(scale_by_amsgrad, locals())


def adamax(
    learning_rate: Hyperparameter,
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
    return _optimizer(scale_by_adamax, locals())


_AROUND = ("learning_rate", "weight_decay", "mask", "cautious_weight_decay")


def _optimizer(scale_by: Any, arguments: dict[str, Any]) -> optax.GradientTransformationExtraArgs:
    """The rule that `scale_by` makes, the decay and the learning rate, from all arguments of a function above."""
    around = {name: arguments.pop(name) for name in _AROUND if name in arguments}
    return optimizer(scale_by(**arguments), **around)
