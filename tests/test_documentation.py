"""Does what is written work?  The README's Python blocks, executed, the headings of its tables, and its names."""

import re
from pathlib import Path

import pytest

import adam_jax
from adam_jax.bench import exactness

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


@pytest.mark.standard_promotion
def test_the_readmes_blocks_run_in_order():
    blocks = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 5
    namespace = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), namespace)


def test_the_readmes_table_is_what_the_bench_prints():
    rows = [
        {"library": library, "gradients": group, "b2": b2, "sqrt(v_hat) max": 0, "sqrt(v_hat) bias": 0, "update max": 0}
        for library in ("adam_jax", "optax")
        for group in ("random", "steady")
        for b2 in exactness.B2S
    ]
    printed = exactness.report(rows).splitlines()
    in_readme = [line for line in README.splitlines() if line.startswith(("| random |", "| steady |"))]
    assert printed[0] in README.splitlines()
    assert [line.split("|")[1:3] for line in in_readme] == [line.split("|")[1:3] for line in printed[2:]]


def test_the_readme_names_everything_public():
    for name in adam_jax.__all__:
        assert f"`{name}`" in README, name


def test_the_changelog_has_this_version():
    assert f"## {adam_jax.__version__}" in (ROOT / "CHANGELOG.md").read_text()
