"""What do the Python blocks of a page define, executed in order?"""

import re


def blocks(page):
    """The texts of the blocks of a page, which is a path."""
    return re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


def executed(page, some=None):
    """The namespace after all blocks, or after those that are given."""
    namespace = {}
    for block in blocks(page) if some is None else some:
        exec(compile(block, str(page), "exec"), namespace)
    return namespace
