"""Does every backend do what XLA's does, which is the definition?  In whole steps, as updates and as parameters."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax.sharding import Mesh, NamedSharding
from jax.sharding import PartitionSpec as P

import adam_jax
from adam_jax.backends import native_library, selection, xla
from adam_jax.backends.native import Native
from adam_jax.backends.pallas_tpu import PallasTPU
from adam_jax.backends.shard_map import ShardMapped
from adam_jax.backends.xla import XLA

pytestmark = pytest.mark.standard_promotion  # optax.apply_updates adds float32 to bfloat16

KERNEL = PallasTPU(interpret=jax.default_backend() != "tpu")
# Scalars are in the tests of each kernel, and on many devices in tests/long; "frozen" never has a gradient.
SHAPES = {"w": (40, 130), "b": (7,), "frozen": (3,)}
STEPS = 3
# A product and a sum may be contracted in one program and not in another: the last bit of a float32 differs, and where
# a number lies that close to the threshold of a stochastic rounding, one code, of a few per cent of a step of 0.01.
STEP_OFF = 1e-3
DIFFERENT_CODES = 2e-3  # of all elements


def on_a_mesh(backend):
    mesh = Mesh(np.array(jax.devices()[:1]), ("x",))
    specs = (P("x"), P(), P(None, "x"))  # b, frozen, w
    return ShardMapped(backend, [NamedSharding(mesh, spec) for spec in specs])


BACKENDS = {
    "xla in shard_map": lambda: on_a_mesh(XLA()),
    "pallas": lambda: KERNEL,
    "pallas in shard_map": lambda: on_a_mesh(KERNEL),
    "native": Native,
    "native in shard_map": lambda: on_a_mesh(Native()),
}
# Of each what XLA alone does otherwise than a kernel: rounding, skipping, schedules, leaves without a gradient.
OPTIMIZERS = {
    "float32": (jnp.float32, lambda: adam_jax.adamw(0.01, weight_decay=0.1)),
    "8bit": (jnp.float32, lambda: adam_jax.adamw(optax.linear_schedule(0.02, 0.01, 9), moments="8bit", mask=matrices)),
    "8bit + 24, skip": (
        jnp.bfloat16,
        lambda: adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.nadam(0.01, moments="8bit"), 24)),
    ),
    "8bit, cautious, clipped": (
        jnp.float32,
        lambda: adam_jax.adamw(
            0.01, weight_decay=0.5, moments="8bit", cautious_weight_decay=True, update_clipping=0.5, mask=matrices
        ),
    ),
    "8bit + 16, cautious, spikes": (
        jnp.bfloat16,
        lambda: adam_jax.skip_spikes(
            adam_jax.master_weights(
                adam_jax.nadamw(0.01, weight_decay=0.5, moments="8bit", cautious_weight_decay=True), 16
            )
        ),
    ),
    "adamax 8bit + 16": (jnp.bfloat16, lambda: adam_jax.master_weights(adam_jax.adamax(0.01, moments="8bit"), 16)),
}


QUICK_ON_PARTS = ("8bit", "8bit, cautious, clipped", "8bit + 16, cautious, spikes")  # sums and maxima over parts
QUICK_AS_UPDATES = ("float32", "8bit + 24, skip", "8bit + 16, cautious, spikes")


def matrices(params):
    return jax.tree.map(lambda p: p.ndim > 1, params)


def trained(optimizer, through, used=None):
    """Parameters and state after some steps; used: the backend."""
    dtype, make = OPTIMIZERS[optimizer]
    tx, random = make(), np.random.default_rng(0)
    params = {name: jnp.asarray(random.standard_normal(shape), dtype) for name, shape in SHAPES.items()}
    state = tx.init(params)

    def update(params, state, grads):
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    step = jax.jit(update if through == "update" else lambda *arrays: adam_jax.step(tx, *arrays))
    with pytest.MonkeyPatch.context() as patch:
        if used is not None:
            patch.setattr(selection, "choose", lambda *_, **__: selection.Choice({"any": used}, at_once=True))
        for number in range(STEPS):
            grads = {name: jnp.asarray(random.standard_normal(shape), dtype) for name, shape in SHAPES.items()}
            if number == 1 and ("skip" in optimizer or "spikes" in optimizer):
                grads["w"] = grads["w"].at[3, 4].set(jnp.nan)
            grads["frozen"] = None
            if number == STEPS - 1 and optimizer == "8bit":  # another program; where moments are coded as one leaf's
                grads["b"] = None
            params, state = step(params, state, grads)
    return params, state


@functools.cache
def by_xla(optimizer, through):
    return trained(optimizer, through, XLA())


ABSENT = native_library.why_not()
NATIVE = pytest.mark.skipif(ABSENT is not None, reason=f"needs a C compiler: the native library {ABSENT}")


def marks(backend, through, optimizer):
    if "native" in backend:
        return NATIVE
    # A kernel runs on whole arrays here, and other backends on parts; test_kernels.py has this kernel on 8 parts.
    if backend == "pallas in shard_map" and optimizer not in QUICK_ON_PARTS:
        return pytest.mark.long
    # As an update it is the same leaf step, but for weights that are split; all are here through step.
    return pytest.mark.long if through == "update" and optimizer not in QUICK_AS_UPDATES else ()


CASES = [
    pytest.param(backend, through, optimizer, marks=marks(backend, through, optimizer))
    for backend in BACKENDS
    for through in ("update", "step")
    for optimizer in OPTIMIZERS
    # a native kernel, or one on parts, runs through step alone
    if through == "step" or backend in ("xla in shard_map", "pallas")
]


@pytest.mark.parametrize(("backend", "through", "optimizer"), CASES)
def test_a_backend_does_what_xla_does(backend, through, optimizer):
    expected = by_xla(optimizer, through)
    got = trained(optimizer, through, BACKENDS[backend]())
    assert jax.tree.structure(got) == jax.tree.structure(expected)
    elements = sum(np.prod(shape) for shape in SHAPES.values())
    for (path, a), b in zip(jax.tree_util.tree_leaves_with_path(got), jax.tree.leaves(expected), strict=True):
        a, b = np.asarray(a), np.asarray(b)
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
        if np.issubdtype(a.dtype, np.integer):
            assert np.sum(a != b) <= DIFFERENT_CODES * elements
        elif a.dtype == jnp.bfloat16:  # a weight may be rounded to the other side
            np.testing.assert_allclose(a.astype(float), b.astype(float), rtol=2.0**-7)
        else:  # where parameters differ by a code, they do by part of a step; moments and bounds do not
            is_param = path[0] == jax.tree_util.SequenceKey(0)
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=STEP_OFF if is_param else 1e-7)


# XLA has leaves of 65,536 elements and more read their scalars behind barriers; here all do.


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_leaf_that_reads_its_scalars_behind_barriers_is_stepped_alike(optimizer, monkeypatch):
    """Under jit and vmap."""
    dtype, make = OPTIMIZERS[optimizer]
    expected = by_xla(optimizer, "step")
    monkeypatch.setattr(xla, "_OF_ITS_OWN", 1)
    jax.tree.map(np.testing.assert_array_equal, trained(optimizer, "step", XLA()), expected)

    params = jnp.ones((2, 12), dtype)
    stepped = lambda p: adam_jax.step(make(), p, make().init(p), p)  # noqa: E731
    one, two = jax.jit(jax.vmap(stepped))(params), jax.jit(stepped)(params[0])
    jax.tree.map(lambda a, b: np.testing.assert_array_equal(a[0], b), one, two)


def test_a_leaf_that_reads_its_scalars_behind_barriers_has_the_derivative_by_the_learning_rate(monkeypatch):
    monkeypatch.setattr(xla, "_OF_ITS_OWN", 1)

    def moved(rate):
        tx = adam_jax.adam(rate, moments="8bit")
        return jnp.sum(tx.update(jnp.ones(9), tx.init(jnp.ones(9)))[0])

    np.testing.assert_allclose(jax.jit(jax.grad(moved))(0.01), -9, rtol=1e-3)


def test_xla_does_everything_and_a_kernel_says_what_it_does_not():
    step, arrays = None, adam_jax.core.LeafArrays(None, (), None, jnp.ones(3, jnp.float16))
    assert XLA().unsupported(step, arrays) is None
    assert KERNEL.unsupported(step, arrays) == "has a gradient of float16"
    assert KERNEL.unsupported(step, arrays._replace(g=jnp.ones((0, 3)))) == "is empty"
    assert KERNEL.unsupported(step, arrays._replace(g=jnp.ones(3))) is None


def test_a_part_that_cannot_be_numbered_is_refused():
    mesh = jax.sharding.AbstractMesh((2,), ("x",))
    split = ShardMapped(KERNEL, [NamedSharding(mesh, P(None, "x"))])
    assert "dimension 1 of (2, 4, 6, 8)" in split.unsupported_part((2, 4, 6, 8), 0)
    assert split.unsupported_part((4, 6, 8), 0) is None
