"""What do the tests of programs that draw share?"""

from pathlib import Path

import numpy as np
from matplotlib.image import imread


def is_picture(path: Path) -> bool:
    """Whether a PNG shows something: many colours on a picture of some size."""
    pixels = imread(path, format="png")
    return min(pixels.shape[:2]) > 400 and len(np.unique(pixels.reshape(-1, pixels.shape[-1]), axis=0)) > 50
