"""What do older versions of JAX lack?  A line goes when the lowest version in pyproject.toml has what it is for."""

import importlib
from typing import Any

import jax

# jax.reshard: in 0.7.0 it is in jax.sharding, in 0.6.2 in jax.experimental
reshard: Any = (
    getattr(jax, "reshard", None)
    or getattr(jax.sharding, "reshard", None)
    or importlib.import_module("jax.experimental.shard").reshard
)

# jax.enable_x64 as a context: not in 0.7.0
enable_x64: Any = (jax if hasattr(jax, "enable_x64") else importlib.import_module("jax.experimental")).enable_x64


def device_of(mesh: Any) -> Any:
    """The device that programs under an abstract mesh are for; None where it says nothing.

    `mesh.abstract_device`: not in 0.7.0, whose meshes say nothing.
    """
    return getattr(mesh, "abstract_device", None)


def all_axes_manual(mesh: Any) -> bool:
    """Whether a program is inside `jax.shard_map` over all axes: `mesh.are_all_axes_manual`, not in 0.6.2."""
    return mesh.are_all_axes_manual if hasattr(mesh, "are_all_axes_manual") else mesh._are_all_axes_manual
