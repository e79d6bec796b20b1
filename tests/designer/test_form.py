import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from designer.form import RecordForm, labelled
from designer.training.score_editor import ScoreEditor
from designer.training.scores_editor import ScoresEditor
from engine.blocks import CATALOGUE
from engine.data import SOURCES, DataSettings
from engine.training.settings import OPTIMIZERS, TrainingSettings

SPECIAL = {"watch": ScoreEditor, "scores": ScoresEditor}  # as in the Train workspace
RECORDS = [*CATALOGUE.values(), *SOURCES.values(), *OPTIMIZERS.values(), DataSettings, TrainingSettings]


@pytest.fixture
def form(qtbot):
    """A form between two fields, in a window that has the focus."""
    window = QWidget()
    layout = QVBoxLayout(window)
    made = RecordForm()
    made.first, made.last = QLineEdit(), QLineEdit()
    for widget in (made.first, made, made.last):
        layout.addWidget(widget)
    made.holder, made.told, made.ends = window, [], []
    made.edited.connect(lambda name, value: made.told.append((name, value)))
    made.settled.connect(lambda: made.ends.append(True))
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return made


def sentences(form):
    return [
        label.text() for label in form.findChildren(QLabel) if label.property("role") == "danger" and label.isVisible()
    ]


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
def test_every_record_has_a_form(qtbot, cls):
    form = RecordForm(special=SPECIAL if cls is TrainingSettings else {})
    qtbot.addWidget(form)
    form.show_record(cls(), {})
    assert list(form.editors) == [described.name for described in cls.params()]
    for described in cls.params():
        control = form.editors[described.name].control
        assert control.accessibleName() == described.label
        assert control.toolTip()


def test_an_edit_is_told_with_its_name(qtbot, form):
    form.show_record(CATALOGUE["Conv2d"]())
    form.focus("out_channels")
    qtbot.keyClicks(form.editors["out_channels"].control, "8")
    qtbot.keyClick(form.editors["out_channels"].control, Qt.Key.Key_Return)
    assert form.told == [("out_channels", 8)]
    assert form.ends == [True]


def test_what_is_wrong_stands_below_the_field(qtbot, form):
    form.show_record(CATALOGUE["Linear"]())
    form.focus("out_features")
    control = form.editors["out_features"].control
    qtbot.keyClicks(control, "0")
    assert sentences(form) == ["Features out must be at least 1, not 0."]
    qtbot.keyClick(control, Qt.Key.Key_Escape)
    assert sentences(form) == []


def test_a_rule_between_two_parameters_is_told_too(qtbot, form):
    form.show_record(OPTIMIZERS["SGD"](nesterov=True))
    form.focus("momentum")
    control = form.editors["momentum"].control
    qtbot.keyClicks(control, "0")
    assert "Nesterov" in sentences(form)[0]
    assert form.told == []


def test_problems_come_and_go_and_typing_comes_first(qtbot, form):
    form.show_record(CATALOGUE["Conv2d"]())
    form.show_errors({"stride": "It is larger than the image."})
    assert sentences(form) == ["It is larger than the image."]
    form.focus("stride")
    control = form.editors["stride"].control
    qtbot.keyClicks(control, "q")
    assert "not “q”" in sentences(form)[0]
    qtbot.keyClick(control, Qt.Key.Key_Escape)
    assert sentences(form) == ["It is larger than the image."]
    form.show_errors({})
    assert sentences(form) == []


def test_a_record_of_the_same_class_keeps_the_editors(form):
    form.show_record(CATALOGUE["Linear"](out_features=3))
    before = form.editors["out_features"]
    form.show_record(CATALOGUE["Linear"](out_features=4))
    assert form.editors["out_features"] is before
    assert before.control.text() == "4"
    form.show_record(CATALOGUE["Conv2d"]())
    assert "out_features" not in form.editors


def test_tab_goes_down_the_form_and_on(qtbot, form):
    form.show_record(CATALOGUE["Linear"]())
    form.show_record(CATALOGUE["Conv2d"]())
    form.first.setFocus()
    names = []
    for _ in CATALOGUE["Conv2d"].params():
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        names.append(QApplication.focusWidget().accessibleName())
    assert names == [described.label for described in CATALOGUE["Conv2d"].params()]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is form.last


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("warmup", "Warm-up (epochs)"),
        ("save_every", "Save every (seconds)"),
        ("batch_size", "Batch size (samples)"),
        ("threads", "Threads"),
        ("accumulate", "Batches a step"),
        ("epochs", "Epochs"),
    ],
)
def test_a_label_tells_the_unit_where_it_tells_more(name, text):
    assert labelled(TrainingSettings.param(name)) == text


def test_tab_goes_round_the_window_past_a_form_that_was_made_anew(qtbot, form):
    form.show_record(CATALOGUE["Linear"]())
    form.show_record(CATALOGUE["Conv2d"]())
    form.last.setFocus()
    qtbot.keyClick(form.last, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is form.first
    qtbot.keyClick(form.first, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is form.last
