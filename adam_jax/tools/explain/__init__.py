"""How does Adam work, when I may turn its knobs?  One HTML file, put together from the parts beside this one."""

import base64
import re
from importlib import metadata, resources
from pathlib import Path

from adam_jax.tools import files

FONT = "STIXTwoMath-subset.woff"
STYLES = ("page.css", "controls.css", "drawing.css", "layout.css")

# Each script may import from those before it; in the page they share one module.
SCRIPTS = (
    "surfaces.js",
    "optimizers.js",
    "sweep.js",
    "settings.js",
    "contours.js",
    "numbers.js",
    "equations.js",
    "svg.js",
    "arrows.js",
    "map.js",
    "chart.js",
    "learning_rates.js",
    "page.js",
)


def page() -> str:
    """The whole page: `page.html` with the style, the font and the scripts inside, so that it needs no network."""
    html = _part("page.html")
    for slot, content in (("style", _style()), ("script", _script())):
        mark = f"/* the {slot} goes here */"
        before, after = html.split(mark)
        html = before + content + after
    return _with_addresses(html)


def write(out: Path) -> Path:
    """Write `explain.html` into the directory `out`, creating it if need be, and return where it is.

    Args:
      out: the directory; what is in its way raises FileExistsError or NotADirectoryError.

    Returns:
      The path of the file, which a browser opens as it is.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     written = write(Path(directory) / "new")
    ...     written.name, written.read_text(encoding="utf-8").startswith("<!doctype html>")
    ('explain.html', True)
    """
    out.mkdir(parents=True, exist_ok=True)
    path = out / "explain.html"
    path.write_text(page(), encoding="utf-8")
    return path


def run(out: Path) -> None:
    """Write the page and print where it is."""
    with files.writing(out / "explain.html"):
        path = write(out)
    print(f"how Adam works, for a browser: {path}")


def _with_addresses(html: str) -> str:
    """Links into the repository, which the package's metadata name; without them their words stay."""
    try:
        addresses = metadata.metadata("adam_jax").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:  # a copy of the repository that is on the path
        addresses = []
    homepages = [address.partition(", ")[2] for address in addresses if address.startswith("Homepage, ")]
    if homepages:
        return html.replace("{homepage}", homepages[0])
    return re.sub(r'<a [^>]*href="{homepage}[^>]*>(.*?)</a>', r"\1", html, flags=re.DOTALL)


def _part(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def _style() -> str:
    """All sheets, with the font inside."""
    font = base64.b64encode(resources.files(__name__).joinpath(FONT).read_bytes()).decode()
    style = "\n".join(_part(name) for name in STYLES).replace(f'"{FONT}"', f'"data:font/woff;base64,{font}"')
    return style.replace("</style", r"<\/style")


def _script() -> str:
    """One module of all: their names are shared already, so that imports go and `export` is not needed."""
    lines = "\n".join(_part(name) for name in SCRIPTS).splitlines()
    kept = [line.removeprefix("export ") for line in lines if not line.startswith("import ")]
    # Inside a string either reads the same; outside, it would end the element.
    return "\n".join(kept).replace("</script", r"<\/script").replace("<!--", r"<\!--")
