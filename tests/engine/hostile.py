"""Files with hostile names, values, settings and notes in them, made from a seed."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

from engine.storage import dumps
from tests.drawn.drawing import group
from tests.engine.designs import DESIGNS
from tests.engine.drawing import block, draw

WORDS = (
    'x"; raise SystemExit #',
    'x": __import__("os").abort(), "y',
    '"""\nraise SystemExit\n"""',
    "x\nraise SystemExit",
    "__import__('os').abort()",
    "self.apply(eval)",
    "x), self.fc.__class__, (x",
    "{x}",
    "{0.__class__}",
    "%s%n",
    "x#",
    "x # y",
    "\\",
    "\\x22",
    '\\"',
    "forward",
    "__init__",
    "__class__",
    "__builtins__",
    "_modules",
    "torch",
    "nn",
    "F",
    "self",
    "super",
    "print",
    "exec",
    "eval",
    "open",
    "lambda",
    "class",
    "None",
    "True",
    "l",
    "O",
    "I",
    "x",
    "y",
    "x1",
    "Block",
    "Objective",
    "register_buffer",
    "requires_grad_",
    "state_dict",
    "training",
    "x" * 64,
    "x" * 65,
    "X" * 70,
    "ｅｘｅｃ",  # Python reads it as exec
    "𝒆𝒗𝒂𝒍",
    "größe",
    "\u202ex",
    "\ufeffx",
    "\ud800",
    "x\u0000",
    "x\r\ny",
    "x\u2028y",
    "x y",
    " x",
    "x ",
    "",
    "bij,bjk->bik",
    "bij->bji'), print(1), ('",
    "dim=1), print(1",
    "dim=__import__('os')",
    "dim=(1).__class__",
    "dim=[1][0]",
    "dim=1e999",
    "dim=-1, keepdim=True",
    "a/b",
    "a.b",
    "../../etc/passwd",
    "${HOME}",
    "<script>",
)
NUMBERS = (
    *(0, 1, -1, 2, 3, 7, 64, 255, 10**6, 2**31, 2**63, -(2**63), 2**64, 10**30, 10**400),
    *(0.0, -0.0, 0.5, -1.5, 1e-300, 1e300, 1e-45, 3.5e38, float("inf"), float("-inf"), float("nan")),
)
KINDS = (
    *("Linear", "Conv2d", "Output", "Input", "Target", "LSTM", "Add", "Group", "GroupInput", "GroupOutput"),
    *("CrossEntropyLoss", "Function", "Einsum", "Constant", "LearnedParameter", "Mystery", "Unknown", "Block"),
)


def values() -> str:
    """A network of blocks that hold texts and lists of numbers, with a loss for classes of different weights."""
    inner = group(
        "Inner",
        {
            "table": block("Constant", numbers=(1.0, 2.0, 3.0, 4.0), sizes=(4,)),
            "times": block("Multiply"),
            "call": block("Function", operation="cumprod", arguments="dim=1"),
        },
        "x -> times.x1",
        "table -> times.x2",
        "times -> call -> y",
    )
    project = draw(
        {
            "row": block("Input", field="features"),
            "learned": block("LearnedParameter", sizes=(4, 4)),
            "mix": block("Einsum", equation="bi,ij->bj"),
            "inner": inner,
            "picked": block("Slice", dim=1),
            "fc": block("Linear", out_features=3),
            "label": block("Target", field="species"),
            "loss": block("CrossEntropyLoss", class_weights=(1.0, 2.0, 0.5)),
        },
        "row -> mix.x1",
        "learned -> mix.x2",
        "mix -> inner -> picked -> fc -> loss.prediction",
        "label -> loss.target",
        source="Iris",
        name="values",
    )
    return dumps(project)


TEXTS = [values(), *(dumps(DESIGNS[name]()) for name in ("chain", "siamese", "nothing_but_names")), values()]


def hostile_file(seed: int) -> str:
    """The file of a design, in which something is replaced at one to three places."""
    random = Random(seed)
    data: dict[str, Any] = json.loads(random.choice(TEXTS))
    for _ in range(random.randint(1, 3)):
        random.choice(DAMAGES)(random, data)
    return json.dumps(data)


def _word(random: Random) -> str:
    if random.random() < 0.1:
        return "".join(chr(random.choice((random.randrange(32, 127), random.randrange(0x3000)))) for _ in range(5))
    return random.choice(WORDS)


def _value(random: Random, depth: int = 0) -> Any:
    kind = random.randrange(8 if depth < 2 else 6)
    if kind < 2:
        return _word(random)
    if kind < 5:
        return random.choice(NUMBERS)
    if kind == 5:
        return random.choice((None, True, False))
    items = [_value(random, depth + 1) for _ in range(random.randrange(4))]
    return items if kind == 6 else {_word(random): item for item in items}


def _graphs(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The drawing and those in its groups."""
    found = [data]
    for level in found:
        blocks = level.get("blocks")
        for entry in blocks.values() if isinstance(blocks, dict) else ():
            inner = entry.get("graph") if isinstance(entry, dict) else None
            if isinstance(inner, dict) and isinstance(inner.get("blocks"), dict):
                found.append(inner)
    return found


def _entries(random: Random, data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """One drawing and the ids of what can be damaged in it."""
    graph = random.choice(_graphs(data))
    return graph, [key for key, entry in graph["blocks"].items() if isinstance(entry, dict) and entry]


def _project(random: Random, data: dict[str, Any]) -> None:
    data["name"] = _word(random)


def _name(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    if keys:
        graph["blocks"][random.choice(keys)]["name"] = _word(random)


def _parameter(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    if keys:
        entry = graph["blocks"][random.choice(keys)]
        entry[random.choice(list(entry))] = _value(random)


def _list(random: Random, data: dict[str, Any]) -> None:
    """One number of a list, or one more."""
    graph, keys = _entries(random, data)
    lists = [value for key in keys for value in graph["blocks"][key].values() if isinstance(value, list) and value]
    if lists:
        chosen = random.choice(lists)
        chosen[random.randrange(len(chosen))] = _value(random, 2)


def _new_parameter(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    if keys:
        graph["blocks"][random.choice(keys)][_word(random)] = _value(random)


def _type(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    if keys:
        graph["blocks"][random.choice(keys)]["block"] = random.choice((*KINDS, _word(random)))


def _weights(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    names = ("initialisation", "amount", "frozen", "weight_decay", "l1", _word(random))
    kinds = ("normal", "uniform", "constant", "orthogonal", "xavier uniform", "kaiming normal")
    if keys:
        settings = {random.choice(names): _value(random), "initialisation": random.choice(kinds)}
        graph["blocks"][random.choice(keys)]["weights"] = random.choice((settings, settings, _value(random)))


def _note(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    if keys:
        graph["blocks"][random.choice(keys)]["note"] = random.choice((_word(random), _word(random), _value(random)))


def _shared(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    if keys:
        name = random.choice((*keys, _word(random)))
        graph["blocks"][random.choice((*keys, "again"))] = {"name": _word(random), "same_as": name}


def _exposed(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    groups = [graph["blocks"][key] for key in keys if "graph" in graph["blocks"][key]]
    if groups:
        exposed = [[_word(random), random.choice((*keys, _word(random))), _word(random)]]
        random.choice(groups)["exposed"] = random.choice((exposed, _value(random)))


def _title(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    groups = [graph["blocks"][key] for key in keys if "graph" in graph["blocks"][key]]
    if groups:
        chosen = random.choice(groups)
        place = random.choice(("title", "title", "repeat"))
        chosen[place] = _word(random) if place == "title" else random.choice(NUMBERS)


def _graph(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    groups = [graph["blocks"][key] for key in keys if "graph" in graph["blocks"][key]]
    if groups:
        chosen = random.choice(groups)
        inner = chosen["graph"]
        if random.random() < 0.5 and isinstance(inner, dict) and inner:
            inner[random.choice(list(inner))] = _value(random)
        else:
            chosen["graph"] = _value(random)


def _id(random: Random, data: dict[str, Any]) -> None:
    """Another id, at the wires as well."""
    graph, keys = _entries(random, data)
    if keys and isinstance(graph.get("wires"), list):
        key, new = random.choice(keys), _word(random)
        graph["blocks"][new] = graph["blocks"].pop(key)
        pattern = re.compile(rf"(?<!\w){re.escape(key)}\.")
        graph["wires"] = [pattern.sub(lambda _: f"{new}.", str(wire)) for wire in graph["wires"]]


def _wire(random: Random, data: dict[str, Any]) -> None:
    graph, keys = _entries(random, data)
    wires = graph.get("wires")
    if isinstance(wires, list) and keys:
        text = f"{random.choice(keys)}.{_word(random)} -> {random.choice(keys)}.{_word(random)}"
        wires.append(random.choice((_word(random), text, _value(random))))


def _surroundings(random: Random, data: dict[str, Any]) -> None:
    section = random.choice(("data", "training", "layout", "extra", "plexus", "source", "optimizer"))
    if section == "source":
        data["data"] = {**_dict(data["data"]), "source": {"name": random.choice(("Iris", _word(random)))}}
    elif section == "optimizer":
        data["training"] = {**_dict(data["training"]), "optimizer": {"name": _word(random), "lr": _value(random)}}
    elif section in ("data", "training", "layout") and random.random() < 0.7:
        data[section] = {**_dict(data[section]), random.choice(("seed", "fc", "x", _word(random))): _value(random)}
    else:
        data[_word(random) if section == "extra" else section] = _value(random)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


DAMAGES = (
    *(_project, _name, _name, _name, _parameter, _parameter, _parameter, _list, _list, _new_parameter, _type),
    *(_weights, _weights, _note, _shared, _exposed, _title, _title, _graph, _id, _wire, _surroundings),
)
