"""How does a table look in a terminal?  Markdown, as reports write it, with its columns aligned in 80 characters."""

import itertools
import textwrap

WIDTH = 80


def aligned(text: str) -> str:
    """`text` with each Markdown table in it as aligned columns: the first to the left, numbers to the right.

    Headings are wrapped to the width of their columns, and names in the first column if the table would be too wide.

    >>> print(aligned("| a name | of bytes |\\n|---|---|\\n| x | 16.00 |\\n| longer name | 8.00 |"))
                    of
    a name       bytes
    x            16.00
    longer name   8.00
    """
    groups = itertools.groupby(text.splitlines(), key=lambda line: line.startswith("|"))
    return "\n".join(_table(list(lines)) if is_table else "\n".join(lines) for is_table, lines in groups)


def _table(lines: list[str]) -> str:
    header, _, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    columns = list(zip(*body, strict=True)) if body else [()] * len(header)
    widths = [
        max([*map(len, column), *map(len, heading.split())], default=0)
        for heading, column in zip(header, columns, strict=True)
    ]
    gap = 2 if sum(widths) + 2 * (len(widths) - 1) <= WIDTH else 1
    widths[0] = max(1, min(widths[0], WIDTH - sum(widths[1:]) - gap * (len(widths) - 1)))
    rows = [_wrapped(header, widths, at_the_end=True), *(_wrapped(row, widths, at_the_end=False) for row in body)]
    return "\n".join(
        (" " * gap).join([first.ljust(widths[0]), *map(str.rjust, others, widths[1:])]).rstrip()
        for row in rows
        for first, *others in row
    )


def _wrapped(row: list[str], widths: list[int], *, at_the_end: bool) -> list[tuple[str, ...]]:
    """The lines of a row.  at_the_end: short cells stand on the last of them, as headings do above their column."""
    cells = [
        textwrap.wrap(cell, width, break_long_words=False) or [""] for cell, width in zip(row, widths, strict=True)
    ]
    height = max(map(len, cells))
    missing = [[""] * (height - len(cell)) for cell in cells]
    padded = (m + c if at_the_end else c + m for m, c in zip(missing, cells, strict=True))
    return list(zip(*padded, strict=True))
