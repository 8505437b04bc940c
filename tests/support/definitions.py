"""What are the quantities of `measure`?  In float64 NumPy, from the moments that a state holds."""

import jax
import numpy as np
import optax

import adam_jax
from adam_jax import diagnostics

B1, B2, EPS, RATE = 0.8, 0.99, 1e-4, 0.03
# A mean of float32 roots and quotients, each a few units of 2**-24 off; of 8-bit moments, decoded by products.
RTOL = 1e-5
# log2 of two such numbers, in octaves.
OCTAVES = 1e-5


def decoded(mu, nu, bound, scale, reach):
    """Both 8-bit moments, by the formulas of the format."""
    v = (np.asarray(nu, np.float64) / 255) ** 16 * np.float64(bound)
    largest = np.clip(1.1 * np.float64(reach) / scale, 8, 128)
    rho = np.asarray(mu, np.float64) / 127
    return rho / ((largest + 1) / largest - np.abs(rho)) * np.sqrt(v) * scale, v


def moments(state):
    """Every leaf's m and v in float64, by path, of the Adam somewhere in `state`; and the bounds."""
    kinds = (optax.ScaleByAdamState, adam_jax.ScaleByAdam8bitState, adam_jax.ScaleByAdamax8bitState)
    is_adam = lambda node: isinstance(node, kinds)  # noqa: E731
    (part,) = (node for node in jax.tree.leaves(state, is_leaf=is_adam) if is_adam(node))
    count = int(part.count)
    if isinstance(part, adam_jax.ScaleByAdam8bitState | adam_jax.ScaleByAdamax8bitState):
        paths, nu = jax.tree_util.tree_leaves_with_path(part.mu), jax.tree.leaves(part.nu)
        rows = zip(*map(np.asarray, (part.bounds, part.scales, part.reaches)), strict=True)
        shared = dict(zip([path for path, _ in paths], rows, strict=True))
        bounds = {path: row[0] for path, row in shared.items()}
        return {path: decoded(m, v, *shared[path]) for (path, m), v in zip(paths, nu, strict=True)}, bounds, count
    pairs = zip(jax.tree_util.tree_leaves_with_path(part.mu), jax.tree.leaves(part.nu), strict=True)
    return {path: (wide(m), np.asarray(v, np.float64)) for (path, m), v in pairs}, None, count


def wide(x):
    return np.asarray(x, np.complex128 if np.iscomplexobj(x) else np.float64)


def definitions(u, w, m_hat, v_hat, eps, rate):
    """Every quantity but the octaves, of arrays of any shape."""
    rms = lambda x: np.sqrt(np.mean(np.abs(x) ** 2)) if np.size(x) else 0.0  # noqa: E731
    moved = v_hat > 0
    snr = np.where(moved, np.abs(m_hat) ** 2 / np.where(moved, v_hat, 1), 0)
    rates = rate / (np.sqrt(v_hat[moved]) + eps)
    return {
        "update_to_weight": 0.0 if not rms(u) else rms(u) / rms(w) if rms(w) else np.inf,
        "rms_m_hat": rms(m_hat),
        "rms_sqrt_v_hat": rms(np.sqrt(v_hat)),
        "below_eps": np.mean(np.sqrt(v_hat) < eps) if v_hat.size else 0.0,
        "signal_to_noise": np.mean(snr) if snr.size else 0.0,
        "effective_learning_rate": np.exp(np.mean(np.log(rates))) if rates.size else 0.0,
        "effective_learning_rate_min": rates.min(initial=np.inf) if rates.size else 0.0,
        "effective_learning_rate_max": rates.max(initial=0),
    }


def assert_measures(measures, expected, rtol=RTOL):
    for name, value in expected.items():
        np.testing.assert_allclose(getattr(measures, name), value, rtol=rtol, err_msg=name)


def assert_defined(measured, state, params, updates, b1=B1, b2=B2, eps=EPS, rate=RATE):
    """Each leaf, and the total over all elements, from the moments stored in `state`."""
    by_path, bounds, count = moments(state)
    leaves = dict(jax.tree_util.tree_leaves_with_path(measured.leaves, is_leaf=is_measures))
    assert leaves.keys() == by_path.keys()
    u, w = (dict(jax.tree_util.tree_leaves_with_path(x)) for x in (updates, params))
    parts, octaves = [], [0.0]
    for path, (m, v) in by_path.items():
        parts.append((wide(u[path]), wide(w[path]), m / (1 - b1**count), v / (1 - b2**count)))
        assert_measures(leaves[path], definitions(*parts[-1], eps, rate))
        if bounds is None:
            assert leaves[path].bound_octaves is None
        else:
            octaves.append(np.log2(bounds[path] / v.max()) if v.size else 0.0)
            np.testing.assert_allclose(leaves[path].bound_octaves, octaves[-1], atol=OCTAVES)
    together = (np.concatenate([part[i].ravel() for part in parts]) for i in range(4))
    assert_measures(measured.total, definitions(*together, eps, rate))
    if bounds is not None:
        np.testing.assert_allclose(measured.total.bound_octaves, max(octaves), atol=OCTAVES)


def is_measures(node):
    return isinstance(node, diagnostics.Measures)
