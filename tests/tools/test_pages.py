"""Are the pages of the documentation whole?  Built without a network, read as HTML, and opened in a browser."""

import json
import os
import pkgutil
import re
import subprocess
import sys
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

pytest.importorskip("sphinx", reason="needs pip install 'adam_jax[docs]'")
pytestmark = pytest.mark.slow  # a page knows no JAX

ROOT = Path(__file__).parents[2]
FONT = "_static/STIXTwoMath-subset.woff"
OTHERS = {"jax": "https://docs.jax.dev/en/latest/", "optax": "https://optax.readthedocs.io/en/latest/"}
CLOSED = (
    "http://127.0.0.1:9"  # a proxy that is not there: a build that fetches anything warns, and -W makes that an error
)


class Page(HTMLParser):
    """The elements of a file, and the text of its equations."""

    def __init__(self, file):
        super().__init__()
        self.elements, self.letters = [], set()
        self.open_math = self.upright = False
        self.feed(file.read_text())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open_math |= tag == "math"
        self.upright = tag != "mi" or ("mathvariant", "normal") in attrs

    def handle_endtag(self, tag):
        self.open_math &= tag != "math"

    def handle_data(self, data):
        """A single letter of <mi> is drawn as its italic, which has a code of its own (MathML Core, 4.2)."""
        text = data.strip()
        if self.open_math:
            italic = len(text) == 1 and not self.upright
            self.letters |= {ITALIC.get(ord(c), ord(c)) if italic else ord(c) for c in text}


# Unicode says of U+1D44E that it is "<font> 0061", an "a".
ITALIC = {
    int(decomposition.split()[1], 16): code
    for code in (0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C))
    if (decomposition := unicodedata.decomposition(chr(code)))
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The directory of the pages."""
    out = tmp_path_factory.mktemp("pages")
    proxies = {"http_proxy": CLOSED, "https_proxy": CLOSED, "no_proxy": ""}
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-d",
        f"{out}-doctrees",
        "-c",
        "docs",
        ".",
        out,
    ]
    subprocess.run(command, cwd=ROOT, env=os.environ | proxies, check=True)
    return out


@pytest.fixture(scope="module")
def read(built):
    """Every page, by its path."""
    return {str(file.relative_to(built)): Page(file) for file in sorted(built.rglob("*.html"))}


@pytest.mark.parametrize("library", OTHERS)
def test_names_of_others_lead_to_their_pages(library, read):
    """All that the inventory lists is there, and linked from a page; and no other name is."""
    lines = (ROOT / "docs" / "inventories" / f"{library}.inv").read_text().splitlines()[3:]
    expected = set()
    for name, kind, place in map(str.split, lines):
        assert pkgutil.resolve_name(name) is not None
        expected.add(f"{OTHERS[library]}{place}#{'module-' if kind == 'mod' else ''}{name}")
    linked = {
        attrs.get("href", "")
        for page in read.values()
        for tag, attrs in page.elements
        if "(in " in attrs.get("title", "")
    }
    assert {address for address in linked if address.startswith(OTHERS[library])} == expected


def test_signatures_are_those_of_the_source(built):
    text = re.sub("<[^>]*>", "", (built / "docs" / "reference" / "devices.html").read_text())
    assert "params: optax.Params" in text
    assert "ArrayTree" not in text  # what optax.Params is evaluated to


def test_pages_load_nothing_from_a_network(built, read):
    assert len(read) > 30
    for name, page in read.items():
        for tag, attrs in page.elements:
            loaded = [attrs.get("src"), attrs.get("srcset"), attrs.get("data")]
            loaded += [attrs.get("href")] if tag in ("link", "image", "use") else []
            assert [address for address in loaded if address and re.search("^(https?:)?//", address)] == [], (name, tag)
    for style in built.rglob("*.css"):
        for address in re.findall(r"(?:url\(|@import )[\"']?([^\"')]+)", style.read_text()):
            assert address.startswith("data:") or (style.parent / address).is_file(), (style.name, address)


def test_the_font_has_every_letter_of_the_equations(built, read):
    own = read.keys() - {"explain.html"}  # which names fonts of its own
    used = set().union(*(read[name].letters for name in own))
    assert {ord("1"), ord("+"), 0x2C6, ITALIC[ord("m")], ITALIC[ord("β")]} <= used
    font = TTFont(built / FONT)
    assert [f"U+{code:X}" for code in sorted(used - font.getBestCmap().keys())] == []
    assert ord("√") in font.getBestCmap()  # <msqrt> draws it
    assert font["MATH"].table.MathConstants.SubscriptShiftDown.Value > 0


def test_indices_stand_low(built, chromium):
    """Without a font with a table MATH an index of m ends where m does."""
    import browser

    browser.resize(chromium, 1280, 900)
    browser.load(chromium, (built / "docs" / "equations.html").as_uri())
    browser.wait(
        chromium, lambda: chromium.execute_script("return [...document.fonts].map(font => font.status)") == ["loaded"]
    )
    drops = chromium.execute_script(
        "return [...document.querySelectorAll('msub')].map(({children: [base, index]}) =>"
        " (index.getBoundingClientRect().bottom - base.getBoundingClientRect().bottom)"
        " / parseFloat(getComputedStyle(base).fontSize))"
    )
    assert len(drops) > 10
    assert min(drops) > 0.1


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit(width, built, read, chromium):
    """Nothing is wider than the window, every picture is there, and every request is for a file of the build."""
    import browser

    browser.resize(chromium, width, 900)
    for name in read:
        chromium.get_log("performance")  # what was before
        browser.load(chromium, (built / name).as_uri())
        wide, cut, broken = chromium.execute_script(
            "const scrolled = at => at.tagName != 'ARTICLE' &&"
            "  (getComputedStyle(at).overflowX == 'auto' || scrolled(at.parentElement));"
            "return [document.documentElement.scrollWidth,"
            " [...document.querySelectorAll('article *')].filter(node =>"
            "  node.getBoundingClientRect().right > innerWidth && !scrolled(node)).map(node => node.outerHTML),"
            " [...document.images].filter(image => image.complete && !image.naturalWidth).map(image => image.src)]"
        )
        assert wide <= width, name
        assert cut == [], name  # by the window, and in no box of its own that scrolls
        assert broken == [], name
        messages = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
        assert [asked for asked in browser.requests(messages) if not asked.startswith(built.as_uri())] == [], name
