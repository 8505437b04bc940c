"""What PyTorch's optimizers save, with NumPy for PyTorch."""

import jax.numpy as jnp
import numpy as np

GROUP = {"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0, "amsgrad": False, "params": [0, 1]}
NAMES = {"kernel": ("fc.weight", np.transpose), "bias": "fc.bias"}
PARAMS = {"kernel": jnp.zeros((3, 2)), "bias": jnp.zeros(2)}


def moments(shape, step=7, **more):
    rng = np.random.default_rng(0)
    m, v = rng.standard_normal((2, *shape)).astype(np.float32)
    return {"step": np.float32(step), "exp_avg": m, "exp_avg_sq": v**2, **more}


def saved(state=None, **group):
    state = {0: moments((2, 3)), 1: moments((2,))} if state is None else state
    return {"state": state, "param_groups": [{**GROUP, "param_names": ["fc.weight", "fc.bias"], **group}]}
