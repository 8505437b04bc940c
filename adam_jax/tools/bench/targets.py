"""Which machine is a program compiled for?  Compilers for GPUs and TPUs run on any Linux machine, without the hardware.

pip install 'adam_jax[aot]'                                                                  # v5e, v6e
pip install --no-deps jax-cuda13-plugin==<jax version> jax-cuda13-pjrt==<jax version>        # h200
"""

import atexit
import functools
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import jax
from jax.experimental import topologies
from jax.experimental.compilation_cache import compilation_cache

from adam_jax.tools import extras

_H200 = """
gpu_device_info {
  threads_per_block_limit: 1024 threads_per_warp: 32 shared_memory_per_block: 49152 shared_memory_per_core: 233472
  threads_per_core_limit: 2048 core_count: 132 fpus_per_core: 128 block_dim_limit_x: 2147483647
  block_dim_limit_y: 65535 block_dim_limit_z: 65535 memory_bandwidth: 4800000000000 l2_cache_size: 62914560
  clock_rate_ghz: 1.98 device_memory_size: 150000000000 shared_memory_per_block_optin: 232448
  cuda_compute_capability { major: 9 } registers_per_core_limit: 65536 registers_per_block_limit: 65536
}
platform_name: "CUDA" dnn_version_info { major: 9 minor: 8 } device_description_str: "NVIDIA H200"
"""
TARGETS = ("local", "h200", "v5e", "v6e")
_ENVIRONMENT = {
    "h200": {"JAX_SKIP_CUDA_CONSTRAINTS_CHECK": "1"},
    "v5e": {
        "TPU_SKIP_MDS_QUERY": "1",
        "TPU_ACCELERATOR_TYPE": "v5litepod-4",
        "TPU_WORKER_HOSTNAMES": "localhost",
        "TPU_WORKER_ID": "0",
    },
}
_ENVIRONMENT["v6e"] = _ENVIRONMENT["v5e"]
_PLATFORMS = {"h200": "cuda", "v5e": "tpu", "v6e": "tpu"}


def prepare(target: str) -> None:
    """Sets what a compiler without hardware needs in this process; before jax has met any device."""
    if target != "local":
        os.environ |= _ENVIRONMENT[target]
        if platform(target) == "tpu":
            os.environ["LIBTPU_INIT_ARGS"] = (
                os.environ.get("LIBTPU_INIT_ARGS", "") + f" --xla_mosaic_dump_to={_dump_of_kernels()}"
            )
        jax.config.update("jax_platforms", "cpu")


@functools.cache
def _dump_of_kernels() -> Path:
    """Where the compiler for TPUs writes what it makes of kernels, if `prepare` was called before it was loaded."""
    directory = Path(tempfile.mkdtemp(prefix="kernels-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory


def step_kernels() -> dict[str, str]:
    """What the compiler for TPUs has made so far of kernels that write arrays, by file."""
    return {
        file.name: text
        for file in _dump_of_kernels().glob("*post-finalize-llo.txt")
        if "vector_store" in (text := file.read_text())
    }


def missing(target: str) -> str | None:
    """What has to be installed or set to compile for `target`; None: nothing."""
    if target == "local":
        return None
    if not hasattr(jax.sharding, "AbstractDevice"):
        return f"compiling for {target} needs a newer jax than {jax.__version__}"
    module, install = {
        "h200": (
            "jax_plugins.xla_cuda13",
            f"pip install --no-deps jax-cuda13-plugin=={jax.__version__} jax-cuda13-pjrt=={jax.__version__}",
        ),
        "v5e": ("libtpu", extras.install("aot")),
        "v6e": ("libtpu", extras.install("aot")),
    }[target]
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        return f"compiling for {target} needs its compiler: {install}"
    wanted = _ENVIRONMENT[target] if target == "h200" else {}
    if wrong := [f"{name}={value}" for name, value in wanted.items() if os.environ.get(name) != value]:
        return f"compiling for {target} needs {' and '.join(wrong)} in the environment: see targets.prepare"
    return None


def platform(target: str) -> str:
    """The platform that JAX lowers to: cpu, cuda, rocm or tpu."""
    if target == "local":
        return {"gpu": "cuda"}.get(jax.default_backend(), jax.default_backend())
    return _PLATFORMS[target]


@functools.cache
def devices(target: str, slice_: str | None = None) -> Any:
    """The target's devices: one chip's, or those of a slice such as "4x4"."""
    if problem := missing(target):
        raise RuntimeError(problem)
    if target == "local":
        return jax.local_devices()
    # A program compiled for another machine is written to the cache, and cannot be read from it.
    jax.config.update("jax_enable_compilation_cache", False)
    compilation_cache.reset_cache()
    if target == "h200":
        text = _H200.replace("\n", " ")
        shape = f"1x1x{slice_ or 1}"
        return topologies.get_topology_desc(
            platform="cuda", topology_name="h200", topology=shape, target_config=text
        ).devices
    library = importlib.util.find_spec("libtpu")
    for name, value in _ENVIRONMENT[target].items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("TPU_LIBRARY_PATH", str(Path(str(library and library.origin)).parent / "libtpu.so"))
    return topologies.get_topology_desc(platform="tpu", topology_name=f"{target}:{slice_ or '2x2'}").devices
