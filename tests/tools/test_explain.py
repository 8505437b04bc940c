"""Is the page one file that needs nothing else?  Its parts, how they are put together, and the command."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from adam_jax.__main__ import main
from adam_jax.tools import explain

PARTS = Path(explain.__file__).parent
ROOT = Path(__file__).parents[2]
LONGEST, WIDEST = 300, 120  # lines and characters, as of the package's other files


def test_every_part_is_used_stays_short_and_says_what_it_answers():
    names = {path.name for path in PARTS.iterdir() if path.is_file()}
    of_the_font = {name for name in names if name.startswith("STIXTwoMath-")}  # with its licence, and how it was made
    assert explain.FONT in of_the_font
    assert names - of_the_font == {"__init__.py", "page.html", *explain.STYLES, *explain.SCRIPTS}
    parts = {name: (PARTS / name).read_text(encoding="utf-8") for name in names - of_the_font}
    for name, text in parts.items():
        assert len(text.splitlines()) <= LONGEST
        assert max(map(len, text.splitlines())) <= WIDEST
        if name.endswith((".js", ".css")):
            assert re.match(r"(//|/\*) [^?]+\?", text), name


def test_scripts_import_only_what_stands_before_them():
    for i, name in enumerate(explain.SCRIPTS):
        text = (PARTS / name).read_text(encoding="utf-8")
        lines = re.findall(r'^import \{ [\w, ]+ \} from "\./(.*)";$', text, re.MULTILINE)
        assert len(lines) == len(re.findall(r"^import\b", text, re.MULTILINE))
        assert set(lines) <= set(explain.SCRIPTS[:i])


def test_nothing_in_the_file_leads_out_of_it():
    html, fonts = re.subn(r'url\("data:font/woff;base64,[\w/+=]+"\)', "", explain.page())
    assert fonts == 1
    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:" in html
    links = set(re.findall(r'<a target="_top" href="(https://[^"]*)"', html))  # followed by a click, and not before
    assert not re.findall(
        r"//[a-z]|url\(|@import|\bsrc=|<link|\bfetch\(|XMLHttpRequest|import\(",
        re.sub("|".join(map(re.escape, links)), "", html),
    )
    assert set(re.findall(r'href="(.)', html)) == {"#", "h"}
    assert len(re.findall(r"</script", html)) == len(re.findall(r"</style", html)) == 1
    assert not re.findall(r"^(import|export) ", html, re.MULTILINE)


def test_what_would_end_an_element_is_escaped(monkeypatch):
    parts = {"page.css": "a::before { content: '</style>' }", "page.js": "export const s = '</script><!--';"}
    part = explain._part
    monkeypatch.setattr(explain, "_part", lambda name: parts.get(name, part(name)))
    html = explain.page()
    assert r"content: '<\/style>'" in html
    assert r"const s = '<\/script><\!--';" in html


def test_its_links_lead_to_files_of_the_repository(monkeypatch):
    homepage = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Homepage"]
    links = re.findall(r'<a target="_top" href="([^"]*)"', explain.page())
    assert len(links) == 2
    for link in links:
        assert (ROOT / link.removeprefix(f"{homepage}/blob/main/")).is_file(), link

    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "metadata", missing)  # a copy of the repository that nobody installed
    html = explain.page()
    assert "{homepage}" not in html
    assert "https:" not in html
    assert "The equations in the library" in html


def test_the_command_writes_the_page_and_says_where(tmp_path, capsys):
    out = tmp_path / "new" / "place"
    assert main(["explain", "--out", str(out)]) == 0
    assert capsys.readouterr().out.endswith(f" {out / 'explain.html'}\n")
    assert (out / "explain.html").read_text(encoding="utf-8") == explain.page()


def test_what_the_browser_opens_for_itself_is_no_request_of_the_page():
    browser = pytest.importorskip("browser")

    def message(address, method="Network.requestWillBeSent"):
        where = {"url": address} if method.endswith("Created") else {"request": {"url": address}}
        return {"method": method, "params": where}

    own = ["chrome://new-tab-page/", "chrome-extension://a/b.js", "devtools://devtools/x.js", "data:image/png;base64,"]
    messages = [*map(message, own), {"method": "Page.frameNavigated", "params": {}}]
    assert browser.requests([*messages, message("file:///explain.html#surface=bowl")]) == {"file:///explain.html"}
    out = ["http://a/", "https://a/x.js", "file:///other", "wss://a/"]
    messages += [*map(message, out[:-1]), message(out[-1], "Network.webSocketCreated")]
    assert browser.requests(messages) == set(out)
