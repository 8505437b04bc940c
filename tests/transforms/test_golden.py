"""Are the bits what they were?  Short trainings of every rule, format and wrapper, kept as a file.

Where an issue changes the numbers on purpose, `python tests/support/golden.py` writes the file anew.
"""

import golden
import numpy as np
import pytest

# On another machine or another jaxlib a product and a sum may be contracted where they were not: the last bit of a
# float32, and where a number lies that close to the threshold of a stochastic rounding, one code of 8 bits, whose
# update then differs by a few per cent of a step of 0.05 to 0.1.
ELSEWHERE = 0.02

pytestmark = pytest.mark.standard_promotion  # optax.apply_updates adds float32 to bfloat16


@pytest.fixture(scope="module")
def kept():
    with np.load(golden.FILE) as file:
        return dict(file)


@pytest.mark.parametrize(
    ("name", "through"),
    [(name, "update") for name in golden.NAMES] + [(name, "step") for name in golden.NAMES if "8bit" in name],
)
def test_a_training_has_the_bits_it_had(name, through, kept):
    expected = {key.removeprefix(f"{name} | "): x for key, x in kept.items() if key.startswith(f"{name} | ")}
    got = golden.trained(name, through)
    assert got.keys() == expected.keys()
    if str(kept["machine"]) == golden.machine():
        for path, x in got.items():
            np.testing.assert_array_equal(golden.bits(x), expected[path], err_msg=path)
        return
    for path, x in got.items():
        if path.startswith("[0]"):
            old = expected[path].view(x.dtype).astype(np.float64)
            np.testing.assert_allclose(x.astype(np.float64), old, atol=ELSEWHERE, rtol=0.01, err_msg=path)
