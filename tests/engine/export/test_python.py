"""An exported file runs alone with only torch, and gives bit for bit what was compiled."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file, save_file

import engine
from engine.compile import build, source_of
from tests.engine.designs import DESIGNS

# What a person would do with the file: run it, then load the weights and compute.
SCRIPT = """
import json, runpy, sys
from pathlib import Path
from safetensors.torch import load_file, save_file
folder = Path(sys.argv[1])
for name, (network, inputs) in json.loads(Path(folder, "designs.json").read_text()).items():
    print(name, end=": ")
    classes = runpy.run_path(str(folder / f"{name}.py"), run_name="__main__")
    module = classes[network]()
    module.load_state_dict(load_file(folder / f"{name}.weights"))
    module.eval()
    given = load_file(folder / f"{name}.inputs")
    outputs = module(*[given[key].clone() for key in inputs])  # where numbers lie in memory decides on their last bit
    outputs = outputs if isinstance(outputs, dict) else {"": outputs}
    save_file({f"out{key}": value.detach().clone() for key, value in outputs.items()}, folder / f"{name}.outputs")
packages = {module.split(".")[0] for module in sys.modules}
print("loaded", sorted(packages & {"engine", "designer", "PySide6", "networkx"}))
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, bool]]:
    """What each exported file printed, and whether its outputs equal ours, from one fresh process."""
    folder = tmp_path_factory.mktemp("exported")
    designs, ours = {}, {}
    for name, make in DESIGNS.items():
        project = make()
        compiled = build(project)
        inputs = {}
        for number, step in enumerate(compiled.source.parts.inputs):
            spec = step.leaves[0]
            assert spec is not None
            torch.manual_seed(number)
            numbers = torch.randn(3, *spec.sizes) if spec.dtype == "float32" else torch.randint(0, 50, (3, *spec.sizes))
            inputs[step.name] = numbers
        (folder / f"{name}.py").write_text(engine.export_python(project), encoding="utf-8")
        save_file(dict(compiled.network.state_dict()), folder / f"{name}.weights")
        save_file(inputs, folder / f"{name}.inputs")
        designs[name] = (compiled.source.network, list(inputs))
        outputs = compiled.network.eval()(*inputs.values())
        ours[name] = outputs if isinstance(outputs, dict) else {"": outputs}
    (folder / "designs.json").write_text(json.dumps(designs))
    answer = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", SCRIPT, str(folder)], capture_output=True, text=True, cwd=folder
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""
    printed = dict(line.split(" ", 1) for line in answer.stdout.splitlines())
    return printed, {name: same(load_file(folder / f"{name}.outputs"), ours[name]) for name in designs}


def same(outputs: dict[str, torch.Tensor], ours: dict[str, torch.Tensor]) -> bool:
    return outputs.keys() == {f"out{key}" for key in ours} and all(
        torch.equal(outputs[f"out{key}"], value) for key, value in ours.items()
    )


@pytest.mark.parametrize(
    ("design", "shapes"),
    [
        ("chain", "torch.Size([2, 10])"),
        ("branches", "torch.Size([2, 3]) torch.Size([2, 4])"),
        ("residual", "torch.Size([2, 3])"),
        ("words", "torch.Size([2, 73]) torch.Size([2, 12])"),
        ("autoencoder", "torch.Size([2, 64])"),
        ("nothing_but_names", "torch.Size([2, 5, 3]) torch.Size([2, 3])"),
    ],
)
def test_runs_alone_and_prints_its_shapes(
    exported: tuple[dict[str, str], dict[str, bool]], design: str, shapes: str
) -> None:
    assert exported[0][f"{design}:"] == shapes


@pytest.mark.parametrize("design", DESIGNS)
def test_our_weights_give_the_same_bits(exported: tuple[dict[str, str], dict[str, bool]], design: str) -> None:
    assert exported[1][design]


def test_needs_nothing_but_torch(exported: tuple[dict[str, str], dict[str, bool]]) -> None:
    assert exported[0]["loaded"] == "[]"
    for make in DESIGNS.values():
        nodes = list(ast.walk(ast.parse(engine.export_python(make()))))
        imports = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        assert imports <= {"torch", "torch.nn.functional"}
        assert {node.module for node in nodes if isinstance(node, ast.ImportFrom)} <= {"torch"}


def test_is_the_text_that_was_trained() -> None:
    for make in DESIGNS.values():
        text = engine.export_python(make())
        head, _, code = text.partition("import torch\n")
        assert code == source_of(make()).text.partition("import torch\n")[2]
        assert head.startswith('"""')
        assert text.endswith("\n")
        assert max(map(len, text.splitlines())) <= 120
