"""What machine is the program for that is being traced?"""

import jax


def platform() -> str:
    """cpu, gpu, cuda, rocm or tpu: that of the mesh in use if it says so, else JAX's default."""
    device = jax.sharding.get_abstract_mesh().abstract_device
    return device.platform if device else jax.default_backend()


def sees_whole_arrays() -> bool:
    """Whether there is one device only, or the program is inside shard_map and sees its own part of each array."""
    mesh = jax.sharding.get_abstract_mesh()
    return jax.device_count() == 1 if mesh.empty else mesh.size == 1 or mesh.are_all_axes_manual


def in_shard_map() -> bool:
    """Whether each device sees its own part of arrays, so that a sum over one is not the same on all."""
    return bool(jax.sharding.get_abstract_mesh().manual_axes)
