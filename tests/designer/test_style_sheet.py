"""The sheet names only roles and pictures that there are, and Qt understands all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QFile, QPointF, Qt
from PySide6.QtGui import QIcon, QImage, QMouseEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QTreeView,
    QWidget,
)

from designer.style_sheet import ICONS, style_sheet
from designer.theme import DARK, LIGHT, Theme


@pytest.fixture(params=[DARK, LIGHT], ids=lambda theme: theme.name)
def worn(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    before = qapp.styleSheet()
    qapp.setStyleSheet(style_sheet(request.param))  # a warning of Qt fails the test
    yield request.param
    qapp.setStyleSheet(before)


def test_every_role_is_filled_in(qapp: QApplication) -> None:
    sheet = style_sheet(DARK)
    assert "$" not in sheet
    assert sheet != style_sheet(LIGHT)
    assert "font-family" not in sheet


def test_every_picture_is_there(qapp: QApplication) -> None:
    pictures = set(re.findall(r"url\((.*?)\)", style_sheet(DARK)))
    assert len(pictures) > 5
    for picture in pictures:
        assert QFile.exists(picture), picture
        assert not QIcon(picture).pixmap(12, 12).isNull(), picture
    assert {path.name for path in ICONS.glob("*.svg")} >= {picture.partition(":")[2] for picture in pictures}


@pytest.mark.parametrize(
    ("widget", "role", "colour"),
    [
        (QPushButton, "primary", "accent_fill"),
        (QPushButton, "danger", "danger_fill"),
        (QPushButton, None, "button"),
        (QToolButton, "button", "button"),
        (QToolButton, "danger", "danger_fill"),
        (QLineEdit, None, "raised"),
    ],
)
def test_variants_wear_their_roles(
    worn: Theme, qtbot: object, widget: type[QWidget], role: str | None, colour: str
) -> None:
    made = widget()
    made.setProperty("role", role)
    made.resize(120, 40)
    qtbot.addWidget(made)
    assert made.grab().toImage().pixelColor(60, 8).name() == worn.role(colour)


@pytest.mark.parametrize(
    ("widget", "role", "colour"),
    [
        (QPushButton, "primary", "accent_hover"),
        (QPushButton, "danger", "danger_hover"),
        (QToolButton, "primary", "accent_hover"),
        (QToolButton, "danger", "danger_hover"),
        (QToolButton, "button", "hover"),
    ],
)
@pytest.mark.parametrize("touch", ["hover", "press"])
def test_a_filled_button_stays_filled_under_the_pointer_and_when_pressed(
    worn: Theme, qtbot: object, widget: type[QAbstractButton], role: str, colour: str, touch: str
) -> None:
    made = widget()
    made.setProperty("role", role)
    made.resize(120, 40)
    qtbot.addWidget(made)
    made.show()
    if touch == "hover":  # told to the button alone, since nobody knows where the pointer was left
        made.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        place, none = QPointF(20, 10), Qt.MouseButton.NoButton
        move = QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(made, move)
    made.setDown(touch == "press")
    expected = "pressed" if (touch, role) == ("press", "button") else colour
    assert made.grab().toImage().pixelColor(60, 8).name() == worn.role(expected)


def test_labels_wear_their_roles(worn: Theme, qtbot: object) -> None:
    for role in ("muted", "link", "danger", "warning", "success"):
        label = QLabel("████")
        label.setProperty("role", role)
        qtbot.addWidget(label)
        label.show()
        assert label.palette().windowText().color().name() == worn.role(role)


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_the_list_of_a_box_has_room_for_all_its_choices_inside_a_border(worn: Theme, qtbot: object) -> None:
    box = QComboBox()
    box.addItems(["zeros", "reflect", "replicate", "circular"])
    qtbot.addWidget(box)
    box.resize(160, 26)
    box.show()
    box.showPopup()
    view = box.view()
    last = view.visualRect(view.model().index(3, 0))
    assert view.viewport().rect().contains(last)
    assert view.verticalScrollBar().maximum() == 0
    picture = view.window().grab().toImage()
    for x, y in ((0, picture.height() // 2), (picture.width() // 2, picture.height() - 1)):
        assert picture.pixelColor(x, y).name() == worn.border
    box.hidePopup()


def test_buttons_of_dialogs_have_no_pictures(worn: Theme, qtbot: object) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Discard)
    qtbot.addWidget(buttons)
    buttons.show()
    assert [button.icon().isNull() for button in buttons.buttons()] == [True, True]


def test_headings_stand_above_what_they_head(worn: Theme, qtbot: object) -> None:
    model = QStandardItemModel(1, 2)
    for column, side in enumerate((Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)):
        model.setItem(0, column, item := QStandardItem("MMMM"))
        item.setTextAlignment(side)
        model.setHorizontalHeaderItem(column, heading := QStandardItem("MMMM"))
        heading.setTextAlignment(side)
    table = QTreeView()
    table.setRootIsDecorated(False)
    table.setModel(model)
    qtbot.addWidget(table)
    table.resize(300, 100)
    table.setColumnWidth(0, 150)
    table.header().setStretchLastSection(False)
    table.setColumnWidth(1, 120)
    table.show()
    above, below = table.header().grab().toImage(), table.viewport().grab().toImage()
    row = table.visualRect(model.index(0, 0)).center().y()
    for first, last in ((0, 149), (150, 268)):
        edges = [ink(above, first, last, above.height() // 2), ink(below, first, last, row)]
        assert abs(edges[0][0] - edges[1][0]) <= 1 if first == 0 else abs(edges[0][1] - edges[1][1]) <= 1


def ink(picture: QImage, first: int, last: int, middle: int) -> tuple[int, int]:
    """The first and the last column that has ink around a line."""
    paper = picture.pixelColor(first + 70, middle)
    rows = range(middle - 4, middle + 4)
    inked = [x for x in range(first, last) if any(picture.pixelColor(x, y) != paper for y in rows)]
    return inked[0], inked[-1]
