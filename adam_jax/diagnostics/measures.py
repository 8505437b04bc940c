"""How does a step of Adam look?  A few numbers for each leaf, and for all elements together."""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from adam_jax.core import arithmetic_dtype, map_real_imag, safe_divide, square, with_depth
from adam_jax.diagnostics.adam_part import moments_of
from adam_jax.validation import is_none, name_of


class Measures(NamedTuple):
    """The results of `measure` for one leaf, or for all: scalars, float32 (float64 if a leaf is)."""

    update_to_weight: jax.Array
    rms_m_hat: jax.Array
    rms_sqrt_v_hat: jax.Array
    below_eps: jax.Array
    signal_to_noise: jax.Array
    effective_learning_rate: jax.Array
    effective_learning_rate_min: jax.Array
    effective_learning_rate_max: jax.Array
    bound_octaves: jax.Array | None  # None but for 8-bit moments
    clipping_ratio: jax.Array | None = None  # None without `grads`


class Measurement(NamedTuple):
    """The result of `measure`."""

    leaves: Any  # a tree with one `Measures` for each leaf that has moments
    total: Measures  # over all elements of these leaves


class _Sums(NamedTuple):
    """What is added up, over the elements of a leaf and then over leaves."""

    elements: jax.Array
    u: jax.Array  # of squares
    w: jax.Array
    m_hat: jax.Array
    v_hat: jax.Array
    below_eps: jax.Array  # a count
    ratio: jax.Array  # of m_hat**2 / v_hat
    moved: jax.Array  # a count of v_hat > 0
    log_d: jax.Array  # of those, where d = sqrt(v_hat) + eps
    g: jax.Array  # of (g / max(sqrt(v_hat), eps))**2


class _Extremes(NamedTuple):
    """What is compared; infinity and 0 where there is nothing."""

    least_d: jax.Array
    largest_d: jax.Array
    largest_v: jax.Array


def measure(
    adam: optax.GradientTransformation,
    state: optax.OptState,
    params: optax.Params,
    updates: optax.Updates,
    grads: optax.Updates | None = None,
) -> Measurement:
    r"""Measure a step of Adam: a few scalars for each leaf, and for all elements together.

    u is the update, w the weight, RMS the root mean square (of absolute values, if they are complex), :math:`\alpha`
    the learning rate, and :math:`\hat m, \hat v` are those of equation (3):

    - `update_to_weight` :math:`= \mathrm{RMS}(u) / \mathrm{RMS}(w)`: the relative step.
    - `rms_m_hat` :math:`= \mathrm{RMS}(\hat m)` and `rms_sqrt_v_hat` :math:`= \mathrm{RMS}(\sqrt{\hat v})`: the size of
      the mean gradient, and of a gradient.
    - `below_eps`: the share of elements with :math:`\sqrt{\hat v} < \epsilon`, where eps decides the step and not the
      gradients.
    - `signal_to_noise` :math:`= \mathrm{mean}(|\hat m|^2 / \hat v)`: 1 where the gradients of different steps agree,
      about (1 - b1) / (1 + b1) where they are noise, 0 where all gradients were 0.
    - `effective_learning_rate` :math:`= \exp \, \mathrm{mean} \, \log(\alpha / (\sqrt{\hat v} + \epsilon))`, what
      :math:`\hat m` is multiplied by, over the elements with :math:`\hat v > 0`; `effective_learning_rate_min` and
      `effective_learning_rate_max`: the smallest and the largest of them.
    - `bound_octaves` :math:`= \log_2(M / \max v)`: how far the bound of 8-bit moments is above the largest v; the
      format has 128 octaves below the bound.  In the total it is the largest of all leaves.
    - `clipping_ratio` :math:`= \mathrm{RMS}(g / \max(\sqrt{\hat v}, \epsilon))`, only with `grads`: the number that
      `update_clipping` compares with its threshold; about 1 if a gradient is like those before.  In the total it is
      over all elements, which `update_clipping` does not use.

    :math:`\sqrt{\hat v}` is what the rule divides by: :math:`\hat v` includes `eps_root`, for AMSGrad it is the
    maximum, and for AdaMax :math:`\sqrt{\hat v}` is the maximum minus eps.  :math:`\hat m` is the bias-corrected m, for
    NAdam too.

    The results are NaN only if the state, the weights or the updates are: 0 / 0 counts as 0, and so do a mean over no
    elements, and `bound_octaves` if v is 0.  `update_to_weight` is infinite where all weights are 0 and an update is
    not.

    Args:
      adam: the Adam whose moments are in `state`, made by this package: `adamw(...)` and similar, or
        `scale_by_adam(...)`, whose learning rate counts as 1; alone or in `master_weights` and `skip_nonfinite`.  For a
        chain, give its part that is Adam.  b1, b2, eps and the learning rate are taken from it, also if they are
        schedules.  For a state of Optax's Adam give adam_jax's with the same arguments; inside
        `optax.inject_hyperparams`, `adam_jax.adamw(**state.hyperparams)`.
      state: the state after the step, of `adam` or of a transformation that contains it; it must contain only one Adam.
      params: the weights: a tree with the leaves of the moments, of any float or complex dtype.  For Flax NNX give
        `nnx.as_pure(nnx.state(model, nnx.Param))`, and apply `nnx.as_pure` to state and updates too.
      updates: the result of `tx.update`, a tree like params.  A leaf of None counts as 0.  With `master_weights` these
        are the changes of bfloat16 weights, mostly 0 or a whole unit in the last place; to measure the real steps, give
        the `wide_weights` before the step as params, and their change in the step as updates.
      grads: the gradients that were given to `tx.update`, a tree like params.  None: no `clipping_ratio`.

    Returns:
      `Measurement(leaves, total)`.  `leaves` has the structure of the moments, where masked leaves are
      `optax.MaskedNode()`, with a `Measures` for each; `total` is one `Measures`.

    Raises:
      TypeError: `adam` is no such transformation, or `state` is not a state of it.
      ValueError: `state` holds no Adam; a leaf of the moments is missing in `params` or `updates` or has another shape.
      KeyError: `state` holds several Adams.

    >>> import adam_jax
    >>> adam = adam_jax.adam(0.1)
    >>> params = {"b": jnp.zeros(1), "w": jnp.array([3.0, 4.0])}
    >>> grads = {"b": jnp.zeros(1), "w": jnp.array([1.0, -1.0])}
    >>> updates, state = adam.update(grads, adam.init(params), params)
    >>> leaves, total = jax.jit(measure, static_argnums=0)(adam, state, params, updates)
    >>> print(f"{leaves['w'].update_to_weight:.4f} {leaves['b'].update_to_weight:.4f}")
    0.0283 0.0000
    >>> print(f"{total.signal_to_noise:.4f} {total.below_eps:.4f} {total.effective_learning_rate:.4f}")
    0.6667 0.3333 0.1000
    """
    moments = moments_of(adam, state)
    paths_and_m_hats, structure = jax.tree_util.tree_flatten_with_path(moments.m_hat)
    roots, vs = structure.flatten_up_to(moments.root), structure.flatten_up_to(moments.v)
    weights, steps, given = _by_path(params), _by_path(updates), None if grads is None else _by_path(grads)
    leaves = [
        (
            _leaf("updates", steps, path, m_hat),
            _leaf("params", weights, path, m_hat),
            None if given is None else _leaf("grads", given, path, m_hat),
            m_hat,
            root,
            v,
        )
        for (path, m_hat), root, v in zip(paths_and_m_hats, roots, vs, strict=True)
    ]
    dtype = arithmetic_dtype(*(x for leaf in leaves for x in leaf if x is not None))
    rows = [_reduced(*leaf, eps=moments.eps) for leaf in leaves]
    sums, extremes = (_columns(kind, [row[i] for row in rows], dtype) for i, kind in enumerate((_Sums, _Extremes)))

    alpha = jnp.asarray(moments.learning_rate, dtype)
    octaves = None if moments.bounds is None else _octaves(moments.bounds.astype(dtype), extremes.largest_v)
    each = _measures(sums, extremes, alpha, octaves, given is not None)
    total = _measures(
        jax.tree.map(jnp.sum, sums),
        _Extremes(
            jnp.min(extremes.least_d, initial=jnp.inf), *(jnp.max(largest, initial=0) for largest in extremes[1:])
        ),
        alpha,
        None if octaves is None else jnp.max(octaves, initial=0),
        given is not None,
    )
    return Measurement(structure.unflatten([jax.tree.map(lambda x, i=i: x[i], each) for i in range(len(rows))]), total)


def _by_path(tree: Any) -> dict[Any, Any]:
    return dict(jax.tree_util.tree_leaves_with_path(tree, is_leaf=is_none))


def _leaf(name: str, tree: dict[Any, Any], path: Any, m_hat: jax.Array) -> Any:
    if path not in tree:
        raise ValueError(
            f"the state has a moment {name_of(path)} that {name} do not have; give those of its run. "
            "Of Flax NNX give state, params and updates as nnx.as_pure makes them"
        )
    if tree[path] is None:
        return None
    leaf = jnp.asarray(tree[path])
    if leaf.shape != m_hat.shape:
        raise ValueError(
            f"{name} {name_of(path)} have shape {leaf.shape}, and the moments {m_hat.shape}; give those of one run"
        )
    return leaf


def _reduced(
    u: Any, w: Any, g: Any, m_hat: jax.Array, root: jax.Array, v: jax.Array, eps: Any
) -> tuple[_Sums, _Extremes]:
    """One leaf."""
    dtype = root.dtype
    eps = jnp.asarray(eps, dtype)
    d, moved = root + eps, root > 0

    def squares(x: Any) -> jax.Array:
        return jnp.zeros((), dtype) if x is None else jnp.sum(square(with_depth(x, arithmetic_dtype(x, root))))

    sums = _Sums(
        elements=jnp.asarray(root.size, dtype),
        u=squares(u),
        w=squares(w),
        m_hat=squares(m_hat),
        v_hat=squares(root),
        below_eps=_count(root < eps, dtype),
        ratio=jnp.sum(square(map_real_imag(safe_divide, m_hat, root))),
        moved=_count(moved, dtype),
        log_d=jnp.sum(jnp.where(moved, jnp.log(jnp.where(moved, d, 1)), 0)),
        g=squares(g if g is None else _over(with_depth(g, arithmetic_dtype(g, root)), jnp.maximum(root, eps))),
    )
    extremes = _Extremes(
        least_d=jnp.min(jnp.where(moved, d, jnp.inf), initial=jnp.inf),
        largest_d=jnp.max(jnp.where(moved, d, 0), initial=0),
        largest_v=jnp.max(v, initial=0),
    )
    return sums, extremes


def _over(g: jax.Array, by: jax.Array) -> jax.Array:
    return map_real_imag(safe_divide, g, by.astype(g.real.dtype))


def _count(true: jax.Array, dtype: np.dtype, integer: Any = jnp.int32) -> jax.Array:
    """How many are true: counted in integers, since a float32 would stop at 2**24.

    An int32 would overflow at 2**31: of a larger array as many counts as it takes, each of its share of the indices
    along the longest axis.
    """
    most = int(jnp.iinfo(integer).max)
    if true.size <= most:
        return jnp.sum(true, dtype=integer).astype(dtype)
    axis = int(np.argmax(true.shape))
    longest = true.shape[axis]
    share = max(1, most // (true.size // longest))  # of the indices
    index = jax.lax.broadcasted_iota(jnp.uint32, true.shape, axis)
    counts = [
        jnp.sum(true & (index >= start) & (index <= start + (share - 1)), dtype=integer).astype(dtype)
        for start in (np.uint32(first) for first in range(0, longest, share))
    ]
    return functools.reduce(jnp.add, counts)


def _columns(kind: Any, rows: list[Any], dtype: np.dtype) -> Any:
    """Vectors with an entry for each leaf: what follows is a few small operations, not a few for each leaf."""
    if not rows:
        return kind(*(jnp.zeros(0, dtype) for _ in kind._fields))
    return kind(*(jnp.stack([x.astype(dtype) for x in column]) for column in zip(*rows, strict=True)))


def _measures(
    sums: _Sums, extremes: _Extremes, alpha: jax.Array, octaves: jax.Array | None, with_grads: bool
) -> Measures:
    def mean(x: jax.Array) -> jax.Array:
        return safe_divide(x, sums.elements)

    u, w = jnp.sqrt(sums.u), jnp.sqrt(sums.w)
    return Measures(
        update_to_weight=jnp.where((u == 0) & (w == 0), 0, u / jnp.where((u == 0) & (w == 0), 1, w)),
        rms_m_hat=jnp.sqrt(mean(sums.m_hat)),
        rms_sqrt_v_hat=jnp.sqrt(mean(sums.v_hat)),
        below_eps=mean(sums.below_eps),
        signal_to_noise=mean(sums.ratio),
        effective_learning_rate=jnp.where(sums.moved > 0, alpha * jnp.exp(-safe_divide(sums.log_d, sums.moved)), 0),
        effective_learning_rate_min=safe_divide(alpha, extremes.largest_d),
        effective_learning_rate_max=alpha / extremes.least_d,
        bound_octaves=octaves,
        clipping_ratio=jnp.sqrt(mean(sums.g)) if with_grads else None,
    )


def _octaves(bounds: jax.Array, largest: jax.Array) -> jax.Array:
    some = (bounds > 0) & (largest > 0)
    return jnp.where(some, jnp.log2(jnp.where(some, bounds, 1)) - jnp.log2(jnp.where(some, largest, 1)), 0)
