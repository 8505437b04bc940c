"""Does what is written work?  The README's Python blocks, executed, the headings of its tables, and its names."""

import re
from pathlib import Path

import older_jax
import pages
import pytest

import adam_jax
from adam_jax import diagnostics
from adam_jax.__main__ import _parser
from adam_jax.tools.bench import exactness

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MEASUREMENTS = (ROOT / "docs" / "measurements.md").read_text()


@pytest.mark.standard_promotion
@pytest.mark.parametrize(
    ("page", "least"),
    {
        "README.md": 5,
        "docs/checkpoints.md": 3,
        "docs/diagnostics.md": 2,
        "docs/differences.md": 2,
        "docs/faq.md": 5,
        "docs/frameworks.md": 6,
        "docs/hyperparameters.md": 4,
        "docs/limits.md": 1,
        "docs/many-devices.md": 2,
        "docs/memory.md": 5,
        "docs/moving.md": 4,
        "docs/native.md": 1,
    }.items(),
)
def test_the_blocks_of_a_page_run_in_order(page, least):
    older_jax.needs("flax", "0.12")  # nnx.as_pure
    assert len(pages.blocks(ROOT / page)) >= least
    pages.executed(ROOT / page)


def test_the_first_screen_shows():
    lines = README.splitlines()
    assert len(lines) <= 200
    figure = next(number for number, line in enumerate(lines, 1) if "](docs/figures/overview.png)" in line)
    swap = next(number for number, line in enumerate(lines, 1) if line.startswith("tx = adam_jax.adamw(1e-3)"))
    assert figure <= 25
    assert swap <= 45
    code = [line for block in pages.blocks(ROOT / "README.md") for line in block.splitlines()]
    assert [line for line in code if len(line) > 88] == []


def test_links_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target, _, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(#([^)]*))?\)", page.read_text()):
            linked = (page.parent / target) if target else page
            assert linked.exists(), (page.name, target)
            if anchor:
                assert anchor in anchors(linked), (page.name, target, anchor)


def anchors(page):
    """Of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_what_is_guaranteed_is_tested():
    """Every test that the page names is there."""
    named = re.findall(r"`(tests/[\w/]+\.py)?(?:::(\w+))?`", (ROOT / "docs" / "guarantees.md").read_text())
    assert len(named) > 15
    file = None
    for path, test in named:
        file = path or file
        text = (ROOT / file).read_text()
        assert not test or f"def {test}(" in text, (file, test)


def test_the_table_of_exactness_is_what_the_bench_prints():
    rows = [
        {"library": library, "gradients": group, "b2": b2, "sqrt(v_hat) max": 0, "sqrt(v_hat) bias": 0, "update max": 0}
        for library in ("adam_jax", "optax")
        for group in ("random", "steady")
        for b2 in exactness.B2S
    ]
    printed = [line for line in exactness.report(rows).splitlines() if line.startswith("|")]
    in_page = [line for line in MEASUREMENTS.splitlines() if line.startswith(("| random |", "| steady |"))]
    assert printed[0] in MEASUREMENTS.splitlines()
    assert [line.split("|")[1:3] for line in in_page] == [line.split("|")[1:3] for line in printed[2:]]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/measurements.md"])
def test_the_commands_named_exist(page):
    text = " ".join((ROOT / page).read_text().split())
    commands = re.findall(r"`python -m adam_jax ?([^`]*)`", text)
    assert commands or page == "CONTRIBUTING.md"
    for command in commands:
        if "--help" not in command:
            _parser().parse_args(command.split())


def test_the_readme_names_everything_public():
    for name in adam_jax.__all__:
        assert f"`{name}`" in README, name


def test_the_reference_names_everything_public():
    pages = "".join(page.read_text() for page in (ROOT / "docs" / "reference").iterdir())
    diagnosing = [f"diagnostics.{name}" for name in diagnostics.__all__]
    for name in [*adam_jax.__all__, *diagnosing]:
        assert re.search(rf"auto(function|class|module):: adam_jax\.{name}$", pages, re.MULTILINE), name


def test_the_changelog_has_this_version():
    assert f"## {adam_jax.__version__}" in (ROOT / "CHANGELOG.md").read_text()
