"""From an empty canvas to a trained network in a file of its own: draw, check, train, save, reopen, export, run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from tests.designer.training.gate import gated, until_it_stands
from tests.journeys.user import CTRL, User

BLOCKS = ("conv2d", "relu", "max pooling", "flatten", "dense")

RUN_EXPORTED = """
import sys, torch
from safetensors.torch import load_file
import runpy
names = runpy.run_path(sys.argv[1])
network = names["MyDigits"]()
network.load_state_dict(load_file(sys.argv[2]))
network.eval()
torch.manual_seed(5)
with torch.inference_mode():
    torch.save(network(torch.randn(4, 1, 8, 8)), sys.argv[3])
"""


def _draw_digits(user: User) -> None:
    """The digits network, block by block."""
    user.click(user.window.start_page.new_button)
    image = user.add("input")
    user.set(image, "field", "image")
    user.rename(image, "image")
    user.select("image")
    names = [user.add(words) for words in BLOCKS]
    user.rename(names[-1], "logits")
    user.set("logits", "out_features", "10")
    user.add("cross entropy")
    user.rename(user.names[-1], "loss")
    label = user.add("target")
    user.set(label, "field", "digit")
    user.rename(label, "label")
    user.press(Qt.Key.Key_9, CTRL)


def test_the_first_trip(
    user: User, open_user: Callable[[], User], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, document = user.window, user.window.document
    _draw_digits(user)

    # Draw: blocks that were added one after the other are wired already; the rest is drawn by hand.
    for wire in [w for w in document.project.graph.wires if w.target == user.key_of("loss")]:
        document.change(document.project.edit(document.project.graph.disconnect([wire])), "Disconnect")
    assert document.review.problems
    user.wire("logits", "loss", "prediction")
    user.wire("label", "loss", "target", backwards=True)

    # Check: nothing is in the way.
    assert [str(problem) for problem in document.review.problems] == []
    assert document.review.plan.parameters == 320 + 2890

    # Save, so that runs lie beside the file.
    place = tmp_path / "my-digits.plexus"
    user.save_as(place, monkeypatch)
    assert place.exists()
    assert window.windowTitle() == "my-digits[*] — Plexus"

    # Train, and see the curves move.
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: bool(user.told("step")))
    early = window.strip.grab().toImage()
    user.wait(lambda: not window.session.active, 120)
    assert window.strip.grab().toImage() != early
    (finished,) = user.told("finished")
    assert finished.validation["accuracy"] > 0.9
    assert Path(finished.run_dir) == tmp_path / "my-digits.runs" / "1"

    # Reopen: another window shows the same project.
    again = open_user()
    assert again.window.files.open_path(place)
    assert again.window.document.project == document.project

    # Export, and run the file in a fresh process: the same numbers, bit for bit.
    exported = tmp_path / "exported.py"
    again.press(Qt.Key.Key_E, CTRL)
    dialog = again.window.commands.export_dialog
    again.wait(lambda: dialog.save_button.isEnabled())
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args, **kwargs: (str(exported), ""))
    again.click(dialog.save_button)
    _runs_alone(exported)
    _gives_the_same(exported, document.project, Path(finished.run_dir), tmp_path)


def _runs_alone(exported: Path) -> None:
    done = subprocess.run([sys.executable, exported], capture_output=True, text=True, cwd=exported.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "torch.Size([2, 10])"


def _gives_the_same(exported: Path, project: object, run: Path, folder: Path) -> None:
    import torch
    from safetensors.torch import load_file

    import engine

    weights, answer = run / "best.safetensors", folder / "answer.pt"
    subprocess.run([sys.executable, "-c", RUN_EXPORTED, exported, weights, answer], check=True, cwd=folder)
    network = engine.compile(project)
    network.load_state_dict(load_file(weights))
    network.eval()
    torch.manual_seed(5)
    with torch.inference_mode():
        ours = network(torch.randn(4, 1, 8, 8))
    assert torch.equal(ours, torch.load(answer, weights_only=True))


def _train_long(user: User) -> None:
    """So that it is under way whenever it is looked at, however busy the machine is."""
    document = user.window.document
    project = document.project
    document.change(project.with_(training=project.training.change(epochs=100_000)), "Change Epochs")


def test_pause_resume_and_stop_answer_within_an_epoch(user: User) -> None:
    user.click(user.window.start_page.cards[0])
    _train_long(user)
    user.click(user.button("run"))
    session = user.window.session
    user.wait(lambda: bool(user.told("step")))

    stream = session._stream
    assert stream is not None
    gate = gated(stream)
    user.click(user.button("pause"))
    assert session.state == "paused"
    until_it_stands(gate, stream, user.qtbot)
    told = len(user.events)
    user.qtbot.wait(300)
    assert len(user.events) == told, "a paused run tells nothing"

    user.click(user.button("pause"))
    user.wait(lambda: len(user.events) > told)
    user.click(user.button("stop"))
    user.wait(lambda: not session.active)
    (finished,) = user.told("finished")
    assert finished.reason == "stopped"
    assert (Path(finished.run_dir) / "last" / "state.safetensors").exists()


def test_editing_goes_on_while_it_trains(user: User) -> None:
    user.click(user.window.start_page.cards[0])
    _train_long(user)
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: bool(user.told("step")))
    before = user.window.document.project
    user.set("conv1", "out_channels", "8")
    assert user.window.document.project != before
    user.wait(lambda: bool(user.told("epoch")))
    assert user.told("started")[0].parameters == 35_914, "the run keeps the design it was started with"
    user.window.commands.undo()
    assert user.window.document.project == before
    user.window.commands.stop()
    user.wait(lambda: not user.window.session.active)


def test_a_design_with_errors_is_not_trained_but_explained(user: User) -> None:
    user.click(user.window.start_page.cards[0])
    user.select("conv1")
    user.press(Qt.Key.Key_Delete)
    user.press(Qt.Key.Key_F5)
    assert not user.window.session.active
    assert user.window.design.problems.isVisible()
    assert user.window.canvas.selected() == (user.key_of("relu1"),)


@pytest.mark.parametrize("index", range(7))
def test_each_card_of_the_start_page_opens_its_template(user: User, index: int) -> None:
    card = user.window.start_page.cards[index]
    user.click(card)
    assert user.window.document.project.name == card.text()
    assert user.window.document.review.problems == ()
    assert user.window.canvas.isVisible()
