import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from designer.counts import grouped, rounded
from designer.document import Document
from designer.theme import DARK, LIGHT
from designer.training.settings_page import SettingsPage
from engine.data import SOURCES
from engine.training.effort import multiply_adds_of_step
from engine.training.settings import END, OPTIMIZERS, SCHEDULES, TrainingSettings
from tests.designer.drawings import classifier
from tests.drawn.networks import gan


@pytest.fixture
def document(qapp):
    return Document(classifier())


@pytest.fixture
def page(qtbot, document):
    made = SettingsPage(document, DARK)
    made.resize(1440, 600)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    qtbot.waitUntil(lambda: facts(made)["Training samples"] != "–")
    return made


def facts(page):
    return {word: figure.replace("\u2009", " ") for word, figure in page.facts.shown}


def type_over(qtbot, form, name, text):
    form.focus(name)
    qtbot.keyClicks(form.editors[name].control, text)


def test_what_the_settings_come_to(page, document):
    plan = document.review.plan
    assert facts(page) == {
        "Training samples": "1 258",
        "Validation samples": "359",
        "Test samples": "180",
        "Steps an epoch": "40",
        "Steps in all": "400",
        "Parameters": grouped(plan.parameters).replace("\u2009", " "),
        "Multiply-adds a step": rounded(3 * 32 * plan.multiply_adds),
    }


def test_figures_follow_the_settings(qtbot, page, document):
    type_over(qtbot, page.run_form, "batch_size", "100")
    type_over(qtbot, page.run_form, "epochs", "5")
    assert (document.project.training.batch_size, document.project.training.epochs) == (100, 5)
    assert (facts(page)["Steps an epoch"], facts(page)["Steps in all"]) == ("13", "65")
    stack = document.undo_stack
    assert [stack.text(index) for index in range(stack.count())] == ["Change Batch size", "Change Epochs"]
    stack.undo()
    assert facts(page)["Steps in all"] == "130"
    assert page.run_form.editors["epochs"].control.text() == "10"


def test_figures_follow_the_data(qtbot, page, document):
    data = document.project.data.change(source=SOURCES["Iris"]())
    document.change(document.project.with_(data=data), "Iris")
    qtbot.waitUntil(lambda: facts(page)["Training samples"] == "105")


def test_a_page_that_nobody_sees_costs_an_edit_nothing_and_is_right_when_it_is_shown(page, document):
    page.hide()
    before = facts(page)
    document.change(document.project.with_(training=document.project.training.change(epochs=3)), "Change")
    assert facts(page) == before
    assert page.run_form.editors["epochs"].control.text() == "10"
    page.show()
    assert facts(page)["Steps in all"] == "120"
    assert page.run_form.editors["epochs"].control.text() == "3"


def test_another_optimizer_and_back(qtbot, page, document):
    type_over(qtbot, page.optimizer.form, "lr", "0.01")
    page.optimizer.choice.setFocus()
    qtbot.keyClick(page.optimizer.choice, Qt.Key.Key_Up)
    assert document.project.training.optimizer == OPTIMIZERS["SGD"]()
    assert "nesterov" in page.optimizer.form.editors
    qtbot.keyClick(page.optimizer.choice, Qt.Key.Key_Down)
    assert document.project.training.optimizer == OPTIMIZERS["Adam"](lr=0.01)  # as it was left
    stack = document.undo_stack
    assert [stack.text(index) for index in range(stack.count())] == [
        "Change Learning rate of Adam",
        "Change optimizer to SGD",
        "Change optimizer to Adam",
    ]


def test_bad_values_change_nothing(qtbot, page, document):
    type_over(qtbot, page.optimizer.form, "lr", "-1")
    assert document.project == classifier()
    assert not document.undo_stack.count()


def test_both_themes_paint(page):
    dark = page.grab().toImage()
    page.show_theme(LIGHT)
    assert page.grab().toImage() != dark


def test_the_rate_is_drawn_before_the_run(qtbot, page, document):
    assert not page.chart.isVisible()  # a level line says nothing
    page.schedule.choice.setFocus()
    for _ in range(4):
        qtbot.keyClick(page.schedule.choice, Qt.Key.Key_Down)
    assert document.project.training.schedule == SCHEDULES["Cosine"]()
    assert page.chart.isVisible()
    assert page.chart.accessibleName().startswith("Learning rate from 1e-3 over at most 1e-3 to")


def test_every_setting_has_an_editor(page):
    shown = {name for form in page._forms.values() for name in form.editors}
    assert shown == {described.name for described in TrainingSettings.params()}


def test_early_stopping_watches_what_the_network_is_scored_by(page, document):
    box = page._forms[END].editors["watch"].control
    assert [box.itemText(index) for index in range(box.count())] == ["loss", "accuracy"]


def test_shared_steps_count_once(qtbot, page, document):
    type_over(qtbot, page.run_form, "accumulate", "4")
    assert facts(page)["Steps an epoch"] == "10"


def test_a_run_under_way_is_told_apart_from_these_settings(qtbot, page):
    assert not page._banner.isVisible()
    page.show_run(3)
    assert page._banner.isVisible()
    assert "What is set here counts for the next run." in page._banner_words.text()
    assert page._change.text() == "Change run 3…"
    with qtbot.waitSignal(page.change_wanted):
        page._change.click()
    page.show_run(None)
    assert not page._banner.isVisible()


@pytest.mark.parametrize("width", [1440, 1000])
def test_the_words_about_a_run_end_where_the_cards_do(page, width):
    page.show_run(3)
    page.resize(width, 600)
    page.widget().layout().activate()
    right = [part.mapTo(page, part.rect().topRight()).x() for part in (page._banner, page.turns)]
    assert right[0] == right[1]


def told_at_settings(page):
    return [label.text() for label in page.run_form.findChildren(QLabel) if label.property("role") == "warning"]


def test_a_batch_larger_than_the_data_is_told_at_the_setting(qtbot, page):
    type_over(qtbot, page.run_form, "batch_size", "1258")
    assert told_at_settings(page) == []
    type_over(qtbot, page.run_form, "batch_size", "1259")
    (words,) = told_at_settings(page)
    assert words.replace("\u2009", " ") == "There are only 1 258 training samples; each step takes them all."
    assert facts(page)["Steps an epoch"] == "1"


def test_what_can_not_be_compiled_is_told_at_the_setting(page, document):
    def told():
        return told_at_settings(page)

    def change(**values):
        document.change(document.project.with_(training=document.project.training.change(**values)), "Change")

    change(averaging="ema")
    assert told() == []
    change(compile="on")
    assert told() == ["It will not be compiled: EMA looks at the weights after every step"]
    control = page.run_form.editors["compile"].control
    assert control.accessibleDescription() == told()[0]
    document.undo_stack.undo()
    assert told() == []


def test_several_steps_of_a_batch_are_all_counted(page, document):
    document.open(gan(), None)
    names = [name for name, _ in page.facts.shown]
    assert "Multiply-adds a batch" in names
    assert "Multiply-adds a step" not in names
    plan = document.review.plan
    each = 3 * document.project.training.batch_size
    assert (
        rounded(round(multiply_adds_of_step(document.project.training, plan))) == facts(page)["Multiply-adds a batch"]
    )
    assert multiply_adds_of_step(document.project.training, plan) > each * plan.multiply_adds
