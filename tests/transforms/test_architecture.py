"""Do the arrows go one way?  Reads every import of the package that runs."""

import ast
import functools
import sys
from pathlib import Path

import adam_jax

PACKAGE = Path(adam_jax.__file__).parent

# What each package may import, beside itself; "" is adam_jax/__init__.py, which says what is public.
MAY_IMPORT = {
    "interruption": set(),
    "older_jax": set(),
    "validation": set(),
    "core": {"validation"},
    "backends": {"core", "validation", "older_jax"},
    "transforms": {"backends", "core", "validation"},
    "optimizers": {"transforms"},
    "sharding": {"validation", "older_jax"},
    "step": {"transforms", "sharding", "validation"},
    "interop": {"transforms", "core", "validation"},
    "diagnostics": {"interop", "transforms", "core", "validation"},
    "": {"interruption", "optimizers", "sharding", "step", "interop", "transforms"},
    "tools": {"", "diagnostics", "transforms", "backends", "older_jax"},
    "__main__": {"tools", "interruption"},
}
RUNTIME = {"jax", "numpy", "optax"}  # numpy comes with jax
LONGEST = 400  # lines: more are two ideas, mostly
FLOORS = 11  # modules one upon another, without tools; 12 at 0.1.0
ARROWS = 65  # between packages, without tools and what __init__.py makes public; 104 at 0.1.0
FLAT = 10


def name_of(file):
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(file): file for file in sorted(PACKAGE.rglob("*.py"))}


def package_of(module):
    return module.split(".")[0]


def statements(node):
    """Those that run: what is imported for its types alone is no arrow."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and getattr(child.test, "id", None) == "TYPE_CHECKING"):
            yield child
            yield from statements(child)


def imports(tree):
    """Full names of the modules that a file imports."""
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the arrows"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner.removeprefix("adam_jax.") in FILES else node.module


@functools.cache
def arrows(module):
    """The modules of the package that this one imports."""
    found = imports(ast.parse(FILES[module].read_text()))
    return {m.removeprefix("adam_jax").removeprefix(".") for m in found if package_of(m) == "adam_jax"} - {module}


LIBRARY = [module for module in FILES if package_of(module) not in ("tools", "__main__")]


def test_every_package_imports_what_it_may():
    assert {package_of(module) for module in FILES} == set(MAY_IMPORT)
    for module in FILES:
        mine = package_of(module)
        for theirs in map(package_of, arrows(module)):
            assert theirs == mine or theirs in MAY_IMPORT[mine], f"{module} imports {theirs}"


def test_there_is_no_circle_and_few_floors():
    def floor(module, below=()):
        assert module not in below, f"a circle: {below}"
        return 1 + max((floor(other, (*below, module)) for other in arrows(module)), default=0)

    assert max(map(floor, LIBRARY)) <= FLOORS


def test_there_are_few_arrows_between_packages():
    between = [(m, other) for m in LIBRARY if m for other in arrows(m) if package_of(other) != package_of(m)]
    assert len(between) <= ARROWS
    assert sum("." not in module and FILES[module].name != "__init__.py" for module in FILES) <= FLAT


def test_core_knows_no_optax_and_only_the_demos_more_than_the_runtime_dependencies():
    for module, file in FILES.items():
        tree = ast.parse(file.read_text())
        top_level = ast.Module([n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)], [])
        extra = {name.split(".")[0] for name in imports(top_level)} - RUNTIME - sys.stdlib_module_names - {"adam_jax"}
        assert not extra or module.startswith("tools.demo"), (module, extra)
        assert package_of(module) != "core" or "optax" not in {name.split(".")[0] for name in imports(tree)}, module


def test_each_file_says_what_it_answers_and_stays_short():
    for module, file in FILES.items():
        text = file.read_text()
        assert ast.get_docstring(ast.parse(text)), f"the first line of {module} says what it is for"
        assert len(text.splitlines()) <= LONGEST, module


def test_the_equations_stand_once():
    with_average = [module for module, file in FILES.items() if ".average(" in file.read_text()]
    assert with_average == ["core.rules"]


def test_init_re_exports_and_nothing_else():
    tree = ast.parse(FILES[""].read_text())
    assert {type(node) for node in tree.body} <= {ast.Expr, ast.ImportFrom, ast.Assign}
    assert sorted(adam_jax.__all__) == list(adam_jax.__all__)
    for name in adam_jax.__all__:
        assert getattr(adam_jax, name).__doc__
