"""The application's style sheet, written from the roles of a theme.

A widget picks a variant by its dynamic property `role`, as in `button.setProperty("role", "danger")`:

* `QPushButton`, `QToolButton`: `primary`, `danger`, `flat`, `link` (words that can be pressed); a `QToolButton` is flat
  unless it is given `button`; `quiet` is a small flat one, `fold` the heading of what can be folded away
* `QLabel`: `muted`, `small` (muted too), `strong`, `heading`, `title`, `link`, `danger`, `warning`, `success`
* `QFrame`: `panel` (a card such as a chart), `raised` (a floating card), `bar` (a strip with a line below)

A field whose content is refused has the property `invalid` set to true. Qt ignores the left padding of a spin
box, so its owner calls `lineEdit().setTextMargins(7, 0, 0, 0)`.
"""

from __future__ import annotations

from pathlib import Path
from string import Template

from PySide6.QtCore import QDir
from PySide6.QtWidgets import QApplication

from designer.theme import SIZES, FontRole, Theme, font

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"


def style_sheet(theme: Theme) -> str:
    """The sheet for a theme; its pictures are found under the search path `icons:`, which this sets."""
    QDir.setSearchPaths("icons", [str(ICONS)])
    roles = {name: value for name, value in vars(theme).items() if isinstance(value, str)}
    sizes = {name: f"{pixels}px" for name, pixels in vars(SIZES).items()}
    return Template(_SHEET).substitute(roles | sizes | {f"{role}_size": _size(role) for role in _FONTS})


_FONTS: tuple[FontRole, ...] = ("small", "tiny", "heading", "title")


def _size(role: FontRole) -> str:
    points = font(role).pointSizeF()
    return f"{points:.1f}pt" if points > 0 else f"{QApplication.font().pixelSize()}px"


_SHEET = """
QMainWindow, QDialog, QDockWidget, QStackedWidget { background: $window; color: $text; }
QDialog { border: 1px solid $border; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QScrollArea, QGraphicsView { border: none; background: transparent; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 6px; }

QLabel { background: transparent; color: $text; }
QLabel:disabled { color: $disabled; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: $small_size; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; font-size: $heading_size; }
QLabel[role="title"] { font-weight: 600; font-size: $title_size; }
QLabel[role="link"] { color: $link; }
QLabel[role="danger"] { color: $danger; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="success"] { color: $success; }

QFrame[role="panel"] { background: $panel; border: 2px solid $panel; border-radius: $radius; }
QFrame[role="panel"]:focus { border-color: $accent; }
QFrame[role="raised"] { background: $raised; border: 1px solid $border; border-radius: $radius; }
QFrame[role="bar"] { background: $window; border: none; border-bottom: 1px solid $border; }
QFrame[frameShape="4"], QFrame[frameShape="5"] { color: $border; }

QPushButton, QToolButton[role="button"], QToolButton[role="primary"], QToolButton[role="danger"] {
    background: $button; color: $text; border: 2px solid $button; border-radius: $radius; padding: 3px 12px;
    font-weight: 600;
}
QPushButton { min-height: 18px; }
QPushButton:hover, QToolButton[role="button"]:hover { background: $hover; border-color: $hover; }
QPushButton:pressed, QPushButton:checked, QToolButton[role="button"]:pressed, QToolButton[role="button"]:checked {
    background: $pressed; border-color: $pressed;
}
QPushButton[role="primary"], QPushButton:default, QToolButton[role="primary"] {
    background: $accent_fill; border-color: $accent_fill; color: $on_accent;
}
QPushButton[role="danger"], QToolButton[role="danger"] {
    background: $danger_fill; border-color: $danger_fill; color: $on_danger;
}
QPushButton[role="primary"]:hover, QPushButton:default:hover, QToolButton[role="primary"]:hover,
QPushButton[role="primary"]:pressed, QPushButton:default:pressed, QToolButton[role="primary"]:pressed {
    background: $accent_hover; border-color: $accent_hover;
}
QPushButton[role="danger"]:hover, QToolButton[role="danger"]:hover,
QPushButton[role="danger"]:pressed, QToolButton[role="danger"]:pressed {
    background: $danger_hover; border-color: $danger_hover;
}
QPushButton[role="link"] { background: transparent; color: $link; border: 1px solid transparent; font-weight: normal;
    border-radius: $small_radius; padding: 1px 4px; min-height: 16px; text-align: left; }
QPushButton[role="link"]:hover { background: $hover; }
QPushButton[role="link"]:focus { border-color: $accent; }
QPushButton[role="link"]:disabled { background: transparent; border-color: transparent; color: $disabled; }
QPushButton[role="flat"] { background: transparent; border-color: transparent; }
QPushButton[role="flat"]:hover { background: $hover; border-color: $hover; }
QPushButton:focus, QToolButton[role="button"]:focus { border-color: $accent; }
QPushButton[role="primary"]:focus, QPushButton:default:focus, QPushButton[role="danger"]:focus,
QToolButton[role="primary"]:focus, QToolButton[role="danger"]:focus { border-color: $text; }
QPushButton:disabled, QToolButton[role="button"]:disabled, QToolButton[role="primary"]:disabled,
QToolButton[role="danger"]:disabled { background: $track; border-color: $track; color: $disabled; }
QPushButton[role="flat"]:disabled { background: transparent; border-color: transparent; }
QPushButton::menu-indicator, QToolButton[role="button"]::menu-indicator {
    image: url(icons:chevron-down.svg); width: 12px; height: 12px; right: 4px; subcontrol-origin: padding;
    subcontrol-position: center right;
}

QToolButton { background: transparent; color: $text; border: 2px solid transparent; border-radius: $radius;
    padding: 2px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $disabled; background: transparent; }
QToolButton[role="quiet"] { color: $muted; padding: 0 4px; border-radius: $small_radius; }
QToolButton[role="quiet"]:checked { color: $text; }
QToolButton[role="fold"] { font-weight: 600; padding: 0 2px; border-radius: $small_radius; }
QToolButton[role="fold"]:checked { background: transparent; }
QToolButton[role="fold"]:hover { background: $hover; }
QToolButton::menu-indicator { image: none; }
QToolBar { background: $window; border: none; spacing: 4px; padding: 4px; }
QToolBar::separator { background: $border; width: 1px; margin: 4px; }

QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; border: 2px solid transparent; border-radius: $radius;
    padding: 4px 12px; margin: 2px; }
QTabBar::tab:hover { color: $text; background: $hover; border-color: $hover; }
QTabBar::tab:selected { color: $text; background: $button; border-color: $button; }
QTabBar:focus::tab:selected, QTabBar::tab:selected:focus { border-color: $accent; }
QTabBar::tab:disabled { color: $disabled; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
    background: $raised; color: $text; border: 1px solid $border; border-radius: $radius; padding: 3px 8px;
    selection-background-color: $selection; selection-color: $text; placeholder-text-color: $muted;
}
QLineEdit, QAbstractSpinBox, QComboBox { min-height: 18px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {
    border-color: $control;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QComboBox:on {
    border: 2px solid $accent; padding: 2px 7px;
}
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QComboBox[invalid="true"] {
    border: 2px solid $danger; padding: 2px 7px;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    background: $window; color: $disabled;
}
QAbstractSpinBox { padding-right: 18px; }
QAbstractSpinBox:focus { padding-right: 17px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 18px; border: none; background: transparent; margin: 2px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; border-radius: 3px; }
QAbstractSpinBox::up-arrow { image: url(icons:chevron-up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(icons:chevron-down.svg); width: 10px; height: 10px; }
QAbstractSpinBox QLineEdit { border: none; padding: 0; background: transparent; min-height: 0; }
QComboBox { padding-left: 9px; combobox-popup: 0; }
QComboBox:focus, QComboBox:on { padding-left: 8px; }
QComboBox[role="title"] { background: transparent; border-color: transparent; padding-left: 2px; min-height: 0; }
QComboBox::drop-down { border: none; width: 22px; subcontrol-origin: border; }
QComboBox::down-arrow { image: url(icons:chevron-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView, QComboBox QAbstractItemView:focus {
    background: $raised; color: $text; border: 1px solid $border; padding: 3px; outline: none;
    selection-background-color: $selection; selection-color: $text;
}

QCheckBox, QRadioButton { color: $text; spacing: 8px; padding: 2px; border: 2px solid transparent;
    border-radius: $small_radius; background: transparent; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator, QAbstractItemView::indicator, QMenu::indicator {
    width: 14px; height: 14px; border: 1px solid $control; background: $raised; border-radius: 3px;
}
QRadioButton::indicator, QMenu::indicator:exclusive { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QAbstractItemView::indicator:checked,
QMenu::indicator:non-exclusive:checked {
    background: $accent_fill; border-color: $accent_fill; image: url(icons:check.svg);
}
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
    background: $accent_fill; border-color: $accent_fill; image: url(icons:dash.svg);
}
QRadioButton::indicator:checked, QMenu::indicator:exclusive:checked {
    background: $accent_fill; border-color: $accent_fill; image: url(icons:dot.svg);
}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $border; background: $window; }
QCheckBox::indicator:checked:disabled, QRadioButton::indicator:checked:disabled { background: $disabled; }

QGroupBox { border: 1px solid $border; border-radius: $radius; margin-top: 18px; padding: 8px; color: $text; }
QGroupBox::title { subcontrol-origin: margin; left: 2px; color: $muted; }

QAbstractItemView { background: $window; color: $text; border: none; outline: none; alternate-background-color: $panel;
    selection-background-color: $selection; selection-color: $text; gridline-color: $line; }
QAbstractItemView:focus { border: none; }
QTreeView::item { min-height: 20px; padding: 1px 2px; border: none; }
QListView::item { min-height: 18px; padding: 2px; border: 1px solid transparent; border-radius: $small_radius; }
QTableView::item { padding: 2px 6px; border: none; }
QTreeView::item:hover, QListView::item:hover, QTableView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected {
    background: $selection; color: $text;
}
QListView::item:focus { border-color: $accent; }
QTableView[role="runs"] { background: transparent; }
QTableView[role="runs"]::item { border-bottom: 1px solid $line; padding: 0 2px; }
QTableView[role="runs"] QHeaderView::section { padding: 0 5px; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url(icons:chevron-right.svg); }
QTreeView::branch:has-children:open { image: url(icons:chevron-down.svg); }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: $window; color: $muted; font-weight: normal;
    border: none; border-bottom: 1px solid $line;
    padding: 2px 9px; }
QTreeView QHeaderView::section { padding: 2px 5px; }
QTableCornerButton::section { background: $window; border: none; }

QMenuBar { background: $window; color: $text; border-bottom: 1px solid $border; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: $small_radius; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $raised; color: $text; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 4px 24px 4px 8px; border-radius: $small_radius; background: transparent; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 6px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 6px; }
QMenu::indicator { margin-left: 4px; }
QMenu::right-arrow { image: url(icons:chevron-right.svg); width: 12px; height: 12px; margin-right: 4px; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $pressed; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $control; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }
QProgressBar { background: $track; border: none; border-radius: 3px; min-height: 6px; max-height: 6px;
    color: transparent; }
QProgressBar::chunk { background: $success_fill; border-radius: 3px; }
QProgressBar::chunk:disabled { background: $disabled; }
QSlider { background: transparent; border: 2px solid transparent; border-radius: $small_radius; }
QSlider:focus { border-color: $accent; }
QSlider::groove:horizontal { height: 4px; background: $track; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent_fill; border-radius: 2px; }
QSlider::handle:horizontal { background: $text; width: 12px; height: 12px; margin: -4px 0; border-radius: 6px; }
QSlider::handle:horizontal:disabled { background: $disabled; }
QStatusBar { background: $window; color: $muted; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; }
QDockWidget { titlebar-close-icon: url(icons:cross.svg); color: $text; }
QDockWidget::title { background: $window; padding: 6px 12px; text-align: left; }
"""
