"""What do the tests of the contract with Optax share?  The names, a tree, and what must not change about a state."""

import jax
import jax.numpy as jnp
import numpy as np

NAMES = ("adam", "adamw", "nadam", "nadamw", "amsgrad", "adamax")
RULES = ("scale_by_adam", "scale_by_amsgrad", "scale_by_adamax")
# Optax's float32 is up to 2e-5 off in the first steps (bench exactness); a changed rule would be off by far more.
OPTAX_TOLERANCE = 1e-4


def make(library, name, **kwargs):
    return getattr(library, name)(**({} if name.startswith("scale_by") else {"learning_rate": 1e-2}), **kwargs)


def params_and_grads(dtype="float32"):
    rng = np.random.default_rng(0)
    params = {"w": rng.standard_normal((4, 3)), "b": {"scalar": rng.standard_normal(()), "empty": np.zeros((0, 2))}}
    grads = jax.tree.map(lambda p: rng.standard_normal(p.shape), params)
    return jax.tree.map(lambda x: jnp.asarray(x, dtype), (params, grads))


def described(tree):
    """Structure, paths, shapes, dtypes and weak types."""
    return [
        (jax.tree_util.keystr(path), jnp.shape(leaf), jnp.result_type(leaf), jax.typeof(leaf).weak_type)
        for path, leaf in jax.tree_util.tree_leaves_with_path(tree)
    ], jax.tree.structure(tree)
