"""How do the notebooks get their outputs?  Each is executed in place: `python notebooks/execute.py [notebook ...]`.

Outputs are committed, so that the notebooks can be read where nothing runs.  tests/test_notebooks.py executes them
again and compares.  The first cell ends with lines for Colab, whose address comes from pyproject.toml.
"""

import base64
import io
import sys
import tomllib
from pathlib import Path

import nbclient
import nbformat
from PIL import Image

HERE = Path(__file__).parent
COLOURS = 64  # of a picture, which makes it a third as large
PATIENCE = 300  # seconds for a cell; a whole notebook takes less than a minute on two quiet cores
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook with new outputs, and with nothing in it that tells when, or on which machine, it ran."""
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(
        notebook,
        timeout=PATIENCE,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(HERE)}},
    ).execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def for_colab(name: str) -> str:
    """The lines that open a notebook in Google's Colab, and say what to run there first."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    homepage = project["urls"]["Homepage"]
    address = homepage.replace("https://github.com/", "https://colab.research.google.com/github/")
    install = f'!pip install "{project["name"]}[demo] @ git+{homepage}" orbax-checkpoint'
    return f"[Open in Colab]({address}/blob/main/notebooks/{name})\nand run there first: `{install}`"


def with_colab(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """With these lines at the end of the first cell."""
    first = notebook.cells[0]
    first.source = first.source.partition("\n\n[Open in Colab]")[0] + "\n\n" + for_colab(name)
    return notebook


def with_smaller_pictures(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """As it is committed."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = smaller(output.data["image/png"])
    return notebook


def smaller(png: str) -> str:
    """A picture in base64 with `COLOURS` colours, and without what matplotlib writes of itself."""
    image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "png", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


if __name__ == "__main__":
    for _path in map(Path, sys.argv[1:] or sorted(HERE.glob("*.ipynb"))):
        nbformat.write(with_colab(with_smaller_pictures(executed(_path)), _path.name), _path)
        print(_path.name)
