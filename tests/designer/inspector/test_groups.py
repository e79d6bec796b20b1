"""What the inspector shows of groups, of shared and frozen weights, and of notes; and what it edits there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication

from designer.document import Document
from designer.inspector import Inspector
from designer.theme import DARK, LIGHT
from engine.graph import Wire
from engine.weight_settings import WeightSettings
from tests.grouped import grouped

WAY = ("encoder1", "residual_block1")
STAGE = ("encoder1",)


@pytest.fixture
def document(qapp):
    return Document(grouped())


@pytest.fixture
def inspector(qtbot, document):
    made = Inspector(document, DARK)
    made.resize(300, 900)
    undo = QAction(made, shortcut=QKeySequence.StandardKey.Undo)
    undo.triggered.connect(document.undo_stack.undo)
    made.addAction(undo)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def steps(document):
    return [document.undo_stack.text(index) for index in range(document.undo_stack.count())]


def facts(inspector):
    return {word: figure.replace("\u2009", "") for word, figure in inspector.block.facts.shown}


def type_over(qtbot, form, name, text):
    form.focus(name)
    qtbot.keyClicks(form.editors[name].control, text)


def test_a_group_in_figures(inspector, document):
    document.here.go(STAGE)
    inspector.show_selection(["residual_block1"])
    assert inspector.block.subtitle.text() == "Group · ResidualBlock"
    told = facts(inspector)
    assert told["In · stem"] == told["Out · relu2_out"] == "batch × 16 × 8 × 8"
    assert told["Blocks inside"] == "3 × 5"
    assert int(told["Parameters"]) == 3 * 2 * (16 * 16 * 9 + 16)


def test_a_group_is_opened_from_its_page(qtbot, inspector, document):
    inspector.show_selection(["encoder1"])
    qtbot.mouseClick(inspector.block.group.open_button, Qt.MouseButton.LeftButton)
    assert document.here.path == STAGE


def test_an_exposed_parameter_is_set_on_the_group(qtbot, inspector, document):
    before = document.project
    document.here.go(STAGE)
    inspector.show_selection(["residual_block1"])
    form = inspector.block.group.form
    assert list(form.editors) == ["Filters"]
    assert form.editors["Filters"].control.text() == "16"
    type_over(qtbot, form, "Filters", "24")
    inner = document.project.inside(WAY).graph.nodes
    assert [inner[key].block.out_channels for key in ("conv1", "conv2")] == [24, 24]
    assert steps(document) == ["Change Filters of stage1"], "typing is one step"
    qtbot.keyClick(form.editors["Filters"].control, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.project == before
    type_over(qtbot, form, "Filters", "0")
    assert document.project == before


def test_the_number_of_repeats_and_the_class_are_set(qtbot, inspector, document):
    document.here.go(STAGE)
    inspector.show_selection(["residual_block1"])
    type_over(qtbot, inspector.block.form, "repeat", "6")
    type_over(qtbot, inspector.block.form, "title", "Residual")
    block = document.here.project.graph.nodes["residual_block1"].block
    assert (block.repeat, block.title) == (6, "Residual")
    assert steps(document) == ["Change Repeat of stage1", "Change Class of stage1"]
    inspector.block.form.focus("repeat")
    type_over(qtbot, inspector.block.form, "title", "not a class")
    assert document.here.project.graph.nodes["residual_block1"].block.title == "Residual"


def test_a_label_is_taken_off_the_group(qtbot, inspector, document):
    document.here.go(STAGE)
    inspector.show_selection(["residual_block1"])
    qtbot.mouseClick(inspector.block.group.form.beside["Filters"], Qt.MouseButton.LeftButton)
    assert document.here.project.graph.nodes["residual_block1"].block.exposed_labels() == ()
    assert not inspector.block.group.form.isVisible()
    document.undo_stack.undo()
    assert list(inspector.block.group.form.editors) == ["Filters"]


def test_a_parameter_inside_is_exposed_by_its_pin(qtbot, inspector, document):
    document.here.go(WAY)
    inspector.show_selection(["conv1"])
    pins = inspector.block.form.beside
    assert {name for name, pin in pins.items() if pin.isChecked()} == {"out_channels"}
    assert "as “Filters”" in pins["out_channels"].toolTip()
    qtbot.mouseClick(pins["kernel_size"], Qt.MouseButton.LeftButton)
    assert document.here.group.exposed_labels() == ("Filters", "Kernel size")
    assert document.here.path == WAY
    assert pins["kernel_size"].isChecked()
    assert steps(document) == ["Expose Kernel size on the group"]
    qtbot.keyClick(pins["kernel_size"], Qt.Key.Key_Space)
    assert document.here.group.exposed_labels() == ("Filters",)


def test_a_label_that_is_taken_asks_what_is_meant(qtbot, inspector, document):
    document.here.go(WAY)
    inspector.show_selection(["conv1"])
    qtbot.mouseClick(inspector.block.form.beside["kernel_size"], Qt.MouseButton.LeftButton)
    inspector.show_selection(["conv2"])
    pin = inspector.block.form.beside["kernel_size"]
    menu = pin.choices()
    assert [action.text() for action in menu.actions()] == [
        "Set together with “Kernel size”",
        "Expose as “Kernel size of conv2”",
    ]
    menu.actions()[1].trigger()
    assert document.here.group.exposed_labels() == ("Filters", "Kernel size", "Kernel size of conv2")
    qtbot.mouseClick(pin, Qt.MouseButton.LeftButton)
    menu.actions()[0].trigger()
    entries = [entry.block for entry in document.here.group.exposed if entry.label == "Kernel size"]
    assert entries == ["conv1", "conv2"]


def test_outside_of_groups_there_are_no_pins(inspector, document):
    inspector.show_selection(["scores"])
    assert not any(pin.isVisible() for pin in inspector.block.form.beside.values())


def test_weights_are_treated(qtbot, inspector, document):
    inspector.show_selection(["scores"])
    assert inspector.block.weights_fold.isVisible()
    inspector.block.weights_fold.open()
    form = inspector.block.weights.form
    assert list(form.editors) == ["initialisation", "amount", "frozen", "weight_decay", "l1", "learning_rate"]
    qtbot.mouseClick(form.editors["frozen"].control, Qt.MouseButton.LeftButton)
    type_over(qtbot, form, "weight_decay", "0.01")
    assert document.project.graph.nodes["scores"].weights == WeightSettings(frozen=True, weight_decay=0.01)
    assert steps(document) == ["Change Frozen of scores", "Change Weight decay of scores"]
    assert inspector.block.weights_fold.summary == "frozen · weight decay 0.01"


def test_what_has_no_weights_has_no_such_part(inspector, document):
    for key in ("flatten", "image", "loss", "join"):
        inspector.show_selection([key])
        assert not inspector.block.weights_fold.isVisible(), key


def test_shared_weights_are_told_and_parted(qtbot, inspector, document):
    inspector.show_selection(["left1"])
    told = facts(inspector)
    assert (told["Parameters"], told["Shared parameters"]) == ("0", str(16 * 16 * 9 + 16))
    assert inspector.block.weights_fold.summary == "shared · frozen"
    inspector.block.weights_fold.open()
    assert list(inspector.block.weights.form.editors) == ["frozen", "weight_decay", "l1", "learning_rate"], (
        "a group begins nothing"
    )
    qtbot.mouseClick(inspector.block.weights.own_button, Qt.MouseButton.LeftButton)
    assert steps(document) == ["Give right own weights"]
    assert facts(inspector)["Parameters"] == str(16 * 16 * 9 + 16)
    assert not inspector.block.weights.own_button.isVisible()


def test_several_that_share_are_counted_once(inspector, document):
    inspector.show_selection(["left1", "tower1"])
    assert dict(inspector.several.facts.shown)["Parameters"].replace("\u2009", "") == str(16 * 16 * 9 + 16)


def test_a_note_is_one_step_and_its_undo_that_of_the_document(qtbot, inspector, document):
    before = document.project
    inspector.show_selection(["scores"])
    inspector.block.note_fold.open()
    note = inspector.block.note
    note.setFocus()
    qtbot.keyClicks(note, "ten")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    qtbot.keyClicks(note, "digits")
    assert document.project.graph.nodes["scores"].note == "ten\ndigits"
    assert steps(document) == ["Change the note of scores"]
    assert inspector.block.note_fold.summary == "ten digits"
    qtbot.keyClick(note, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.project == before
    assert note.toPlainText() == ""
    qtbot.keyClick(note, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not note, "Tab leads on"


def test_a_note_stays_with_its_block(qtbot, inspector, document):
    inspector.show_selection(["scores"])
    inspector.block.note_fold.open()
    inspector.block.note.setFocus()
    qtbot.keyClicks(inspector.block.note, "mine")
    inspector.show_selection(["flatten"])
    assert inspector.block.note.toPlainText() == ""
    inspector.show_selection(["scores"])
    assert inspector.block.note.toPlainText() == "mine"


def test_editing_inside_is_undone_inside(qtbot, inspector, document):
    before = document.project
    document.here.go(WAY)
    inspector.show_selection(["conv1"])
    type_over(qtbot, inspector.block.form, "out_channels", "12")
    assert document.project.inside(WAY).graph.nodes["conv1"].block.out_channels == 12
    assert steps(document) == ["Change Filters of conv1"]
    document.undo_stack.undo()
    assert document.project == before
    assert document.here.path == WAY


def test_a_renamed_port_keeps_its_wire(qtbot, inspector, document):
    document.here.go(WAY)
    inspector.show_selection(["stem"])
    inspector.block.name.edit()
    qtbot.keyClicks(inspector.block.name.line, "features")
    qtbot.keyClick(inspector.block.name.line, Qt.Key.Key_Return)
    wires = document.project.inside(STAGE).graph.wires
    assert Wire("stem", "y", "residual_block1", "features") in wires
    assert document.review.problems == ()


def test_nothing_selected_in_a_group_shows_the_group(inspector, document):
    document.here.go(WAY)
    page = inspector.overview
    assert page.isVisible()
    assert page.title.text() == "stage1"
    assert page.subtitle.text() == "Group · ResidualBlock, 3 times in series"
    assert dict(page.facts.shown)["Blocks"] == "7"
    assert dict(page._ports.shown) == {"In · stem": "16 × 8 × 8", "Out · relu2_out": "16 × 8 × 8"}
    document.here.go(())
    assert page.title.text() == "digits in groups"
    assert not page.subtitle.isVisible()


def test_problems_inside_are_told_at_the_group_and_lead_inside(qtbot, inspector, document):
    document.here.go(WAY)
    graph = document.here.project.graph
    document.here.change(document.here.project.edit(graph.disconnect([Wire("conv1", "y", "relu1", "x")])), "x")
    document.here.go(())
    inspector.show_selection(["encoder1"])
    rows = inspector.block.problems.rows
    assert any("relu1" in row.problem.title for row in rows)
    jumps = []
    inspector.jump.connect(jumps.append)
    qtbot.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert document.here.way_to(jumps[0])[:2] == WAY


def test_nothing_is_wider_than_the_panel(inspector, document):
    inspector.block.weights_fold.open()
    inspector.block.note_fold.open()
    for path, keys in (((), ["encoder1", "left1", "scores"]), (STAGE, ["residual_block1"]), (WAY, ["conv1", "stem"])):
        document.here.go(path)
        for key in keys:
            inspector.show_selection([key])
            assert inspector.widget().minimumSizeHint().width() <= 290, key


def test_another_theme_is_worn(inspector, document):
    document.here.go(WAY)
    inspector.show_selection(["conv1"])
    inspector.show_theme(LIGHT)
    assert inspector.block.isVisible()
