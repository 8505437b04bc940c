"""What do tests use that older versions of JAX call by another name?  A line goes as in adam_jax/older_jax.py."""

from importlib.metadata import version

import jax
import jax.experimental
import pytest

# jax.enable_x64 as a context: not in 0.7.0
enable_x64 = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64


def needs(package: str, lowest: str) -> None:
    """Skips a test where an old jax is installed, and with it an old version of a package that goes with it."""
    numbers = lambda text: [int(part) for part in text.split(".")[:3]]  # noqa: E731
    if numbers(version(package)) < numbers(lowest):
        pytest.skip(f"needs {package} {lowest} or newer, and the jax that it asks for")
