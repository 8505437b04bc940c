"""Do the notebooks run, and print what was committed?  Each is executed again; nothing in it tells where it ran."""

import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
LARGEST = 600_000  # bytes: GitHub shows nothing of a notebook that is much larger

# Printed numbers agree to 2%, or to 2 units in the last digit printed: trainings differ in their last digits from one
# processor to another.  Cells with the tag `rounding` print rounding errors, of which the words alone are compared.
CLOSE, LAST_DIGITS = 0.02, 2
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.]*\w)")

LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")
MACHINE = re.compile(r"/(?:home|tmp|root|usr|Users|work)/|site-packages|\.venv|ipykernel_\d")

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture
def notebook(path):
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 4


@each
def test_a_notebook_is_committed_as_it_ran_and_says_nothing_of_the_machine(path, notebook):
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1)), "executed once, from the top"
    assert any(pictures(cell) for cell in cells)
    assert any(printed(cell) for cell in cells)
    for cell in cells:
        assert not complaints(cell), (cell.source, complaints(cell))
        assert set(cell.metadata) <= {"tags"}, cell.metadata  # no timestamps
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert set(notebook.metadata.language_info) == {"name"}
    assert not MACHINE.search(re.sub(r'"image/png": "[^"]*"', "", path.read_text()))
    assert path.stat().st_size < LARGEST


@each
def test_a_notebook_opens_in_colab(path, notebook):
    pytest.importorskip("nbclient")
    import execute

    assert notebook.cells[0].source.endswith("\n\n" + execute.for_colab(path.name))


@each
def test_a_notebook_links_to_files_that_exist(path, notebook):
    links = [link for cell in notebook.cells if cell.cell_type == "markdown" for link in LINK.findall(cell.source)]
    assert any(link.endswith(".ipynb") for link in links), "to the one before or after it"
    assert [link for link in links if not (path.parent / link).is_file()] == []


@each
def test_a_notebooks_lines_are_short(path, notebook):
    lines = [line for cell in notebook.cells for line in cell.source.splitlines()]
    # a row of a table, or an address, cannot be broken
    assert [line for line in lines if len(line) > 120 and not line.startswith(("|", "[Open in Colab]"))] == []


@pytest.mark.long  # .ci/run executes them in a part of its own
@pytest.mark.standard_promotion
@pytest.mark.filterwarnings("default")  # Jupyter's own
@each
def test_a_notebook_runs_and_prints_what_was_committed(path, notebook):
    pytest.importorskip("nbclient")
    import execute

    again = execute.executed(path)
    for cell, new in zip(notebook.cells, again.cells, strict=True):
        assert not complaints(new), (new.source, complaints(new))
        assert pictures(new) == pictures(cell), new.source
        rounding = "rounding" in cell.metadata.get("tags", ())
        difference = first_difference(printed(cell), printed(new), words_only=rounding)
        assert difference is None, (*difference, "python notebooks/execute.py writes the new outputs")


@pytest.mark.parametrize(
    ("committed", "new", "same"),
    [
        ("loss 0.0127\n", "loss 0.0128\n", True),
        ("loss 0.0127\n", "loss 0.0140\n", False),
        ("loss 0.5e-3", "loss 0.6e-3", True),
        ("moved by 1e+00", "moved by 4e+00", False),
        ("300 steps", "310 steps", False),
        ("step 15 of 200", "step 17 of 200", True),
        ("a word float32", "a word float64", False),
        ("m = step.b1.average(m, g)", "m = step.b2.average(m, g)", False),
        ("parts (8, 128)", "part (8, 128)", False),
        ("one", "one 2", False),
    ],
)
def test_the_comparison_of_what_is_printed(committed, new, same):
    assert (first_difference(committed, new, words_only=False) is None) == same
    assert first_difference(committed, committed, words_only=False) is None


def first_difference(committed, new, words_only):
    """The first pair of lines whose words differ, or whose numbers are not close; None: there is none."""
    ours, theirs = committed.splitlines(), new.splitlines()
    for line, other in zip(ours + [""] * len(theirs), theirs + [""] * len(ours), strict=False):
        words, other_words = (" ".join(NUMBER.sub(" # ", text).split()) for text in (line, other))
        pairs = zip(NUMBER.findall(line), NUMBER.findall(other), strict=False)
        if words != other_words or not (words_only or all(close(a, b) for a, b in pairs)):
            return line, other
    return None


def close(committed, new):
    mantissa, _, exponent = committed.partition("e")
    last_digit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(float(committed) - float(new)) <= max(CLOSE * abs(float(committed)), LAST_DIGITS * last_digit * 1.001)


def printed(cell):
    return "".join(out.text for out in cell.get("outputs", []) if out.output_type == "stream" and out.name == "stdout")


def pictures(cell):
    return sum("image/png" in out.get("data", {}) for out in cell.get("outputs", []))


def complaints(cell):
    """Errors, and whatever went to stderr: warnings."""
    return [out for out in cell.get("outputs", []) if out.output_type == "error" or out.get("name") == "stderr"]
