"""What machine is the program for that is being traced?"""

import jax

from adam_jax.older_jax import all_axes_manual, device_of


def platform() -> str:
    """cpu, gpu, cuda, rocm or tpu: that of the mesh in use if it says so, else JAX's default."""
    device = device_of(jax.sharding.get_abstract_mesh())
    return device.platform if device else jax.default_backend()


def sees_whole_arrays() -> bool:
    """Whether there is one device only, or the program is inside shard_map and sees its own part of each array."""
    mesh = jax.sharding.get_abstract_mesh()
    return jax.device_count() == 1 if mesh.empty else mesh.size == 1 or all_axes_manual(mesh)
