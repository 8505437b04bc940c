"""Can the results be written?  Checked before the work; if it fails later, one line names the file."""

import contextlib
from collections.abc import Generator
from pathlib import Path


@contextlib.contextmanager
def writing(path: Path) -> Generator[None]:
    """Ends the program with exit code 1 and one line where `path` cannot be written.

    >>> with writing(Path("/dev/full")):
    ...     raise OSError(28, "No space left on device")
    Traceback (most recent call last):
    SystemExit: cannot write /dev/full: No space left on device
    """
    try:
        yield
    except OSError as error:
        raise SystemExit(f"cannot write {path}: {error.strerror or error}") from error


def prepare(path: Path) -> None:
    """Creates the directory of `path` and tries to write there, so that an error comes before minutes of work."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        if new or path.is_file() or path.is_dir():  # to open a pipe would wait for its reader
            path.open("ab").close()
        if new:
            path.unlink()
