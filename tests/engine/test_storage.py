"""Files hold a project exactly, change little when little changes, and are never half written."""

from __future__ import annotations

import difflib
import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks import CATALOGUE
from engine.blocks.unknown import Unknown
from engine.data import SOURCES, DataSettings
from engine.graph import Wire
from engine.problem import UserError
from engine.project import Project
from engine.record import BadValue
from engine.storage import dumps, load, loads, save
from engine.training.settings import OPTIMIZERS, SCHEDULES, TrainingSettings
from tests.engine.blocks.test_verdicts import blocks as random_blocks
from tests.engine.blocks.test_verdicts import value_of
from tests.engine.designs import DESIGNS, chain
from tests.engine.drawing import block, draw
from tests.engine.examples import examples

FILE = """{
 "plexus": 1,
 "name": "small",
 "data": {
  "source": {"name": "Iris"},
  "validation": 0.2,
  "test": 0.1,
  "seed": 0,
  "normalise": true
 },
 "training": {
  "optimizer": {"name": "SGD", "lr": 0.01, "momentum": 0.9, "nesterov": false, "weight_decay": 0.0},
  "epochs": 10,
  "batch_size": 32,
  "seed": 0,
  "device": "cpu"
 },
 "blocks": {
  "x": {"name": "x", "block": "Input", "field": "features", "sample_shape": null, "dtype": "float32"},
  "fc": {"name": "größer", "block": "Linear", "out_features": 3, "bias": true, "weight_norm": "none"}
 },
 "wires": [
  "x.y -> fc.x"
 ],
 "layout": {
  "x": [0, 0],
  "fc": [192.5, -24]
 }
}
"""


def small() -> Project:
    blocks = {"x": block("Input", field="features"), "fc": block("Linear", out_features=3)}
    project = draw(blocks, "x -> fc", source="Iris", name="small", optimizer=OPTIMIZERS["SGD"]())
    nodes = {**project.graph.nodes, "fc": project.graph.nodes["fc"].model_copy(update={"name": "größer"})}
    graph = project.graph.model_copy(update={"nodes": nodes})
    return project.edit(graph).move({"x": (0, 0), "fc": (192.5, -24)})


def test_a_file_reads_like_this() -> None:
    assert dumps(small()) == FILE
    assert loads(FILE) == small()


def test_settings_that_differ_from_the_default_are_in_the_file() -> None:
    project = small()
    changed = {"clip_norm": 1.0, "warmup": 0.5, "schedule": SCHEDULES["Step"](step_size=3)}
    project = project.with_(training=project.training.change(**changed))
    text = dumps(project)
    for line in (
        '"schedule": {"name": "Step", "step_size": 3, "gamma": 0.1}',
        '"clip_norm": 1.0',
        '"warmup": 0.5',
    ):
        assert f"\n  {line}" in text
    assert '"clip_value"' not in text
    assert loads(text) == project


def test_says_that_a_schedule_is_unknown() -> None:
    text = dumps(small()).replace('"epochs"', '"schedule": {"name": "Magic"}, "epochs"')
    with pytest.raises(UserError, match=r"this version has no schedule “Magic”\. It has Constant, Step"):
        loads(text)


@pytest.mark.parametrize("design", DESIGNS)
def test_designs_survive(design: str, tmp_path: Path) -> None:
    project = DESIGNS[design]()
    project = project.move({key: (number * 10.5, -number) for number, key in enumerate(project.graph.nodes)})
    place = tmp_path / "a project.plexus"
    save(project, place)
    assert load(place) == project
    assert load(str(place)) == project
    assert place.read_bytes() == dumps(project).encode()


def test_a_mark_in_front_does_no_harm(tmp_path: Path) -> None:
    place = tmp_path / "marked.plexus"
    place.write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    assert load(place) == small()


@st.composite
def records(draw: st.DrawFn, classes: dict[str, Any]) -> Any:
    cls = classes[draw(st.sampled_from(sorted(classes)))]
    params = {p.name: value_of(p) for p in cls.params() if p.kind != "numbers"}
    chosen = draw(st.fixed_dictionaries({}, optional=params)) if params else {}
    try:
        return cls.build(chosen)
    except BadValue:
        return cls()


@st.composite
def trainings(draw: st.DrawFn) -> TrainingSettings:
    """Any settings that go together."""
    params = {p.name: value_of(p) for p in TrainingSettings.params()}
    chosen = draw(st.fixed_dictionaries({}, optional=params))
    optimizer, schedule = draw(records(OPTIMIZERS)), draw(records(SCHEDULES))
    try:
        return TrainingSettings().change(**chosen, optimizer=optimizer, schedule=schedule)
    except BadValue:
        return TrainingSettings(optimizer=optimizer, schedule=schedule)


places = st.floats(-1e6, 1e6, allow_nan=False) | st.integers(-1000, 1000)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Any project that can be drawn, and names, unknown blocks and sections that only files can hold."""
    project = Project(
        name=draw(st.text(max_size=20)),
        data=DataSettings(source=draw(records(SOURCES)), seed=draw(st.integers(0, 2**31 - 1))),
        training=draw(trainings()),
        extras=draw(st.dictionaries(st.text(max_size=4).map(lambda key: f"x-{key}"), json_values, max_size=2)),
    )
    kinds = draw(st.lists(st.sampled_from(sorted(CATALOGUE)), max_size=6))
    for kind in kinds:
        name = draw(st.none() | st.text(max_size=6))
        project, _ = project.add(draw(random_blocks(CATALOGUE[kind])), draw(st.tuples(places, places)), name)
    for source in project.graph.nodes:
        for target, node in project.graph.nodes.items():
            ports = node.block.input_ports()
            if ports and draw(st.integers(0, 4)) == 0:
                outputs = project.graph.nodes[source].block.output_ports() or ("y",)
                wire = Wire(source, outputs[0], target, draw(st.sampled_from(ports)).name)
                project = project.edit(project.graph.connect(wire))
    return project


@examples(1)
@given(projects())
def test_any_project_survives(project: Project) -> None:
    text = dumps(project)
    again = loads(text)
    assert again == project
    assert dumps(again) == text
    json.loads(text)


def changed_lines(before: Project, after: Project) -> list[str]:
    old, new = dumps(before).splitlines(), dumps(after).splitlines()
    return [line for line in difflib.unified_diff(old, new, n=0, lineterm="") if line[:2] not in ("--", "++", "@@")]


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (lambda p: p.move({"fc": (7, 8)}), ['-  "fc": [192.5, -24]', '+  "fc": [7, 8]']),
        (lambda p: p.edit(p.graph.rename("fc", "fc")), 2),
        (lambda p: p.edit(p.graph.change("fc", bias=False)), 2),
        (lambda p: p.with_(training=p.training.change(epochs=3)), 2),
        (lambda p: p.with_(name="other"), 2),
        (lambda p: p.edit(p.graph.disconnect(p.graph.wires)), 4),
        (lambda p: p.with_(), 0),
    ],
)
def test_little_changes_when_little_changes(edit: Any, lines: list[str] | int) -> None:
    told = changed_lines(small(), edit(small()))
    assert told == lines if isinstance(lines, list) else len(told) == lines


def test_a_moved_block_of_many_changes_one_line() -> None:
    project = chain().move({key: (number, 0) for number, key in enumerate(chain().graph.nodes)})
    assert len(changed_lines(project, project.move({"act": (100, 100)}))) == 2


STRANGER = (
    '"odd": {"name": "odd", "block": "Mystery", "depth": 3, "list": [1, {"b": 2, "a": 1}], "z": 1e-07, "w": "größe"}'
)


def test_unknown_blocks_are_kept_as_they_are() -> None:
    text = FILE.replace('"none"}', f'"none"}},\n  {STRANGER}')
    text = text.replace('"x.y -> fc.x"', '"x.y -> fc.x",\n  "fc.y -> odd.first",\n  "odd.out -> fc.x"')
    project = loads(text)
    odd = project.graph.nodes["odd"].block
    assert isinstance(odd, Unknown)
    assert (odd.type_name, odd.ins, odd.outs) == ("Mystery", ("first",), ("out",))
    assert "no block “Mystery”" in odd.reason
    line = next(line for line in dumps(project).splitlines() if "Mystery" in line)
    assert line.strip() == STRANGER
    assert dumps(loads(dumps(project))) == dumps(project)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"out_features": 3', '"out_features": 0', "Features out must be at least 1, not 0."),
        ('"out_features": 3', '"out_features": "many"', "Features out must be a whole number, not “many”."),
        ('"out_features": 3', '"out_features": 3, "colour": "red"', "Linear has no parameter “colour”."),
    ],
)
def test_a_block_that_can_not_be_read_is_kept_as_well(old: str, new: str, reason: str) -> None:
    text = FILE.replace(old, new)
    odd = loads(text).graph.nodes["fc"].block
    assert isinstance(odd, Unknown)
    assert odd.reason == reason
    assert dumps(loads(text)) == text


def test_sections_of_later_versions_are_kept() -> None:
    text = FILE.replace("-24]\n }\n", '-24]\n },\n "notes": {\n  "a": [1, 2]\n },\n "tags": [\n  "new"\n ]\n')
    project = loads(text)
    assert project.extras == {"notes": {"a": [1, 2]}, "tags": ["new"]}
    assert dumps(project) == text


def test_the_old_file_stays_whole_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "kept.plexus"
    save(small(), place)
    before = place.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for step in ("replace", "fsync", "chmod"):
        with monkeypatch.context() as broken:
            broken.setattr(os, step, full)
            with pytest.raises(UserError, match=r"can't be written: No space left on device\. Choose another place\."):
                save(chain(), place)
        assert place.read_bytes() == before
        assert [entry.name for entry in tmp_path.iterdir()] == ["kept.plexus"]
    save(chain(), place)
    assert load(place) == chain()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's device that is always full")
def test_says_where_nothing_can_be_written(tmp_path: Path) -> None:
    for place in (tmp_path / "no folder" / "a.plexus", Path("/dev/full/a.plexus"), tmp_path):
        with pytest.raises(UserError, match="can't be written"):
            save(small(), place)
    assert list(tmp_path.iterdir()) == []


def test_keeps_the_mode_of_a_file(tmp_path: Path) -> None:
    place = tmp_path / "mine.plexus"
    save(small(), place)
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(place.stat().st_mode) == 0o666 & ~umask
    place.chmod(0o640)
    save(chain(), place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o640


KILLER = """
import os, random, signal, sys, time
from engine.storage import load, loads, save
place, texts = sys.argv[1], [open(name, encoding="utf-8").read() for name in sys.argv[2:]]
projects = [loads(text) for text in texts]
save(projects[0], place)
random.seed(0)
kept = 0
for _ in range(25):
    child = os.fork()
    if not child:
        while True:
            for project in projects:
                save(project, place)
    time.sleep(random.uniform(0.001, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    kept += load(place) in projects
print(kept)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_program_leaves_a_whole_file(tmp_path: Path) -> None:
    for number, make in enumerate(DESIGNS.values()):
        save(make(), tmp_path / f"design{number}")
    names = [str(tmp_path / f"design{number}") for number in range(len(DESIGNS))]
    answer = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path / "file.plexus"), *names],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert answer.stdout.strip() == "25"


def test_opening_runs_nothing(tmp_path: Path) -> None:
    """Even a file full of code is only data."""
    code = f"__import__('pathlib').Path({str(tmp_path / 'ran')!r}).touch()"
    tree = json.loads(FILE)
    tree["name"] = tree["blocks"]["fc"]["name"] = tree["blocks"]["x"]["field"] = code
    tree["extra"] = {"__class__": code, "__reduce__": [code]}
    project = loads(json.dumps(tree))
    loads(dumps(project))
    assert not (tmp_path / "ran").exists()
