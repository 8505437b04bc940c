"""How is a missing package installed?  By its own name, which works for a copy of the repository and for an index."""

import re
from importlib import metadata


def install(extra: str) -> str:
    """The command that installs the packages of an extra.

    >>> install("aot").startswith("pip install 'libtpu>=")
    True
    """
    wanted = rf"""extra == ['"]{extra}['"]"""
    try:
        lines = metadata.requires("adam_jax") or []
    except metadata.PackageNotFoundError:  # a copy of the repository that is on the path
        return f"pip install -e '.[{extra}]'"
    requirements = [line.partition(";")[0].strip() for line in lines if re.search(wanted, line)]
    return "pip install " + " ".join(f"'{requirement}'" for requirement in requirements)
