"""Is it a drop-in?  Real trainings in every framework, in which only the line with the optimizer changes."""

import functools
from typing import Any, NamedTuple

import jax
import numpy as np
import optax
import problems
import pytest

import adam_jax

pytestmark = pytest.mark.standard_promotion  # bfloat16 weights times float32 images, as the frameworks' layers do

RATE, B2 = 1e-2, 0.99
FRAMEWORKS = {
    train.__name__: train
    for train in (
        problems.plain_jax,
        problems.flax_linen,
        problems.flax_nnx,
        problems.equinox,
        problems.equinox_by_optax,
        problems.haiku,
        problems.numpyro_svi,
        problems.optimistix_minimise,
    )
}
# These add updates with equinox.apply_updates, `p + u`, which makes a bfloat16 parameter float32 (tested below).
FLOAT32_ONLY = ("equinox", "optimistix_minimise")
QUICK = ("plain_jax", "flax_nnx", "equinox")  # of the trainings that take two
BFLOAT16 = [name for name in FRAMEWORKS if name not in FLOAT32_ONLY]

# The largest relative difference of the losses of any step; measured over 4 seeds of each framework: 1.6e-6.
CURVE = 1e-5
# The same at b2 = 0.999, where the sqrt(v_hat) of Optax is 6.5e-6 off from the first step; measured: 1.2e-5.
CURVE_AT_THE_DEFAULTS = 2e-5
# The last loss beside float32's; measured over 4 seeds of each framework: 0.004 in the mean, at most 0.011.
BAND = 0.03
# The last loss beside the first: at most 0.016 measured; the loss of numpyro_svi has a prior in it, and 0.29.
FALLEN = dict.fromkeys(FRAMEWORKS, 0.05) | {"numpyro_svi": 0.35}


@functools.cache
def float32_run(framework: str) -> problems.Run:
    return FRAMEWORKS[framework](adam_jax.adamw(RATE, b2=B2), "float32")


def narrow(bits: int = 32) -> optax.GradientTransformation:
    """The narrowest AdamW for bfloat16 parameters."""
    return adam_jax.master_weights(adam_jax.adamw(RATE, b2=B2, moments="8bit"), bits)


class Twins(NamedTuple):
    """The state of a run with bfloat16 parameters, and of one with float32 weights and the same gradients."""

    narrow: Any
    weights: Any
    wide: Any


def with_float32_twin() -> optax.GradientTransformationExtraArgs:
    """`narrow()`, and in its state the run that it claims to equal: the same AdamW on float32 weights."""
    narrow_tx, wide_tx = narrow(), adam_jax.adamw(RATE, b2=B2, moments="8bit")

    def init(params):
        weights = problems.cast(params, "float32")
        return Twins(narrow_tx.init(params), weights, wide_tx.init(weights))

    def update(grads, state, params=None, **extra):
        step, wide_state = wide_tx.update(problems.cast(grads, "float32"), state.wide, state.weights)
        updates, narrow_state = narrow_tx.update(grads, state.narrow, params, **extra)
        return updates, Twins(narrow_state, optax.apply_updates(state.weights, step), wide_state)

    return optax.GradientTransformationExtraArgs(init, update)


@functools.cache
def eight_bit_run(framework: str) -> problems.Run:
    if framework in FLOAT32_ONLY:
        return FRAMEWORKS[framework](adam_jax.adamw(RATE, b2=B2, moments="8bit"), "float32")
    return FRAMEWORKS[framework](with_float32_twin(), "bfloat16")


def dtypes(tree: Any) -> set[str]:
    return {x.dtype.name for x in jax.tree.leaves(tree)}


@pytest.mark.parametrize(
    "framework",  # in float32 equinox_by_optax is equinox
    [pytest.param(f, marks=pytest.mark.long) if f == "equinox_by_optax" else f for f in FRAMEWORKS],
)
def test_the_loss_curve_is_optaxs(framework):
    ours, theirs = float32_run(framework), FRAMEWORKS[framework](optax.adamw(RATE, b2=B2), "float32")
    assert len(ours.losses) == problems.STEPS
    np.testing.assert_allclose(ours.losses, theirs.losses, rtol=CURVE)
    assert ours.losses[-1] < FALLEN[framework] * ours.losses[0]
    assert jax.tree.structure(ours.state) == jax.tree.structure(theirs.state)
    assert dtypes(ours.params) == {"float32"}


def test_the_loss_curve_is_optaxs_at_the_defaults():
    ours, theirs = (problems.plain_jax(tx, "float32") for tx in (adam_jax.adamw(RATE), optax.adamw(RATE)))
    np.testing.assert_allclose(ours.losses, theirs.losses, rtol=CURVE_AT_THE_DEFAULTS)


@pytest.mark.parametrize(
    "framework",
    [
        name if name in ("plain_jax", "flax_nnx", "equinox") else pytest.param(name, marks=pytest.mark.long)
        for name in FRAMEWORKS
    ],
)
def test_eight_bits_reach_the_loss_of_float32(framework):
    run = eight_bit_run(framework)
    np.testing.assert_allclose(run.losses[-1], float32_run(framework).losses[-1], rtol=BAND)
    assert run.losses[-1] < FALLEN[framework] * run.losses[0]
    assert dtypes(run.params) == {"float32" if framework in FLOAT32_ONLY else "bfloat16"}


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_the_band_shows_a_learning_rate_that_is_a_tenth_off(factor):
    wrong = problems.plain_jax(adam_jax.adamw(factor * RATE, b2=B2), "float32")
    right = float32_run("plain_jax")
    assert abs(wrong.losses[-1] / right.losses[-1] - 1) > 2 * BAND


@pytest.mark.parametrize(
    "framework",  # parameters of the others are dictionaries too
    [pytest.param(f, marks=pytest.mark.long) if f in ("flax_linen", "haiku") else f for f in BFLOAT16],
)
def test_updates_land_bit_for_bit(framework):
    _, params, (state, weights, wide_state) = eight_bit_run(framework)
    jax.tree.map(np.testing.assert_array_equal, adam_jax.wide_weights(params, state), weights)
    jax.tree.map(np.testing.assert_array_equal, state.inner_state, wide_state)
    assert all(np.any(remainder != 0) for remainder in jax.tree.leaves(state.remainder))


# What a user of equinox.apply_updates reads, instead of training on with float32 parameters.
ADVICE = "Apply updates with optax.apply_updates, which keeps the parameters' dtype"


@pytest.mark.parametrize(
    ("bits", "message"),
    [
        (32, r"the parameter at \.layers\[0\]\.weight has dtype float32, but init saw bfloat16"),
        (16, "no parameter is bfloat16, but init saw some that were"),
    ],
)
def test_the_float32_sum_of_equinox_is_refused(bits, message):
    with pytest.raises(ValueError, match=f"{message}.*{ADVICE}"):
        problems.equinox(narrow(bits), "bfloat16")


def test_optimistix_refuses_float32_updates_of_bfloat16_parameters():
    with pytest.raises(ValueError, match="must have the same input and output structure"):
        problems.optimistix_minimise(narrow(), "bfloat16")
