"""How many bytes does a step move?  The bars, counted in what the compilers of GPUs and TPUs make of it."""

import importlib.util
import json
import math
import re
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import older_jax
import pytest
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec

import adam_jax
from adam_jax.__main__ import main
from adam_jax.backends import native_library
from adam_jax.diagnostics import hlo
from adam_jax.tools.bench import commands, configurations, targets, traffic
from adam_jax.tools.bench.configurations import CONFIGURATIONS, MODELS

F32, BF16 = jnp.float32, jnp.bfloat16
LEAVES = ["matrix", "vocabulary"]  # the second has an odd number of rows
COMPILERS = [
    pytest.param(target, marks=pytest.mark.skipif(targets.missing(target) is not None, reason=str(why)))
    for target in ("h200", "v5e", "v6e")
    for why in [targets.missing(target)]
]
TPUS = [target for target in COMPILERS if target.values[0] != "h200"]


def leaf(dtype, shape=(4096, 4096)):
    return jax.ShapeDtypeStruct(shape, dtype)


@pytest.mark.parametrize("target", COMPILERS)
@pytest.mark.parametrize(
    ("program", "arguments", "expected"),
    [
        (lambda x, y: 2 * x + y, (leaf(F32), leaf(F32)), 4 + 4 + 4),
        (lambda x: x.astype(F32), (leaf(BF16),), 2 + 4),
        (lambda x: (x + 1, x.astype(BF16)), (leaf(F32),), 4 + 4 + 2),
    ],
    ids=["axpy", "convert", "two outputs"],
)
def test_programs_of_known_traffic(program, arguments, expected, target):
    counted = traffic.of_program(program, *arguments, target=target)
    assert (counted.bytes, counted.kernels, counted.passes) == (expected, 1, 1)
    assert counted.temporaries < 0.001


@pytest.mark.parametrize("target", COMPILERS)
def test_a_donated_argument_is_still_read_and_written(target):
    counted = traffic.of_program(lambda x: x + 1, leaf(F32), target=target, donate_argnums=0)
    assert (counted.bytes, counted.kernels) == (8, 1)


@pytest.mark.parametrize("target", COMPILERS)
def test_a_program_for_another_machine_is_not_read_from_the_cache(target):
    for _ in range(2):
        assert traffic.of_program(lambda x: x * 3, leaf(F32), target=target).bytes == 8
        jax.clear_caches()


@pytest.mark.parametrize("target", COMPILERS)
def test_an_argument_returned_as_it_came_is_copied(target):
    assert traffic.of_program(lambda x: (x, x + 1), leaf(F32), target=target).bytes == 16


@pytest.mark.parametrize("target", COMPILERS)
def test_a_loop_has_no_count(target):
    with pytest.raises(NotImplementedError, match="while"):
        traffic.of_program(
            lambda x: jax.lax.while_loop(lambda a: a.sum() < 9, lambda a: a * 2, x), leaf(F32), target=target
        )


def test_the_text_is_read_in_every_form_it_is_written():
    text = """HloModule jit_step
%fused (p: f32[8]) -> f32[8] {
  ROOT %unread = f32[8]{0} add(%p, %p)
}
ENTRY %main.1 (a: f32[8,2], b: s8[]) -> (f32[8,2], bf16[8,2], u64[3]) {
  %a = f32[8,2]{1,0:T(8,128)(2,1)} parameter(0), sharding={replicated}
  b.1 = s8[] parameter(1)
  %constant = pred[3]{0} constant({1, 0, 1})
  %two = (f32[8,2]{1,0}, /*index=1*/bf16[8,2]{1,0}) fusion(f32[8,2]{1,0} %a, /*index=1*/s8[] b.1), calls=%fused
  %get-tuple-element = bf16[8,2]{1,0} get-tuple-element((f32[8,2]{1,0}, bf16[8,2]{1,0}) %two), index=1
  %bitcast = bf16[16]{0} bitcast(%get-tuple-element)
  %copy-start = (bf16[16]{0}, bf16[16]{0}, u32[]) copy-start(%bitcast)
  %copy-done = bf16[16]{0} copy-done(%copy-start)
  %on-chip = bf16[16]{0:T(1024)S(1)} copy(%copy-done)
  %room = bf16[16]{0} custom-call(), custom_call_target="AllocateBuffer"
  %slice-start = ((bf16[16]{0}), bf16[4]{0:S(1)}, u32[]{:S(2)}) slice-start(%bitcast), slice={[0:4]}
  %slice-done = bf16[4]{0:S(1)} slice-done(%slice-start)
  %count = s32[]{:T(128)S(6)} parameter(2)
  %next = s32[]{:T(128)S(6)} add(%count, %count)
  %blas = (u64[3]{0}, s8[1024]{0}) custom-call(pred[3]{0} %constant, %b.1), metadata={op_name="f(x) = (y)"}
  ROOT %tuple = (f32[8,2], bf16[8,2], u64[3]) tuple(%a, %get-tuple-element, %blas)
}
"""
    assert hlo.kernels_of(text) == {
        "two": 64 + 1 + 64 + 32,
        "copy-done": 32 + 32,
        "on-chip": 32,
        "slice-done": 8,
        "blas": 3 + 1 + 24 + 1024,
    }
    eighths = hlo.kernels_of(text.replace("pred[3]", "f8e4m3fn[3]"))
    assert eighths == hlo.kernels_of(text)
    assert hlo.kernels_of(text.replace("pred[3]", "u4[3]"))["blas"] == eighths["blas"] - 1  # 12 bits
    with pytest.raises(NotImplementedError, match="the size of strange"):
        hlo.kernels_of(text.replace("pred[3]", "strange[3]"))


# Bytes a parameter at most, by configuration: H200, and a TPU through update and through step.  The least is
# configurations.least + bound: 28, 20, 16, 14, 12, 16; on a TPU update writes the new weight, reads it beside the old
# one for the difference, and reads and writes again in apply_updates: 6 more.
BARS = {
    "optax": (28.1, 28.1, 28.1),
    "float32": (28.1, 28.1, 28.1),
    "8bit": (20.2, 24.2, 20.5),
    "8bit+32": (16.2, 22.2, 16.5),
    "8bit+24": (14.2, 20.2, 14.5),
    "8bit+16": (12.2, 16.2, 12.5),
    "8bit+32, skip": (16.2, 22.2, 16.5),
}


# PTX instructions per element on an H200, through update and through step.  Behind 16 bytes 111 are hidden, behind 20
# bytes 139 (`traffic.RATES`).  Measured: 44, 86, 125 and 100, 135 and 107, 104 and 96, 137 and 111.
INSTRUCTIONS = {
    "float32": (51, 51),
    "8bit": (90, 90),
    "8bit+32": (130, 104),
    "8bit+24": (140, 111),
    "8bit+16": (108, 100),
    "8bit+32, skip": (142, 115),
}


@pytest.mark.standard_promotion
@pytest.mark.parametrize("name", INSTRUCTIONS)
@pytest.mark.skipif(targets.missing("h200") is not None, reason=str(targets.missing("h200")))
def test_instructions_on_an_h200(name):
    configuration = CONFIGURATIONS[name]
    for fused, most in zip((False, True), INSTRUCTIONS[name], strict=True):
        counted = traffic.of_step(configuration.make(1e-3), [leaf(configuration.dtype)], "h200", fused=fused)
        assert counted.instructions <= most


@pytest.mark.skipif(targets.missing("v5e") is not None, reason=str(targets.missing("v5e")))
def test_instructions_on_a_tpu(tmp_path):
    """By the command, since the compiler is told to show its kernels before it is loaded."""
    file, most = tmp_path / "rows.json", {"8bit": 96, "8bit+32": 112}
    command = [sys.executable, "-m", "adam_jax", "traffic", "--markdown", "--target", "v5e", "--json", str(file)]
    run = subprocess.run([*command, "--configurations", *most], check=True, capture_output=True, text=True)
    rows = {row["configuration"]: row for row in json.loads(file.read_text()) if row["through"] == "step"}
    assert rows.keys() == most.keys()
    for name, row in rows.items():
        assert 50 < row["instructions"] <= most[name]
        assert row["picoseconds"]["bytes"] > row["picoseconds"]["instructions"]
    assert run.stdout.count("| bytes |") >= len(most)  # what bounds it


@pytest.mark.skipif(targets.missing("h200") is not None, reason=str(targets.missing("h200")))
def test_instructions_of_known_programs():
    """By what one more operation of each element adds."""
    x = leaf(F32)
    count = lambda f, *shapes: traffic.of_program(f, *shapes, target="h200").instructions  # noqa: E731
    base = count(lambda x: x * 3, x)
    assert count(lambda x: x * 3 + 1, x) == base + 1
    assert count(lambda x: jnp.sqrt(x * 3), x) == base + 1
    assert count(lambda x, y: x / y, x, x) - count(lambda x, y: x * y, x, x) == 7  # a division counts as 8
    assert traffic.of_program(lambda x: jnp.max(x), x, target="h200").instructions == 0  # of what writes arrays


NOTHING = 0.01 * 4  # bytes of temporaries per parameter: partial maxima, scalars
# On a TPU `update` writes the new bfloat16 weight, since an update is its difference to the old one.
NEW_WEIGHT_BESIDE_THE_OLD = ("8bit+32", "8bit+24", "8bit+32, skip")


@pytest.mark.standard_promotion
@pytest.mark.parametrize("model", LEAVES)
@pytest.mark.parametrize("name", BARS)
@pytest.mark.skipif(targets.missing("h200") is not None, reason=str(targets.missing("h200")))
def test_bars_of_the_h200(name, model):
    configuration = CONFIGURATIONS[name]
    counted = traffic.of_step(configuration.make(1e-3), configuration.params(MODELS[model]), "h200")
    assert counted.bytes <= BARS[name][0]
    assert counted.passes == (2 if configuration.bound else 1)
    assert counted.temporaries <= NOTHING
    assert counted.copies == 0


@pytest.mark.standard_promotion
@pytest.mark.parametrize("target", TPUS)
@pytest.mark.parametrize("model", LEAVES)
@pytest.mark.parametrize("name", BARS)
def test_bars_of_tpus(name, model, target):
    configuration = CONFIGURATIONS[name]
    tx, params = configuration.make(1e-3), configuration.params(MODELS[model])
    counted = traffic.of_step(tx, params, target)
    assert counted.bytes <= BARS[name][1]
    assert counted.temporaries <= NOTHING + (2 if name in NEW_WEIGHT_BESIDE_THE_OLD else 0)
    assert counted.copies == 0
    counted = traffic.of_step(tx, params, target, fused=True)
    assert counted.bytes <= BARS[name][2]
    assert counted.passes == (2 if configuration.bound else 1)
    assert counted.temporaries <= NOTHING
    assert counted.copies == 0


# XLA for a CPU makes one kernel of each result, and what one kernel overwrites another still reads: the old codes are
# copied first, and of a master weight the parameter and the remainder.  Their update is written out for both (4 bytes).
# A skipped step chooses between old and new for each result on its own, and a clipped gradient is an array.
ON_A_CPU = {  # whole-array copies and bytes of temporaries per parameter, as measured
    "optax": (0, 0),
    "float32": (0, 0),
    "8bit": (2, 2),
    "8bit+32": (4, 9),
    "8bit+24": (4, 8),
    "8bit+16": (2, 2),
    "8bit+32, skip": (4, 9),
    "8bit+32, clip": (2, 8),
}


@pytest.mark.standard_promotion
@pytest.mark.skipif(jax.default_backend() != "cpu", reason="counts what XLA makes for a CPU")
@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_copies_and_temporaries_on_a_cpu(name):
    configuration = CONFIGURATIONS[name]
    counted = traffic.of_step(configuration.make(1e-3), configuration.params([(1024, 512)]), "local", fused=True)
    copies, temporaries = ON_A_CPU[name]
    assert counted.copies <= copies
    assert counted.temporaries <= temporaries + NOTHING


@pytest.mark.standard_promotion
@pytest.mark.parametrize("target", ["local", COMPILERS[0]])
def test_step_is_update_and_apply_updates_where_there_is_no_kernel(target, monkeypatch):
    """A master weight through `step` is split from the sum, and not led to by a difference: other instructions."""
    monkeypatch.setenv("ADAM_JAX_NATIVE", "0")  # a CPU's kernel
    for name in ("8bit", "8bit+32") if target != "local" else ("8bit",):
        configuration = CONFIGURATIONS[name]
        tx, params = configuration.make(1e-3), configuration.params([(1024, 512)])
        update, step = (traffic.of_step(tx, params, target, fused=fused) for fused in (False, True))
        assert update._replace(instructions=None) == step._replace(instructions=None)


# Bytes per parameter beside the step without: 8-bit moments look at the gradient before anyway.
OPTIONS = {
    "cautious": (0, 0, 0),
    "nonfinite": (4, 0, 0),
    "spikes": (4, 4, 2),
    "clipping": (8, 5, 3),
}
ON_AN_H200 = {"cautious": (0, 0, 0), "nonfinite": (4, 0, 0), "spikes": (4, 0, 0), "clipping": (8, 1, 1)}
IN_C = OPTIONS | {"clipping": (16, 13, 11)}  # with XLA's reductions


@pytest.mark.standard_promotion
@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("target", ["local", *COMPILERS])
def test_what_the_options_cost(target, option):
    if target == "local" and (jax.default_backend() != "cpu" or native_library.why_not()):
        pytest.skip("counts what native kernels move")
    more = {"local": IN_C, "h200": ON_AN_H200}.get(target, OPTIONS)[option]
    arguments = {"cautious": {"cautious_weight_decay": True}, "clipping": {"update_clipping": 1.0}}.get(option, {})
    around = {"nonfinite": adam_jax.skip_nonfinite, "spikes": adam_jax.skip_spikes}.get(option, lambda tx: tx)
    makes = {
        "float32": lambda **some: adam_jax.adamw(1e-3, **some),
        "8bit": lambda **some: adam_jax.adamw(1e-3, moments="8bit", **some),
        "8bit+32": lambda **some: adam_jax.master_weights(adam_jax.adamw(1e-3, moments="8bit", **some)),
    }
    for (name, make), extra in zip(makes.items(), more, strict=True):
        configuration = CONFIGURATIONS[name]
        params = configuration.params(MODELS["matrix"])
        counted = traffic.of_step(around(make(**arguments)), params, target, fused=target != "h200")
        assert counted.bytes == pytest.approx(configuration.least + configuration.bound + extra, abs=NOTHING), name


@pytest.mark.standard_promotion
@pytest.mark.skipif(targets.missing("h200") is not None, reason=str(targets.missing("h200")))
def test_behind_a_clip_there_is_one_more_pass_and_the_clipped_gradient():
    configuration = CONFIGURATIONS["8bit+32, clip"]
    counted = traffic.of_step(configuration.make(1e-3), configuration.params(MODELS["matrix"]), "h200")
    assert counted.bytes <= 20.2
    assert counted.passes == 3
    assert counted.temporaries <= 2.2


# On a TPU leaves share kernels through step.  On a GPU XLA would do so too, with temporaries, were it not for one array
# of all scalars (backends/xla.py).
@pytest.mark.standard_promotion
@pytest.mark.parametrize("target", COMPILERS)
def test_many_leaves(target):
    configuration, on_tpu = CONFIGURATIONS["8bit+32"], target != "h200"
    counted = traffic.of_step(configuration.make(1e-3), configuration.params(MODELS["gpt2"]), target, fused=on_tpu)
    assert counted.bytes <= (16.5 if on_tpu else 16.1)
    assert counted.kernels <= (60 if on_tpu else 310)
    assert counted.temporaries <= (0.04 if on_tpu else 0.01)


@pytest.mark.standard_promotion
@pytest.mark.parametrize("target", TPUS)
def test_a_kernel_that_is_turned_off_is_not_there(target):
    counts = [
        traffic.of_step(
            adam_jax.master_weights(adam_jax.adamw(1e-3, moments="8bit", implementation=implementation)),
            [leaf(BF16)],
            target,
            fused=True,
        )
        for implementation in (None, "pallas", "xla")
    ]
    assert counts[0] == counts[1] != counts[2]


@pytest.mark.standard_promotion
def test_the_local_device_counts_too(capsys, tmp_path):
    older_jax.needs("jax", "0.8")  # XLA for CPUs left calls in a program, whose bytes are not counted
    file = tmp_path / "traffic.json"
    names = ["optax", "8bit+32"]
    assert main(["traffic", "--markdown", "--shapes", "64x32,8", "--configurations", *names, "--json", str(file)]) == 0
    rows = json.loads(file.read_text())
    ways = [(row["configuration"], row["through"]) for row in rows]
    assert ways == [("optax", "update"), ("8bit+32", "update"), ("8bit+32", "step")]
    assert all(row["bytes"] >= row["least"] for row in rows)
    printed = capsys.readouterr().out
    assert "2,056 parameters" in printed
    assert printed.count("| update |") == len(names)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--shapes", "4x-1"], "must be shapes of positive integers"),
        (["--shapes", "4xfour"], "must be shapes of positive integers"),
        (["--target", "v9"], "invalid choice"),
        (["--configurations", "9bit"], "no configuration 9bit; there are: optax"),
        (["--json", "no/such/place"], "must be a file in a directory that exists"),
    ],
)
def test_bad_arguments_of_traffic(given, said, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["traffic", *given])
    assert said in capsys.readouterr().err + str(stopped.value)


@pytest.mark.skipif(not hasattr(jax.sharding, "AbstractDevice"), reason="needs a newer jax")
def test_a_missing_compiler_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "pip install 'libtpu>=" in str(targets.missing("v5e"))
    assert "jax-cuda13" in str(targets.missing("h200"))
    for target in ("v5e", "h200"):
        with pytest.raises(RuntimeError, match=re.escape(str(targets.missing(target)))):
            targets.devices(target, "a slice that no other test asks for")


def test_the_command_line_knows_what_there_is():
    assert tuple(MODELS) == commands.MODELS
    assert targets.TARGETS == commands.TARGETS
    assert math.prod(MODELS["vocabulary"][0]) == configurations.parameters(MODELS["vocabulary"])


@pytest.mark.standard_promotion
def test_the_least_is_what_the_arrays_hold():
    for name, configuration in CONFIGURATIONS.items():
        params = configuration.params(MODELS["matrix"])
        state = jax.eval_shape(configuration.make(1e-3).init, params)
        size = lambda tree: sum(x.size * x.dtype.itemsize for x in jax.tree.leaves(tree))  # noqa: E731
        counted = (3 * size(params) + 2 * size(state)) / params[0].size  # gradients are as large as parameters
        assert counted == pytest.approx(configuration.least, abs=1e-4), name


@pytest.mark.standard_promotion
@pytest.mark.parametrize("target", COMPILERS)
def test_between_eight_devices_zero_moves_gradients_and_parameters_and_no_state(target):
    devices = targets.devices(target, "8" if target == "h200" else "2x4")
    mesh = Mesh(np.array(devices), ("data",), axis_types=(AxisType.Auto,))
    everywhere, parts = NamedSharding(mesh, PartitionSpec()), NamedSharding(mesh, PartitionSpec("data"))
    tx = adam_jax.skip_nonfinite(adam_jax.master_weights(adam_jax.adamw(1e-3, moments="8bit")))
    params = {
        "w": jax.ShapeDtypeStruct((1024, 512), BF16, sharding=everywhere),
        "stack": jax.ShapeDtypeStruct((3, 64, 256), BF16, sharding=everywhere),
    }
    shardings = adam_jax.state_shardings(tx, params, zero_axis="data")
    state = jax.tree.map(lambda x, s: x.update(sharding=s), jax.eval_shape(tx.init, params), shardings)
    batch = jax.ShapeDtypeStruct((128, 1024), BF16, sharding=parts)

    def step(params, state, batch):
        grads = jax.grad(lambda p: jnp.mean(jnp.square(batch @ p["w"]) * jnp.mean(p["stack"])))(params)
        return adam_jax.step(tx, params, state, grads, shardings=shardings)

    jitted = jax.jit(step, out_shardings=(everywhere, shardings), donate_argnums=(0, 1))
    text = jitted.lower(params, state, batch).compile().as_text()
    moved = re.findall(
        r"= (.*?) (?:all-gather|all-reduce|reduce-scatter|all-to-all|collective-permute)(?:-start)?\(", text
    )
    arrays = {
        (dtype, shape) for result in moved for dtype, shape in re.findall(r"(\w+)\[([\d,]*)\]", result) if "," in shape
    }
    assert {dtype for dtype, _ in arrays} == {"bf16"}  # 16-bit integers are the state's
    assert ("reduce-scatter-start(" if target == "h200" else "all-reduce-scatter") in text
