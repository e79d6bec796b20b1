from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from designer.document import Document
from designer.inspector import Inspector
from designer.theme import DARK, LIGHT
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.problem import Problem
from engine.project import Project
from tests.designer.drawings import classifier


@pytest.fixture
def document(qapp):
    return Document(classifier(softmax=True))


@pytest.fixture
def inspector(qtbot, document):
    made = Inspector(document, DARK)
    made.resize(290, 900)
    undo = QAction(made, shortcut=QKeySequence.StandardKey.Undo)
    undo.triggered.connect(document.undo_stack.undo)
    made.addAction(undo)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def shown(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def type_over(qtbot, inspector, name, text):
    page = inspector.block if inspector.block.isVisible() else inspector.several
    page.form.focus(name)
    qtbot.keyClicks(page.form.editors[name].control, text)
    return page.form.editors[name].control


def steps(document):
    return [document.undo_stack.text(index) for index in range(document.undo_stack.count())]


def test_a_block_in_figures_and_words(inspector):
    inspector.show_selection(["conv2"])
    assert inspector.block.name.line.text() == "conv2"
    assert [(word, figure.replace("\u2009", " ")) for word, figure in inspector.block.facts.shown] == [
        ("In", "batch × 32 × 6 × 6"),
        ("Out", "batch × 64 × 4 × 4"),
        ("Parameters", "18 496"),
        ("Multiply-adds", "295 k"),
        ("Activation memory", "4 KiB / sample"),
    ]
    assert CATALOGUE["Conv2d"].doc() in shown(inspector)
    assert "⋆" in inspector.block.formula.text()


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_block_can_be_looked_at(qapp, name):
    project, key = Project().add(CATALOGUE[name](), (0, 0))
    inspector = Inspector(Document(project), DARK)
    inspector.show_selection([key])
    facts = dict(inspector.block.facts.shown)
    assert any(word.startswith("Out") for word in facts) == bool(CATALOGUE[name]().output_ports())
    inspector.show_theme(LIGHT)


def test_several_ports_have_a_line_each(inspector):
    inspector.show_selection(["loss"])
    assert [word for word, _ in inspector.block.facts.shown] == ["In · prediction", "In · target", "Out"]


class Browser(QObject):
    """Stands in for the browser."""

    address = ""

    @Slot("QUrl")
    def open(self, url):
        self.address = url.toString()


def test_the_reference_opens_the_documentation(qtbot, inspector):
    browser = Browser()
    inspector.show_selection(["conv2"])
    QDesktopServices.setUrlHandler("https", browser, "open")
    try:
        inspector.block.subtitle.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(inspector.block.subtitle, Qt.Key.Key_Return)
    finally:
        QDesktopServices.unsetUrlHandler("https")
    assert browser.address == "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"


def test_typing_changes_the_design_at_once_and_is_one_step(qtbot, inspector, document):
    inspector.show_selection(["conv2"])
    control = type_over(qtbot, inspector, "out_channels", "128")
    assert document.project.graph.nodes["conv2"].block.out_channels == 128
    assert dict(inspector.block.facts.shown)["Out"] == "batch × 128 × 4 × 4"
    assert control.text() == "128"
    assert steps(document) == ["Change Filters of conv2"]
    document.undo_stack.undo()
    assert document.project == classifier(softmax=True)
    assert control.text() == "64"


def test_leaving_the_field_begins_another_step(qtbot, inspector, document):
    inspector.show_selection(["conv2"])
    control = type_over(qtbot, inspector, "out_channels", "12")
    qtbot.keyClick(control, Qt.Key.Key_Return)
    type_over(qtbot, inspector, "out_channels", "34")
    assert steps(document) == ["Change Filters of conv2"] * 2


def test_typing_back_to_the_old_value_leaves_no_step(qtbot, inspector, document):
    inspector.show_selection(["conv2"])
    type_over(qtbot, inspector, "out_channels", "64")
    assert document.project == classifier(softmax=True)
    assert steps(document) == []


def test_each_switch_is_a_step(qtbot, inspector, document):
    inspector.show_selection(["conv2"])
    box = inspector.block.form.editors["bias"].control
    for _ in range(2):
        box.setFocus()
        qtbot.keyClick(box, Qt.Key.Key_Space)
    assert steps(document) == ["Change Bias of conv2"] * 2


def test_undo_while_typing_is_the_documents(qtbot, inspector, document):
    inspector.show_selection(["conv2"])
    control = type_over(qtbot, inspector, "out_channels", "128")
    qtbot.keyClick(control, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.project == classifier(softmax=True)
    assert control.text() == "64"
    qtbot.keyClicks(control, "x")
    assert document.undo_stack.canRedo()
    qtbot.keyClick(control, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert control.text() == "64"


def test_wires_lost_while_typing_come_back(qtbot, document, inspector):
    project, _ = document.project.add(CATALOGUE["Add"](inputs=2), (0, 0), "add")
    graph = project.graph.connect(Wire("conv1", "y", "add", "x1")).connect(Wire("conv1", "y", "add", "x2"))
    project = project.edit(graph.change("add", inputs=4).connect(Wire("conv1", "y", "add", "x4")))
    document.open(project, None)
    inspector.show_selection(["add"])
    type_over(qtbot, inspector, "inputs", "2")  # on the way to a larger number, the fourth input is gone
    assert document.project.graph.into("add", "x4") is None
    qtbot.keyClick(inspector.block.form.editors["inputs"].control, Qt.Key.Key_Home)
    qtbot.keyClicks(inspector.block.form.editors["inputs"].control, "1")
    assert document.project.graph.nodes["add"].block.inputs == 12
    assert document.project.graph.into("add", "x4") == Wire("conv1", "y", "add", "x4")


def test_bad_typing_changes_nothing_and_says_why(qtbot, inspector, document):
    inspector.show_selection(["conv2"])
    type_over(qtbot, inspector, "stride", "0")
    assert document.project == classifier(softmax=True)
    assert "Stride must be at least 1, not 0 × 0." in shown(inspector)


def test_what_is_typed_does_not_go_over_to_another_block(qtbot, inspector, document):
    inspector.show_selection(["conv2"])
    control = type_over(qtbot, inspector, "kernel_size", "wide")
    inspector.show_selection(["conv1"])
    assert control.text() == "3 × 3"
    assert not any("wide" in text for text in shown(inspector))
    assert document.project == classifier(softmax=True)


def test_renaming(qtbot, inspector, document):
    inspector.show_selection(["conv2"])
    inspector.block.name.edit()
    line = inspector.block.name.line
    assert QApplication.focusWidget() is line
    qtbot.keyClicks(line, "conv1")
    assert "Another block is named “conv1”" in inspector.block.name.error
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert document.project.graph.nodes["conv2"].name == "conv2"
    qtbot.keyClicks(line, "_deep")
    assert inspector.block.name.error == ""
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert document.project.graph.nodes["conv2"].name == "conv1_deep"
    assert steps(document) == ["Rename conv2 to conv1_deep"]
    document.undo_stack.undo()
    assert line.text() == "conv2"


@pytest.mark.parametrize("name", ["2conv", "forward", "class", "a b", ""])
def test_names_that_cannot_be(qtbot, inspector, document, name):
    inspector.show_selection(["conv2"])
    inspector.block.name.edit()
    line = inspector.block.name.line
    qtbot.keyClicks(line, name) if name else qtbot.keyClick(line, Qt.Key.Key_Delete)
    assert inspector.block.name.error
    inspector.block.form.focus("stride")
    assert (line.text(), inspector.block.name.error) == ("conv2", "")
    assert steps(document) == []


def test_escape_gives_the_name_back(qtbot, inspector):
    inspector.show_selection(["conv2"])
    inspector.block.name.edit()
    qtbot.keyClicks(inspector.block.name.line, "other")
    qtbot.keyClick(inspector.block.name.line, Qt.Key.Key_Escape)
    assert inspector.block.name.line.text() == "conv2"


def test_a_problem_of_the_block_is_told_and_mended(qtbot, inspector, document):
    inspector.show_selection(["softmax"])
    (row,) = inspector.block.problems.rows
    qtbot.mouseClick(row.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert "softmax" not in document.project.graph.nodes
    assert inspector.overview.isVisible()


def test_a_problem_of_a_parameter_stands_at_the_parameter(inspector, document):
    problem = Problem("conv2 can't work like this", "Such a stride is too long.", "conv2", param="stride")
    document._reviewed(replace(document.review, problems=(problem,)))
    inspector.show_selection(["conv2"])
    assert "Such a stride is too long." in shown(inspector.block.form)
    assert inspector.block.problems.rows == ()


def test_a_problem_that_can_be_mended_stands_with_its_button(inspector, document):
    graph = document.project.graph.change("conv2", padding="same", stride=(2, 2))
    document.change(document.project.edit(graph), "x")
    inspector.show_selection(["conv2"])
    (row,) = inspector.block.problems.rows
    assert "“same” only at stride 1" in row.problem.text
    assert not any("“same”" in text for text in shown(inspector.block.form))


def test_nothing_selected_shows_the_project(inspector, document):
    facts = dict(inspector.overview.facts.shown)
    assert inspector.overview.title.text() == "digits"
    assert (facts["Blocks"], facts["Wires"]) == ("8", "7")
    assert int(facts["Parameters"].replace("\u2009", "")) == document.review.plan.parameters
    assert {"Input · image", "Prediction · softmax", "Loss"} <= set(shown(inspector.overview))
    assert "Softmax feeds CrossEntropy" in shown(inspector.overview)


def test_the_overview_jumps_to_problems(qtbot, inspector):
    jumps = []
    inspector.jump.connect(jumps.append)
    qtbot.mouseClick(inspector.overview.problems.rows[0], Qt.MouseButton.LeftButton)
    assert [problem.block for problem in jumps] == ["softmax"]


def test_an_empty_project_is_no_empty_panel(qtbot):
    inspector = Inspector(Document(), DARK)
    qtbot.addWidget(inspector)
    inspector.show()
    assert "Nothing is drawn yet" in shown(inspector)


def test_several_of_a_type_are_edited_together(qtbot, inspector, document):
    inspector.show_selection(["conv1", "conv2"])
    assert inspector.several.title.text() == "2 blocks"
    editors = inspector.several.form.editors
    assert editors["out_channels"].control.placeholderText() == "several values"
    assert editors["kernel_size"].control.text() == "3 × 3"
    type_over(qtbot, inspector, "out_channels", "16")
    graph = document.project.graph
    assert [graph.nodes[key].block.out_channels for key in ("conv1", "conv2")] == [16, 16]
    assert steps(document) == ["Change Filters of 2 blocks"]
    assert editors["out_channels"].control.text() == "16"


def test_several_of_many_types_show_their_total(inspector, document):
    inspector.show_selection(["conv1", "flatten", "logits"])
    assert inspector.several.types.text() == "1 Conv2d, 1 Flatten, 1 Linear"
    assert not inspector.several.form.isVisible()
    learned = sum(document.review.plan.steps[key].trace.parameters for key in ("conv1", "flatten", "logits"))
    assert dict(inspector.several.facts.shown)["Parameters"].replace("\u2009", "") == str(learned)


def test_what_is_gone_is_shown_no_more(inspector, document):
    inspector.show_selection(["conv2"])
    document.change(document.project.remove(["conv2"]), "Delete conv2")
    assert inspector.overview.isVisible()
    document.undo_stack.undo()
    assert inspector.block.isVisible()


def test_a_theme_recolours_the_formula(inspector):
    inspector.show_selection(["conv2"])
    assert DARK.text in inspector.block.formula.text()
    inspector.show_theme(LIGHT)
    assert LIGHT.text in inspector.block.formula.text()


def test_nothing_is_wider_than_the_panel(inspector):
    for key in ("image", "conv2", "loss", "softmax"):
        inspector.show_selection([key])
        assert inspector.widget().minimumSizeHint().width() <= 290
    inspector.show_selection([])
    assert inspector.widget().minimumSizeHint().width() <= 290
