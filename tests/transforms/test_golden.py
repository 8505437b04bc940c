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


@pytest.fixture(autouse=True)
def xla_or_native(request, monkeypatch):
    """The bits that are kept are XLA's; a native kernel's may be those of another machine."""
    through = request.getfixturevalue("through")
    monkeypatch.setenv("ADAM_JAX_NATIVE", "1" if through == "native step" else "0")


@pytest.fixture(scope="module")
def kept():
    with np.load(golden.FILE) as file:
        return dict(file)


THROUGH = [(name, "update") for name in golden.NAMES] + [
    (name, through)
    for name in golden.NAMES
    if "8bit" in name or "master" in name
    for through in ("step", "native step")
]


def of(name, kept):
    """What is kept of one training: the checkpoint, and the parameters after it."""
    arrays = {key.removeprefix(f"{name} | "): x for key, x in kept.items() if key.startswith(f"{name} | ")}
    later = {path: arrays.pop(path) for path in list(arrays) if path.startswith("later")}
    return arrays, {path.removeprefix("later"): x for path, x in later.items()}


def assert_kept(got, expected, machine, compared):
    """machine: that the expected bits were written on; None: they may differ."""
    assert got.keys() == expected.keys()
    for path, x in got.items():
        if machine == golden.machine():
            np.testing.assert_array_equal(golden.bits(x), expected[path], err_msg=path)
        elif path.startswith(compared):
            old = expected[path].view(x.dtype).astype(np.float64)
            np.testing.assert_allclose(x.astype(np.float64), old, atol=ELSEWHERE, rtol=0.01, err_msg=path)


def written_on(kept, through):
    return None if through == "native step" else str(kept["machine"])


@pytest.mark.parametrize(("name", "through"), THROUGH)
def test_a_training_has_the_bits_it_had(name, through, kept):
    assert_kept(golden.trained(name, through), of(name, kept)[0], written_on(kept, through), "[0]")


@pytest.mark.parametrize(("name", "through"), THROUGH)
def test_a_checkpoint_continues(name, through, kept):
    checkpoint, later = of(name, kept)
    assert_kept(golden.continued(name, through, checkpoint), later, written_on(kept, through), "[")
