import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

import designer.data.page
from designer.data.page import DataPage
from designer.data.pictures import Pictures
from designer.data.points import Points
from designer.data.tables import Table
from designer.document import Document
from designer.theme import DARK, LIGHT
from engine.data import SOURCES
from engine.problem import UserError
from tests.designer.drawings import classifier

PAGES = [
    ("Digits", {"image": Pictures, "Values": Table}, "1 797 samples"),
    ("Iris", {"sepal": Points, "petal": Points, "Values": Table}, "150 samples"),
    ("Moons", {"point": Points, "Values": Table}, "1 000 samples"),
    ("Diabetes", {"Values": Table}, "442 samples"),
]


@pytest.fixture
def document(qapp):
    return Document(classifier())


@pytest.fixture
def page(qtbot, document):
    made = DataPage(document, DARK)
    made.resize(1440, 600)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.read = lambda: qtbot.waitUntil(lambda: not made.reading)
    made.read()
    return made


def choose(qtbot, page, name):
    """With the keyboard, as many steps down or up as it takes."""
    box = page.forms.sources
    box.setFocus()
    while box.currentData() != name:
        qtbot.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < box.findData(name) else Qt.Key.Key_Up)
    page.read()


def steps(document):
    return [document.undo_stack.text(index) for index in range(document.undo_stack.count())]


def shown(page):
    return [label.text().replace("\u2009", " ") for label in page.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize(("source", "pages", "size"), PAGES, ids=[source for source, _, _ in PAGES])
def test_every_kind_of_data_can_be_seen(qtbot, page, document, source, pages, size):
    document.change(document.project.with_(data=document.project.data.change(source=SOURCES[source]())), "other")
    page.read()
    tabs = page.view.preview
    assert {tabs.tabText(index): type(tabs.widget(index)) for index in range(tabs.count())} == pages
    assert size in shown(page)
    for index in range(tabs.count()):
        tabs.setCurrentIndex(index)
        assert not page.grab().isNull()
        shown_page = tabs.currentWidget()
        if isinstance(shown_page, Points):
            assert shown_page.axes == (f"{tabs.tabText(index)} 1", f"{tabs.tabText(index)} 2")


def test_a_page_that_nobody_sees_follows_when_it_is_shown(page, document):
    page.hide()
    document.change(document.project.with_(data=document.project.data.change(source=SOURCES["Iris"]())), "other")
    assert page.forms.sources.currentData() == "Digits"
    assert not page.reading
    page.show()
    assert page.forms.sources.currentData() == "Iris"
    page.read()
    assert "150 samples" in shown(page)


def test_pictures_are_labelled(page):
    pictures = page.view.preview.widget(0)
    assert pictures.count() == 200
    assert {pictures.item(index).text() for index in range(200)} == set("0123456789")
    assert pictures.item(0).icon().availableSizes()[0].width() >= 56


def test_values_are_real(qtbot, page):
    choose(qtbot, page, "Iris")
    page.view.preview.setCurrentIndex(2)
    model = page.view.preview.currentWidget().model()
    cells = [model.index(0, column).data() for column in range(model.columnCount())]
    headers = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert dict(zip(headers, cells, strict=True))["features 1"] == "5.1"
    assert (headers[-1], cells[-1], model.rowCount()) == ("species", "setosa", 100)


def test_classes_are_told_apart_by_form_and_colour(qtbot, page):
    choose(qtbot, page, "Iris")
    points = page.view.preview.widget(0)
    for sign, name in zip("●▼■", ("setosa", "versicolor", "virginica"), strict=True):
        assert sign in points.legend
        assert name in points.legend


def test_classes_are_counted(page):
    model = page.view.classes.model()
    assert [model.index(0, column).data() for column in range(5)] == ["0", "124", "36", "18", "178"]


def test_another_source_and_back_is_undone_step_by_step(qtbot, page, document):
    before = document.project
    choose(qtbot, page, "Moons")
    page.forms.source_form.focus("samples")
    qtbot.keyClicks(page.forms.source_form.editors["samples"].control, "200")
    page.read()
    assert document.project.data.source == SOURCES["Moons"](samples=200)
    assert "200 samples" in shown(page)
    assert steps(document)[-1] == "Change Samples of Moons"
    assert steps(document).count("Change Samples of Moons") == 1
    choose(qtbot, page, "Circles")
    choose(qtbot, page, "Moons")
    assert document.project.data.source == SOURCES["Moons"](samples=200)  # as it was left
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.project == before
    page.read()
    assert page.forms.sources.currentText() == "Handwritten digits"
    assert "1 797 samples" in shown(page)


def test_the_split_can_be_typed(qtbot, page, document):
    page.forms.split_form.focus("validation")
    qtbot.keyClicks(page.forms.split_form.editors["validation"].control, "0.5")
    page.read()
    assert document.project.data.validation == 0.5
    assert page.forms.bar.accessibleName() == "Train 718, Validation 899, Test 180"
    assert steps(document) == ["Change Validation share"]


def test_the_split_can_be_slid(qtbot, page, document):
    slider = page.forms.split_form.editors["test"]._slider
    slider.setFocus()
    for _ in range(3):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert document.project.data.test == 0.13
    assert page.forms.split_form.editors["test"].control.text() == "0.13"
    assert steps(document) == ["Change Test share"]


def test_dragging_the_slider_is_one_step(qtbot, page, document):
    slider = page.forms.split_form.editors["test"]._slider
    middle = slider.height() // 2
    start = QPoint(8 + (slider.width() - 16) * 10 // 95, middle)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for x in range(2, 42, 8):
        qtbot.mouseMove(slider, start + QPoint(x, 0))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 0))
    assert document.project.data.test > 0.2
    assert steps(document) == ["Change Test share"]


def test_shares_that_leave_nothing_are_refused_in_words(qtbot, page, document):
    page.forms.split_form.focus("validation")
    qtbot.keyClicks(page.forms.split_form.editors["validation"].control, "0.95")
    assert document.project.data.validation == 0.2
    assert any("must come to less than 1" in text for text in shown(page))


def test_reading_is_told(qtbot, page, document, monkeypatch):
    told = []
    monkeypatch.setattr(page.view, "show_reading", lambda title: told.append(title))
    choose(qtbot, page, "Moons")
    assert told[-1] == "Moons"


def test_what_cannot_be_read_says_why_and_recovers(qtbot, page, document, monkeypatch):
    def fail(settings):
        raise UserError("The file is gone. Choose another one.")

    with monkeypatch.context() as patch:
        patch.setattr(designer.data.page, "look_at", fail)
        choose(qtbot, page, "Moons")
        assert page.view.message == "The file is gone. Choose another one."
    choose(qtbot, page, "Iris")
    assert page.view.message == ""


def test_nothing_is_read_until_someone_looks(qtbot, document, monkeypatch):
    looks = []
    monkeypatch.setattr(designer.data.page, "look_at", looks.append)
    made = DataPage(document, DARK)
    qtbot.addWidget(made)
    qtbot.wait(200)
    assert (made.reading, looks) == (False, [])


def test_only_the_last_of_quick_edits_is_shown(qtbot, page, document):
    choose(qtbot, page, "Moons")
    for samples in (300, 400, 500):
        data = document.project.data.change(source=SOURCES["Moons"](samples=samples))
        document.change(document.project.with_(data=data), "other")
    page.read()
    assert "500 samples" in shown(page)


def test_both_themes_paint(qtbot, page):
    choose(qtbot, page, "Spirals")
    dark = page.grab().toImage()
    page.show_theme(LIGHT)
    assert page.grab().toImage() != dark
    assert LIGHT.curve(0) in page.view.preview.widget(0).legend
