"""Files that are damaged, or were never ours: each is refused in a sentence, and none in any other way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.storage import Unreadable, dumps, load, loads
from tests.engine.examples import examples
from tests.engine.test_storage import FILE, json_values

DAMAGED = {
    "nothing": ("", "is no Plexus project, or is damaged (line 1)"),
    "no JSON": ("hello", "is no Plexus project, or is damaged (line 1)"),
    "cut off": (FILE[:200], "is no Plexus project, or is damaged (line"),
    "other JSON": ("[1, 2]", "is no Plexus project."),
    "an object": ("{}", "is no Plexus project."),
    "a number": ("3", "is no Plexus project."),
    "an endless number": ('{"plexus": ' + "9" * 5000 + "}", "is no Plexus project, or is damaged"),
    "a newer version": (FILE.replace('"plexus": 1', '"plexus": 2'), "by a newer Plexus (file version 2; this one"),
    "no version": (FILE.replace('"plexus": 1', '"plexus": null'), "its version should be a whole number, not None"),
    "a version of text": (FILE.replace('"plexus": 1', '"plexus": "1"'), "version should be a whole number, not '1'"),
    "a version that is true": (FILE.replace('"plexus": 1', '"plexus": true'), "not True"),
    "version zero": (FILE.replace('"plexus": 1', '"plexus": 0'), "not 0"),
    "a name of numbers": (FILE.replace('"small"', "3"), "“name” should be text."),
    "no blocks": (FILE.replace('"blocks"', '"bricks"'), "“blocks” is missing."),
    "no wires": (FILE.replace('"wires"', '"cables"'), "“wires” is missing."),
    "no training": (FILE.replace('"training"', '"drill"'), "“training” is missing."),
    "blocks in a list": (json.dumps({**json.loads(FILE), "blocks": []}), "“blocks” should be an object."),
    "wires in an object": (json.dumps({**json.loads(FILE), "wires": {}}), "“wires” should be a list."),
    "layout in a list": (json.dumps({**json.loads(FILE), "layout": [1]}), "“layout” should be an object."),
    "a wire of another form": (FILE.replace("x.y -> fc.x", "x -> fc"), "“x -> fc” is no wire; expected"),
    "a wire of numbers": (FILE.replace('"x.y -> fc.x"', "3"), "“3” is no wire"),
    "a block without a type": (FILE.replace('"block": "Linear", ', ""), "the block “fc” has no type."),
    "a block of text": (json.dumps({**json.loads(FILE), "blocks": {"fc": "Linear"}}), "the block “fc” has no type."),
    "a block named by number": (FILE.replace('"größer"', "7"), "the name of the block “fc” should be text."),
    "an id that no wire can name": (FILE.replace('"fc": {', '"f c": {'), "“f c” can't be the id of a block."),
    "a place of text": (FILE.replace("[0, 0]", '"left"'), "the place of “x” should be two numbers."),
    "a place of three": (FILE.replace("[0, 0]", "[0, 0, 0]"), "the place of “x” should be two numbers."),
    "a place too far": (FILE.replace("[0, 0]", "[0, 1e9]"), "the place of “x” should be two numbers."),
    "a place that is true": (FILE.replace("[0, 0]", "[true, 0]"), "the place of “x” should be two numbers."),
    "no number": (FILE.replace('"epochs": 10', '"epochs": NaN'), "it holds a number that is infinite or none."),
    "an infinite number": (FILE.replace("192.5", "1e999"), "it holds a number that is infinite or none."),
    "half a character": (FILE.replace("größer", "\\ud800"), "it holds text with half a character in it."),
    "half a character in a key": (FILE.replace('"wires"', '"\\udfff": 1, "wires"'), "half a character"),
    "endless nesting": (FILE.replace('"small"', "[" * 200 + "]" * 200), "it is nested more than 150 levels deep."),
    "nesting beyond Python": ("[" * 100_000, "is no Plexus project, or is damaged"),
    "an unknown dataset": (FILE.replace('"Iris"', '"Cats"'), "this version has no source “Cats”. It has Digits, Iris"),
    "a dataset of numbers": (FILE.replace('{"name": "Iris"}', "7"), "“source” should be an object."),
    "a dataset without a name": (FILE.replace('{"name": "Iris"}', "{}"), "“name” is missing."),
    "a dataset named by a list": (FILE.replace('"Iris"', "[]"), "“name” should be text."),
    "a split beyond all": (FILE.replace('"test": 0.1', '"test": 0.9'), "must come to less than 1 together"),
    "an unknown optimizer": (FILE.replace('"SGD"', '"Magic"'), "no optimizer “Magic”. It has SGD, Adam"),
    "a bad rate": (FILE.replace('"lr": 0.01', '"lr": -1'), "Learning rate must be more than 0, at most 100, not -1."),
    "a setting that there is not": (FILE.replace('"epochs": 10', '"eons": 10'), "has no parameter “eons”."),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGED)
def test_says_what_is_wrong_with_a_file(case: str, tmp_path: Path) -> None:
    text, words = DAMAGED[case]
    place = tmp_path / "broken.plexus"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable) as refused:
        load(place)
    message = str(refused.value)
    assert message.startswith("broken.plexus ")
    assert words in message
    assert message.endswith(".")
    assert "\n" not in message


def test_says_why_a_file_can_not_be_opened(tmp_path: Path) -> None:
    binary = tmp_path / "binary.plexus"
    binary.write_bytes(b"\xff\xfe\x00")
    large = tmp_path / "large.plexus"
    with large.open("wb") as file:
        file.truncate(65 * 2**20)
    for place, words in (
        (tmp_path / "gone.plexus", "can't be read: No such file or directory."),
        (tmp_path, "can't be read: Is a directory."),
        (binary, "is no Plexus project: it is not a text file."),
        (large, "is larger than 64 MiB"),
    ):
        with pytest.raises(Unreadable) as refused:
            load(place)
        assert words in str(refused.value)


def read_or_refuse(text: str) -> None:
    words = ""
    try:
        project = loads(text, "it")
    except Unreadable as refused:
        words = str(refused)
    else:
        assert loads(dumps(project)) == project
    assert words == "" or words.startswith("it ")


@examples(3)
@given(data=st.data())
def test_a_damaged_file_is_refused_in_words_or_read(data: st.DataObject) -> None:
    """Bytes are changed, cut out, doubled; nothing but `Unreadable` may come of it."""
    content = bytearray(FILE.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        end = min(len(content), start + data.draw(st.integers(1, 20)))
        kind = data.draw(st.sampled_from(("change", "cut", "double", "insert")))
        if kind == "change":
            content[start] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del content[start:end]
        elif kind == "double":
            content[start:start] = content[start:end]
        else:
            content[start:start] = data.draw(st.binary(max_size=6) | st.sampled_from([b"[[", b"{}", b"1e999", b"null"]))
        content = content or bytearray(b" ")
    read_or_refuse(content.decode("utf-8", errors="replace"))


@examples(2)
@given(data=st.data())
def test_any_json_in_any_place_is_refused_in_words_or_read(data: st.DataObject) -> None:
    tree = json.loads(FILE)
    spot, key = tree, data.draw(st.sampled_from(sorted(tree)))
    while isinstance(spot[key], (dict, list)) and spot[key] and data.draw(st.integers(0, 3)):
        spot = spot[key]
        key = data.draw(st.sampled_from(sorted(spot) if isinstance(spot, dict) else range(len(spot))))
    spot[key] = data.draw(json_values)
    read_or_refuse(json.dumps(tree))
