"""What does one bad number do to a long training?  With `skip_nonfinite` nothing; without it what is written here.

Both runs of a comparison are the same compiled program, a scan over a block of steps: two programs may differ by an
ulp, since a compiler may contract a product and a sum.
"""

import functools
import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from gradients import BAD, HARMLESS, harmless

import adam_jax
from adam_jax.interop.formats import unpack_moments

RATE = 0.01
# An update, by Cauchy and Schwarz: (1 - b1) / sqrt((1 - b2) (1 - b1**2 / b2)) = 7.3; 8 bits store up to 1.1 times that.
LARGEST_UPDATE = 8.0
SHAPES = {"w": (6, 5), "b": (7,), "s": ()}
SIZES = {name: int(np.prod(shape)) for name, shape in SHAPES.items()}
ELEMENTS = sum(SIZES.values())
BLOCK = 100  # steps of one call of the compiled program; the numbers of bad and of all steps are multiples of it

FORMATS = {
    "float32": lambda: adam_jax.adamw(RATE),
    "bfloat16": lambda: adam_jax.adamw(RATE, moments="bfloat16"),
    "8bit": lambda: adam_jax.adamw(RATE, moments="8bit"),
    "8bit, master_weights(32)": lambda: adam_jax.master_weights(adam_jax.adamw(RATE, moments="8bit"), 32),
    "8bit, master_weights(24)": lambda: adam_jax.master_weights(adam_jax.adamw(RATE, moments="8bit"), 24),
    "8bit, master_weights(16)": lambda: adam_jax.master_weights(adam_jax.adamw(RATE, moments="8bit"), 16),
}


def parameters(name):
    """The matrix is bfloat16 inside `master_weights`; the others pass through as float32."""
    rng = np.random.default_rng(0)
    narrow = "master_weights" in name
    return {
        key: jnp.asarray(rng.standard_normal(shape), jnp.bfloat16 if narrow and key != "b" else jnp.float32)
        for key, shape in SHAPES.items()
    }


def inject(gradients, fault, place):
    """Put fault number `fault` (none: -1) at element `place` of all leaves one after another."""
    new, start = {}, 0
    for key, g in gradients.items():
        values = jnp.asarray(np.asarray([*BAD, *harmless(g.dtype)], g.dtype))
        here = (jnp.arange(g.size).reshape(g.shape) == place - start) & (fault >= 0)
        new[key], start = jnp.where(here, values[fault], g), start + g.size
    return new


def fingerprint(tree):
    """A number that differs, almost certainly, where any bit of the tree does."""
    total = jnp.uint32(0)
    for number, x in enumerate(jax.tree.leaves(tree)):
        unsigned = {1: jnp.uint8, 2: jnp.uint16, 4: jnp.uint32}[x.dtype.itemsize]
        words = jax.lax.bitcast_convert_type(x, unsigned).astype(jnp.uint32).ravel()
        weights = jnp.arange(words.size, dtype=jnp.uint32) * jnp.uint32(0x9E3779B1) + jnp.uint32(2 * number + 1)
        total = total * jnp.uint32(31) + jnp.sum(words * (weights | 1), dtype=jnp.uint32)
    return total


@functools.cache
def drawn(steps):
    """The gradients of all steps, for all leaves one after another."""
    return np.random.default_rng(1).standard_normal((steps, ELEMENTS), np.float32)


def runner(tx):
    def step(carry, scanned):
        row, fault, place = scanned
        params, state = carry
        starts = dict(zip(SIZES, np.cumsum([0, *SIZES.values()]).tolist(), strict=False))
        gradients = {
            name: row[starts[name] : starts[name] + p.size].reshape(p.shape).astype(p.dtype)
            for name, p in params.items()
        }
        updates, state = tx.update(inject(gradients, fault, place), state, params)
        after = optax.apply_updates(params, updates)
        moved = [jnp.max(jnp.abs(u.astype(jnp.float32))) for u in jax.tree.leaves(updates)]
        return (after, state), (state.skipped, jnp.max(jnp.stack(moved)), fingerprint((after, state.inner_state)))

    block = jax.jit(lambda carry, scanned: jax.lax.scan(step, carry, scanned))

    def run(params, *columns):
        carry, rows = (params, tx.init(params)), []
        for start in range(0, len(columns[0]), BLOCK):
            carry, row = block(carry, tuple(jnp.asarray(column[start : start + BLOCK]) for column in columns))
            rows.append(row)
        assert block._cache_size() == 1
        return carry, *(np.concatenate(column) for column in zip(*rows, strict=True))

    return run


def plan(steps, bad):
    """For each step its fault or -1, and where; `bad` of them with a fault that is not finite."""
    rng = np.random.default_rng(steps)
    faults = np.full(steps, -1)
    chosen = rng.permutation(steps)
    faults[chosen[:bad]] = np.arange(bad) % len(BAD)
    faults[chosen[bad : 2 * bad]] = len(BAD) + np.arange(bad) % len(HARMLESS)
    return faults, rng.integers(0, ELEMENTS, steps)


@pytest.mark.slow
@pytest.mark.standard_promotion
@pytest.mark.parametrize(
    ("name", "steps"),
    [
        *((name, 1000) for name in ("float32", "8bit", "8bit, master_weights(24)")),  # test_skip.py has others
        *(pytest.param(name, 10_000, marks=pytest.mark.long) for name in FORMATS),
    ],
)
def test_a_long_run_with_bad_steps_is_the_run_without_them(name, steps):
    faults, places = plan(steps, bad=steps // 10)
    good = (faults < 0) | (faults >= len(BAD))
    run = runner(adam_jax.skip_nonfinite(FORMATS[name]()))
    columns = drawn(steps), faults, places
    (params, state), skipped, moved, prints = run(parameters(name), *columns)
    (without, without_state), none, _, expected = run(parameters(name), *(column[good] for column in columns))

    np.testing.assert_array_equal(skipped, np.cumsum(~good))  # each bad step, and none that is huge or denormal
    assert int(state.skipped) == steps // 10
    np.testing.assert_array_equal(none, 0)
    np.testing.assert_array_equal(prints[good], expected)
    bits = lambda tree: [np.asarray(x).tobytes() for x in jax.tree.leaves(tree)]  # noqa: E731
    assert bits((params, state.inner_state)) == bits((without, without_state.inner_state))
    np.testing.assert_array_equal(moved[~good], 0)
    assert np.all(moved < LARGEST_UPDATE * RATE)
    for x in jax.tree.leaves((params, state)):
        assert np.all(np.isfinite(np.asarray(x, np.float32)))


RULES = {"adam": adam_jax.scale_by_adam, "adamax": adam_jax.scale_by_adamax}
DENSE = {f"{rule}, {moments}": (RULES[rule], moments) for rule in RULES for moments in ("float32", "bfloat16")}


def updates_and_states(tx, value, steps=200, at=20):
    """A run in which `value` stands in for element 1 of the gradient of step `at`: an argument of the same program."""
    update, state = jax.jit(tx.update), tx.init(jnp.zeros(5))
    gradients = np.random.default_rng(2).standard_normal((steps, 5)).astype(np.float32)
    gradients[at, 1] = value
    updates, states = [], []
    for g in gradients:
        u, state = update(jnp.asarray(g), state)
        updates.append(np.asarray(u))
        states.append(state)
    return np.asarray(updates), states


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", [*DENSE, "amsgrad, float32"])
def test_unwrapped_dense_moments_of_a_bad_element_are_lost_for_good_and_no_others(name, bad):
    make, moments = DENSE.get(name, (adam_jax.scale_by_amsgrad, "float32"))
    tx = make(moments=moments)
    (updates, states), (clean, clean_states) = updates_and_states(tx, bad), updates_and_states(tx, 0.0)
    others = [0, 2, 3, 4]
    assert np.all(np.isnan(updates[20:, 1]))
    assert np.all(np.isfinite(updates[:20, 1]))
    np.testing.assert_array_equal(updates[:, others], clean[:, others])
    for moment, expected in zip(states[-1][1:], clean_states[-1][1:], strict=True):
        assert np.isnan(np.float32(moment[1]))
        np.testing.assert_array_equal(np.asarray(moment)[others], np.asarray(expected)[others])


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("rule", RULES)
def test_unwrapped_8bit_moments_of_a_bad_element_start_again_at_zero(rule, bad):
    """The update of that step is NaN, and so the parameter, if it is applied; the moments are healthy after it."""
    tx = RULES[rule](moments="8bit")
    (updates, states), (clean, clean_states) = updates_and_states(tx, bad), updates_and_states(tx, 0.0)
    assert np.argwhere(~np.isfinite(updates)).tolist() == [[20, 1]]
    moments = unpack_moments(states[20])
    assert moments.mu[1] == 0
    assert moments.nu[1] == 0
    assert np.all(np.abs(updates[21:]) < LARGEST_UPDATE)
    for state, expected in zip(states, clean_states, strict=True):  # the bound is that of the other elements
        np.testing.assert_array_equal(state.bounds, expected.bounds)
    others = [0, 2, 3, 4]
    np.testing.assert_array_equal(updates[:, others], clean[:, others])
    for name in ("mu", "nu"):
        got, expected = (getattr(s[-1], name)[np.array(others)] for s in (states, clean_states))
        np.testing.assert_array_equal(got, expected)


@pytest.mark.standard_promotion
@pytest.mark.parametrize("name", FORMATS)
def test_unwrapped_a_bad_element_of_a_parameter_is_nan_from_then_on(name):
    """In no format does it come back as a finite number that nobody would notice."""
    params, tx = parameters(name), FORMATS[name]()
    state = tx.init(params)

    @jax.jit
    def step(params, state, fault):
        gradients = inject(jax.tree.map(jnp.ones_like, params), fault, 4)
        updates, state = tx.update(gradients, state, params)
        return optax.apply_updates(params, updates), state

    for number in range(50):
        params, state = step(params, state, BAD.index(-np.inf) if number == 10 else -1)
        if number >= 10:
            finite = np.isfinite(np.concatenate([np.asarray(p, np.float32).ravel() for p in params.values()]))
            assert np.argwhere(~finite).ravel().tolist() == [4]


SHARDED = """
import functools, jax, jax.numpy as jnp, numpy as np, optax, adam_jax
from jax.sharding import NamedSharding, PartitionSpec as P
from gradients import BAD, harmless
mesh = jax.make_mesh((8,), ("x",))
specs = {"w": P("x"), "b": P("x"), "s": P()}
put = lambda tree: {name: jax.device_put(x, NamedSharding(mesh, specs[name])) for name, x in tree.items()}
shards = lambda tree: [[np.asarray(s.data).tobytes() for s in x.addressable_shards] for x in jax.tree.leaves(tree)]
of_each_device = lambda tree: list(zip(*shards([x for x in jax.tree.leaves(tree) if x.ndim == 2])))  # all that is "w"'s

for dtype, inner in ((jnp.float32, adam_jax.adamw(0.01)), (jnp.float32, adam_jax.adamw(0.01, moments="8bit")),
                     (jnp.bfloat16, adam_jax.master_weights(adam_jax.adamw(0.01, moments="8bit"), 24))):
    tx = adam_jax.skip_nonfinite(inner)
    rng = np.random.default_rng(0)
    draw = lambda: {"w": rng.standard_normal((16, 6)), "b": rng.standard_normal(8), "s": rng.standard_normal(())}
    cast = lambda tree: put({name: jnp.asarray(x, dtype) for name, x in tree.items()})

    @jax.jit
    def step(params, state, g):
        updates, state = tx.update(g, state, params)
        return optax.apply_updates(params, updates), state

    params = cast(draw())
    state = tx.init(params)
    without, without_state, skipped = params, state, 0
    for number in range(48):
        device, g, bad = number % 8, draw(), None
        if number % 3:  # every device gets each kind
            values = BAD if number % 3 == 1 else harmless(dtype)
            bad = number % 3 == 1
            g["w"][2 * device + 1, 3] = values[number // 3 % len(values)]
        g = cast(g)
        before, devices = shards((params, state.inner_state)), of_each_device((params, state))
        params, state = step(params, state, g)
        if bad:
            skipped += 1
            assert shards((params, state.inner_state)) == before
        else:
            assert all(new != old for new, old in zip(of_each_device((params, state)), devices))
            without, without_state = step(without, without_state, g)
        assert [int(s.data) for s in state.skipped.addressable_shards] == [skipped] * 8, number
    assert shards((params, state.inner_state)) == shards((without, without_state.inner_state))
    assert params["w"].sharding.is_equivalent_to(NamedSharding(mesh, P("x")), 2)
    assert all(np.all(np.isfinite(np.asarray(p, np.float32))) for p in params.values())
print("every device skips", skipped, "of 48")

# Inside shard_map each device sees its own part: of gradients for `skipped`, and of leaves for the bounds of 8 bits.
mesh = jax.make_mesh((4, 2), ("data", "model"), axis_types=(jax.sharding.AxisType.Auto,) * 2)
rng = np.random.default_rng(0)
steps = [{"w": 4.0**n * rng.standard_normal((16, 6)), "b": rng.standard_normal(8)} for n in range(3)]
steps = [jax.tree.map(lambda g: jnp.asarray(g, jnp.float32), g) for g in steps]
steps[1]["w"] = steps[1]["w"].at[5, 2].set(jnp.nan)
split, whole = {"w": P("data"), "b": P("model")}, {"w": P(), "b": P()}

def after_steps(places, check, rule=adam_jax.scale_by_adam, of_skip=True, axes=(), **axis_name):
    tx = rule(moments="8bit", **axis_name)
    tx = adam_jax.skip_nonfinite(tx, **axis_name) if of_skip else tx
    state = tx.init(steps[0])
    specs = jax.tree.map(lambda x: P(), state)
    inner = (specs.inner_state if of_skip else specs)._replace(mu=places, nu=places)
    update = lambda g, s: tx.update(g, s)[1]
    if places is not None:
        specs = specs._replace(inner_state=inner) if of_skip else inner
        how = {"mesh": mesh, "in_specs": (places, specs), "out_specs": specs, "check_vma": check}
        update = jax.shard_map(update, **how | ({"axis_names": set(axes)} if axes else {}))
    for g in steps:
        state = jax.jit(update)(g, state)
    inner = state.inner_state if of_skip else state
    bounds = {np.asarray(s.data).tobytes() for s in inner.bounds.addressable_shards}
    assert len(bounds) == 1, [np.asarray(s.data) for s in inner.bounds.addressable_shards]
    assert not of_skip or [int(s.data) for s in state.skipped.addressable_shards] in ([1], [1] * 8)
    return bounds.pop()

one = after_steps(None, None)
for check in (True, False):
    assert after_steps(split, check, axis_name=("data", "model")) == one
    assert after_steps(whole, check, axis_name=()) == one
assert after_steps(split, False, axis_name=["data", "model"]) == one
adamax = adam_jax.scale_by_adamax  # another recursion of the same maximum
assert after_steps(split, False, adamax, axis_name=("data", "model")) == after_steps(None, None, adamax)
assert after_steps({"w": P("data"), "b": P()}, False, axes=("data",), axis_name="data") == after_steps(
    {"w": P("data"), "b": P()}, True, axes=("data",), axis_name="data")
assert after_steps(whole, True) == after_steps(whole, False, axis_name=())  # JAX sees that nothing differs
one_device = jax.make_mesh((1,), ("data",), devices=jax.devices()[:1])
assert after_steps(None, None, of_skip=False) == np.asarray(jax.jit(jax.shard_map(lambda g: functools.reduce(
    lambda s, g: adam_jax.scale_by_adam(moments="8bit").update(g, s)[1], g,
    adam_jax.scale_by_adam(moments="8bit").init(g[0])).bounds, mesh=one_device, in_specs=P(), out_specs=P(),
    check_vma=False))(steps)).tobytes()
print("the bounds of whole leaves")

def refused(function, *arguments, **keywords):
    try:
        function(*arguments, **keywords)
    except ValueError as error:
        return str(error).replace(chr(10), " ")[:66]
    return "not refused"

for of_skip in (True, False):
    for check in (True, False):
        print(refused(after_steps, split, check, of_skip=of_skip))
print(refused(after_steps, whole, False, of_skip=False, axis_name="data,model"))
print(refused(after_steps, None, None, of_skip=False, axis_name="data"))
tx = adam_jax.adam(0.1, moments="8bit")
print(refused(jax.pmap(lambda g: tx.update(g, tx.init(g))), jnp.ones((8, 4))))
"""


JAXS = "shard_map applied to the function '<lambda>' was given out_specs which require"[:66]
OURS = "jax.shard_map(check_vma=False), or jax.pmap: each device"


@pytest.mark.slow
def test_a_fault_in_one_devices_shard_is_skipped_by_every_device():
    environment = {
        **os.environ,
        "XLA_FLAGS": "--xla_force_host_platform_device_count=8",
        "JAX_PLATFORMS": "cpu",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run([sys.executable, "-c", SHARDED], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines() == [
        "every device skips 16 of 48",
        "the bounds of whole leaves",
        *[line for what in ("skip_nonfinite", "moments='8bit'") for line in (JAXS, f"{what} inside {OURS}"[:66])],
        "axis_name='data,model' is no axis of a mesh here; it names axes of"[:66],
        "axis_name='data' is no axis of a mesh here; it names axes of the jax.shard_map"[:66],
        f"moments='8bit' inside {OURS}"[:66],
    ]
