"""The Data workspace: where the samples come from, how they are divided, and what they look like."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from designer import background
from designer.controls import ChoiceBox
from designer.counts import grouped
from designer.data.look import Look, look_at
from designer.data.preview import Preview
from designer.data.split import PartsBar, ShareEditor
from designer.data.tables import Table, classes_table, fields_table
from designer.document import Document
from designer.form import RecordForm
from designer.icons import icon
from designer.theme import SIZES, Theme
from engine.data import SOURCES, DataSettings, Source
from engine.loading import load_data
from engine.problem import UserError

LEFT = 340  # width in pixels of the part with the forms
EDITORS = 190
WAIT = 120  # milliseconds after the last edit until the data are read anew
MOST_FIELDS, MOST_CLASSES = 5, 12  # rows of the tables before they scroll


class DataPage(QWidget):
    """Forms at the left, the data at the right. Reading happens off the screen's thread, and only when looked at."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._seen: DataSettings | None = None  # what is shown, or on its way
        self._task: background.Task | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self._read)
        self.forms = DataForms(document, theme)
        self.view = DataView(theme)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.forms)
        layout.addWidget(_upright())
        layout.addWidget(self.view, 1)
        document.changed.connect(lambda _project: self._follow() if self.isVisible() else None)
        self._follow()

    @property
    def reading(self) -> bool:
        return self._timer.isActive() or self._task is not None

    def show_theme(self, theme: Theme) -> None:
        self.forms.show_theme(theme)
        self.view.show_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def _follow(self) -> None:
        """Show the document's settings, and read the data if they are others and someone looks."""
        settings = self._document.project.data
        self.forms.show_settings(settings)
        if self.isVisible() and settings != self._seen:
            if self._seen is None or type(settings.source) is not type(self._seen.source):
                self.view.show_reading(settings.source.title)
            self._seen = settings
            self._timer.start()

    def _read(self) -> None:
        settings = self._seen
        assert settings is not None
        if self._task is not None:
            self._task.cancel()
        self._task = background.run(self, lambda: _look(settings), self._done, self._failed)

    def _done(self, look: Look) -> None:
        self._task = None
        self.view.show_look(look)
        self.forms.show_sizes(look)

    def _failed(self, error: Exception) -> None:
        self._task = None
        if not isinstance(error, UserError):
            raise error
        self.view.show_error(str(error))


def _look(settings: DataSettings) -> Look:
    load_data()
    return look_at(settings)


class DataForms(QScrollArea):
    """Source, its parameters, and the split."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._before: dict[str, Source] = {}  # sources as they were when another was chosen
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedWidth(LEFT)
        self.sources = ChoiceBox()
        self.sources.setAccessibleName(self.tr("Data source"))
        self.sources.setToolTip(self.tr("Where the samples come from"))
        for name, source in SOURCES.items():
            self.sources.addItem(source.title, name)
        self.sources.activated.connect(self._choose)
        self._doc, self._reference = _words("muted"), _words("small")
        self.source_form = RecordForm(EDITORS)
        self.source_form.edited.connect(self._edit_source)
        self.bar = PartsBar(theme)
        self.split_form = RecordForm(EDITORS, {"validation": ShareEditor, "test": ShareEditor})
        self.split_form.edited.connect(self._edit_split)
        for form in (self.source_form, self.split_form):
            form.settled.connect(document.settle)
        document.path_changed.connect(lambda _path: self._before.clear())
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(SIZES.margin + 2, SIZES.margin, SIZES.margin + 2, SIZES.margin)
        layout.setSpacing(SIZES.gap + 2)
        layout.addWidget(_heading(self.tr("Data")))
        for widget in (self.sources, self._doc, self.source_form, self._reference):
            layout.addWidget(widget)
        layout.addSpacing(SIZES.gap)
        layout.addWidget(_heading(self.tr("Split")))
        layout.addWidget(self.bar)
        layout.addWidget(self.split_form)
        layout.addStretch()
        self.setWidget(inside)

    def show_settings(self, settings: DataSettings) -> None:
        source = settings.source
        self._before[type(source).__name__] = source
        self.sources.setCurrentIndex(self.sources.findData(type(source).__name__))
        self._doc.setText(source.doc())
        self._reference.setText(self.tr("Source: {0}").format(source.reference))
        self._reference.setVisible(bool(source.reference))
        self.source_form.show_record(source)
        self.source_form.setVisible(bool(source.params()))
        self.split_form.show_record(settings)

    def show_sizes(self, look: Look) -> None:
        self.bar.show_sizes(look.sizes)

    def show_theme(self, theme: Theme) -> None:
        self.bar.show_theme(theme)

    def _choose(self, index: int) -> None:
        name = self.sources.itemData(index)
        source = self._before.get(name) or SOURCES[name]()
        text = self.tr("Change data source to {0}").format(source.title)
        self._change(self._document.project.data.change(source=source), text, None)

    def _edit_source(self, name: str, value: object) -> None:
        data = self._document.project.data
        text = self.tr("Change {0} of {1}").format(type(data.source).param(name).label, data.source.title)
        self._change(data.change(source=data.source.change(**{name: value})), text, f"data.source.{name}")

    def _edit_split(self, name: str, value: object) -> None:
        text = self.tr("Change {0}").format(DataSettings.param(name).label)
        self._change(self._document.project.data.change(**{name: value}), text, f"data.{name}")

    def _change(self, data: DataSettings, text: str, merge: str | None) -> None:
        self._document.change(self._document.project.with_(data=data), text, merge)


class DataView(QWidget):
    """The data: fields, pictures or points or values, and the classes. Or that they are being read, or can't be."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._busy = _words("muted"), QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setFixedWidth(180)
        self._busy.setAccessibleName(self.tr("Reading the data"))
        self._icon = QLabel()
        state = QWidget()
        across = QHBoxLayout()
        across.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop)
        across.addWidget(self._state, 1)
        inside = QVBoxLayout(state)
        inside.setContentsMargins(SIZES.margin, SIZES.margin, SIZES.margin, SIZES.margin)
        inside.addLayout(across)
        inside.addWidget(self._busy)
        inside.addStretch()
        self.fields = Table(self.tr("Fields"))
        self.classes = Table(self.tr("Classes"))
        self.preview = Preview(theme)
        self._count, self._classes_title, self._notes = _heading(""), _heading(""), _words("warning")
        self._stack = QStackedWidget()
        self._stack.addWidget(state)
        self._stack.addWidget(self._build_content())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _build_content(self) -> QWidget:
        content = QWidget()
        self._beside = QWidget()
        beside = QVBoxLayout(self._beside)
        beside.setContentsMargins(SIZES.gap, 0, 0, 0)
        beside.addWidget(self._classes_title)
        beside.addWidget(self.classes)
        beside.addStretch()
        self._beside.setFixedWidth(330)
        below = QHBoxLayout()
        below.setSpacing(SIZES.margin)
        below.addWidget(self.preview, 1)
        below.addWidget(self._beside)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIZES.margin + 4, SIZES.margin, SIZES.margin, SIZES.margin)
        layout.setSpacing(SIZES.gap)
        layout.addWidget(self._count)
        layout.addWidget(self._notes)
        layout.addWidget(self.fields)
        layout.addLayout(below, 1)
        return content

    @property
    def message(self) -> str:
        """What is told instead of data; empty while data are shown."""
        return self._state.text() if self._stack.currentIndex() == 0 else ""

    def show_reading(self, title: str) -> None:
        self._show_state(self.tr("Reading {0}…").format(title), busy=True)

    def show_error(self, sentence: str) -> None:
        self._icon.setPixmap(icon("x-circle-fill", "danger").pixmap(SIZES.icon, SIZES.icon))
        self._show_state(sentence, busy=False)

    def show_look(self, look: Look) -> None:
        words = {
            "field": self.tr("Field"), "kind": self.tr("Kind"), "shape": self.tr("Shape"), "values": self.tr("Values"),
            "doc": self.tr("What it is"), "class": self.tr("Class"), "train": self.tr("Train"),
            "validation": self.tr("Validation"), "test": self.tr("Test"), "all": self.tr("All"),
        }  # fmt: skip
        self._count.setText(self.tr("{0} samples").format(grouped(look.total)))
        self._notes.setText(" ".join(look.notes))
        self._notes.setVisible(bool(look.notes))
        self.fields.show_cells(fields_table(look, words), stretch=4)
        self.fields.fit_rows(MOST_FIELDS)
        classes = look.class_field
        self._beside.setVisible(classes is not None)
        if classes is not None:
            self._classes_title.setText(self.tr("Classes of {0}").format(classes))
            self.classes.show_cells(classes_table(look, classes, words), stretch=0)
            self.classes.fit_rows(MOST_CLASSES)
        self.preview.show_look(look)
        self._stack.setCurrentIndex(1)

    def show_theme(self, theme: Theme) -> None:
        self.preview.show_theme(theme)

    def _show_state(self, words: str, busy: bool) -> None:
        self._state.setText(words)
        self._state.setProperty("role", "muted" if busy else "danger")
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)
        self._busy.setVisible(busy)
        self._icon.setVisible(not busy)
        self._stack.setCurrentIndex(0)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "strong")
    return label


def _words(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _upright() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFixedWidth(1)
    return line
