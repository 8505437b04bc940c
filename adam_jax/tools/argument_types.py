"""Which values are allowed on the command line?  Types for argparse, with errors that say what is allowed."""

import argparse
import math
from collections.abc import Callable
from pathlib import Path


def integer(at_least: int, at_most: float = math.inf) -> Callable[[str], int]:
    """An integer of a range."""
    allowed = f"an integer >= {at_least}" + (f" and <= {at_most}" if at_most < math.inf else "")

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = math.nan
        if isinstance(value, float) or not at_least <= value <= at_most:
            raise argparse.ArgumentTypeError(f"must be {allowed}; got {text!r}")
        return value

    return parse


def non_negative(text: str) -> float:
    """A finite number that is not negative."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a finite number >= 0; got {text!r}")
    return value


def decay_rate(text: str) -> float:
    """A number in [0, 1)."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"must be in [0, 1); got {text!r}")
    return value


def directory(text: str) -> Path:
    """A directory that exists or can be made."""
    path = Path(text)
    try:
        existing = next(p for p in (path, *path.parents) if p.exists())
    except OSError as error:  # no permission to look, or too long a name
        raise argparse.ArgumentTypeError(f"must be a directory; got {text!r}: {error.strerror}") from error
    if not existing.is_dir():
        raise argparse.ArgumentTypeError(
            f"must be a directory, which may be a new one; got {text!r}: {existing} is a file"
        )
    return path


def file(text: str) -> Path:
    """A file to write, in a directory that exists."""
    path = Path(text)
    try:
        allowed = not path.is_dir() and path.parent.is_dir()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"must be a file; got {text!r}: {error.strerror}") from error
    if not allowed:
        raise argparse.ArgumentTypeError(f"must be a file in a directory that exists; got {text!r}")
    return path


def shapes(text: str) -> list[tuple[int, ...]]:
    """Shapes such as "4096x4096,768,1": dimensions by x, shapes by commas."""
    try:
        found = [tuple(int(size) for size in shape.split("x")) for shape in text.split(",")]
    except ValueError:
        found = [(0,)]
    if any(size < 1 for shape in found for size in shape):
        raise argparse.ArgumentTypeError(f"must be shapes of positive integers like 4096x4096,768; got {text!r}")
    return found
