"""What machine is a program for?  Known while it is traced where arrays or meshes say so; else chosen at lowering."""

import contextvars
import functools
import importlib.util
from collections.abc import Callable
from typing import Any

import jax
from jax import lax
from jax.core import Tracer

from adam_jax.older_jax import all_axes_manual, device_of

# The platform that what is traced now will be lowered for, which `adam_jax.backends.lowering` knows of its kernels; ""
# where it is one without a kernel, and None where nothing is known.
LOWERED_FOR = contextvars.ContextVar[str | None]("lowered_for", default=None)


def platform(*arrays: Any) -> str | None:
    """cpu, gpu, cuda, rocm or tpu; None: the program is being traced, and may be lowered for any.

    arrays: what is computed on.  A mesh says what its devices are, and an array that is there says where it is.
    """
    if named := LOWERED_FOR.get():
        return named
    devices = [device_of(mesh) for mesh in _meshes(arrays)]
    if of_mesh := [device.platform for device in devices if device]:
        return of_mesh[0]
    if any(isinstance(x, Tracer) for x in arrays):
        return None
    held = [device.platform for x in arrays if isinstance(x, jax.Array) for device in x.devices()]
    return held[0] if held else jax.default_backend()


def may_be_tpu(*arrays: Any) -> bool:
    """Whether the program may be lowered for a TPU: there is one, or the compiler for them is installed."""
    known = platform(*arrays)
    if known is None and LOWERED_FOR.get() is None:
        return jax.default_backend() == "tpu" or _has_compiler_for_tpus()
    return known == "tpu"


def may_be_cpu(*arrays: Any) -> bool:
    """Whether the program may be lowered for a CPU: where nothing is known, whether that is JAX's default."""
    known = platform(*arrays)
    if known is None and LOWERED_FOR.get() is None:
        return jax.default_backend() == "cpu"
    return known == "cpu"


def is_spread(*arrays: Any) -> bool:
    """Whether any of these arrays, which are there, is on several devices."""
    return any(isinstance(x, jax.Array) and len(x.devices()) > 1 for x in arrays)


def with_cpu_formulation(on_a_cpu: Callable[..., Any], otherwise: Callable[..., Any], *arrays: Any) -> Any:
    """`on_a_cpu(*arrays)` on a CPU, else `otherwise(*arrays)`: the same numbers in other operations."""
    known = platform(*arrays)
    if known is None:
        return lax.platform_dependent(*arrays, cpu=on_a_cpu, default=otherwise)
    return (on_a_cpu if known == "cpu" else otherwise)(*arrays)


def is_unsharded(*arrays: Any) -> bool:
    """Whether there is one device only, or the program is inside shard_map and sees its own part of each array."""
    meshes = _meshes(arrays)
    return all(mesh.size == 1 or all_axes_manual(mesh) for mesh in meshes) if meshes else jax.device_count() == 1


def is_of(platform: str, mesh: Any) -> bool:
    """Whether the devices of a mesh are known to be of this platform."""
    device = device_of(mesh) if isinstance(mesh, jax.sharding.AbstractMesh) else mesh.devices.flat[0]
    return device is not None and device.platform == platform


def in_shard_map() -> bool:
    """Whether each device sees its own part of arrays, so that a sum over one is not the same on all."""
    return bool(jax.sharding.get_abstract_mesh().manual_axes)


def _meshes(arrays: tuple[Any, ...]) -> list[Any]:
    """The mesh in use, else those of the arrays."""
    used = jax.sharding.get_abstract_mesh()
    if not used.empty:
        return [used]
    shardings = [getattr(x.aval, "sharding", None) for x in arrays if isinstance(x, Tracer)]
    return [sharding.mesh for sharding in shardings if sharding is not None and not sharding.mesh.empty]


@functools.cache
def _has_compiler_for_tpus() -> bool:
    return importlib.util.find_spec("libtpu") is not None
