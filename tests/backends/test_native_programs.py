"""Does a native step live in programs: donated, scanned, batched, differentiated, eager, in threads, and refused?"""

import concurrent.futures
import functools
import inspect

import chex
import eight_devices
import jax
import jax.numpy as jnp
import native_worker
import numpy as np
import older_jax
import pytest
from jax import export
from jax.experimental.compute_on import compute_on

import adam_jax
from adam_jax.backends import native_library

ABSENT = native_library.why_not()
pytestmark = [
    pytest.mark.standard_promotion,
    pytest.mark.skipif(ABSENT is not None, reason=f"needs a C compiler: the native library {ABSENT}"),
]
PARAMS = {"w": jnp.linspace(-1, 1, 129 * 64).reshape(129, 64), "b": jnp.ones(7), "s": jnp.float32(2)}
CALL = "adam_jax_step"


def tx_of(how=None, **options):
    return adam_jax.adamw(1e-2, moments="8bit", implementation=how, **options)


def trained(how, steps=3):
    tx = tx_of(how)
    params, state = PARAMS, tx.init(PARAMS)
    for _ in range(steps):
        params, state = jax.jit(functools.partial(adam_jax.step, tx))(params, state, params)
    return params, state


def assert_near(a, b):
    jax.tree.map(lambda x, y: np.testing.assert_allclose(x, y, rtol=1e-6, atol=1e-7), a, b)


@pytest.mark.parametrize("moments", ["float32", "8bit"])
def test_donated_arrays_are_stepped_in_place(moments):
    tx = adam_jax.adamw(1e-2, moments=moments)
    args = jax.eval_shape(lambda: (params := {"w": jnp.ones((1024, 1024))}, tx.init(params), params))
    compiled = jax.jit(functools.partial(adam_jax.step, tx), donate_argnums=(0, 1)).lower(*args).compile()
    memory, text = compiled.memory_analysis(), compiled.as_text()
    assert text.count(f'custom_call_target="{CALL}"') == 1
    assert memory.temp_size_in_bytes < 4096
    assert memory.alias_size_in_bytes >= 2**20 * (12 if moments == "float32" else 6)
    assert not [line for line in text.splitlines() if " copy(" in line and "[1024,1024]" in line]


def test_many_leaves_are_few_calls():
    tx = tx_of()
    args = jax.eval_shape(lambda: (params := [jnp.ones((8, 8))] * 130, tx.init(params), params))
    text = jax.jit(functools.partial(adam_jax.step, tx)).lower(*args).as_text()
    assert text.count(f"@{CALL}") == 3  # of 64 leaves


def test_scan_while_and_cond():
    tx = tx_of()
    state = tx.init(PARAMS)
    step = functools.partial(adam_jax.step, tx)
    scanned, _ = jax.jit(lambda: jax.lax.scan(lambda c, _: (step(*c, c[0]), None), (PARAMS, state), length=3))()
    looped = jax.jit(lambda: jax.lax.fori_loop(0, 3, lambda _, c: step(*c, c[0]), (PARAMS, state)))()
    once = lambda c: jax.lax.cond(True, lambda c: step(*c, c[0]), lambda c: c, c)  # noqa: E731
    chosen = jax.jit(lambda c: once(once(once(c))))((PARAMS, state))
    for result in (scanned, looped, chosen):
        assert_near(result, trained("native"))


def test_eager_and_without_jit():
    tx = tx_of("native")
    expected = trained("native", 1)
    state = tx.init(PARAMS)
    assert_near(adam_jax.step(tx, PARAMS, state, PARAMS), expected)
    with jax.disable_jit():
        assert_near(adam_jax.step(tx, PARAMS, state, PARAMS), expected)
    np.testing.assert_array_equal(PARAMS["b"], np.ones(7))  # not donated, not overwritten


def test_a_batch_and_a_derivative_are_xlas():
    def loss(how, rate, start):
        tx = adam_jax.adam(rate, implementation=how)
        params, state = start, tx.init(start)
        for _ in range(2):
            params, state = adam_jax.step(tx, params, state, jnp.cos(params))
        return jnp.sum(params**2)

    starts = jnp.linspace(0, 1, 12).reshape(3, 4)
    results = [
        (
            jax.jit(jax.vmap(functools.partial(loss, how, 0.1)))(starts),
            jax.jit(jax.grad(functools.partial(loss, how), (0, 1)))(0.1, starts[0]),
            jax.grad(functools.partial(loss, how))(0.1, starts[0]),
        )
        for how in ("native", "xla")
    ]
    assert_near(*results)


def test_threads_step_at_once():
    step = jax.jit(functools.partial(adam_jax.step, tx_of("native")))
    state = tx_of("native").init(PARAMS)
    expected = step(PARAMS, state, PARAMS)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for result in [pool.submit(step, PARAMS, state, PARAMS) for _ in range(64)]:
            jax.tree.map(np.testing.assert_array_equal, result.result(), expected)


def test_what_is_exported_has_no_library_in_it():
    step = jax.jit(lambda p: adam_jax.step(tx_of(), p, tx_of().init(p), p)[0])
    exported = export.export(step)(PARAMS["w"])
    assert CALL not in exported.mlir_module()
    assert_near(exported.call(PARAMS["w"]), step(PARAMS["w"]))


@pytest.mark.parametrize("platform", ["cuda", "tpu"])
def test_host_code_of_an_accelerators_program_has_no_library_in_it(platform):
    """What `register_ffi_target` registers for a CPU is not known there, and an H200's compiler ends the process."""

    if "out_memory_spaces" in inspect.signature(compute_on).parameters:
        pytest.skip("compute_on is a decorator in this version of JAX, and docs/host-offload.md is of the one before")

    def lowered(how):
        step = functools.partial(adam_jax.step, adam_jax.adamw(1e-2, implementation=how))

        @jax.jit
        def program(*args):
            with compute_on("device_host"):
                return jax.jit(step)(*args)

        args = jax.eval_shape(lambda: (PARAMS, adam_jax.adamw(1e-2).init(PARAMS), PARAMS))
        return program.trace(*args).lower(lowering_platforms=(platform,)).as_text()

    assert CALL not in lowered(None)
    with pytest.raises(ValueError, match="implementation='native' is for whole arrays on a CPU, and this is no CPU"):
        lowered("native")


def test_with_x64_weights_of_32_bits_take_the_kernel():
    with older_jax.enable_x64(True):
        params = jax.tree.map(lambda x: x.astype(jnp.float32), PARAMS)
        for rate in (1e-2, jnp.float64(1e-2), lambda count: 1e-2 / (1 + count)):
            results = []
            for how in ("native", "xla"):
                tx = adam_jax.adamw(rate, moments="8bit", implementation=how)
                results.append(jax.jit(functools.partial(adam_jax.step, tx))(params, tx.init(params), params))
            assert_near(*results)
            jax.tree.map(lambda x, y: chex.assert_type(x, y.dtype), *results)
        double, tx = {"w": jnp.ones(3)}, adam_jax.adamw(1e-2, implementation="native")
        with pytest.raises(ValueError, match="is float64 and its gradient float64; both must be float32, or both"):
            adam_jax.step(tx, double, tx.init(double), double)


@pytest.mark.slow
def test_arrays_spread_over_devices_take_xlas_way():
    """Elsewhere than in shard_map; in a process of its own, which has 8 devices."""
    lines = eight_devices.printed(native_worker.__file__)
    assert lines == ["one of 8: native", "spread: xla", "replicated: xla", "eager: equal"]


def test_rates_of_any_size_and_schedules():
    varying = {"b1": lambda t: 0.5 + 0.1 * t}, {"weight_decay": lambda t: 0.1 / (1 + t)}
    for options in ({"b1": 0.3}, {"b2": 0.9999}, {"b2": jnp.float32(0.99)}, *varying):
        results = []
        for how in ("native", "xla"):
            tx = adam_jax.adamw(1e-2, implementation=how, **options)
            step = jax.jit(functools.partial(adam_jax.step, tx))
            params, state = step(PARAMS, tx.init(PARAMS), PARAMS)
            results.append(step(params, state, PARAMS)[0])
        assert_near(*results)


def test_a_named_kernel_that_cannot_run_says_why(monkeypatch):
    tx = tx_of("native")
    with pytest.raises(ValueError, match=r"parameter at \['b'\] gets an update, .*call adam_jax.step"):
        tx.update(PARAMS, tx.init(PARAMS), PARAMS)
    half = {"w": jnp.ones(3, jnp.float16)}
    with pytest.raises(ValueError, match="is float16 and its gradient float16; both must be float32, or both bfloat16"):
        adam_jax.step(tx, half, tx.init(half), half)
    monkeypatch.setenv("ADAM_JAX_NATIVE", "0")
    with pytest.raises(ValueError, match="needs a native library, which is turned off by ADAM_JAX_NATIVE=0"):
        adam_jax.step(tx, PARAMS, tx.init(PARAMS), PARAMS)
    adam_jax.step(tx_of(), PARAMS, tx_of().init(PARAMS), PARAMS)  # nobody named it
