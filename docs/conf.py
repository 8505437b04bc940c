"""How are the pages built?  `python -m sphinx -W --keep-going -c docs . docs/_build/html`, in the repository."""

import adam_jax

project = "adam_jax"
author = "The adam_jax authors"
version = release = adam_jax.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",  # Args, Returns, Raises
    "sphinx.ext.viewcode",  # from an equation to the lines that compute it
    "sphinx.ext.mathjax",
    "myst_nb",  # the README and the notebooks, as they are
]
root_doc = "docs/index"
include_patterns = ["docs/**", "notebooks/*.ipynb", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"]
exclude_patterns = ["docs/_build", "**/.ipynb_checkpoints"]

default_role = "py:obj"  # what stands between backticks is code, and a link where there is something to link to
autodoc_typehints = "none"  # what an argument may be is in its description
add_module_names = False
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the outputs are committed, and tested

html_theme = "furo"
html_title = "adam_jax"
