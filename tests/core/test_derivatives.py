"""What is the derivative of a training with respect to its hyperparameters?  That of float32 moments, or a refusal."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from older_jax import enable_x64

import adam_jax
from adam_jax.backends import selection
from adam_jax.backends.pallas_tpu import PallasTPU
from adam_jax.core.rounding import to_bfloat16
from adam_jax.core.split_float import WeightFormat, join

pytestmark = pytest.mark.standard_promotion  # optax.apply_updates adds float32 to bfloat16

STEPS = 5
AT = (0.2, 0.8)  # learning_rate, b1
_rng = np.random.default_rng(0)
CURVATURE = _rng.uniform(0.1, 2.0, (6, 8))
START = _rng.standard_normal((6, 8))
# They turn round, so that momentum matters.
MINIMA = 0.3 * _rng.standard_normal((STEPS, 6, 8)) + np.array([3.0, 3.0, 3.0, -1.0, -1.0])[:, None, None]

RULES = {"adam": adam_jax.adam, "nadam": adam_jax.nadam, "amsgrad": adam_jax.amsgrad, "adamax": adam_jax.adamax}
FORMATS = {  # the dtype of the parameters, and the transformation
    "float32": (jnp.float32, lambda rule, *at: rule(*at)),
    "bfloat16": (jnp.float32, lambda rule, *at: rule(*at, mu_dtype="bfloat16", nu_dtype="bfloat16")),
    "float16 mu": (jnp.float32, lambda rule, *at: rule(*at, mu_dtype="float16")),
    "bfloat16 parameters": (jnp.bfloat16, lambda rule, *at: rule(*at)),
    "32": (jnp.bfloat16, lambda rule, *at: adam_jax.master_weights(rule(*at), 32)),
    "24": (jnp.bfloat16, lambda rule, *at: adam_jax.master_weights(rule(*at), 24)),
    "16": (jnp.bfloat16, lambda rule, *at: adam_jax.master_weights(rule(*at), 16)),
    "all": (
        jnp.bfloat16,
        lambda rule, *at: adam_jax.skip_nonfinite(
            adam_jax.master_weights(rule(*at, mu_dtype="bfloat16", nu_dtype="bfloat16"), 24)
        ),
    ),
}
CASES = [(f, r) for f in FORMATS for r in RULES if f != "float32" and (r == "adam" or f == "all")]


def loss(params, minimum):
    wide = params["w"].astype(jnp.promote_types(params["w"].dtype, jnp.float32))
    return jnp.sum(jnp.asarray(CURVATURE, wide.dtype) * (wide - minimum) ** 2) / CURVATURE.size


def trained(tx, dtype, *, scan=True, fused=False, grads_of=jax.grad(loss)):  # noqa: B008 a function
    """The loss after some steps; fused: by `adam_jax.step`."""
    minima = jnp.asarray(MINIMA, jnp.promote_types(dtype, jnp.float32))

    def step(carry, minimum):
        params, state = carry
        grads = grads_of(params, minimum)
        if fused:
            return adam_jax.step(tx, params, state, grads), None
        updates, state = tx.update(grads, state, params)
        return (optax.apply_updates(params, updates), state), None

    params = {"w": jnp.asarray(START, dtype)}
    carry = params, tx.init(params)
    if scan:
        carry, _ = jax.lax.scan(step, carry, minima)
    else:
        for minimum in minima:
            carry, _ = step(carry, minimum)
    return loss(carry[0], jnp.zeros((), minima.dtype))


def of_format(name, rule="adam", **how):
    dtype, make = FORMATS[name]
    return lambda *at: trained(make(RULES[rule], *at), dtype, **how)


def forward(function):
    return lambda *at: jnp.stack(jax.jacfwd(function, (0, 1))(*at))


def reverse(function):
    return lambda *at: jnp.stack(jax.grad(function, (0, 1))(*at))


@functools.cache
def float32s(rule="adam"):
    return np.asarray(jax.jit(reverse(of_format("float32", rule)))(*AT))


@pytest.mark.parametrize("rule", RULES)
def test_float32s_derivatives_are_optaxs_finite_differences_in_float64(rule):
    with enable_x64(True):
        program = jax.jit(lambda *at: trained(getattr(optax, rule)(*at), jnp.float64))
        differences = [
            (float(program(*np.add(AT, h))) - float(program(*np.subtract(AT, h)))) / 2e-6 for h in np.diag([1e-6, 1e-6])
        ]
    np.testing.assert_allclose(float32s(rule), differences, rtol=2e-3)
    assert np.min(np.abs(differences)) > 0.03  # a lost one would be seen


@pytest.mark.parametrize(
    ("name", "rule", "direction"),
    [(*case, forward if number % 2 else reverse) for number, case in enumerate(CASES)]
    + [
        pytest.param(*case, reverse if number % 2 else forward, marks=pytest.mark.long)
        for number, case in enumerate(CASES)
    ],
)
def test_narrow_formats_have_float32s_derivatives(name, rule, direction):
    np.testing.assert_allclose(jax.jit(direction(of_format(name, rule)))(*AT), float32s(rule), rtol=0.1)


@pytest.mark.parametrize("direction", [forward, reverse])
def test_by_step(direction):
    np.testing.assert_allclose(jax.jit(direction(of_format("32", fused=True)))(*AT), float32s(), rtol=0.1)


@pytest.mark.parametrize("direction", [forward, reverse])
def test_in_a_python_loop_without_jit(direction):
    np.testing.assert_allclose(direction(of_format("24", scan=False))(*AT), float32s(), rtol=0.1)


def test_under_checkpoint_and_vmap():
    program = jax.checkpoint(of_format("all"))
    rates = jnp.array([0.5, 1.0]) * AT[0]
    many = jax.jit(jax.vmap(reverse(program), (0, None)))(rates, AT[1])
    wide = jax.jit(jax.vmap(reverse(of_format("float32")), (0, None)))(rates, AT[1])
    np.testing.assert_allclose(many, wide, rtol=0.1)


# 8-bit moments


def of_8bit(rule="adam", **how):
    return lambda *at: trained(RULES[rule](*at, moments="8bit"), jnp.float32, **how)


@pytest.mark.parametrize("direction", [forward, reverse])
@pytest.mark.parametrize("how", [{}, {"fused": True}, {"scan": False}], ids=str)
def test_8bit_moments_refuse_derivatives_of_several_steps(how, direction):
    with pytest.raises(TypeError, match=r"moments='8bit' cannot be differentiated.*Use moments='float32'"):
        jax.jit(direction(of_8bit(**how)))(*AT)


@pytest.mark.parametrize("rule", ["adam", "adamax"])
@pytest.mark.parametrize(
    "transform", [jax.checkpoint, jax.jit, jax.vmap, lambda f: f], ids=["checkpoint", "jit", "vmap", "plain"]
)
def test_8bit_moments_refuse_under_every_transformation(rule, transform):
    rates = jnp.full(1, AT[0]) if transform is jax.vmap else jnp.float32(AT[0])
    with pytest.raises(TypeError, match=r"jax\.lax.stop_gradient"):
        jax.grad(lambda rates: jnp.sum(transform(lambda rate: of_8bit(rule)(rate, AT[1]))(rates)))(rates)


def stopped(params, minimum):
    return jax.lax.stop_gradient(jax.grad(loss)(params, minimum))


@pytest.mark.parametrize("direction", [jax.jacfwd, jax.grad])
@pytest.mark.parametrize("how", [{}, {"fused": True}], ids=str)
def test_8bit_moments_allow_derivatives_that_need_none_of_theirs(how, direction):
    """With gradients that count as constants, as the message says: finite differences of a program without codes."""

    def by_hand(rate):  # the same steps, whose lengths alone depend on the rate
        shown = {"w": jnp.asarray(START, jnp.float32)}
        tx, state, moved = adam_jax.adam(AT[0], AT[1], moments="8bit"), None, shown["w"]
        state = tx.init(shown)
        for minimum in jnp.asarray(MINIMA, jnp.float32):
            updates, state = tx.update(jax.grad(loss)(shown, minimum), state)
            shown = optax.apply_updates(shown, updates)
            moved = moved + updates["w"] * (rate / AT[0])
        return loss({"w": moved}, 0.0)

    h = 1e-2
    difference = (float(by_hand(AT[0] + h)) - float(by_hand(AT[0] - h))) / (2 * h)  # of a parabola: exact
    got = jax.jit(direction(lambda rate: of_8bit(grads_of=stopped, **how)(rate, AT[1])))(AT[0])
    assert float(got) == pytest.approx(difference, rel=1e-3)


def test_8bit_moments_refuse_where_codes_depend_on_b1():
    with pytest.raises(TypeError, match="cannot be differentiated"):
        jax.grad(lambda b1: of_8bit(grads_of=stopped)(AT[0], b1))(AT[1])


def test_a_kernel_says_how_to_differentiate(monkeypatch):
    monkeypatch.setattr(selection, "TPU_KERNEL", PallasTPU(interpret=True))
    params = jnp.ones((8, 128), jnp.bfloat16)

    def moved(rate, implementation):
        tx = adam_jax.master_weights(adam_jax.adam(rate, moments="8bit", implementation=implementation))
        return jnp.sum(adam_jax.step(tx, params, tx.init(params), params)[0].astype(jnp.float32))

    with pytest.raises(TypeError, match=r"TPU kernel cannot be differentiated.*implementation='xla'"):
        jax.grad(moved)(0.1, "pallas")
    assert float(jax.grad(moved)(0.1, "xla")) == pytest.approx(-params.size, rel=0.01)


# The roundings themselves


def test_the_derivative_of_rounding_is_that_of_the_number():
    x, dx = jnp.linspace(-3.0, 3.0, 100), jnp.linspace(1.0, 2.0, 100)
    noise = jnp.arange(100, dtype=jnp.uint32) * jnp.uint32(0x9E3779B9)
    one, derivative = jax.jvp(lambda x: to_bfloat16(x, noise), (x,), (dx,))
    np.testing.assert_array_equal(one, to_bfloat16(x, noise))
    np.testing.assert_array_equal(derivative, dx.astype(jnp.bfloat16))

    def there_and_back(w):
        p, remainder = WeightFormat(24).split(w)
        again = join(p, remainder)
        difference, remainder = WeightFormat(24).difference_to(p, again * 1.5, noise)
        return join((p.astype(jnp.float32) + difference).astype(jnp.bfloat16), remainder)

    moved, derivative = jax.jvp(there_and_back, (x,), (dx,))
    np.testing.assert_array_equal(moved, there_and_back(x))
    np.testing.assert_allclose(derivative, 1.5 * dx, rtol=2.0**-7)
    (transposed,) = jax.vjp(there_and_back, x)[1](dx)
    np.testing.assert_allclose(transposed, 1.5 * dx, rtol=2.0**-7)
