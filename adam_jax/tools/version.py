"""What is installed here?  For `python -m adam_jax --version`."""

import importlib.metadata

import adam_jax
from adam_jax.backends import native_library


def text() -> str:
    """The versions, and whether native kernels can run."""
    problem = native_library.why_not()
    native = f"none: the library {problem}" if problem else f"compiled from {native_library.digest()}"
    return "\n".join(
        [
            f"adam_jax {adam_jax.__version__}",
            ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("jax", "jaxlib", "optax")),
            f"native kernels for CPUs: {native}",
        ]
    )
