"""Whatever is drawn: printed Python is formatted, does what the blocks do bit for bit, and tells no lies."""

from __future__ import annotations

import runpy
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.check import review
from engine.compile import Compiled, build, source_of
from engine.problem import UserError
from engine.project import Project
from tests.drawn.composites import COMPOSITES, composite
from tests.drawn.networks import NETWORKS
from tests.engine.designs import DESIGNS
from tests.engine.examples import examples
from tests.engine.printing.formatted import complaints
from tests.engine.printing.interpreter import Interpreter
from tests.engine.printing.random_designs import random_design
from tests.engine.printing.remarks import Watch, watched

PRINTED: dict[str, str] = {}  # by the name of a file; ruff looks at all of them at once
TORCH_TELLS = "enable_nested_tensor"  # a note of torch's own about a layer


def inputs_of(compiled: Compiled) -> dict[str, torch.Tensor]:
    """A batch of two for each input."""
    torch.manual_seed(0)
    found = {}
    for step in compiled.source.parts.inputs:
        spec = step.leaves[0]
        assert spec is not None
        shape = (2, *spec.sizes)
        found[step.name] = torch.randn(shape) if spec.dtype == "float32" else torch.randint(0, 50, shape)
    return found


def outputs_of(
    compiled: Compiled, network: torch.nn.Module, inputs: Mapping[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    with torch.no_grad():
        found = network.eval()(*inputs.values())
    return found if isinstance(found, dict) else {next(iter(compiled.source.parts.predictions)): found}


def same(one: Mapping[str, torch.Tensor], other: Mapping[str, torch.Tensor]) -> bool:
    return list(one) == list(other) and all(torch.equal(one[key].nan_to_num(), other[key].nan_to_num()) for key in one)


def examine(project: Project, name: str) -> None:
    """All that has to hold for one printed network."""
    compiled = build(project)
    source, network = compiled.source, compiled.network
    PRINTED[name] = source.text
    inputs = inputs_of(compiled)
    ours = outputs_of(compiled, network, inputs)

    interpreter = Interpreter(project, review(project).plan, compiled)
    torch.manual_seed(1)
    assert same(ours, interpreter(inputs, source.parts.predictions)), "it does what its blocks do"

    assert source.parameters == sum(weight.numel() for weight in network.parameters())

    classes = watched(source)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", TORCH_TELLS)
        other = classes[source.network]()
    assert list(other.state_dict()) == list(network.state_dict())
    other.load_state_dict(network.state_dict())
    for mine, theirs in zip(network.parameters(), other.parameters(), strict=True):
        assert mine.requires_grad == theirs.requires_grad
    assert same(ours, outputs_of(compiled, other, inputs)), "its remarks tell the shapes, and the file gives the same"

    find_every_block(compiled, inputs)


def find_every_block(compiled: Compiled, inputs: Mapping[str, torch.Tensor]) -> None:
    """An error in any layer leads to its block, to the group whose run of layers it is in, or to its like elsewhere."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    for dotted, path in compiled.source.holders.items():
        layer = compiled.network
        for name in dotted.split("."):
            layer = getattr(layer, name)
        if not isinstance(layer, torch.nn.Module):
            continue
        layer.forward = fail
        with pytest.raises(ZeroDivisionError) as error, torch.no_grad():
            compiled.network(*inputs.values())
        del layer.forward
        found = compiled.source.block_of(error.value)
        assert found is not None
        assert path.startswith(found) or found.rpartition("/")[2] in path.split("/"), (found, path)


@pytest.mark.parametrize("design", DESIGNS)
def test_designs(design: str) -> None:
    examine(DESIGNS[design](), design)


@pytest.mark.parametrize("name", COMPOSITES)
def test_groups_that_come_with_the_program(name: str) -> None:
    examine(composite(name), name)


@pytest.mark.parametrize("name", ["siamese", "digits-vae"])
def test_small_networks(name: str) -> None:
    examine(NETWORKS[name][0](), name)


tried, refused = [0], [0]


@examples(3)
@given(st.randoms(use_true_random=False))
def test_random_designs(random: Random) -> None:
    project = random_design(random)
    tried[0] += 1
    try:
        source_of(project)
    except UserError as error:
        if "can't use the weights of" not in str(error):
            raise
        refused[0] += 1
        return
    examine(project, f"random{tried[0]}")


def test_random_designs_are_worth_trying() -> None:
    """They are many, of all kinds, and most are printed."""
    texts = [text for name, text in PRINTED.items() if name.startswith("random")]
    assert len(texts) >= 250
    assert refused[0] < 0.1 * tried[0]
    assert Watch.total > 1000
    for word in ("nn.Sequential(", "nn.ModuleList(", "nn.init.", "requires_grad_", "register_buffer", "Used 2 times"):
        # how many is a matter of what else was imported, since Hypothesis tries constants of all that is
        assert any(word in text for text in texts), word


def test_all_are_formatted_and_without_a_fault(tmp_path: Path) -> None:
    assert len(PRINTED) > 250
    assert complaints(PRINTED, tmp_path) == ""


def test_a_file_has_the_weights_of_what_was_compiled(tmp_path: Path) -> None:
    for name in ("groups", "siamese"):
        compiled = build(DESIGNS[name]())
        (tmp_path / f"{name}.py").write_text(compiled.source.text, encoding="utf-8")
        classes = runpy.run_path(str(tmp_path / f"{name}.py"))
        assert list(classes[compiled.source.network]().state_dict()) == list(compiled.network.state_dict())
    assert sys.dont_write_bytecode or not list(tmp_path.glob("*.pyc"))
