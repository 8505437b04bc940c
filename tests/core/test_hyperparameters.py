"""Which scalars does a step get?  Of numbers, arrays and schedules, beside products written out in float64."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from older_jax import enable_x64

from adam_jax.core.hyperparameters import Corrections, Hyperparameters, increment

B1, B2, EPS, EPS_ROOT = 0.8, 0.95, 1e-3, 1e-5
FLOAT32 = np.dtype(np.float32)
KINDS = {
    "numbers": lambda x: x,
    "arrays": jnp.float32,
    "schedules": lambda x: lambda count: x - 0.01 * x * jnp.float32(count % 3),
}


def rates_at(kind, rate, count):
    return rate - 0.01 * rate * (count % 3) if kind == "schedules" else rate


def run(hyperparameters, steps):
    """The scalars of each step, as an optimizer asks for them."""
    corrections = hyperparameters.start(FLOAT32) if hyperparameters.vary else None
    for count in range(steps):
        if corrections is not None:
            corrections = hyperparameters.advance(jnp.int32(count), corrections)
        yield hyperparameters.at(jnp.int32(count), corrections, FLOAT32), corrections


@pytest.mark.parametrize("momentum_decay", [None, 0.1])
@pytest.mark.parametrize("kind", KINDS)
def test_rates_and_corrections(kind, momentum_decay):
    make = KINDS[kind]
    hyperparameters = Hyperparameters(
        make(B1), make(B2), make(EPS), make(EPS_ROOT), nesterov=True, momentum_decay=momentum_decay
    )
    assert hyperparameters.vary == (kind == "schedules" or momentum_decay is not None)
    product1 = product2 = product = 1.0
    for count, (scalars, corrections) in enumerate(run(hyperparameters, 7)):
        b1, b2 = rates_at(kind, B1, count), rates_at(kind, B2, count)
        # PyTorch's momentum at steps t = count + 1 and the next; a schedule is asked for this step's rate in both
        now, later = (
            (b1 if momentum_decay is None else b1 * (1 - 0.5 * 0.96 ** (t * momentum_decay)))
            for t in (count + 1, count + 2)
        )
        product1, product2, product = product1 * b1, product2 * b2, product * now
        close = {"rtol": 1e-5}
        np.testing.assert_allclose(scalars.b1.rate, b1, **close)
        np.testing.assert_allclose(scalars.b2.rate, b2, **close)
        np.testing.assert_allclose(scalars.b1.one_minus_rate, 1 - b1, **close)
        np.testing.assert_allclose(scalars.b1.correction, 1 - product1, **close)
        np.testing.assert_allclose(scalars.b2.correction, 1 - product2, **close)
        np.testing.assert_allclose(scalars.eps, rates_at(kind, EPS, count), **close)
        np.testing.assert_allclose(scalars.eps_root, rates_at(kind, EPS_ROOT, count), **close)
        first, second = scalars.nesterov
        np.testing.assert_allclose(first.rate, now, **close)
        np.testing.assert_allclose(second.rate, later, **close)
        np.testing.assert_allclose(first.correction, 1 - product, **close)
        np.testing.assert_allclose(second.correction, 1 - product * later, **close)
        if corrections is not None:
            expected = [1 - product1, 1 - product2] + [1 - product] * (momentum_decay is not None)
            np.testing.assert_allclose([c for c in corrections if c is not None], expected, **close)


def test_only_nadam_has_momenta():
    scalars = Hyperparameters(B1, B2, EPS).at(jnp.int32(0), None, FLOAT32)
    assert scalars.nesterov is None
    assert scalars.eps_root == 0


def test_a_moment_without_bias_correction():
    for mu, nu in ((False, True), (True, False)):
        hyperparameters = Hyperparameters(B1, B2, EPS, bias_correction_mu=mu, bias_correction_nu=nu)
        scalars = hyperparameters.at(jnp.int32(1), None, FLOAT32)
        np.testing.assert_allclose(scalars.b1.correction, 1 - B1**2 if mu else 1.0, rtol=1e-6)
        np.testing.assert_allclose(scalars.b2.correction, 1 - B2**2 if nu else 1.0, rtol=1e-6)


def test_a_spec_compares_arrays_by_value():
    """Its leaves are the numbers and arrays, and not the object."""
    leaves = jax.tree.leaves(Hyperparameters(jnp.float32(B1), B2, EPS))
    assert leaves[0] == jnp.float32(B1)
    assert B2 in leaves


def test_the_start_is_zero_in_arrays_of_their_own():
    hyperparameters = Hyperparameters(B1, lambda count: B2, EPS, momentum_decay=0.1)
    start = hyperparameters.start(FLOAT32)
    assert [x.tolist() for x in start] == [0, 0, 0]
    assert {x.dtype for x in start} == {FLOAT32}
    assert len({x.unsafe_buffer_pointer() for x in start}) == 3  # one buffer cannot be donated twice
    assert Hyperparameters(lambda count: B1, B2, EPS).start(FLOAT32).momentum is None


@pytest.mark.parametrize(
    ("b1", "b2", "vary"),
    [(B1, B2, False), (lambda c: B1, B2, True), (B1, lambda c: B2, True), (jnp.float32(B1), B2, False)],
)
def test_what_varies(b1, b2, vary):
    assert Hyperparameters(b1, b2, EPS).vary == vary


@pytest.mark.parametrize(("rate", "dithered"), [(0.9, False), (0.999, False), (0.9991, True), (0.99999, True)])
def test_long_averages_are_dithered(rate, dithered):
    """1 - b <= 2**-10; an array may be any rate."""
    scalars = Hyperparameters(rate, rate, EPS).at(jnp.int32(3), None, FLOAT32)
    assert (scalars.b1.dither is not None) == (scalars.b2.dither is not None) == dithered
    if dithered:
        assert scalars.b1.dither != scalars.b2.dither
    assert Hyperparameters(jnp.float32(rate), rate, EPS).at(jnp.int32(3), None, FLOAT32).b1.dither is not None
    exactly = Hyperparameters(1 - 2.0**-10, B2, EPS).at(jnp.int32(3), None, FLOAT32)
    assert exactly.b1.dither is not None


def test_arrays_take_the_dtype_of_the_arithmetic():
    with enable_x64(True):
        wide = Hyperparameters(B1, B2, jnp.float64(EPS), momentum_decay=0.1, nesterov=True)
        corrections = Corrections(*(jnp.float64(x) for x in (0.5, 0.25, 0.125)))
        scalars = wide.at(jnp.int32(0), corrections, FLOAT32)
        assert {x.dtype for x in jax.tree.leaves(scalars) if hasattr(x, "dtype")} == {FLOAT32}
        assert (scalars.b1.correction, scalars.b2.correction) == (0.5, 0.25)
        assert scalars.nesterov[0].correction == 0.125


def test_the_count_stays_at_the_largest():
    assert increment(jnp.int32(0)) == 1
    assert increment(4) == 5
    assert increment(jnp.int32(2**31 - 2)) == 2**31 - 1
    assert increment(jnp.int32(2**31 - 1)) == 2**31 - 1
    assert increment(jnp.int8(127)) == 127
    assert increment(jnp.uint8(254)).dtype == jnp.uint8
