"""Project files: UTF-8 JSON with one block, one place and one wire a line, so that a diff shows what was edited."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.blocks import CATALOGUE, Block
from engine.blocks.unknown import Unknown
from engine.data.settings import DataSettings
from engine.data.sources import SOURCES
from engine.decor_entries import decor_entries, read_decor
from engine.graph import Graph, Node, Wire
from engine.group import Group, GroupInput, GroupOutput, every_node
from engine.problem import UserError
from engine.project import Position, Project
from engine.record import BadValue, Registry
from engine.sections import record_of, tagged, training_section, turns_of, typed, values_of
from engine.training.schedules import Constant
from engine.training.settings import TrainingSettings
from engine.weight_settings import WeightSettings

VERSION = 1
READABLE: Registry[Block] = Registry((*CATALOGUE.values(), Group, GroupInput, GroupOutput))
LARGEST = 64 * 2**20  # bytes; a file beyond this is no drawing
ID = re.compile(r"\w+")  # as wires write it
OF_THE_NODE = frozenset(["name", "block", "weights", "note", "muted"])  # the other entries are the block's parameters
AS_USUAL = WeightSettings()
DEEPEST = 150  # levels of nesting; each group takes three, and what is read must be possible to write again


class Unreadable(UserError):
    """A file that is no project; the text says what is wrong with it."""


class Unwritable(UserError):
    """A file that can't be written, as on a full disk; nothing is left of it but what was there before."""

    def __init__(self, place: Path, error: OSError, remedy: str) -> None:
        self.reason = f"{place} can't be written: {error.strerror or error}."
        super().__init__(f"{self.reason} {remedy}")


@contextmanager
def writing(place: Path, remedy: str) -> Iterator[None]:
    """Words in place of what the system says when `place` can't be written.

    Raises:
        Unwritable: in place of `OSError`.
    """
    try:
        yield
    except OSError as error:
        raise Unwritable(place, error, remedy) from None


def load(path: str | os.PathLike[str]) -> Project:
    """The project in a file. Nothing in the file is ever run.

    Raises:
        Unreadable: when it can't be read, is no Plexus project, or is newer than this version.
    """
    place = Path(path)
    try:
        if place.stat().st_size > LARGEST:
            raise Unreadable(f"{place.name} is larger than 64 MiB, which no Plexus project is.")
        text = place.read_text(encoding="utf-8-sig")  # some editors put a mark in front
    except OSError as error:
        raise Unreadable(f"{place} can't be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{place.name} is no Plexus project: it is not a text file.") from None
    return loads(text, place.name)


def loads(text: str, name: str = "The text") -> Project:
    """The project in a text that `dumps` wrote; `name` is what messages call it.

    Raises:
        Unreadable: as `load` does.
    """
    return _read(text, name, _project)


def loads_drawing(text: str, name: str = "The text") -> Project:
    """The blocks, wires and places in a text, be it a whole project or what `dumps_drawing` wrote.

    Raises:
        Unreadable: as `load` does.
    """
    return _read(text, name, lambda data: Project(**_drawing({"wires": [], "layout": {}, **data})))


def _read(text: str, name: str, build: Callable[[Mapping[str, Any]], Project]) -> Project:
    """What `build` makes of the JSON in a text, every refusal in a sentence that begins with `name`."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"{name} is no Plexus project, or is damaged{line}.") from None
    if not isinstance(data, dict) or "plexus" not in data:
        raise Unreadable(f"{name} is no Plexus project.")
    version = data["plexus"]
    if type(version) is not int or version < 1:
        raise Unreadable(f"{name} is damaged: its version should be a whole number, not {version!r}.")
    if version > VERSION:
        raise Unreadable(
            f"{name} was written by a newer Plexus (file version {version}; this one reads up to {VERSION}). "
            "Update Plexus to open it."
        )
    try:
        _refuse_unwritable(data)
        return build(data)
    except (BadValue, ValueError, TypeError, KeyError, AttributeError) as error:
        words = f"“{error.args[0]}” is missing." if isinstance(error, KeyError) else str(error)
        raise Unreadable(f"{name} is damaged: {words}") from None


def save(project: Project, path: str | os.PathLike[str]) -> None:
    """Write the project; a crash or a full disk on the way leaves the old file whole.

    Raises:
        UserError: when the file can't be written.
    """
    write_whole(Path(path), dumps(project).encode())


def write_whole(place: Path, content: bytes) -> None:
    """Write a file so that it holds either the old content or all of the new.

    Raises:
        UserError: when it can't be written.
    """
    with writing(place, "Choose another place."):
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if place.exists():
                os.chmod(name, place.stat().st_mode & 0o777)
            else:
                mask = os.umask(0)
                os.umask(mask)
                os.chmod(name, 0o666 & ~mask)
            os.replace(name, place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def dumps(project: Project) -> str:
    """The project as text, always in the same order."""
    sections = {
        "plexus": VERSION,
        "name": project.name,
        "data": {"source": tagged("name", project.data.source), **values_of(project.data)},
        "training": training_section(project.training),
        **_drawing_data(project),
        **project.extras,
    }
    return _text_of(sections)


def dumps_drawing(project: Project) -> str:
    """The blocks, wires and places of a project as text, without its settings."""
    return _text_of({"plexus": VERSION, **_drawing_data(project)})


def _text_of(sections: Mapping[str, Any]) -> str:
    return "{\n" + ",\n".join(f" {_line(key)}: {_section(value, ' ')}" for key, value in sections.items()) + "\n}\n"


def _drawing_data(project: Project) -> dict[str, Any]:
    return {
        **_graph_data(project.graph),
        "layout": {
            key: [_shortest(number) for number in project.layout[key]]
            for key in _paths(project.graph)
            if key in project.layout
        },
        **decor_entries(project.decor, project.graph),
    }


def _graph_data(graph: Graph) -> dict[str, Any]:
    return {
        "blocks": {key: _block_data(node, graph) for key, node in graph.nodes.items()},
        "wires": [str(wire) for wire in graph.wires],
    }


def _paths(graph: Graph) -> Iterator[str]:
    """The ids of all blocks, those in groups behind the ids of the groups; uses of the same weights have one inside."""
    return (path for path, _ in every_node(graph))


def _shortest(number: float) -> float:
    """A whole number without its ".0", whichever way it came."""
    return int(number) if float(number).is_integer() else number


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _section(value: Any, indent: str) -> str:
    """A section with one entry a line; a group is written out as a file in the file."""
    deeper = indent + " "
    if isinstance(value, dict) and value:
        rows = [f"{deeper}{_line(key)}: {_entry(entry, deeper)}" for key, entry in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"{deeper}{_line(entry)}" for entry in value) + f"\n{indent}]"
    return _line(value)


def _entry(value: Any, indent: str) -> str:
    if not (isinstance(value, dict) and value.get("block") == Group.__name__ and isinstance(value.get("graph"), dict)):
        return _line(value)
    head = ", ".join(f"{_line(key)}: {_line(entry)}" for key, entry in value.items() if key != "graph")
    deeper = indent + " "
    rows = [f"{deeper}{_line(key)}: {_section(entry, deeper)}" for key, entry in value["graph"].items()]
    return f'{{{head}, "graph": {{\n' + ",\n".join(rows) + f"\n{indent}}}}}"


def _block_data(node: Node, graph: Graph) -> dict[str, Any]:
    data: dict[str, Any] = {"name": node.name}
    owned = node.same_as not in graph.nodes
    if owned and isinstance(node.block, Unknown):
        data |= {"block": node.block.type_name, **json.loads(node.block.values_json)}
    elif owned:
        data |= tagged("block", node.block)
    if owned and isinstance(node.block, Group):
        data["graph"] = _graph_data(node.block.graph)
    if owned and node.weights != AS_USUAL:
        data["weights"] = node.weights.changed()
    if not owned:
        data["same_as"] = node.same_as
    return data | ({"note": node.note} if node.note else {}) | ({"muted": True} if node.muted else {})


def _refuse_unwritable(data: Any) -> None:
    """Refuse what JSON can tell us but could not be saved again: NaN, halves of characters, endless nesting."""
    level = [data]
    for _ in range(DEEPEST - 1):
        level = [inner for value in level for inner in _inside(value) if type(inner) in (dict, list)]
    if any(level):
        raise ValueError(f"it is nested more than {DEEPEST} levels deep.")
    try:
        _line(data).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds text with half a character in it.") from None
    except ValueError:
        raise ValueError("it holds a number that is infinite or none.") from None


def _inside(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _project(data: Mapping[str, Any]) -> Project:
    known = {"plexus", "name", "data", "training", "blocks", "layout", "wires", "decor"}
    training = typed(data, "training", dict)
    return Project(
        name=typed({"name": "untitled", **data}, "name", str),
        **_drawing(data),
        data=record_of(DataSettings, {"source": SOURCES}, typed(data, "data", dict)),
        training=record_of(
            TrainingSettings,
            TrainingSettings.nested,
            {"schedule": {"name": Constant.__name__}, **training, "turns": turns_of(training)},
        ),
        extras={key: value for key, value in data.items() if key not in known},
    )


def _drawing(data: Mapping[str, Any]) -> dict[str, Any]:
    """Graph, layout and decor; what belongs to blocks that there are not is passed over."""
    graph = _graph(data)
    paths = set(_paths(graph))
    layout = {key: _position(key, place) for key, place in typed(data, "layout", dict).items() if key in paths}
    decor = read_decor(typed({"decor": {}, **data}, "decor", dict), graph)
    return {"graph": graph, "layout": layout, "decor": decor}


def _graph(data: Mapping[str, Any]) -> Graph:
    wires = tuple(Wire.parse(str(text)) for text in typed(data, "wires", list))
    entries = typed(data, "blocks", dict)
    nodes = {key: _node(key, entry, wires) for key, entry in entries.items() if not _shares(key, entry, entries)}
    for key, entry in entries.items():
        if key not in nodes:
            owner = nodes[entry["same_as"]]
            name, note = _text(key, "name", entry.get("name", key)), _text(key, "note", entry.get("note", ""))
            muted = _flag(key, entry)
            nodes[key] = owner.with_(name=name, note=note, muted=muted, same_as=entry["same_as"])
    return Graph(nodes={key: nodes[key] for key in entries}, wires=wires)


def _shares(key: str, entry: Any, entries: Mapping[str, Any]) -> bool:
    """Whether a block uses the weights of another, which the file must hold with weights of its own."""
    if not isinstance(entry, dict) or "same_as" not in entry:
        return False
    owner = entries.get(_text(key, "same_as", entry["same_as"]))
    if not isinstance(owner, dict) or "same_as" in owner:
        raise ValueError(f"the block “{key}” shares the weights of “{entry['same_as']}”, which has none of its own.")
    _refuse_id(key)
    return True


def _position(key: str, place: Any) -> Position:
    if (
        not isinstance(place, list)
        or len(place) != 2
        or not all(type(n) in (int, float) and abs(n) < 1e7 for n in place)
    ):
        raise ValueError(f"the place of “{key}” should be two numbers.")
    return Position(*place)


def _node(key: str, entry: Any, wires: tuple[Wire, ...]) -> Node:
    if not isinstance(entry, dict) or not isinstance(entry.get("block"), str):
        raise ValueError(f"the block “{key}” has no type.")
    _refuse_id(key)
    values = {k: v for k, v in entry.items() if k not in OF_THE_NODE}
    weights = typed(entry, "weights", dict) if "weights" in entry else {}
    return Node(
        name=_text(key, "name", entry.get("name", key)),
        block=_block(key, entry["block"], values, wires),
        weights=WeightSettings.build(weights) if weights else AS_USUAL,
        note=_text(key, "note", entry.get("note", "")),
        muted=_flag(key, entry),
    )


def _flag(key: str, entry: Mapping[str, Any]) -> bool:
    muted = entry.get("muted", False)
    if not isinstance(muted, bool):
        raise ValueError(f"whether the block “{key}” is muted should be true or false.")
    return muted


def _refuse_id(key: str) -> None:
    if not ID.fullmatch(key):
        raise ValueError(f"“{key}” can't be the id of a block.")


def _text(key: str, what: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"the {what} of the block “{key}” should be text.")
    return value


def _block(key: str, type_name: str, values: dict[str, Any], wires: tuple[Wire, ...]) -> Block:
    try:
        if type_name in READABLE:
            return READABLE[type_name].build(_with_graph(values) if READABLE[type_name] is Group else values)
        reason = f"This version of Plexus has no block “{type_name}”."
    except BadValue as error:
        reason = str(error)
    return Unknown(
        type_name=type_name,
        values_json=_line(_graphs_last(values)),  # as it will be written
        reason=reason,
        ins=tuple(dict.fromkeys(w.input for w in wires if w.target == key)),
        outs=tuple(dict.fromkeys(w.output for w in wires if w.source == key)),
    )


def _graphs_last(value: Any) -> Any:
    """The same JSON with what is inside of groups behind everything else about them."""
    if isinstance(value, dict):
        entries = sorted(value.items(), key=lambda item: item[0] == "graph")
        return {key: _graphs_last(inner) for key, inner in entries}
    return [_graphs_last(item) for item in value] if isinstance(value, list) else value


def _with_graph(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a group, its graph read; what is no graph at all is left for the group to refuse."""
    graph = values.get("graph")
    return {**values, "graph": _graph(graph)} if isinstance(graph, dict) else dict(values)
