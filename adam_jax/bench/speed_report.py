"""How do the speeds read?  Markdown tables, and a picture of the same numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from adam_jax.bench.speed import CASES

Rows = list[dict[str, Any]]

_COLOURS = {"optax": "0.6", "torch": "tab:orange", "flashoptim": "tab:green"}  # the others are ours


def report(measured: dict[str, Any]) -> str:
    """What `speed.measure` returned, as a line about the device and a Markdown table for each thing measured."""
    rows = measured["rows"]
    copies = [row["copy"] for row in rows if row["what"] == "step"]
    steps = [row for row in rows if row["what"] == "step" and "bandwidth" in row]
    parts = [
        _headline(measured),
        "A step: the median, and beside Optax's in the same heat (optax again: the noise)",
        _table(rows, "step", lambda row: f"{_milliseconds(row['seconds'])}, {row['ratio']:.3f}"),
        "The least bytes that a step must move, a second, beside a copy that reads and writes "
        f"{min(copies) / 1e9:,.1f} to {max(copies) / 1e9:,.1f} GB/s",
        _table(steps, "step", lambda row: f"{row['bandwidth']:.2f}"),
        "Trace, lower and compile, and beside Optax",
        _table(rows, "compilation", lambda row: f"{row['seconds']:,.2f} s, {row['ratio']:.2f}"),
        "Bytes a parameter during a step, by the compiler: weights, gradients, state and temporaries",
        _table(rows, "memory", lambda row: f"{row['bytes']:.2f}"),
    ]
    return "\n\n".join(parts)


def _headline(measured: dict[str, Any]) -> str:
    device = measured["device"]
    versions = ", ".join(f"{name} {device[name]}" for name in ("jax", "optax", "torch") if name in device)
    line = f"{device['kind']}, {device['cores']} cores, {versions}; contestants in turn in one process"
    if "peak bytes" in device:
        line += f"; at most {device['peak bytes'] / 1e9:,.1f} GB in use"
    left_out = "; ".join(f"{name}: {why}" for name, why in measured["left_out"].items())
    return f"{line}; left out: {left_out or 'nobody'}"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:,.{0 if seconds >= 1 else 1 if seconds >= 0.01 else 2 if seconds >= 1e-3 else 3}f} ms"


def _title(case: str) -> str:
    return CASES[case].title if case in CASES else case


def _table(rows: Rows, what: str, cell: Callable[[dict[str, Any]], str]) -> str:
    cells = {(row["contestant"], row["case"]): cell(row) for row in rows if row["what"] == what}
    names, cases = (list(dict.fromkeys(key[i] for key in cells)) for i in (0, 1))
    lines = ["| contestant | " + " | ".join(map(_title, cases)) + " |", "|---" * (len(cases) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(cells.get((name, case), "") for case in cases) + " |" for name in names]
    return "\n".join(lines)


def picture(measured: dict[str, Any], file: Path) -> None:
    """The steps beside Optax's as bars, one panel a case."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    steps = [row for row in measured["rows"] if row["what"] == "step"]
    cases = list(dict.fromkeys(row["case"] for row in steps))
    figure = Figure(figsize=(9, 0.8 + 2.6 * len(cases)), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    for panel, case in zip(figure.subplots(len(cases), squeeze=False)[:, 0], cases, strict=True):
        rows = [row for row in steps if row["case"] == case]
        colours = [_COLOURS.get(row["contestant"].split(" ")[0].split("+")[0], "tab:blue") for row in rows]
        bars = panel.barh([row["contestant"] for row in rows], [row["ratio"] for row in rows], color=colours)
        labels = [f"{row['ratio']:.2f}  ({_milliseconds(row['seconds'])})" for row in rows]
        panel.axvline(1, color="black", linewidth=0.8, zorder=0)
        panel.bar_label(bars, labels, padding=4, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
        panel.invert_yaxis()
        panel.margins(x=0.25)
        panel.set_title(_title(case), loc="left")
        panel.spines[["top", "right"]].set_visible(False)
    device = measured["device"]
    figure.supxlabel(f"seconds of a step beside optax.adamw in float32, on {device['kind']}, {device['cores']} cores")
    figure.savefig(file, format="png")
