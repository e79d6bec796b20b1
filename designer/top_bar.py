"""The bar at the top: the project's name, the workspaces, and what one needs in all of them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from designer.actions import Actions
from designer.icons import icon
from designer.theme import PICTURE, SIZES
from engine.record import Param

WORKSPACES = ("workspace_design", "workspace_data", "workspace_train")
ON = {"run": "on_accent", "stop": "on_danger"}  # colour role of the icon where it is not that of text
DEVICES = {"auto": "Auto", "cpu": "CPU", "cuda": "GPU"}


class TopBar(QFrame):
    """Told what to show; its buttons carry out the window's actions."""

    def __init__(self, actions: Actions, device: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setFixedHeight(SIZES.bar + 2)
        self._actions = actions
        self.name = QLabel(self)
        self.name.setProperty("role", "heading")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.mark = QLabel("●", self)
        self.mark.setProperty("role", "muted")
        self.mark.setToolTip(self.tr("There are unsaved changes"))
        self.mark.setAccessibleName(self.tr("Unsaved changes"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SIZES.margin, 0, SIZES.margin, 0)
        self._row.setSpacing(SIZES.gap)
        self._row.addWidget(self.name)
        self._row.addWidget(self.mark)
        self._row.addSpacing(24)
        for name in WORKSPACES:
            self._add(actions[name], None, "tab")
        self._row.addStretch(1)
        self._add(actions["check"], "check-circle")
        self._menu(self.tr("Export"), "export", self._export_menu(), self.tr("Take the network away"))
        self.device = self._menu("", "cpu", self._device_menu(device), device.doc)
        self.pause = self._add(actions["pause"], "pause-fill")
        self.run = self._add(actions["run"], "play-fill")
        self.stop = self._add(actions["stop"], "stop-fill")
        self.run.setProperty("role", "primary")
        self.stop.setProperty("role", "danger")

    def show_name(self, name: str, modified: bool) -> None:
        self.name.setText(self.name.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, 260))
        self.name.setToolTip(name)
        self.mark.setVisible(modified)

    def show_device(self, device: str) -> None:
        self.device.setText(self.tr(DEVICES[device]))
        self._actions[f"device_{device}"].setChecked(True)

    def show_training(self, state: str) -> None:
        """Run while nothing trains; Pause and Stop while something does."""
        active = state != "idle"
        self.run.setVisible(not active)
        self.stop.setVisible(active)
        self.pause.setVisible(active)
        paused = state == "paused"
        self._actions["pause"].setText(self.tr("Resume") if paused else self.tr("Pause"))
        self._actions["pause"].setIcon(icon("play-fill" if paused else "pause-fill"))
        self._actions["pause"].setEnabled(state in ("preparing", "running", "paused"))
        self._actions["stop"].setEnabled(active and state != "stopping")
        self._actions["change_run"].setEnabled(state in ("running", "paused"))
        for name in ("run", "run_from_weights", "resume_latest"):
            self._actions[name].setEnabled(not active)

    def _add(self, action: QAction, picture: str | None, role: str = "button") -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setProperty("role", role)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if picture is not None:
            action.setIcon(icon(picture, ON.get(action.objectName(), "text")))
            action.setIconVisibleInMenu(False)
            button.setIconSize(PICTURE)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._row.addWidget(button)
        return button

    def _menu(self, text: str, picture: str, menu: QMenu, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setProperty("role", "button")
        button.setProperty("menu", True)
        button.setIcon(icon(picture))
        button.setIconSize(PICTURE)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMenu(menu)
        button.setToolTip(tip)
        button.setAccessibleName(text or tip)
        self._row.addWidget(button)
        return button

    def _export_menu(self) -> QMenu:
        menu = QMenu(self)
        for name in ("export_python", "export_weights"):
            menu.addAction(self._actions[name])
        return menu

    def _device_menu(self, device: Param) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        for choice in device.choices:
            action = self._actions[f"device_{choice}"]
            group.addAction(action)
            menu.addAction(action)
        return menu
