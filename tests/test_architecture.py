"""Do the arrows go one way?  Reads every import of the package."""

import ast
import sys
from pathlib import Path

import adam_jax

PACKAGE = Path(adam_jax.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# Each module may import the modules before it, and nothing after it.
ORDER = (
    "interruption",
    "older_jax",
    "core",
    "backends",
    "transforms",
    "tools",
    "backends.platforms",
    "core.derivatives",
    "backends.devices",
    "core.rounding",
    "core.rules",
    "core.formats",
    "core.formats.dense",
    "core.formats.eightbit",
    "core.leaf_step",
    "core.split_float",
    "transforms.handover",
    "core.whole",
    "backends.tiles",
    "backends.lowering",
    "backends.pallas_tpu",
    "backends.shard_map",
    "backends.pallas_moments",
    "validation",
    "core.hyperparameters",
    "transforms.spec",
    "transforms.masks",
    "ownership",
    "backends.fused",
    "transforms.state_outline",
    "transforms.base",
    "transforms.adam",
    "transforms.learning_rate",
    "optimizers",
    "variants",
    "transforms.master_weights",
    "transforms.skip",
    "sharding",
    "step",
    "interop",
    "interop.formats",
    "interop.moments",
    "interop.optax_state",
    "interop.pytorch_optimizer",
    "interop.pytorch_arrays",
    "interop.pytorch_state",
    "interop.pytorch_weights",
    "",
    "tools.argument_types",
    "tools.files",
    "diagnostics.hlo",
    "diagnostics.program",
    "diagnostics.moments",
    "diagnostics.measures",
    "diagnostics.trajectory",
    "diagnostics.plots",
    "diagnostics.memory",
    "diagnostics",
    "tools.bench",
    "tools.bench.configurations",
    "tools.bench.exactness",
    "tools.bench.targets",
    "tools.bench.traffic",
    "tools.bench.training",
    "tools.bench.contestants",
    "tools.bench.speed",
    "tools.bench.speed_report",
    "tools.bench.commands",
    "tools.demo",
    "tools.demo.bowl",
    "tools.demo.train",
    "tools.demo.zero",
    "tools.explain",
    "__main__",
)
RUNTIME = {"jax", "numpy", "optax"}  # numpy comes with jax
LONGEST = 400  # lines: more are two ideas, mostly


def name_of(file):
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree, package_prefix="adam_jax"):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the arrows"
            yield node.module
            for alias in node.names:
                if (node.module == package_prefix or node.module.startswith(package_prefix + ".")) and (
                    f"{node.module}.{alias.name}".removeprefix(package_prefix + ".") in ORDER
                ):
                    yield f"{node.module}.{alias.name}"


def test_every_module_has_its_place():
    assert {name_of(file) for file in FILES} == set(ORDER)


def test_arrows_go_one_way():
    for file in FILES:
        mine = name_of(file)
        for imported in imports(ast.parse(file.read_text())):
            if not (imported == "adam_jax" or imported.startswith("adam_jax.")):
                continue
            theirs = imported.removeprefix("adam_jax").removeprefix(".")
            if theirs == "" and ORDER.index(mine) <= ORDER.index(""):
                # `from adam_jax import rule` names a module, which `imports` yields as well
                continue
            assert ORDER.index(theirs) < ORDER.index(mine), f"{mine} imports {theirs}"


def test_only_the_demos_import_more_than_the_runtime_dependencies():
    for file in FILES:
        tree = ast.parse(file.read_text())
        top_level = ast.Module([n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)], [])
        top = {name.split(".")[0] for name in imports(top_level)}
        extra = top - RUNTIME - sys.stdlib_module_names - {"adam_jax"}
        assert not extra or name_of(file).startswith("tools.demo"), (name_of(file), extra)


def test_each_file_says_what_it_answers_and_stays_short():
    for file in FILES:
        text = file.read_text()
        assert ast.get_docstring(ast.parse(text)), f"the first line of {name_of(file)} states the file's question"
        assert len(text.splitlines()) <= LONGEST, name_of(file)


def test_the_equations_stand_once():
    with_average = [name_of(f) for f in FILES if ".average(" in f.read_text()]
    assert with_average == ["core.formats.eightbit", "core.rules"]  # the bound of v obeys v's own recursion


def test_init_re_exports_and_nothing_else():
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    kinds = {type(node) for node in tree.body}
    assert kinds <= {ast.Expr, ast.ImportFrom, ast.Assign}
    assert sorted(adam_jax.__all__) == list(adam_jax.__all__)
    for name in adam_jax.__all__:
        assert getattr(adam_jax, name).__doc__
