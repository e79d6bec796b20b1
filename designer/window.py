"""The window: puts the rooms together and shows each what it has to show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from designer import background
from designer.actions import ON_CANVAS, Actions
from designer.collector import Collector
from designer.commands import Commands
from designer.dialogs.start_page import StartPage
from designer.document import Document
from designer.files import SUFFIX, Files
from designer.motion import reduce_motion
from designer.placement import remember, restore
from designer.recovery import Recovery
from designer.run_commands import RunCommands
from designer.settings import SettingsFile
from designer.status import Status
from designer.theme_switch import ThemeSwitch
from designer.top_bar import WORKSPACES, TopBar
from designer.training.past import PastRun, read_past, show_past
from designer.training.session import TrainingSession
from designer.trouble import Trouble
from engine import templates
from engine.check import Review
from engine.loading import load_light
from engine.problem import Problem
from engine.project import Project
from engine.training.events import Event, Failed
from engine.training.run import run_numbers
from engine.training.settings import TrainingSettings

if TYPE_CHECKING:
    from designer.canvas import Canvas
    from designer.design_page import DesignPage
    from designer.training.strip import TrainingStrip

STRIP = 226
RUNS = 5  # runs of earlier that are shown when a project is opened


class Window(QMainWindow):
    """Holds one document; what its actions do stands in `designer.commands`."""

    def __init__(self, settings: SettingsFile, switch: ThemeSwitch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings, self.switch = settings, switch
        self.collector = Collector(self)
        self.document = Document(parent=self)
        self.session = TrainingSession(self)
        self.recovery = Recovery(self.document, settings.recovery)
        self.files = Files(self.document, settings, self)
        self.runs = RunCommands(self)
        self.trouble = Trouble(self)
        self.commands = Commands(self)
        self.actions_ = Actions(self, self.commands)
        self._pages: dict[str, QWidget] = {}
        self._opening = object()  # another one for each project that is opened; edits keep it
        self._design: DesignPage | None = None
        self._strip: TrainingStrip | None = None
        self._build()
        self._connect()
        restore(self, settings.settings)
        self.actions_["fold_strip"].setChecked(not settings.settings.strip_folded)
        self.show_start()

    def _build(self) -> None:
        theme = self.switch.theme
        self.setAcceptDrops(True)
        self.bar = TopBar(self.actions_, TrainingSettings.param("device"), self)
        self.start_page = StartPage(theme)
        self.status = Status()

        self.workspaces = QStackedWidget()
        self.workspaces.addWidget(self.start_page)
        self._rows = QSplitter(Qt.Orientation.Vertical)
        self._rows.addWidget(self.workspaces)
        self._rows.setStretchFactor(0, 1)
        self._rows.setChildrenCollapsible(False)
        self._rows.setHandleWidth(1)

        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._rows, 1)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self.recent_menu = QMenu(self.tr("Open recent"), self)
        self.actions_.fill(self.menuBar(), self.recent_menu)

    def _connect(self) -> None:
        document, actions = self.document, self.actions_
        document.changed.connect(self._show_project)
        document.reviewed.connect(self._show_review)
        document.here.reviewed.connect(self._enable_selection)
        document.path_changed.connect(self._show_title)
        self.workspaces.currentChanged.connect(self._enable_selection)
        stack = document.undo_stack
        stack.cleanChanged.connect(self._show_title)  # a method, so that Qt cuts it off when the window goes
        stack.indexChanged.connect(self._show_history)
        self.status.problems_clicked.connect(self.show_problems)
        self.session.events.connect(self._show_events)
        self.session.state_changed.connect(self._show_training)
        self.session.queue_changed.connect(lambda: self.strip.show_line(len(self.session.queue)))
        self.switch.changed.connect(self._show_theme)
        self.files.opened.connect(self.show_opened)
        self.files.opened.connect(self.runs.begin)
        self.files.saved.connect(self.runs.move_along)
        self.files.said.connect(lambda text: self.status.showMessage(text, 5000))
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        page = self.start_page
        page.new_chosen.connect(self.commands.new)
        page.open_chosen.connect(self.commands.open)
        page.template_chosen.connect(self.files.open_template)
        page.recent_chosen.connect(self.files.open_path)
        page.recovered_chosen.connect(self.files.open_recovered)
        for name in ("snap", "minimap", "reduce_motion"):
            actions[name].setChecked(getattr(self.settings.settings, name))
        reduce_motion(self.settings.settings.reduce_motion)
        self.status.offer_zoom([actions[name] for name in ("fit", "fit_selection", "zoom_100", "zoom_in", "zoom_out")])

    @property
    def design(self) -> DesignPage:
        """The Design workspace, made when it is first needed, like the strip: the start page comes first."""
        if self._design is None:
            from designer.design_page import DesignPage

            self._design = page = DesignPage(self.document, self.switch.theme)
            self.workspaces.addWidget(page)
            page.canvas.selection_changed.connect(self._enable_selection)
            page.canvas.menu_wanted.connect(lambda place: self.actions_.canvas_menu(self).popup(place))
            page.canvas.zoom_changed.connect(self.status.show_zoom)
            page.canvas.adding.uses = self.settings.settings.uses
            page.canvas.block_added.connect(self._count_use)
            page.canvas.set_snap(self.settings.settings.snap)
            page.canvas.set_snap_to_blocks(self.settings.settings.snap_to_blocks)
            page.canvas.travels.changed.connect(self._enable_travels)
            page.canvas.minimap.folded_changed.connect(self._minimap_folded)
            page.canvas.minimap.set_folded(not self.settings.settings.minimap)
            if self.settings.settings.columns is not None:
                page.setSizes(self.settings.settings.columns)
        return self._design

    @property
    def canvas(self) -> Canvas:
        return self.design.canvas

    @property
    def strip(self) -> TrainingStrip:
        """The strip at the bottom, made when it is first needed: its curves would keep the window from opening fast."""
        if self._strip is None:
            load_light()
            from designer.training.strip import TrainingStrip

            self._strip = TrainingStrip(self.switch.theme)
            self._rows.addWidget(self._strip)
            self._strip.setVisible(self.workspaces.currentWidget() is not self.start_page)
            self._rows.setSizes([self._rows.height() - STRIP, self.settings.settings.strip or STRIP])
            self._strip.set_folded(self.settings.settings.strip_folded)
            self._strip.folded_changed.connect(self._strip_folded)
            self._strip.run_opened.connect(self.runs.open_as_project)
            self._strip.run_menu_wanted.connect(self.runs.menu)
            self._strip.change_wanted.connect(self.runs.change_run)
        return self._strip

    # What is shown

    def show_start(self) -> None:
        """The start page in the middle; the open project stays behind it."""
        self.start_page.show_recent(self.settings.settings.recent)
        found = self.recovery.found()
        self.start_page.show_recovered((work.name, f"{work.when:%d.%m. %H:%M}", work) for work in found)
        if not self.start_page.cards:
            self.start_page.show_templates(template.project for template in templates.templates())
        self.workspaces.setCurrentWidget(self.start_page)
        for name in WORKSPACES:
            self.actions_[name].setChecked(False)
        if self._strip is not None:
            self._strip.setVisible(self.session.active)
        self._show_all()

    def show_workspace(self, name: str) -> None:
        """Design, Data or Train; pages are made when first asked for, so that the window opens fast."""
        self.workspaces.setCurrentWidget(self.page(name))
        self._show_review(self.document.review)
        for other in WORKSPACES:
            self.actions_[other].setChecked(other == name)
        self.strip.show()

    def page(self, name: str) -> QWidget:
        """The page of a workspace, made when it is first asked for."""
        if name == "workspace_design":
            return self.design
        if name not in self._pages:
            load_light()
            if name == "workspace_data":
                from designer.data.page import DataPage as Page
            else:
                from designer.training.settings_page import SettingsPage as Page
            page = Page(self.document, self.switch.theme)
            self.workspaces.addWidget(page)
            self._pages[name] = page
            if name == "workspace_train":
                self.runs.tell_on(page)
        return self._pages[name]

    def show_problems(self) -> None:
        """The list of problems, below the inspector."""
        self.show_workspace("workspace_design")
        self.design.show_problems()

    def jump(self, problem: Problem) -> None:
        """Go to the block that a problem is about."""
        self.show_workspace("workspace_design")
        self.design.jump(problem)

    def _show_all(self) -> None:
        self._show_project(self.document.project)
        self._show_review(self.document.review)
        self._show_history()
        self._show_training(self.session.state)
        self.show_choice_of_theme()
        self._enable_selection()
        self._enable_travels()

    def _show_project(self, project: Project) -> None:
        self._show_title()
        self.bar.show_device(project.training.device)
        if self.workspaces.currentWidget() is self.start_page and self.document.modified:
            self.show_workspace("workspace_design")

    def _show_title(self, _change: object = None) -> None:
        name, modified = self.document.project.name, self.document.modified
        self.setWindowTitle(f"{name}[*] — Plexus")
        self.setWindowModified(modified)
        self.bar.show_name(name, modified)
        self.status.show_saved(self.document.path is not None, modified)

    def _show_review(self, review: Review) -> None:
        started = self.workspaces.currentWidget() is not self.start_page
        self.status.show_review(review if started else None)

    def _show_history(self, _index: int = 0) -> None:
        stack = self.document.undo_stack
        for name, can, words, what in (
            ("undo", stack.canUndo(), self.tr("Undo"), stack.undoText()),
            ("redo", stack.canRedo(), self.tr("Redo"), stack.redoText()),
        ):
            self.actions_[name].setEnabled(can)
            self.actions_[name].setText(f"{words} “{what}”" if can and what else words)
        self._show_title()

    def _show_training(self, state: str) -> None:
        self.bar.show_training(state)
        if state == "preparing":
            self.strip.show_preparing()
        if state in ("paused", "running"):
            self.strip.show_paused(state == "paused")
        if self._design is not None:
            self.canvas.show_running(state not in ("idle", "paused"))
        words = {"preparing": self.tr("preparing…"), "stopping": self.tr("stopping…"), "paused": self.tr("paused")}
        self.status.show_activity(words.get(state, ""))
        if state == "idle":
            self.status.show_speed(None)
            if self.session.folder is not None:
                kept = self.tr("run {0} is kept").format(self.session.run)
                self.status.show_activity(kept, str(self.session.folder))

    def _show_events(self, run: int, events: list[Event]) -> None:
        for event in events:
            self.strip.show_training(run, event)
            self.status.show_training(event)
            if isinstance(event, Failed):
                self.trouble.show(event)

    def _show_theme(self, theme: object) -> None:
        shown = (self._design, self._strip, self.start_page)
        for widget in (*shown, *self._pages.values()):
            if widget is not None:
                widget.show_theme(theme)

    def show_choice_of_theme(self) -> None:
        for choice in ("system", "dark", "light"):
            self.actions_[f"theme_{choice}"].setChecked(self.switch.choice == choice)

    def _enable_selection(self, _change: object = None) -> None:
        """What can be done with the selected blocks; nothing while the canvas isn't shown."""
        drawn = self._design is not None and self.workspaces.currentWidget() is self._design
        any_selected = drawn and bool(self.canvas.selected())
        for name in ("edit_values", "connect_output", "connect_input"):
            self.actions_[name].setEnabled(any_selected)
        for name in ("rename", "inspect", "fit_selection"):
            self.actions_[name].setEnabled(drawn and self.canvas.scene.selects_items)
        possible = self.canvas.possible() if drawn else {}
        for name in ON_CANVAS:
            self.actions_[name].setEnabled(possible.get(name, False))

    def _enable_travels(self) -> None:
        for name, by in (("view_back", -1), ("view_forward", 1)):
            self.actions_[name].setEnabled(self._design is not None and self.canvas.travels.can_go(by))

    def _count_use(self, block: str) -> None:
        self.settings.count_use(block)
        self.canvas.adding.uses = self.settings.settings.uses

    # Start and end

    def show_opened(self) -> None:
        self._opening = object()
        if not self.session.active:
            self.strip.forget_runs()
            self.status.forget_training()
            self._show_history_of_runs()
        self.show_workspace("workspace_design")
        self.design.problems.hide()
        QTimer.singleShot(0, self._show_whole)
        self.canvas.setFocus()

    def _show_history_of_runs(self) -> None:
        """The curves of the latest runs of the project, read from their folders."""
        folder, opening = self.commands.runs_folder(), self._opening
        if self.document.path is None:
            return

        def read() -> list[PastRun]:
            return [read_past(folder / str(number)) for number in run_numbers(folder)[-RUNS:]]

        def show(runs: list[PastRun]) -> None:
            if self._opening is opening and not self.session.active:
                for run in runs:
                    show_past(self.strip, run)

        background.run(self, read, show)

    def _show_whole(self) -> None:
        self.canvas.fit()
        self.canvas.travels.begin()
        self.status.show_zoom(self.canvas.zoom())

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for name in self.settings.settings.recent:
            action = self.recent_menu.addAction(Path(name).name)
            action.setToolTip(name)
            action.triggered.connect(lambda checked=False, name=name: self.files.open_path(Path(name)))
        if self.recent_menu.isEmpty():
            self.recent_menu.addAction(self.tr("None yet")).setEnabled(False)

    def _minimap_folded(self, folded: bool) -> None:
        self.actions_["minimap"].setChecked(not folded)
        self.settings.update(minimap=not folded)

    def _strip_folded(self, folded: bool) -> None:
        whole, height = sum(self._rows.sizes()), self.settings.settings.strip or STRIP
        self._rows.setSizes([whole - height, height] if not folded else [whole, 0])
        self.actions_["fold_strip"].setChecked(not folded)
        self.settings.update(strip_folded=folded)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.runs.may_end() or not self.files.may_leave():
            event.ignore()
            return
        heights = self._rows.sizes()
        strip = heights[1] if len(heights) > 1 and self._strip is not None and not self._strip.folded else None
        remember(self, self._design, strip, self.settings)
        self.session.close()
        self.runs.end_trials()
        self.recovery.forget()
        self.document.close()
        self.collector.stop()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event.mimeData().urls()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_file(event.mimeData().urls())
        if path is not None:
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: self.files.open_path(path))


def _dropped_file(urls: list) -> Path | None:
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix == SUFFIX else None
