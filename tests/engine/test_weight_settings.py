"""Weights begin as torch's own functions would set them, under the same seed, and biases at 0."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from engine.blocks import Block
from engine.compile import build, source_of
from engine.project import Project
from engine.record import BadValue
from engine.weight_settings import WeightSettings
from tests.drawn.drawing import group
from tests.engine.drawing import block, draw

First = Callable[[torch.Tensor], object]


def network(layer: Block, shape: tuple[int, ...] = (6,), dtype: str = "float32", **settings: object) -> Project:
    """One layer, its weights treated in a way of its own."""
    blocks = {"x": block("Input", sample_shape=shape, dtype=dtype), "layer": layer, "out": block("Output")}
    project = draw(blocks, "x -> layer -> out")
    return project.edit(project.graph.treat("layer", WeightSettings.build(settings)))


def begun(project: Project) -> dict[str, torch.Tensor]:
    torch.manual_seed(3)
    return dict(build(project).network.named_parameters())


def by_hand(layer: Callable[[], nn.Module], first: First) -> dict[str, torch.Tensor]:
    """The weights of a layer that torch makes, set by torch's function afterwards."""
    torch.manual_seed(3)
    made = layer()
    for name, weight in made.named_parameters():
        if "bias" in name:
            nn.init.zeros_(weight)
        else:
            first(weight)
    return dict(made.named_parameters())


FIRST: dict[str, tuple[dict[str, object], First]] = {
    "xavier uniform": ({}, nn.init.xavier_uniform_),
    "xavier uniform with gain": ({"amount": 1.5}, lambda w: nn.init.xavier_uniform_(w, gain=1.5)),
    "xavier normal": ({}, nn.init.xavier_normal_),
    "xavier normal with gain": ({"amount": 0.5}, lambda w: nn.init.xavier_normal_(w, gain=0.5)),
    "kaiming uniform": ({}, lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu")),
    "kaiming normal": ({}, lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu")),
    "orthogonal": ({}, nn.init.orthogonal_),
    "orthogonal with gain": ({"amount": 2}, lambda w: nn.init.orthogonal_(w, gain=2)),
    "normal": ({}, lambda w: nn.init.normal_(w, std=0.02)),
    "normal with spread": ({"amount": 0.3}, lambda w: nn.init.normal_(w, std=0.3)),
    "uniform": ({}, lambda w: nn.init.uniform_(w, -0.1, 0.1)),
    "uniform with reach": ({"amount": 0.7}, lambda w: nn.init.uniform_(w, -0.7, 0.7)),
    "constant": ({}, nn.init.zeros_),
    "constant with value": ({"amount": -0.25}, lambda w: nn.init.constant_(w, -0.25)),
}
LAYERS: dict[str, tuple[Block, tuple[int, ...], Callable[[], nn.Module]]] = {
    "linear": (block("Linear", out_features=4), (6,), lambda: nn.Linear(6, 4)),
    "convolution": (block("Conv2d", out_channels=4), (3, 8, 8), lambda: nn.Conv2d(3, 4, 3)),
    "without bias": (block("Linear", out_features=4, bias=False), (6,), lambda: nn.Linear(6, 4, bias=False)),
}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("kind", FIRST)
def test_begins_as_torch_would_set_it(kind: str, layer: str) -> None:
    settings, first = FIRST[kind]
    drawn, shape, made = LAYERS[layer]
    ours = begun(network(drawn, shape, initialisation=kind.partition(" with")[0], **settings))
    theirs = by_hand(made, first)
    assert ours.keys() == {f"layer.{name}" for name in theirs}
    for name, weight in theirs.items():
        assert torch.equal(ours[f"layer.{name}"], weight), name


@pytest.mark.parametrize("layer", LAYERS)
def test_by_default_torch_chooses(layer: str) -> None:
    drawn, shape, made = LAYERS[layer]
    ours = begun(network(drawn, shape))
    torch.manual_seed(3)
    for name, weight in made().named_parameters():
        assert torch.equal(ours[f"layer.{name}"], weight)
    assert "nn.init" not in source_of(network(drawn, shape)).text


def test_what_is_made_for_matrices_leaves_the_scales_of_norms() -> None:
    for kind, scale in (("orthogonal", 1.0), ("xavier uniform", 1.0), ("constant", 0.5), ("normal", None)):
        weights = begun(network(block("LayerNorm"), initialisation=kind, amount=0.5))
        assert torch.equal(weights["layer.bias"], torch.zeros(6))
        if scale is not None:
            assert torch.equal(weights["layer.weight"], torch.full((6,), scale))
        else:
            assert weights["layer.weight"].std() < 1


def test_every_weight_inside_a_layer_begins_so() -> None:
    """Also where torch keeps layers in a list in a layer."""
    blocks = block("TransformerEncoder", num_layers=2, nhead=2, dim_feedforward=8, norm=True)
    weights = begun(network(blocks, (5, 6), initialisation="constant", amount=0.5))
    assert len(weights) == 2 * 12 + 2
    for name, weight in weights.items():
        assert torch.equal(weight, torch.full_like(weight, 0.0 if "bias" in name else 0.5)), name
    text = source_of(network(blocks, (5, 6), initialisation="constant", amount=0.5)).text
    assert "nn.init.constant_(self.layer.layers[1].self_attn.in_proj_weight, 0.5)" in text.replace("\n            ", "")


def test_all_gates_of_a_recurrent_layer_begin_so() -> None:
    weights = begun(network(block("LSTM", hidden_size=3, num_layers=2), (5, 6), initialisation="orthogonal"))
    for name, weight in weights.items():
        if "bias" in name:
            assert not weight.any()
        else:
            assert torch.allclose(weight.T @ weight, torch.eye(weight.shape[1]), atol=1e-5), name


def test_the_row_of_an_embedding_that_pads_stays_0() -> None:
    project = network(block("Embedding", num_embeddings=5, padding_idx=2), (4,), "int64", initialisation="normal")
    weight = begun(project)["layer.weight"]
    assert not weight[2].any()
    assert weight[[0, 1, 3, 4]].all()
    assert "nn.init.zeros_(self.layer.weight[2])" in source_of(project).text


def test_a_learned_tensor_begins_so_whatever_its_name() -> None:
    blocks = {
        "x": block("Input", sample_shape=(6,)),
        "bias": block("LearnedParameter", sizes=(6,), init="zeros"),
        "sum": block("Add"),
        "out": block("Output"),
    }
    project = draw(blocks, "x -> sum.x1", "bias -> sum.x2", "sum -> out")
    project = project.edit(project.graph.treat("bias", WeightSettings(initialisation="constant", amount=3)))
    assert torch.equal(begun(project)["bias"], torch.full((6,), 3.0))


@pytest.mark.parametrize("norm", ["weight", "spectral"])
@pytest.mark.parametrize("inside", [False, True])
def test_a_parametrized_layer_begins_before_it_is_parametrized(norm: str, inside: bool) -> None:
    layer = block("Linear", out_features=4, weight_norm=norm)
    project = network(layer, initialisation="kaiming normal")
    name = "layer"
    if inside:  # in an nn.Sequential
        run = group("Run", {"layer": layer, "act": block("ReLU")}, "x -> layer -> act -> y")
        inner = run.graph.treat("layer", WeightSettings(initialisation="kaiming normal"))
        project, name = network(run.with_graph(inner)), "layer.0"
    ours = begun(project)
    torch.manual_seed(3)
    made = nn.Linear(6, 4)
    nn.init.zeros_(made.bias)
    nn.init.kaiming_normal_(made.weight, nonlinearity="relu")
    whole = made.weight.detach().clone()
    parametrize = {"weight": "weight_norm", "spectral": "spectral_norm"}[norm]
    getattr(nn.utils.parametrizations, parametrize)(made)
    for key, weight in made.named_parameters():
        assert torch.equal(ours[f"{name}.{key}"], weight), key
    torch.manual_seed(3)
    built = build(project).network.get_submodule(name)
    assert torch.equal(built.weight, made.weight)
    if norm == "weight":
        assert torch.allclose(built.weight, whole, atol=1e-6)
    else:
        assert torch.linalg.matrix_norm(built.weight, 2) <= 1.05


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("self.layer[0].weight", "nn.init.xavier_uniform_(self.layer[0].weight, gain=2.0)"),
        ("self.layer[0].bias", "nn.init.zeros_(self.layer[0].bias)"),
        ("self.layer[0]", "self.layer[0].requires_grad_(False)"),
    ],
)
def test_layers_in_a_series_begin_in_their_places(place: str, line: str) -> None:
    run = group("Run", {"fc": block("Linear"), "act": block("ReLU")}, "x -> fc -> act -> y")
    settings = WeightSettings(initialisation="xavier uniform", amount=2, frozen=True)
    text = source_of(network(run.with_graph(run.graph.treat("fc", settings)))).text
    assert text.splitlines().count(f"        {line}") == 1


def test_a_group_decides_for_those_that_leave_it_open() -> None:
    blocks = {"fc1": block("Linear", out_features=6), "fc2": block("Linear", out_features=6), "sum": block("Add")}
    inner = group("Inner", blocks, "x -> fc1 -> sum.x1", "x -> fc2 -> sum.x2", "sum -> y")
    inner = inner.with_graph(inner.graph.treat("fc2", WeightSettings(initialisation="constant", amount=1)))
    weights = begun(network(inner, initialisation="constant", amount=7))
    assert torch.equal(weights["layer.fc1.weight"], torch.full((6, 6), 7.0))
    assert torch.equal(weights["layer.fc2.weight"], torch.ones(6, 6))


def test_frozen_weights_do_not_ask_for_gradients() -> None:
    network_ = build(network(block("Linear"), frozen=True)).network
    assert [weight.requires_grad for weight in network_.parameters()] == [False, False]
    assert [weight.requires_grad for weight in build(network(block("Linear"))).network.parameters()] == [True, True]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"amount": -1}, "Scale or value must be at least 0, not -1; only a constant may be less."),
        ({"amount": -0.1, "initialisation": "uniform"}, "must be at least 0"),
        ({"amount": 1e7, "initialisation": "normal"}, "Scale or value must be at least -1000000, at most 1000000"),
        ({"amount": 1e7, "initialisation": "constant"}, "at most 1000000"),
        ({"amount": float("nan")}, "Scale or value"),
        ({"initialisation": "eye"}, "Initialisation must be “default” or “xavier uniform” or"),
        ({"frozen": "yes please"}, "Frozen must be on or off"),
        ({"l1": -1}, "L1 penalty must be at least 0"),
        ({"weight_decay": -1e-9}, "Weight decay must be at least 0"),
    ],
)
def test_refuses_values(values: dict[str, object], words: str) -> None:
    with pytest.raises(BadValue) as refused:
        WeightSettings.build(values)
    assert words in str(refused.value)


@pytest.mark.parametrize("kind", WeightSettings.param("initialisation").choices)
@pytest.mark.parametrize("amount", [None, 0, 1e-30, 1e6])
def test_every_amount_that_is_taken_can_be_set(kind: str, amount: float | None) -> None:
    weights = begun(network(block("Linear", out_features=4), initialisation=kind, amount=amount))
    assert all(weight.isfinite().all() for weight in weights.values())
