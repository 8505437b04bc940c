"""How are speeds printed?  Markdown tables, and a picture of the same numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from adam_jax.tools.bench.speed import CASES

Rows = list[dict[str, Any]]

_COLOURS = {"optax": "0.6", "torch": "tab:orange", "flashoptim": "tab:green"}  # the others are ours
_COLUMNS = ("step", "/ optax", "of copy", "of limit", "compile", "/ optax", "bytes")
_LEGEND = """rows: float32 and the others of this package use adam_jax.step; update: uses
tx.update and optax.apply_updates, if that is a different program
step: the median time, and divided by Optax's in the same batch (optax again
shows the noise)
of copy: bytes per second of a step (the least it must move) / of a plain copy
of limit: the same / of one pass, a loop in C over the arrays of a float32 step
that only adds; on a CPU
compile: the time to trace, lower and compile, and divided by Optax's
bytes: per parameter during a step, from the compiler: weights, gradients,
state and temporaries"""


def report(measured: dict[str, Any]) -> str:
    """What `speed.measure` returned, as a few lines about it and a Markdown table of 80 columns for each case."""
    rows = measured["rows"]
    tables = [_table([row for row in rows if row["case"] == case]) for case in dict.fromkeys(r["case"] for r in rows)]
    return "\n\n".join([_headline(measured), _LEGEND, *tables])


def _headline(measured: dict[str, Any]) -> str:
    device = measured["device"]
    versions = ", ".join(f"{name} {device[name]}" for name in ("jax", "optax", "torch") if name in device)
    lines = [f"{device['kind']}, {device['cores']} cores, {versions}", "optimizers one after another in one process"]
    if "peak bytes" in device:
        lines[1] += f"; at most {device['peak bytes'] / 1e9:,.1f} GB in use"
    lines += [f"left out: {name}: {why}" for name, why in measured["left_out"].items()]
    return "\n".join(lines)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:,.{0 if seconds >= 1 else 1 if seconds >= 0.01 else 2 if seconds >= 1e-3 else 3}f} ms"


def _seconds(seconds: float) -> str:
    return f"{seconds:,.{0 if seconds >= 100 else 2}f} s"


def _title(case: str) -> str:
    return CASES[case].title if case in CASES else case


def _table(rows: Rows) -> str:
    """The table of one case; a cell is empty where nothing was measured."""
    found = {(row["optimizer"], row["what"]): row for row in rows}

    def cell(name: str, what: str, key: str, write: Callable[[float], str]) -> str:
        row = found.get((name, what), {})
        return write(row[key]) if key in row else ""

    copies = [row["copy"] / 1e9 for row in rows if "copy" in row]
    speeds = f"; a copy reads and writes {min(copies):,.1f} to {max(copies):,.1f} GB/s" if copies else ""
    lines = [
        f"{_title(rows[0]['case'])}{speeds}\n",
        "| optimizer | " + " | ".join(_COLUMNS) + " |",
        "|---" * (len(_COLUMNS) + 1) + "|",
    ]
    for name in dict.fromkeys(name for name, _ in found):
        cells = (
            cell(name, "step", "seconds", _milliseconds),
            cell(name, "step", "ratio", "{:.2f}".format),
            cell(name, "step", "bandwidth", "{:.2f}".format),
            cell(name, "step", "of limit", "{:.2f}".format),
            cell(name, "compilation", "seconds", _seconds),
            cell(name, "compilation", "ratio", "{:.1f}".format),
            cell(name, "memory", "bytes", "{:.2f}".format),
        )
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def picture(measured: dict[str, Any], file: Path) -> None:
    """The times of steps divided by Optax's, as bars, one panel per case."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    steps = [row for row in measured["rows"] if row["what"] == "step"]
    cases = list(dict.fromkeys(row["case"] for row in steps))
    figure = Figure(figsize=(9, 0.8 + 2.6 * len(cases)), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    for panel, case in zip(figure.subplots(len(cases), squeeze=False)[:, 0], cases, strict=True):
        rows = [row for row in steps if row["case"] == case]
        colours = [_COLOURS.get(row["optimizer"].split(" ")[0].split("+")[0], "tab:blue") for row in rows]
        bars = panel.barh([row["optimizer"] for row in rows], [row["ratio"] for row in rows], color=colours)
        labels = [f"{row['ratio']:.2f}  ({_milliseconds(row['seconds'])})" for row in rows]
        panel.axvline(1, color="black", linewidth=0.8, zorder=0)
        panel.bar_label(bars, labels, padding=4, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
        panel.invert_yaxis()
        panel.margins(x=0.25)
        panel.set_title(_title(case), loc="left")
        panel.spines[["top", "right"]].set_visible(False)
    device = measured["device"]
    figure.supxlabel(f"time of a step / time of optax.adamw in float32, on {device['kind']}, {device['cores']} cores")
    figure.savefig(file, format="png")
