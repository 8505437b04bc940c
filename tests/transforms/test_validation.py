"""Does bad input get a clear error?  The argument or the leaf, the value given, what is allowed, what to do."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from older_jax import enable_x64

import adam_jax
from adam_jax.diagnostics import bias_corrected

OPTIMIZERS = ("adam", "adamw", "nadam", "nadamw", "amsgrad", "adamax")
TREE = {"layer": {"w": jnp.ones((2, 3)), "b": jnp.ones(3)}}

BAD_NUMBERS = [
    ("learning_rate", float("nan"), ValueError, "a finite number"),
    ("learning_rate", jnp.float32(jnp.inf), ValueError, "a finite number"),
    ("learning_rate", np.ones(2), ValueError, "a scalar"),
    ("learning_rate", "0.1", TypeError, "a schedule"),
    ("learning_rate", None, TypeError, "a schedule"),
    ("learning_rate", True, TypeError, "a schedule"),
    ("learning_rate", 1j, TypeError, "a schedule"),
    ("b1", 1.0, ValueError, r"a number in \[0, 1\)"),
    ("b1", -0.1, ValueError, r"a number in \[0, 1\)"),
    ("b2", 1, ValueError, r"a number in \[0, 1\)"),
    ("b2", np.float32(1.5), ValueError, r"a number in \[0, 1\)"),
    ("b2", float("nan"), ValueError, r"a number in \[0, 1\)"),
    ("b2", jnp.bfloat16(0.5), ValueError, "hyperparam_dtype=jnp.float32"),
    ("eps", -1e-8, ValueError, "a finite number >= 0"),
    ("eps", jnp.float16(1e-8), ValueError, "float16 scalar"),
]


@pytest.mark.parametrize(("argument", "value", "error", "allowed"), BAD_NUMBERS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_bad_numbers(name, argument, value, error, allowed):
    with pytest.raises(error, match=f"{argument} .*{allowed}"):
        getattr(adam_jax, name)(**{"learning_rate": 0.1, argument: value})


@pytest.mark.parametrize("name", ["adam", "adamw", "nadam", "amsgrad"])
def test_bad_eps_root(name):
    with pytest.raises(ValueError, match="eps_root must be a finite number >= 0; got -1"):
        getattr(adam_jax, name)(0.1, eps_root=-1)


@pytest.mark.parametrize("name", ["adamw", "nadamw"])
def test_bad_weight_decay(name):
    with pytest.raises(ValueError, match=r"weight_decay must be a finite number >= 0; got -0\.1"):
        getattr(adam_jax, name)(0.1, weight_decay=-0.1)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("argument", ["mu_dtype", "nu_dtype"])
@pytest.mark.parametrize("value", ["int8", "float31", jnp.int32, 3, "float8_e4m3fn"])
def test_bad_dtypes(name, argument, value):
    with pytest.raises(ValueError, match=f"{argument} must be None or one of .*'bfloat16'"):
        getattr(adam_jax, name)(0.1, **{argument: value})


def test_float16_cannot_hold_nu():
    with pytest.raises(ValueError, match="nu_dtype must be None or one of"):
        adam_jax.adam(0.1, nu_dtype="float16")


def test_float64_moments_need_x64():
    with pytest.raises(ValueError, match=r"nu_dtype='float64' needs .*jax_enable_x64"):
        adam_jax.adam(0.1, nu_dtype="float64")
    with enable_x64(True):
        assert adam_jax.adam(0.1, nu_dtype="float64").init(jnp.ones(2, jnp.float32))[0].nu.dtype == np.float64


@pytest.mark.standard_promotion
def test_complex_moments_are_optaxs_and_for_complex_parameters():
    params = {"a": jnp.array([1 + 2j, -3j], jnp.complex64)}
    states = []
    for library in (optax, adam_jax):
        tx = library.adam(0.1, mu_dtype="complex64")
        updates, state = tx.update(params, tx.init(params), params)
        states.append((updates["a"], state[0].mu["a"]))
    for theirs, ours in zip(*states, strict=True):
        assert ours.dtype == theirs.dtype == jnp.complex64
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    with pytest.raises(ValueError, match=r"at \['r'\]: mu_dtype='complex64' is for complex parameters; got float32"):
        adam_jax.adam(0.1, mu_dtype=jnp.complex64).init({**params, "r": jnp.ones(2)})
    with pytest.raises(ValueError, match=r"mu_dtype='complex128' needs .*jax_enable_x64"):
        adam_jax.adam(0.1, mu_dtype="complex128")


WRAPPED = {
    "alone": lambda: adam_jax.adamw(0.1),
    "8bit": lambda: adam_jax.adamw(0.1, moments="8bit"),
    "skip_nonfinite": lambda: adam_jax.skip_nonfinite(adam_jax.adamw(0.1)),
    "master_weights": lambda: adam_jax.master_weights(adam_jax.adamw(0.1)),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_a_whole_equinox_model_is_refused_by_the_leaf_that_is_no_array(name):
    eqx = pytest.importorskip("equinox")
    model = eqx.nn.MLP(3, 1, 8, depth=1, dtype=jnp.bfloat16, key=jax.random.key(0))
    tx = WRAPPED[name]()
    with pytest.raises(TypeError, match=r"at \.activation is no array .*eqx\.filter\(model, eqx\.is_inexact_array\)"):
        tx.init(model)
    tx.init(eqx.filter(model, eqx.is_inexact_array))
    with pytest.raises(TypeError, match=r"at \['name'\] is no array but a str, 'encoder'"):
        tx.init({"w": jnp.ones(2, jnp.bfloat16), "name": "encoder"})


@pytest.mark.standard_promotion
def test_update_takes_a_whole_equinox_model_as_optax_does():
    eqx = pytest.importorskip("equinox")
    model = eqx.nn.MLP(3, 1, 8, depth=1, key=jax.random.key(0))
    grads = eqx.filter_grad(lambda model: jnp.sum(model(jnp.ones(3))))(model)
    params = eqx.filter(model, eqx.is_inexact_array)
    moved = []
    for library in (optax, adam_jax):
        tx = library.adamw(0.1)
        updates, _ = tx.update(grads, tx.init(params), model)
        moved.append(eqx.filter(eqx.apply_updates(model, updates), eqx.is_inexact_array))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=0, atol=5e-6), *moved)
    tx = adam_jax.master_weights(adam_jax.adamw(0.1))
    narrow = jax.tree.map(lambda p: p.astype(jnp.bfloat16), params)
    with pytest.raises(TypeError, match=r"at \.activation is no array .*eqx\.filter"):
        tx.update(narrow, tx.init(narrow), model)


@pytest.mark.parametrize("moments", ["float32", "8bit"])
@pytest.mark.parametrize("argument", ["learning_rate", "weight_decay", "b1", "b2", "eps", "eps_root"])
def test_a_schedule_that_returns_a_vector_is_refused(argument, moments):
    tx = adam_jax.adamw(**{"learning_rate": 0.1, argument: lambda count: jnp.full(2, 0.1), "moments": moments})
    params = jnp.ones(2)
    for update in (tx.update, jax.jit(tx.update)):
        with pytest.raises(ValueError, match=rf"{argument} must be a scalar; its schedule returned .*shape \(2,\)"):
            update(params, tx.init(params), params)


@pytest.mark.parametrize("argument", ["learning_rate", "b1"])
def test_a_traced_vector_is_refused_and_a_vmapped_one_is_many_scalars(argument):
    def init(rate):
        return adam_jax.adam(**{"learning_rate": 0.1, argument: rate}).init(jnp.ones(2))

    with pytest.raises(ValueError, match=rf"{argument} must be a scalar; got an array of shape \(2,\)"):
        jax.jit(init)(jnp.full(2, 0.1))
    jax.vmap(init)(jnp.full(2, 0.1))


@pytest.mark.parametrize("entries", [1, 3])
def test_bounds_of_another_tree_are_refused(entries):
    params = {"a": jnp.ones(2), "b": jnp.ones(3)}
    tx = adam_jax.adam(0.1, moments="8bit")
    packed, *rest = tx.init(params)
    state = (packed._replace(bounds=jnp.ones(entries)), *rest)
    message = rf"bounds must have shape \(2,\), one for each leaf.*got \({entries},\)"
    for use in (
        lambda: tx.update(params, state, params),
        lambda: adam_jax.to_optax(tx, state, params),
        lambda: adam_jax.unpack_moments(state),
    ):
        with pytest.raises(ValueError, match=message):
            use()


@pytest.mark.parametrize("bits", [32.0, True, "32", 8, None, np.ones(2)])
def test_bits_are_one_of_three_numbers(bits):
    for call in (
        lambda: adam_jax.master_weights(adam_jax.adam(0.1), bits=bits),
        lambda: adam_jax.split_weights(jnp.ones(2), bits=bits),
    ):
        with pytest.raises(ValueError, match=r"bits must be one of \(32, 24, 16\); got "):
            call()


@pytest.mark.parametrize("value", [3, ("data", 3), {"data"}])
def test_bad_axis_names(value):
    for make in (adam_jax.adam, adam_jax.nadamw, adam_jax.adamax):
        with pytest.raises(TypeError, match="axis_name must be None, the name of an axis of a mesh, or a tuple of"):
            make(0.1, moments="8bit", axis_name=value)
    with pytest.raises(TypeError, match="axis_name must be"):
        adam_jax.skip_nonfinite(adam_jax.adam(0.1), axis_name=value)


def test_bad_names():
    with pytest.raises(ValueError, match=r"maximum_of must be one of \('v_hat', 'v'\); got 'u'"):
        adam_jax.amsgrad(0.1, maximum_of="u")
    with pytest.raises(ValueError, match="momentum_decay needs nesterov=True"):
        adam_jax.nadam(0.1, nesterov=False, momentum_decay=4e-3)
    with pytest.raises(ValueError, match="momentum_decay must be a finite number >= 0; got -1"):
        adam_jax.nadam(0.1, momentum_decay=-1)


@pytest.mark.parametrize("leaf", [jnp.arange(3), np.ones(2, bool), 7, jax.random.key(0)])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_parameters_that_are_no_floats_are_refused_by_path(name, leaf):
    tx = getattr(adam_jax, name)(0.1)
    with pytest.raises(ValueError, match=r"parameter at \['layer'\]\['n'\] has dtype .*optax.masked"):
        tx.init({"layer": {"w": jnp.ones(2), "n": leaf}})


def test_integer_gradients_are_refused_by_path():
    tx = adam_jax.scale_by_adam()
    state = tx.init(TREE)
    grads = {"layer": {"w": jnp.ones((2, 3)), "b": jnp.ones(3, jnp.int32)}}
    for update in (tx.update, jax.jit(tx.update)):
        with pytest.raises(ValueError, match=r"gradient at \['layer'\]\['b'\] has dtype int32"):
            update(grads, state)


BAD_TREES = [
    ({"layer": {"w": jnp.ones((2, 3))}}, r"missing: at \['layer'\]\['b'\]; not expected: none"),
    ({"layer": {**TREE["layer"], "c": jnp.ones(1)}}, r"missing: none; not expected: at \['layer'\]\['c'\]"),
    ({"layer": {"w": jnp.ones((3, 2)), "b": jnp.ones(3)}}, r"at \['layer'\]\['w'\] has shape \(3, 2\), .*\(2, 3\)"),
    ({"layer": {"w": jnp.ones((2, 3)), "b": jnp.ones(())}}, r"at \['layer'\]\['b'\] has shape \(\), .*\(3,\)"),
    ({"layer": {"w": jnp.ones((2, 3), jnp.complex64), "b": jnp.ones(3)}}, r"\['w'\] has dtype complex64"),
    (jnp.ones((2, 3)), "structure of the parameters"),
]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize(("grads", "message"), BAD_TREES)
def test_gradients_that_do_not_fit_are_refused_by_path(name, grads, message):
    tx = getattr(adam_jax, name)(0.1)
    with pytest.raises(ValueError, match=message):
        tx.update(grads, tx.init(TREE), TREE)


def test_containers_that_differ_are_refused():
    tx = adam_jax.scale_by_adam()
    with pytest.raises(ValueError, match="structure of the parameters"):
        tx.update((jnp.ones(2),), tx.init([jnp.ones(2)]))


def test_a_gradient_where_there_was_no_parameter():
    tx = adam_jax.scale_by_adam()
    with pytest.raises(ValueError, match=r"gradient at \['a'\] has shape \(2,\), but the parameter was None"):
        tx.update({"a": jnp.ones(2)}, tx.init({"a": None}))


@pytest.mark.parametrize("name", ["adamw", "nadamw"])
def test_weight_decay_without_parameters(name):
    tx = getattr(adam_jax, name)(0.1)
    with pytest.raises(ValueError, match=r"weight decay needs the parameters; call update\(grads, state, params\)"):
        tx.update(TREE, tx.init(TREE))


def test_the_state_of_another_rule():
    state = adam_jax.scale_by_adam().init(TREE)
    with pytest.raises(TypeError, match="expected the ScaleByAmsgradState that init gives; got ScaleByAdamState"):
        adam_jax.scale_by_amsgrad().update(TREE, state)
    with pytest.raises(ValueError, match="b1 and b2 vary, but this state was initialized for constant ones"):
        adam_jax.scale_by_adam(b1=lambda count: 0.9).update(TREE, state)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_complex_moments_do_not_fit_in_16_bits(dtype):
    with pytest.raises(ValueError, match=rf"at \['a'\]: mu_dtype='{dtype}' cannot hold .*complex64"):
        adam_jax.adam(0.1, mu_dtype=dtype).init({"a": jnp.ones(2, jnp.complex64)})


def test_bias_corrected_refuses():
    state = adam_jax.scale_by_adam().init(TREE)
    with pytest.raises(ValueError, match=r"b1 must be a number in \[0, 1\)"):
        bias_corrected(state, b1=1.0)
    with pytest.raises(ValueError, match=r"state must hold count, mu and nu.*EmptyState"):
        bias_corrected(optax.EmptyState())
    with pytest.raises(KeyError):
        bias_corrected((state, state))


def test_codes_are_not_taken_for_numbers():
    """A program that rebuilds a `ScaleByAdamState` around 8-bit moments, as one that resets neurons may."""
    coded, tx, params = adam_jax.adamw(0.1, moments="8bit"), adam_jax.adamw(0.1), {"w": jnp.ones(3)}
    adam, *others = coded.init(params)
    state = (optax.ScaleByAdamState(adam.count, adam.mu, adam.nu), *others)
    for step in (lambda: tx.update(params, state, params), lambda: adam_jax.step(tx, params, state, params)):
        with pytest.raises(TypeError, match=r"mu at \['w'\] has dtype int8, and moments of this .* are floats"):
            step()
