"""What does a step compute on many devices?  Run by test_devices.py in processes of their own, with 8 CPU devices."""

import dataclasses
import functools
import pickle
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax.experimental import multihost_utils
from jax.sharding import AxisType, NamedSharding
from jax.sharding import PartitionSpec as P

import adam_jax
from adam_jax.backends import native_library

STEPS = 100
SOME_STEPS = 50  # of quick tests
BAD = 37  # this step's gradients have a NaN
SHAPES = {"matrix": (64, 48), "vector": (40,), "stack": (3, 8, 16), "scalar": (), "odd": (5, 7)}
RATE = optax.cosine_decay_schedule(1e-2, STEPS)
FORMATS = {
    "float32": ("float32", lambda: adam_jax.adamw(RATE, weight_decay=0.1)),
    "bfloat16": ("float32", lambda: adam_jax.adamw(RATE, weight_decay=0.1, moments="bfloat16")),
    "8bit": ("float32", lambda: adam_jax.adamw(RATE, weight_decay=0.1, moments="8bit")),
    **{
        f"8bit, master_weights({bits})": (
            "bfloat16",
            lambda bits=bits: adam_jax.master_weights(adam_jax.adamw(RATE, weight_decay=0.1, moments="8bit"), bits),
        )
        for bits in (32, 24, 16)
    },
}
REPLICATED = dict.fromkeys(SHAPES, P())
SPLIT = {"matrix": P(None, "model"), "vector": P("model"), "stack": P(None, None, "model"), "scalar": P(), "odd": P()}
FULLY = {"matrix": P("data"), "vector": P("data"), "stack": P(None, "data"), "scalar": P(), "odd": P()}


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where parameters live on a mesh of data x model devices; zero: the state is spread over "data" as well."""

    data: int
    model: int
    specs: dict
    zero: bool = False
    explicit: bool = False

    def __str__(self):
        kind = {id(REPLICATED): "replicated", id(SPLIT): "split", id(FULLY): "fully sharded"}[id(self.specs)]
        return f"{self.data} x {self.model} {kind}" + " zero" * self.zero + " explicit" * self.explicit

    def shardings(self):
        axes = (AxisType.Explicit if self.explicit else AxisType.Auto,) * 2
        devices = jax.devices()[: self.data * self.model]
        mesh = jax.make_mesh((self.data, self.model), ("data", "model"), axis_types=axes, devices=devices)
        return {name: NamedSharding(mesh, spec) for name, spec in self.specs.items()}


ONE = Layout(1, 1, REPLICATED)
SOME = [
    Layout(2, 1, REPLICATED, zero=True),
    Layout(1, 4, SPLIT),
    Layout(2, 4, SPLIT),
    Layout(8, 1, REPLICATED, zero=True),
    Layout(4, 2, SPLIT, zero=True, explicit=True),
    Layout(8, 1, FULLY),
]
EVERY = [
    *SOME,
    *(Layout(n, 1, REPLICATED) for n in (2, 4, 8)),
    *(Layout(1, n, SPLIT) for n in (2, 8)),
    *(Layout(n, m, SPLIT) for n, m in ((2, 2), (4, 2))),
    Layout(4, 1, REPLICATED, zero=True),
    *(Layout(n, m, SPLIT, zero=True) for n, m in ((2, 4), (4, 2))),
    Layout(8, 1, REPLICATED, explicit=True),
    Layout(2, 4, SPLIT, explicit=True),
    Layout(8, 1, REPLICATED, zero=True, explicit=True),
]
FEW = [Layout(2, 4, SPLIT), Layout(8, 1, REPLICATED, zero=True)]
LAYOUTS = {"few": FEW, "some": SOME, "every": EVERY}
BETWEEN_PROCESSES = [Layout(8, 1, REPLICATED, zero=True), Layout(2, 4, SPLIT)]


def start(dtype):
    rng = np.random.default_rng(0)
    # a float32 leaf beside bfloat16 ones passes through master_weights
    dtypes = {name: jnp.float32 if name == "odd" else jnp.dtype(dtype) for name in SHAPES}
    return {name: rng.standard_normal(shape).astype(dtypes[name]) for name, shape in SHAPES.items()}


@functools.cache
def gradients(dtype):
    """The gradients of every step, of very different sizes; one is bad."""
    rng = np.random.default_rng(1)
    steps = []
    for n in range(STEPS):
        grads = {
            name: np.asarray(rng.standard_normal(p.shape) * 10.0 ** rng.integers(-6, 2), p.dtype)
            for name, p in start(dtype).items()
        }
        if n == BAD:
            grads["stack"][1, 2, 3] = np.nan
        steps.append(grads)
    return steps


def put(tree, shardings):
    """Host arrays, the same in every process, as arrays on a mesh."""
    return jax.tree.map(lambda x, s: jax.make_array_from_callback(x.shape, s, lambda index: x[index]), tree, shardings)


def host(tree):
    return jax.tree.map(lambda x: np.asarray(multihost_utils.process_allgather(x, tiled=True)), tree)


SPREAD = {int(np.prod(SHAPES[name])) for name in ("matrix", "vector", "stack")}  # the sizes that 2, 4 and 8 divide


class Run:
    """A training on a layout that is given its gradients."""

    def __init__(self, layout, name, tx=None):
        self.dtype, make = FORMATS[name]
        self.tx = adam_jax.skip_nonfinite(make()) if tx is None else tx
        self.layout, self.places = layout, layout.shardings()
        self.params = put(start(self.dtype), self.places)
        zero_axis = "data" if layout.zero else None
        # of arrays: their own shardings
        given = None if layout.explicit else self.places
        self.shardings = adam_jax.state_shardings(self.tx, self.params, given, zero_axis=zero_axis)
        self.state = jax.jit(self.tx.init, out_shardings=self.shardings)(self.params)
        self.step = jax.jit(self._step, donate_argnums=(0, 1), out_shardings=(self.places, self.shardings))

    def _step(self, params, state, grads):
        # Native kernels run on parts with shardings= alone; XLA's last bits may be others
        given = self.layout.zero or native_library.why_not() is None
        return adam_jax.step(self.tx, params, state, grads, shardings=self.shardings if given else None)

    def go(self, first=0, last=STEPS):
        for grads in gradients(self.dtype)[first:last]:
            self.params, self.state = self.step(self.params, self.state, put(grads, self.places))
            # 8 devices share a pool of 8 threads: two steps in flight can wait for each other's reductions for ever
            jax.block_until_ready(self.state)
        return self

    def arrays(self):
        return {"params": self.params, "state": self.state}

    def result(self):
        """Every array on the host, by name, after a look at where it lives."""
        for x, sharding in zip(jax.tree.leaves(self.state), jax.tree.leaves(self.shardings), strict=True):
            assert x.sharding.is_equivalent_to(sharding, x.ndim), (x.sharding, sharding)
            part = x.size // (self.layout.data if self.layout.zero and x.size in SPREAD else 1)
            assert self.layout.model > 1 or not self.layout.zero or x.addressable_shards[0].data.size == part
        leaves = jax.tree_util.tree_leaves_with_path(host(self.arrays()))
        return {jax.tree_util.keystr(path): x for path, x in leaves}


def differences(result, reference):
    """What is not the same bit for bit, by name."""
    assert result.keys() == reference.keys()
    lines = []
    for name, x in result.items():
        y = reference[name]
        if (x.dtype, x.shape) != (y.dtype, y.shape) or x.tobytes() != y.tobytes():
            lines.append(f"{name}: {np.sum(x != y)} of {x.size} {x.dtype} differ")
    return lines


def compare_layouts(*names):
    """names: of formats, each with `which` layouts after it."""
    for name, which in zip(names[::2], names[1::2], strict=True):
        compare_layouts_of(name, which)


def compare_layouts_of(name, which):
    layouts, steps = LAYOUTS[which], STEPS if which == "every" else SOME_STEPS
    reference = Run(ONE, name).go(0, steps).result()
    assert int(reference["['state'].skipped"]) == 1
    if "master_weights" in name:
        assert int(reference["['state'].inner_state.moved_by_others"]) == 0
        assert int(reference["['state'].inner_state.checksum"]) != 0
    wrong = {str(layout): differences(Run(layout, name).go(0, steps).result(), reference) for layout in layouts}
    assert not any(wrong.values()), wrong
    print(f"{name}: identical on {len(layouts) + 1} layouts of {jax.device_count()} devices")


def one_of_processes(name, file, rank="0", processes="1", port=""):
    """The results on 8 devices of one process, or of as many as there are."""
    if int(processes) > 1:
        jax.config.update("jax_cpu_collectives_implementation", "gloo")
        jax.distributed.initialize(f"localhost:{port}", int(processes), int(rank), initialization_timeout=60)
    assert (jax.process_count(), jax.device_count()) == (int(processes), 8)
    results = [Run(layout, name).go(0, SOME_STEPS).result() for layout in BETWEEN_PROCESSES]
    if jax.process_index() == 0:
        Path(file).write_bytes(pickle.dumps(results))


def same_in_files(one, other):
    pairs = zip(*(pickle.loads(Path(file).read_bytes()) for file in (one, other)), strict=True)
    wrong = [found for pair in pairs for found in differences(*pair)]
    assert not wrong, wrong


def targets(arrays):
    return jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype, sharding=x.sharding), arrays)


def checkpoints(name, directory):
    """A run that is saved on one layout and restored on another, again and again, is the undisturbed one."""
    import orbax.checkpoint

    undisturbed = Run(ONE, name).go().result()
    zero = Layout(8, 1, REPLICATED, zero=True)
    run, done = None, 0
    with orbax.checkpoint.StandardCheckpointer() as checkpointer:
        for leg, layout in enumerate([zero, Layout(2, 1, REPLICATED), ONE, Layout(2, 4, SPLIT), zero]):
            before, run = run, Run(layout, name)
            if before is not None:
                path = Path(directory) / str(leg)
                checkpointer.save(path, before.arrays())
                checkpointer.wait_until_finished()
                restored = checkpointer.restore(path, targets(run.arrays()))
                run.params, run.state = restored["params"], restored["state"]
            run.go(done, done + STEPS // 5)
            done += STEPS // 5
    wrong = differences(run.result(), undisturbed)
    assert not wrong, wrong
    print("the undisturbed run")


def from_optax(directory):
    """What optax.adamw saved on one layout continues in adam_jax.adamw on another as in the same place."""
    import orbax.checkpoint

    theirs = Run(Layout(8, 1, REPLICATED), "float32", optax.adamw(1e-3)).go(0, 10)
    ours = Run(Layout(4, 2, SPLIT, zero=True), "float32", adam_jax.adamw(1e-3))
    with orbax.checkpoint.StandardCheckpointer() as checkpointer:
        checkpointer.save(Path(directory) / "optax", theirs.arrays())
        checkpointer.wait_until_finished()
        restored = checkpointer.restore(Path(directory) / "optax", targets(ours.arrays()))
        # here and not in a test of its own: Orbax abandons its other reads then, and Python complains of them at exit
        other = {**ours.arrays(), "params": {**ours.params, "vector": ours.params["stack"]}}
        with pytest.raises(ValueError, match=r"\(3, 8, 16\) is not compatible with the stored shape: \(40,\)"):
            checkpointer.restore(Path(directory) / "optax", targets(other))
    ours.params, ours.state = restored["params"], restored["state"]
    in_place = Run(theirs.layout, "float32", adam_jax.adamw(1e-3))
    in_place.params, in_place.state = theirs.params, theirs.state
    wrong = differences(ours.go(10, 20).result(), in_place.go(10, 20).result())
    assert not wrong, wrong
    print("continued")


def wrappers():
    """Steps with shardings= where a parameter has no state, or several arrays, or is the whole tree."""
    for tx in (
        optax.chain(optax.masked(adam_jax.adamw(RATE), {name: len(SHAPES[name]) > 1 for name in SHAPES})),
        optax.sgd(1e-2),
        optax.adafactor(1e-2, min_dim_size_to_factor=16),
        optax.MultiSteps(adam_jax.adamw(RATE, moments="8bit"), 2).gradient_transformation(),
        optax.inject_hyperparams(adam_jax.adamw, hyperparam_dtype=jnp.float32)(RATE),
    ):
        runs = [Run(layout, "8bit", tx).go(0, 5).result() for layout in (ONE, Layout(8, 1, REPLICATED, zero=True))]
        for name, x in runs[0].items():  # some of these sum over elements, in another order on more devices
            np.testing.assert_allclose(runs[1][name], x, rtol=1e-6, atol=1e-7, err_msg=name)

    # one array, and its state offloaded to the host between steps
    tx, shape = adam_jax.adam(1e-2, moments="8bit"), (64, 8)
    everywhere = NamedSharding(jax.make_mesh((8,), ("data",), axis_types=(AxisType.Auto,)), P())
    params = jax.device_put(jnp.ones(shape), everywhere)
    near, far = (adam_jax.state_shardings(tx, params, None, "data", kind) for kind in (None, "pinned_host"))
    state = jax.jit(tx.init, out_shardings=far)(params)

    @functools.partial(jax.jit, out_shardings=(None, far))
    def step(params, state, grads):
        return adam_jax.step(tx, params, jax.device_put(state, near), grads, shardings=near)

    params, state = step(params, state, params)
    for moment in (state[0].mu, state[0].nu):
        assert moment.sharding.memory_kind == "pinned_host"
        assert moment.addressable_shards[0].data.shape == params.addressable_shards[0].data.shape == (8, 8)
    print("stepped")


COMMANDS = {f.__name__: f for f in (compare_layouts, one_of_processes, checkpoints, from_optax, wrappers)}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
