"""Which way does a step take on arrays that are on several of 8 devices?  A process of its own."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.sharding import Mesh, NamedSharding, PartitionSpec

import adam_jax


def main():
    mesh = Mesh(np.array(jax.devices()), ("data",))
    places = {
        "one of 8": jax.sharding.SingleDeviceSharding(jax.devices()[3]),
        "spread": NamedSharding(mesh, PartitionSpec("data")),
        "replicated": NamedSharding(mesh, PartitionSpec()),
    }
    params = jnp.linspace(-1, 1, 512).reshape(16, 32)
    results = []
    for name, place in places.items():
        tx, named = (adam_jax.adamw(1e-2, implementation=how) for how in (None, "native"))
        given = jax.device_put(params, place)
        state = jax.jit(tx.init)(given)
        step, named_step = (jax.jit(functools.partial(adam_jax.step, each)) for each in (tx, named))
        text = step.lower(given, state, given).as_text()
        way = "native" if "adam_jax_step" in text else "xla"
        print(f"{name}: {way}")
        if way == "xla":
            for refused in (named_step, functools.partial(adam_jax.step, named)):
                with pytest.raises(ValueError, match="a program of many devices"):
                    refused(given, state, given)
        results += [step(given, state, given), adam_jax.step(tx, given, state, given)]
        for new in results[-2:]:
            assert new[0].sharding.is_equivalent_to(place, 2), new[0].sharding
    for other in results[1:]:  # the last bit may differ: one leaf
        jax.tree.map(
            lambda x, y: np.testing.assert_allclose(np.asarray(x), np.asarray(y), rtol=1e-6), other, results[0]
        )
    print("eager: equal")


if __name__ == "__main__":
    main()
