"""Adam and its siblings in float64 NumPy, from the papers alone.  Imports nothing of ours and nothing of JAX.

Each equation is written as the paper has it.  Decay rates may be one number or one number a step; with varying rates a
bias correction is 1 minus the product of the rates used.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np


class Step(NamedTuple):
    """One step of a run: the update u (theta -= learning_rate * u), and what it was made of."""

    u: np.ndarray
    m: np.ndarray
    v: np.ndarray
    m_hat: np.ndarray
    v_hat: np.ndarray
    v_max: np.ndarray


def run(
    rule: str,
    grads: np.ndarray,
    b1: float | np.ndarray = 0.9,
    b2: float | np.ndarray = 0.999,
    eps: float | np.ndarray = 1e-8,
    eps_root: float = 0.0,
    maximum_of: str = "v_hat",
    momentum_decay: float | None = None,
    bias_correction: bool = True,
    precision: type[np.floating] = np.float64,
) -> Iterator[Step]:
    """The steps of `rule` ("adam", "nadam", "amsgrad", "adamax") on grads[0], grads[1], ...

    precision: np.longdouble to judge float64, whose own 1 - b2**t is 1e-10 off at b2 = .999999.
    """
    grads = grads.astype(np.result_type(precision, np.complex64) if np.iscomplexobj(grads) else precision)
    m = np.zeros_like(grads[0])
    v = np.zeros(grads[0].shape, precision)
    v_max = np.zeros(grads[0].shape, precision)
    product1 = product2 = precision(1.0)
    b1s, b2s, epss = (np.broadcast_to(np.asarray(x, precision), (len(grads),)) for x in (b1, b2, eps))
    for i, (g, b1_t, b2_t, eps_t) in enumerate(zip(grads, b1s, b2s, epss, strict=True)):
        t = i + 1
        mu, mu_next = b1_t, b1_t
        if momentum_decay is not None:
            mu, mu_next = (b1_t * (1 - 0.5 * 0.96 ** (n * momentum_decay)) for n in (t, t + 1))
        m = b1_t * m + (1 - b1_t) * g
        v = np.maximum(b2_t * v, np.abs(g) + eps_t) if rule == "adamax" else b2_t * v + (1 - b2_t) * np.abs(g) ** 2
        product1, product2 = product1 * mu, product2 * b2_t
        correct1, correct2 = (1 - product1, 1 - product2) if bias_correction else (1.0, 1.0)
        m_hat, v_hat = m / correct1, v / correct2
        if rule == "nadam":
            m_hat = mu_next * m / (1 - product1 * mu_next) + (1 - mu) * g / (1 - product1)
        if rule == "amsgrad":
            v_max = np.maximum(v_max, v_hat if maximum_of == "v_hat" else v)
            v_hat = v_max if maximum_of == "v_hat" else v_max / correct2
        denominator = v if rule == "adamax" else np.sqrt(v_hat + eps_root) + eps_t
        u = np.divide(m_hat, denominator, out=np.zeros_like(m_hat), where=denominator != 0)
        yield Step(u, m, v, m_hat, v_hat, v_max)


def train(
    rule: str, params: np.ndarray, grads: np.ndarray, learning_rate: float, weight_decay: float = 0.0, **kwargs: object
) -> np.ndarray:
    """Parameters after all of `grads`, with decoupled weight decay."""
    params = params.astype(np.float64)
    for step in run(rule, grads, **kwargs):  # type: ignore[arg-type]
        params = params - learning_rate * (step.u + weight_decay * params)
    return params
