"""Every block says what it is: help, formula, parameters as torch has them, and its place in the catalogue."""

from __future__ import annotations

import inspect
import itertools
import re

import pytest
import torch

from engine.blocks import CATALOGUE, CATEGORIES, Source
from engine.blocks.inputs import Output
from engine.graph import refused_name
from tests.engine.blocks.cases import LAYERS
from tests.engine.blocks.contract import LEFT_OUT, OTHER_DEFAULTS, OUR_OWN, WITHOUT_FORMULA

# Where torch's own argument is not among a block's parameters, and why.
FOLLOWS_FROM_THE_INPUT = {"in_features", "in_channels", "num_features", "input_size"}
TECHNICAL = {"device", "dtype", "inplace", "args", "kwargs"}
KINDS = ("int", "float", "bool", "choice", "sizes", "shape", "numbers", "field", "text")


def sentences(text: str) -> int:
    return len(re.findall(r"[^.!?]{3,}[.!?](?=\s|$)", text))


@pytest.mark.parametrize("name", CATALOGUE)
def test_documents_itself(name: str) -> None:
    cls = CATALOGUE[name]
    assert cls.__name__ == name
    assert sentences(cls.doc()) >= 2, "a block's help has at least two sentences"
    assert cls.category in CATEGORIES
    assert refused_name(f"{cls.stem}1") is None
    assert cls.aliases
    assert all(alias == alias.strip() != "" for alias in cls.aliases)
    for param in cls.params():
        assert sentences(param.doc) >= 1, param.name
        assert param.label[0].isupper(), param.name
        assert param.kind in KINDS, param.name
    if name not in WITHOUT_FORMULA:
        assert cls.formula
    assert set(cls.sums_up) <= {param.name for param in cls.params()}
    if issubclass(cls, Source) or cls is Output:
        assert not cls.reference
    elif cls.reference:
        assert resolved(cls.reference) is not None


def resolved(reference: str) -> object:
    """What a name in torch's documentation stands for."""
    value: object = torch
    for part in reference.removeprefix("torch.").split("."):
        value = getattr(value, part)
    return value


def test_categories_stand_together_in_order() -> None:
    categories = [category for category, _ in itertools.groupby(CATALOGUE.values(), key=lambda cls: cls.category)]
    assert categories == [category for category in CATEGORIES if category in categories]


def torch_arguments(layer: type) -> dict[str, inspect.Parameter]:
    """Every argument of a layer, those included that it hands on to the class it derives from."""
    arguments = dict(inspect.signature(layer).parameters)
    if "args" in arguments:
        arguments |= inspect.signature(layer.__bases__[0]).parameters
    return arguments


MODULES = {
    name: resolved(cls.reference)
    for name, cls in LAYERS.items()
    if cls.reference and isinstance(resolved(cls.reference), type)
}


@pytest.mark.parametrize("name", MODULES)
def test_every_argument_of_the_layer_can_be_set(name: str) -> None:
    arguments, ours = set(torch_arguments(MODULES[name])), {param.name for param in CATALOGUE[name].params()}
    missing = arguments - TECHNICAL - FOLLOWS_FROM_THE_INPUT - set(LEFT_OUT.get(name, {})) - ours
    assert not missing, "an argument of torch's is missing: add it, or say in LEFT_OUT why not"
    invented = ours - OUR_OWN.get(name, set()) - arguments
    assert not invented, "torch has no such argument: rename it, or name it in OUR_OWN"
    assert set(LEFT_OUT.get(name, {})) & ours <= OUR_OWN.get(name, set()), "this is not left out"


@pytest.mark.parametrize("name", MODULES)
def test_common_defaults_are_those_of_torch(name: str) -> None:
    """A person who knows torch finds what they know; what torch leaves open is ours to choose."""
    arguments = torch_arguments(MODULES[name])
    for param in CATALOGUE[name].params():
        argument = arguments.get(param.name)
        if argument is None or argument.default is inspect.Parameter.empty or param.name in OUR_OWN.get(name, set()):
            continue
        default = param.default
        if isinstance(default, tuple) and len(set(default)) == 1:
            default = default[0]
        if (name, param.name) not in OTHER_DEFAULTS:
            assert default == argument.default or (default == "valid" and argument.default == 0), param.name
