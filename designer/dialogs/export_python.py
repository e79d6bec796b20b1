"""Shows the network as PyTorch code, to copy or to save."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QTextOption
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from designer import background
from designer.code_colours import CodeColours
from designer.icons import icon
from designer.theme import PICTURE, SIZES, Theme, font
from engine.export.python import export_python
from engine.loading import load_heavy
from engine.problem import UserError
from engine.project import Project
from engine.storage import write_whole


class ExportPython(QDialog):
    """The code is printed off the screen's thread, since the first time loads torch."""

    def __init__(self, project: Project, folder: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.project, self.folder = project, folder
        self.source = ""
        self.setWindowTitle(self.tr("Export Python"))
        self.resize(860, 640)
        self.words = QLabel(self.tr("Printing the network…"), self)
        self.words.setWordWrap(True)
        self.code = QPlainTextEdit(self)
        self.code.setReadOnly(True)
        self.code.setFont(font("code"))
        self.code.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.code.setTabStopDistance(4 * QFontMetricsF(self.code.font()).horizontalAdvance(" "))
        self.code.setAccessibleName(self.tr("Python code of the network"))
        self.colours = CodeColours(self.code.document(), theme)
        self.copy_button = QPushButton(icon("copy"), self.tr("Copy"), self)
        self.copy_button.setToolTip(self.tr("Copy the code to the clipboard"))
        self.save_button = QPushButton(icon("floppy-disk"), self.tr("Save…"), self)
        self.save_button.setDefault(True)
        self.save_button.setToolTip(self.tr("Save the code as a Python file"))
        close = QPushButton(self.tr("Close"), self)
        for button in (self.copy_button, self.save_button):
            button.setEnabled(False)
            button.setIconSize(PICTURE)
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self.save)
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        row.addSpacing(SIZES.gap)
        for button in (self.copy_button, self.save_button, close):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SIZES.margin + 4,) * 4)
        layout.setSpacing(SIZES.margin)
        layout.addWidget(self.code)
        layout.addLayout(row)
        self._task = background.run(self, self._print, self._show, self._failed)

    def _print(self) -> str:
        load_heavy()
        return export_python(self.project)

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.source)
        self.copy_button.setText(self.tr("Copied"))
        QTimer.singleShot(1500, self, lambda: self.copy_button.setText(self.tr("Copy")))

    def save(self) -> None:
        """Ask for a place and write the code there."""
        start = str(self.folder / f"{self.project.name}.py")
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save Python file"), start, self.tr("Python files (*.py)"))
        if name:
            self.write(Path(name))

    def write(self, path: Path) -> None:
        try:
            write_whole(path, self.source.encode())
        except UserError as error:
            self._say(str(error), "danger")
        else:
            self._say(self.tr("Saved to {0}").format(path), "success")

    def _show(self, source: str) -> None:
        self.source = source
        self.code.setPlainText(source)
        self.colours.read(source)
        lines = source.count("\n")
        self._say(self.tr("{0} lines. This is the code that is trained; it needs only torch.").format(lines), "muted")
        for button in (self.copy_button, self.save_button):
            button.setEnabled(True)

    def _failed(self, error: Exception) -> None:
        self.code.setPlainText("")
        self._say(str(error), "danger")

    def _say(self, text: str, role: str) -> None:
        self.words.setText(text)
        self.words.setProperty("role", role)
        self.words.style().polish(self.words)
