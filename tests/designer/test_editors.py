import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from designer.editors import EDITORS, editor
from engine.blocks import CATALOGUE
from engine.field import Field
from engine.record import BadValue
from engine.training.settings import Adam

FIELDS = {
    "image": Field("image", "image", (1, 8, 8)),
    "digit": Field("digit", "class", classes=tuple("0123456789")),
}


@pytest.fixture
def made(qtbot):
    """Editors in a window, each with what it told."""
    window = QWidget()
    layout = QVBoxLayout(window)
    other = QLineEdit(window)
    layout.addWidget(other)
    qtbot.addWidget(window)
    window.other = other

    def make(record, name):
        def take(value):
            return getattr(record.change(**{name: value}), name)

        found = editor(type(record).param(name), take)
        found.told, found.sentences, found.ends = [], [], []
        found.edited.connect(found.told.append)
        found.refused.connect(found.sentences.append)
        found.settled.connect(lambda: found.ends.append(True))
        layout.addWidget(found)
        found.show_fields(FIELDS)
        found.show_value(getattr(record, name))
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return found

    make.window = window
    return make


def type_over(qtbot, found, text):
    found.control.setFocus()
    line = found.control if isinstance(found.control, QLineEdit) else found.control.lineEdit()
    line.selectAll()
    qtbot.keyClicks(found.control, text)
    return line


def test_every_kind_of_every_record_has_an_editor():
    kinds = {described.kind for block in CATALOGUE.values() for described in block.params()}
    assert kinds <= set(EDITORS)


@pytest.mark.parametrize(
    ("record", "name", "text", "values"),
    [
        (CATALOGUE["Linear"](), "out_features", "128", [1, 12, 128]),
        (CATALOGUE["Conv2d"](), "kernel_size", "5", [(5, 5)]),
        (CATALOGUE["Conv2d"](), "kernel_size", "5 x 7", [(5, 5), (5, 7)]),
        (CATALOGUE["Conv2d"](), "padding", "2", [(2, 2)]),
        (CATALOGUE["Conv2d"](), "padding", "same", ["same"]),
        (Adam(), "lr", "1e-2", [1.0, 0.01]),
        (Adam(), "betas", "0.8, 0.9", [(0.8, 0.0), (0.8, 0.9)]),
        (CATALOGUE["Input"](), "sample_shape", "3x8", [(3,), (3, 8)]),
    ],
)
def test_what_is_typed_is_told_as_soon_as_it_can_be_taken(qtbot, made, record, name, text, values):
    found = made(record, name)
    type_over(qtbot, found, text)
    assert [value for value in found.told if value in values] == values
    assert found.told[-1] == values[-1]
    assert found.sentences[-1] == ""


@pytest.mark.parametrize(
    ("record", "name", "text", "words"),
    [
        (CATALOGUE["Linear"](), "out_features", "abc", "whole number"),
        (CATALOGUE["Linear"](), "out_features", "-3", "at least 1"),
        (CATALOGUE["Linear"](), "out_features", "", "whole number"),
        (CATALOGUE["Conv2d"](), "padding", "wide", "“same” or “valid”"),
        (Adam(), "lr", "fast", "a number"),
        (CATALOGUE["Dropout"](), "p", "3", "less than 1"),
    ],
)
def test_what_cannot_be_taken_is_told_in_words_and_stays(qtbot, made, record, name, text, words):
    found = made(record, name)
    line = type_over(qtbot, found, text or "x")
    if not text:
        qtbot.keyClick(found.control, Qt.Key.Key_Backspace)
    assert words in found.sentences[-1]
    assert line.text() == text
    found.show_value(getattr(record, name))  # the project changed elsewhere
    assert line.text() == text
    told = list(found.told)
    qtbot.keyClick(found.control, Qt.Key.Key_Return)
    assert (line.text(), found.told) == (text, told)


@pytest.mark.parametrize(
    ("record", "name", "text", "on_the_way", "before"),
    [(CATALOGUE["Linear"](out_features=64), "out_features", "12q", 12, 64), (Adam(lr=0.01), "lr", "1000", 100.0, 0.01)],
)
def test_leaving_what_cannot_be_taken_brings_back_what_was_there(qtbot, made, record, name, text, on_the_way, before):
    found = made(record, name)
    line = type_over(qtbot, found, text)
    assert found.told[-1] == on_the_way
    found.show_value(on_the_way)
    assert line.text() == text
    qtbot.mouseClick(made.window.other, Qt.MouseButton.LeftButton)
    assert found.told[-1] == before
    assert line.text() == str(before)
    assert found.sentences[-1] == ""
    assert found.ends == [True]


def test_escape_takes_the_typing_back(qtbot, made):
    found = made(CATALOGUE["Linear"](out_features=64), "out_features")
    line = type_over(qtbot, found, "128")
    assert found.told[-1] == 128
    qtbot.keyClick(found.control, Qt.Key.Key_Escape)
    assert (line.text(), found.told[-1]) == ("64", 64)


def test_undo_of_bad_text_is_about_the_text(qtbot, made):
    found = made(CATALOGUE["Linear"](out_features=64), "out_features")
    line = type_over(qtbot, found, "x")
    qtbot.keyClick(found.control, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "64"


def test_another_value_replaces_what_is_typed(qtbot, made):
    found = made(CATALOGUE["Linear"](out_features=64), "out_features")
    line = type_over(qtbot, found, "128")
    found.show_value(64)  # undone
    assert line.text() == "64"


def test_enter_writes_the_value_as_it_is_shown(qtbot, made):
    found = made(CATALOGUE["Conv2d"](), "kernel_size")
    line = type_over(qtbot, found, "5x7")
    assert line.text() == "5x7"
    qtbot.keyClick(found.control, Qt.Key.Key_Return)
    assert line.text() == "5 × 7"
    assert found.ends == [True]


@pytest.mark.parametrize(
    ("record", "name", "key", "modifier", "value"),
    [
        (CATALOGUE["Linear"](out_features=64), "out_features", Qt.Key.Key_Up, "NoModifier", 65),
        (CATALOGUE["Linear"](out_features=64), "out_features", Qt.Key.Key_Down, "ShiftModifier", 54),
        (CATALOGUE["Conv2d"](), "kernel_size", Qt.Key.Key_Up, "NoModifier", (4, 4)),
        (Adam(), "lr", Qt.Key.Key_Up, "NoModifier", 0.002),
    ],
)
def test_arrows_step(qtbot, made, record, name, key, modifier, value):
    found = made(record, name)
    found.control.setFocus()
    qtbot.keyClick(found.control, key, getattr(Qt.KeyboardModifier, modifier))
    assert found.told == [value]


def test_arrows_end_at_the_limit(qtbot, made):
    found = made(CATALOGUE["Linear"](out_features=1), "out_features")
    found.control.setFocus()
    qtbot.keyClick(found.control, Qt.Key.Key_Down)
    assert found.told == []
    assert found.control.text() == "1"


def test_the_wheel_scrolls_past(made):
    found = made(CATALOGUE["Conv2d"](), "padding_mode")
    made.window.other.setFocus()
    turn_wheel(found.control)
    assert found.told == []
    assert found.control.currentText() == "zeros"


def test_the_wheel_turns_a_box_that_has_the_focus(made):
    found = made(CATALOGUE["Conv2d"](), "padding_mode")
    found.control.setFocus()
    turn_wheel(found.control)
    assert found.told == ["reflect"]


def turn_wheel(widget):
    middle = QPointF(widget.rect().center())
    no = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(middle, widget.mapToGlobal(middle), QPoint(), QPoint(0, -120), no[0], no[1], no[2], False)
    QApplication.sendEvent(widget, event)


def test_choosing_with_the_keyboard(qtbot, made):
    found = made(CATALOGUE["Conv2d"](), "padding_mode")
    found.control.setFocus()
    qtbot.keyClick(found.control, Qt.Key.Key_Down)
    assert found.told == ["reflect"]
    assert found.ends == [True]


def test_a_box_of_words_takes_numbers_too(qtbot, made):
    found = made(CATALOGUE["Conv2d"](), "padding")
    assert isinstance(found.control, QComboBox)
    assert found.control.currentText() == "valid"
    assert [found.control.itemText(index) for index in range(found.control.count())] == ["same", "valid"]
    found.control.setFocus()
    qtbot.keyClick(found.control, Qt.Key.Key_Up)
    assert found.told == ["same"]


def test_a_switch(qtbot, made):
    found = made(CATALOGUE["Conv2d"](), "bias")
    assert isinstance(found.control, QCheckBox)
    qtbot.mouseClick(found.control, Qt.MouseButton.LeftButton, pos=QPoint(8, found.control.height() // 2))
    found.control.setFocus()
    qtbot.keyClick(found.control, Qt.Key.Key_Space)
    assert found.told == [False, True]


def test_fields_are_chosen_by_name(qtbot, made):
    found = made(CATALOGUE["Input"](field="image"), "field")
    box = found.control
    assert [box.itemText(index) for index in range(box.count())] == ["not chosen", "image", "digit"]
    found.control.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert found.told == ["digit"]


def test_a_field_that_is_gone_stays_visible(made):
    found = made(CATALOGUE["Input"](field="petal"), "field")
    assert found.control.currentText() == "petal (missing)"
    found.show_fields({"petal": Field("petal", "vector", (2,))})
    assert found.control.currentText() == "petal"


def test_an_optional_value_is_automatic_when_empty(qtbot, made):
    found = made(CATALOGUE["Input"](sample_shape=(3, 8)), "sample_shape")
    assert found.control.text() == "3 × 8"
    line = type_over(qtbot, found, "5")
    qtbot.keyClick(found.control, Qt.Key.Key_Backspace)
    assert found.told == [(5,), None]
    assert line.placeholderText() == "automatic"


@pytest.mark.parametrize("name", ["out_features", "bias"])
def test_several_values_are_one_edit_away(qtbot, made, name):
    found = made(CATALOGUE["Linear"](), name)
    found.show_mixed()
    found.control.setFocus()
    if name == "bias":
        assert found.control.checkState() == Qt.CheckState.PartiallyChecked
        qtbot.keyClick(found.control, Qt.Key.Key_Space)
        assert found.told == [True]
    else:
        assert (found.control.text(), found.control.placeholderText()) == ("", "several values")
        qtbot.keyClicks(found.control, str(getattr(CATALOGUE["Linear"](), name)))
        assert found.told[-1] == getattr(CATALOGUE["Linear"](), name)


def test_names_and_tooltips_tell_what_it_is(made):
    found = made(CATALOGUE["Conv2d"](), "kernel_size")
    assert found.control.accessibleName() == "Kernel size"
    assert found.described.doc in found.control.toolTip()
    assert "At least 1" in found.control.toolTip()


def test_errors_are_marked_and_spoken(made):
    found = made(CATALOGUE["Conv2d"](), "kernel_size")
    found.show_error("It is larger than the image.")
    assert found.control.property("invalid") is True
    assert found.control.accessibleDescription() == "It is larger than the image."
    found.show_error("")
    assert found.control.property("invalid") is False


def test_bad_values_come_from_the_record():
    with pytest.raises(BadValue):
        CATALOGUE["Linear"]().change(out_features="abc")
