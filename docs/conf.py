"""How are the pages built?  `python -m sphinx -W --keep-going -c docs . docs/_build/html`, in the repository."""

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import jax
from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx

import adam_jax
from adam_jax.tools import explain

project = "adam_jax"
author = copyright = "The adam_jax authors"
version = release = adam_jax.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",  # Args, Returns, Raises
    "sphinx.ext.intersphinx",  # links to JAX and Optax
    "sphinx.ext.viewcode",  # from an equation to the lines that compute it
    "myst_nb",  # the pages and the notebooks, as they are
]
root_doc = "docs/index"
include_patterns = ["docs/**", "notebooks/*.ipynb", "CHANGELOG.md", "CONTRIBUTING.md"]
exclude_patterns = ["docs/_build", "**/.ipynb_checkpoints"]

default_role = "py:obj"  # what stands between backticks is code, and a link where there is something to link to
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 88  # longer ones have a line for each argument
nitpicky = True  # a role that names what is not there is an error; code between backticks need not be a name
nitpick_ignore_regex = [("py:(obj|class)", "(?s).*")]
add_module_names = False
# Where the documentation of JAX and Optax has the names that the reference mentions; nothing is fetched.  A name in a
# signature is looked up as a class, whatever it is there.
intersphinx_mapping = {
    "jax": ("https://docs.jax.dev/en/latest/", "docs/inventories/jax.inv"),
    "optax": ("https://optax.readthedocs.io/en/latest/", "docs/inventories/optax.inv"),
}
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the outputs are committed, and tested
nb_ipywidgets_js = {}  # there are no widgets, and nothing is to be fetched

html_theme = "furo"
html_title = "adam_jax"
html_math_renderer = "mathml"
html_static_path = ["style", "../adam_jax/tools/explain/STIXTwoMath-subset.woff"]
html_css_files = ["pages.css"]
html_extra_path = ["root"]  # an index.html at the root of the build


def setup(app: Sphinx) -> None:
    """Equations as MathML, which browsers draw without a script; the page of `explain` beside the others."""
    app.add_html_math_renderer("mathml", (_inline, None), (_displayed, None))
    app.connect("build-finished", _write_explain)
    app.connect("autodoc-process-signature", _as_written)
    app.connect("doctree-resolved", _mark_numbers)
    jax.Array.__qualname__ = "Array"  # for links: JAX calls it jaxlib._jax.Array


def _inline(translator: nodes.NodeVisitor, node: nodes.math) -> None:
    translator.body.append(_mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def _displayed(translator: nodes.NodeVisitor, node: nodes.math_block) -> None:
    text = node.astext().replace("{aligned}", "{align*}")  # the name that the converter knows
    text = re.sub(r"\\tag\{(.*?)\}", r"\\qquad \\text{(\1)}", text)  # which it would set beside the last factor
    if r"\\" in text and r"\begin" not in text:
        text = rf"\begin{{align*}}{text}\end{{align*}}"
    translator.body.append(f'<div class="math">{_mathml(text, "block")}</div>')
    raise nodes.SkipNode


def _mathml(text: str, display: str) -> str:
    """The hat is U+02C6, an accent; the converter's is the "^" of a keyboard, which touches the letter below.

    And bars stand close to what they enclose, which a browser takes for operators between two operands.
    """
    converted = convert(text, display=display).replace("&#x0005E;", "&#x02C6;")
    return converted.replace(">&#x0007C;<", ' lspace="0" rspace="0">&#x0007C;<')


def _write_explain(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        explain.write(Path(app.outdir))


def _as_written(app: Sphinx, what: str, name: str, documented: Any, *_: Any) -> tuple[str, str] | None:
    """A function's signature as its source has it: evaluated, `optax.Params` would be a union of ten types."""
    if what != "function":
        return None
    (definition,) = ast.parse(inspect.getsource(documented)).body
    assert isinstance(definition, ast.FunctionDef)
    assert definition.returns
    return f"({ast.unparse(definition.args)})", ast.unparse(definition.returns).strip("'")


def _mark_numbers(app: Sphinx, tree: nodes.document, page: str) -> None:
    """Cells such as "3.4e-7" or "-0.05 ± 0.13 (-0.28)", which a narrow window would break after the "-"."""
    for cell in tree.findall(nodes.entry):
        if re.fullmatch(r"[-+(]*\d[^A-DF-Za-df-z]*", cell.astext()):
            cell["classes"].append("number")
