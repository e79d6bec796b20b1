"""What the actions do: one method for each name in the table of `designer.actions`."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QFileDialog

from designer.action_search import commands
from designer.motion import reduce_motion
from designer.settings import user_data
from engine import templates
from engine.problem import UserError
from engine.training.history import record
from engine.training.run import latest_run, run_numbers, runs_of

if TYPE_CHECKING:
    from designer.canvas.heat import Quantity
    from designer.dialogs.command_palette import CommandPalette
    from designer.window import Window

DEMO = "digits-cnn"


class Commands(QObject):
    """Carries out what menus, buttons and shortcuts ask for, on the window it belongs to."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.export_dialog: QDialog | None = None
        self._palette: CommandPalette | None = None

    def new(self) -> None:
        self.window.files.new()

    def new_from_template(self) -> None:
        self.window.show_start()

    def open(self) -> None:
        self.window.files.open()

    def save(self) -> None:
        self.window.files.save()

    def save_as(self) -> None:
        self.window.files.save_as()

    def export_python(self) -> None:
        from designer.dialogs.export_python import ExportPython

        folder = self.window.document.path.parent if self.window.document.path else Path.home()
        dialog = ExportPython(self.window.document.project, folder, self.window.switch.theme, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.window.switch.changed.connect(dialog.colours.show_theme)
        dialog.open()
        self.export_dialog = dialog

    def export_weights(self) -> None:
        """Copy the best weights of the latest run to a file."""
        from engine.export.weights import export_weights

        folder = latest_run(self.runs_folder())
        if folder is None:
            self.window.status.showMessage(self.tr("Weights come out of a run. Press Run first."), 6000)
            return
        start = str(Path.home() / f"{self.window.document.project.name}.safetensors")
        name, _ = QFileDialog.getSaveFileName(
            self.window, self.tr("Export weights"), start, self.tr("Weights (*.safetensors)")
        )
        if not name:
            return
        try:
            export_weights(folder, Path(name))
        except UserError as error:
            self.window.status.showMessage(str(error), 10000)
        else:
            self.window.status.showMessage(self.tr("Saved to {0}").format(name), 6000)

    def quit(self) -> None:
        self.window.close()

    # Editing

    def undo(self) -> None:
        self.window.document.undo_stack.undo()

    def redo(self) -> None:
        self.window.document.undo_stack.redo()

    def delete(self) -> None:
        self.window.canvas.delete_selected()

    def select_all(self) -> None:
        self.window.canvas.select_all()

    def rename(self) -> None:
        self.window.canvas.rename()

    def on_canvas(self, part: str, name: str) -> None:
        """What a part of the canvas does, such as its groups or its clipboard."""
        getattr(getattr(self.window.canvas, part), name)()

    def edit_values(self) -> None:
        self.window.show_workspace("workspace_design")
        self.window.canvas.inline.edit()

    def inspect(self) -> None:
        self.window.show_workspace("workspace_design")
        self.window.design.inspector.edit_values()

    def connect_output(self) -> None:
        self.window.canvas.setFocus()
        self.window.canvas.keyboard.connect("out")

    def connect_input(self) -> None:
        self.window.canvas.setFocus()
        self.window.canvas.keyboard.connect("in")

    def quick_add(self) -> None:
        self.window.show_workspace("workspace_design")
        self.window.canvas.quick_add()

    def search_canvas(self) -> None:
        self.window.show_workspace("workspace_design")
        self.window.canvas.search.search_canvas()

    def find_block(self) -> None:
        self.window.show_workspace("workspace_design")
        self.window.design.palette_.focus_search()

    # View

    def workspace_design(self) -> None:
        self.window.show_workspace("workspace_design")

    def workspace_data(self) -> None:
        self.window.show_workspace("workspace_data")

    def workspace_train(self) -> None:
        self.window.show_workspace("workspace_train")

    def fit(self) -> None:
        self.window.canvas.fit()

    def fit_selection(self) -> None:
        self.window.canvas.fit_selection()

    def zoom_in(self) -> None:
        self.window.canvas.zoom_in()

    def zoom_out(self) -> None:
        self.window.canvas.zoom_out()

    def zoom_100(self) -> None:
        self.window.canvas.zoom_to(1.0)

    def view_back(self) -> None:
        self.window.canvas.travels.go(-1)

    def view_forward(self) -> None:
        self.window.canvas.travels.go(1)

    def minimap(self) -> None:
        self.window.canvas.minimap.set_folded(not self.window.canvas.minimap.folded)

    def reduce_motion(self) -> None:
        reduced = self.window.actions_["reduce_motion"].isChecked()
        reduce_motion(reduced)
        self.window.settings.update(reduce_motion=reduced)

    def summary(self) -> None:
        from designer.dialogs.summary import SummaryDialog

        dialog = SummaryDialog(self.window.document.project, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda path: self.window.design.go_to(tuple(path.split("/"))))
        dialog.open()

    def heat_parameters(self) -> None:
        self._show_heat("parameters")

    def heat_multiply_adds(self) -> None:
        self._show_heat("multiply_adds")

    def heat_activations(self) -> None:
        self._show_heat("activations")

    def _show_heat(self, quantity: Quantity) -> None:
        """One heat map at a time; choosing it again takes it away."""
        actions, chosen = self.window.actions_, f"heat_{quantity}"
        on = actions[chosen].isChecked()
        for name, action in actions.items():
            if name.startswith("heat_"):
                action.setChecked(on and name == chosen)
        self.window.canvas.show_heat(quantity if on else None)

    def snap(self) -> None:
        on = self.window.actions_["snap"].isChecked()
        self.window.canvas.set_snap(on)
        self.window.settings.update(snap=on)

    def snap_to_blocks(self) -> None:
        on = self.window.actions_["snap_to_blocks"].isChecked()
        self.window.canvas.set_snap_to_blocks(on)
        self.window.settings.update(snap_to_blocks=on)

    def fold_strip(self) -> None:
        self.window.strip.set_folded(not self.window.strip.folded)

    def theme_system(self) -> None:
        self._choose_theme("system")

    def theme_dark(self) -> None:
        self._choose_theme("dark")

    def theme_light(self) -> None:
        self._choose_theme("light")

    def _choose_theme(self, choice: str) -> None:
        self.window.switch.choose(choice)
        self.window.settings.update(theme=choice)
        self.window.show_choice_of_theme()

    # Training

    def check(self) -> None:
        """Show the list of problems."""
        self.window.show_problems()

    def next_problem(self) -> None:
        self._step_problem(1)

    def previous_problem(self) -> None:
        self._step_problem(-1)

    def _step_problem(self, by: int) -> None:
        self.window.show_workspace("workspace_design")
        self.window.status.showMessage(self.window.design.step_problem(by), 8000)

    def run(self) -> None:
        if self.may_train():
            self.window.session.start(self.window.document.project, self.runs_folder())

    def change_run(self) -> None:
        self.window.runs.change_run()

    def run_from_weights(self) -> None:
        self.window.runs.run_from(None)

    def put_in_line(self) -> None:
        """Train the design as it is now when the runs before it are over."""
        if self.may_train():
            self.window.session.put_in_line(self.window.document.project, self.runs_folder())

    def may_train(self) -> bool:
        """Whether the design can be trained; shows why not, or the strip where its training is seen."""
        errors = [problem for problem in self.window.document.review.problems if problem.severity == "error"]
        if errors:
            self.check()
            self.window.jump(errors[0])
            words = self.tr("The design can't be trained yet. {0}.").format(errors[0].title)
            self.window.status.showMessage(words, 8000)
            return False
        if self.window.workspaces.currentWidget() is self.window.start_page:
            self.window.show_workspace("workspace_design")
        self.window.strip.show()
        return True

    def resume_latest(self) -> None:
        """Go on with the latest run, if it was stopped before its end."""
        numbers = run_numbers(self.runs_folder())
        if numbers and record(self.runs_folder() / str(numbers[-1])).resumable:
            self.window.runs.resume(numbers[-1])
        else:
            words = self.tr(
                "The latest run is through, or never got so far that it could go on. Press Run to begin one."
            )
            self.window.status.showMessage(words, 8000)

    def find_rate(self) -> None:
        self.window.runs.find_rate()

    def overfit_one_batch(self) -> None:
        self.window.runs.overfit_one_batch()

    def find_batch_size(self) -> None:
        self.window.runs.find_batch_size()

    def all_runs(self) -> None:
        self.window.runs.show_all()

    def pause(self) -> None:
        if self.window.session.state == "paused":
            self.window.session.go_on()
        else:
            self.window.session.pause()

    def stop(self) -> None:
        self.window.session.stop()

    def runs_folder(self) -> Path:
        path = self.window.document.path
        return runs_of(path) if path else user_data() / "runs" / f"{self.window.document.project.name}.runs"

    def device_auto(self) -> None:
        self._choose_device("auto")

    def device_cpu(self) -> None:
        self._choose_device("cpu")

    def device_cuda(self) -> None:
        self._choose_device("cuda")

    def _choose_device(self, device: str) -> None:
        project = self.window.document.project
        after = project.with_(training=project.training.change(device=device))
        self.window.document.change(after, self.tr("Choose device {0}").format(device))

    # Help

    def show_changes(self) -> None:
        from designer.dialogs.text import TextDialog

        text = (resources.files("resources") / "changes.md").read_text(encoding="utf-8")
        TextDialog(self.tr("What is new"), text, self.window).open()

    def show_shortcuts(self) -> None:
        from designer.dialogs.shortcuts import ShortcutsDialog

        dialog = ShortcutsDialog(self.window.actions_, self.window)
        self.window.switch.changed.connect(dialog.show_theme)
        dialog.show()

    def command_palette(self) -> None:
        if self._palette is None:
            from designer.dialogs.command_palette import CommandPalette

            self._palette = CommandPalette(lambda: commands(self.window.actions_), self.window)
            self._palette.chosen.connect(self._carry_out)
        self._palette.open_palette(self.window.settings.settings.recent_actions)

    def _carry_out(self, name: str) -> None:
        self.window.settings.replace(self.window.settings.settings.with_recent_action(name))
        self.window.actions_[name].trigger()

    def about(self) -> None:
        from designer.dialogs.text import TextDialog, about_text

        TextDialog(self.tr("About Plexus"), about_text(), self.window).open()

    def start_demo(self) -> None:
        """Open the digits example and train it."""
        self.window.document.open(templates.open_template(DEMO), None)
        self.window.show_opened()
        self.run()
