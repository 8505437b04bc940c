"""Are norms and means of gradients those of whole arrays, where arrays are on 8 devices?  A process of its own."""

import functools
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax.sharding import Mesh, NamedSharding
from jax.sharding import PartitionSpec as P

import adam_jax

SPECS = {"rows": P("data"), "columns": P(None, "data"), "whole": P()}
STEPS = 6


def gradients():
    rng = np.random.default_rng(0)
    for t in range(STEPS):
        scale = 20.0 if t == 4 else 1.0
        yield {name: jnp.asarray(scale * rng.standard_normal((16, 8)), jnp.float32) for name in SPECS}


def start():
    return {name: jnp.linspace(-1, 1, 128).reshape(16, 8) for name in SPECS}


def run(step, tx):
    params = start()
    state = tx.init(params)
    for grads in gradients():
        params, state = step(params, state, grads)
    return jax.tree.map(np.asarray, (params, state))


def compare(make, check_vma_too=True, **tolerance):
    """Prints the ways that gave the result of one device."""
    mesh = Mesh(np.array(jax.devices()), ("data",))
    places = {name: NamedSharding(mesh, spec) for name, spec in SPECS.items()}
    tx = make(None)
    expected = run(jax.jit(functools.partial(adam_jax.step, tx)), tx)

    def same(result):
        jax.tree.map(functools.partial(np.testing.assert_allclose, **tolerance), result, expected)

    shardings = adam_jax.state_shardings(tx, start(), places)
    for given in (None, shardings):
        whole = jax.jit(functools.partial(adam_jax.step, tx, shardings=given), out_shardings=(places, shardings))
        same(run(lambda p, s, g: whole(*jax.device_put((p, s, g), (places, shardings, places))), tx))  # noqa: B023
    print("spread")

    of_state = jax.tree.map(lambda s: s.spec, shardings)

    def parts(tx, **options):
        step = functools.partial(adam_jax.step, tx)
        specs = {"in_specs": (SPECS, of_state, SPECS), "out_specs": (SPECS, of_state)}
        return jax.jit(jax.shard_map(step, mesh=mesh, **specs, **options))

    if check_vma_too:
        same(run(parts(make(None)), tx))
        print("checked")
    same(run(parts(make("data"), check_vma=False), tx))
    print("unchecked")
    with pytest.raises(ValueError, match=r"inside jax.shard_map\(check_vma=False\)"):
        run(parts(make(None), check_vma=False), tx)
    print("refused")


def clipping():
    make = lambda axis_name: adam_jax.adamw(0.01, update_clipping=0.7, axis_name=axis_name, implementation="xla")  # noqa: E731
    compare(make, rtol=1e-5, atol=1e-7)


def spikes():
    """With axis_name the norm must be given: a device does not know which gradients are parts."""

    class GivenNorm:
        """What a user writes in shard_map(check_vma=False): "rows" and "columns" are parts, "whole" is whole."""

        def __init__(self, tx):
            self.tx = tx
            self.init = tx.init

        def update(self, grads, state, params):
            sums = {name: jnp.sum(g**2) for name, g in grads.items()}
            parts = jax.lax.psum(sums["rows"] + sums["columns"], "data")
            return self.tx.update(grads, state, params, grad_norm=jnp.sqrt(parts + sums["whole"]))

    def make(axis_name):
        tx = adam_jax.skip_spikes(adam_jax.adamw(0.01), window=3, sigma=3.0, axis_name=axis_name)
        if axis_name is None:
            return tx
        given = GivenNorm(tx)
        return optax.GradientTransformation(given.init, given.update)

    compare(make, rtol=1e-5, atol=1e-7)


if __name__ == "__main__":
    {"clipping": clipping, "spikes": spikes}[sys.argv[1]]()
