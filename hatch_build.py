"""What is done when a wheel is built, beside copying?

The native backend is compiled, where there is a C compiler; and the README's links lead to the repository, since a
package index shows the text without the files beside it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class NativeBuildHook(BuildHookInterface):
    """Puts the library beside the backend, and the platform into the wheel's name; else adam_jax is pure Python.

    `ADAM_JAX_NATIVE=0` leaves it out.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """See hatchling.  version: "standard" or "editable"."""
        del version
        native = _compile()
        library, why = None, "ADAM_JAX_NATIVE=0"
        if os.environ.get("ADAM_JAX_NATIVE", "1") != "0":
            try:
                library, why = native.build(), "there is no C compiler"
            except (OSError, subprocess.CalledProcessError) as error:
                why = f"the C compiler failed: {error}"
        if library is None:
            native.LIBRARY.unlink(missing_ok=True)  # of an earlier build
            self.app.display_warning(f"adam_jax without native kernels for CPUs: {why}")
            return
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["artifacts"].append(str(library.relative_to(self.root)))


class ReadmeHook(MetadataHookInterface):
    """The long description: README.md with absolute links, below the homepage that pyproject.toml names."""

    def update(self, metadata: dict[str, Any]) -> None:
        """See hatchling."""
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(text, metadata["urls"]["Homepage"])}


def absolute(text: str, homepage: str) -> str:
    """Markdown whose relative links lead to the repository on the web; pictures to the files themselves."""

    def link(found: re.Match[str]) -> str:
        kind = "raw" if found[1].endswith((".png", ".svg")) else "blob"
        return f"]({homepage}/{kind}/main/{found[1]})"

    return re.sub(r"\]\((?!https?:|#)([^)]*)\)", link, text)


def _compile() -> Any:
    file = Path(__file__).parent / "native" / "compile.py"
    spec = importlib.util.spec_from_file_location("adam_jax_native_compile", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
