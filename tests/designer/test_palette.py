import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication

from designer.available import available
from designer.block_search import search
from designer.palette import MIME, NAME, Palette
from designer.theme import DARK, LIGHT
from engine.blocks import CATALOGUE, CATEGORIES
from engine.composites import names


@pytest.fixture
def palette(qtbot):
    made = Palette(DARK)
    made.resize(190, 900)
    made.added = []
    made.chosen.connect(made.added.append)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def index_of(palette, name):
    model = palette.list.model()
    return model.match(model.index(0, 0), NAME, name, 1, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0]


def place_of(palette, name):
    index = index_of(palette, name)
    palette.list.scrollTo(index)
    return palette.list.visualRect(index).center()


def test_all_blocks_by_category_with_their_count(palette):
    model = palette.list.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    assert [row.data() for row in rows] == ["Inputs & targets", "Groups", *CATEGORIES[1:]]
    assert sum(model.rowCount(row) for row in rows) == len(CATALOGUE) + len(names())
    assert palette.list.names() == list(available(inside=False))


def test_inside_a_group_its_ports_can_be_added_and_what_stays_outside_can_not(palette):
    palette.show_inside(True)
    assert palette.list.model().index(0, 0).data() == "Groups"
    assert palette.list.names()[:2] == ["GroupInput", "GroupOutput"]
    assert not {"Input", "Target", "Output", "MSELoss"} & {*palette.list.names()}
    palette.search.setText("loss")
    assert not {"CrossEntropyLoss", "MSELoss"} & {*palette.list.names()}
    palette.show_inside(False)
    assert "CrossEntropyLoss" in palette.list.names(), "what is searched for is searched anew"
    palette.search.clear()
    assert palette.list.names()[0] == "Input"


def test_search_and_enter_adds_the_best(qtbot, palette):
    palette.focus_search()
    qtbot.keyClicks(palette.search, "dense")
    assert palette.list.names()[0] == "Linear"
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.added == ["Linear"]


def test_enter_without_a_search_adds_nothing(qtbot, palette):
    palette.focus_search()
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.added == []


def test_down_leads_into_the_list_and_up_back(qtbot, palette):
    palette.focus_search()
    qtbot.keyClicks(palette.search, "pool")
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    qtbot.keyClick(palette.list, Qt.Key.Key_Down)
    qtbot.keyClick(palette.list, Qt.Key.Key_Return)
    assert palette.added == [search("pool")[1]]
    qtbot.keyClick(palette.list, Qt.Key.Key_Up)
    qtbot.keyClick(palette.list, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is palette.search


def test_typing_in_the_list_searches(qtbot, palette):
    palette.list.enter()
    qtbot.keyClick(palette.list, Qt.Key.Key_L)
    qtbot.keyClicks(QApplication.focusWidget(), "stm")
    assert palette.search.text() == "lstm"
    assert palette.list.names()[0] == "LSTM"


def test_double_click_adds(qtbot, palette):
    place = place_of(palette, "Conv2d")
    viewport = palette.list.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert palette.added == []
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert palette.added == ["Conv2d"]


def test_a_click_folds_a_category_and_searching_does_not_unfold_it(qtbot, palette):
    first = palette.list.model().index(0, 0)
    viewport = palette.list.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=palette.list.visualRect(first).center())
    assert not palette.list.isExpanded(first)
    qtbot.keyClicks(palette.search, "relu")
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert palette.search.text() == ""
    assert not palette.list.isExpanded(palette.list.model().index(0, 0))
    assert palette.list.isExpanded(palette.list.model().index(1, 0))


def test_nothing_found_says_what_to_do(qtbot, palette):
    qtbot.keyClicks(palette.search, "qqqqq")
    assert "“qqqqq”" in palette.message
    assert "Try" in palette.message
    palette.search.clear()
    assert palette.message == ""


def test_dragging_carries_the_name(qtbot, palette, monkeypatch):
    carried = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: carried.append(bytes(drag.mimeData().data(MIME))))
    place, viewport = place_of(palette, "LSTM"), palette.list.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=place)
    for step in (5, 15, 30):
        qtbot.mouseMove(viewport, place + QPoint(step, 0))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place + QPoint(30, 0))
    assert carried == [b"LSTM"]


def test_every_entry_tells_what_it_does(palette):
    for name, made in available(inside=False).items():
        index = index_of(palette, name)
        assert made.label in index.data(Qt.ItemDataRole.ToolTipRole)
        assert made.section in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_both_themes_paint(palette):
    dark = palette.grab().toImage()
    palette.show_theme(LIGHT)
    assert palette.grab().toImage() != dark
