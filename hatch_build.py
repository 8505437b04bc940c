"""What `pip install` does beside copying: it compiles the native backend, where there is a C compiler."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


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


def _compile() -> Any:
    file = Path(__file__).parent / "native" / "compile.py"
    spec = importlib.util.spec_from_file_location("adam_jax_native_compile", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
