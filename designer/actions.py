"""Every action of the window in one table: menus, shortcuts, tooltips and the bar at the top are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

Keys = QKeySequence.StandardKey
SEPARATOR = "—"


@dataclass(frozen=True)
class Spec:
    """One action; `name` is also that of the method which carries it out: a command, or what a canvas part does."""

    name: str
    text: str
    shortcut: str | Keys | None = None
    tip: str = ""
    checkable: bool = False
    on_canvas: str = ""  # keys that the canvas itself takes, while it has the focus


def _tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)


SPECS: tuple[Spec, ...] = (
    Spec("new", "New", Keys.New, "Start with an empty canvas"),
    Spec("new_from_template", "New from template…", "Ctrl+Shift+N", "Show the start page with the templates"),
    Spec("open", "Open…", Keys.Open, "Open a project file"),
    Spec("save", "Save", Keys.Save, "Write the project to its file"),
    Spec("save_as", "Save as…", "Ctrl+Shift+S", "Write the project to another file"),
    Spec("export_python", "Export Python…", "Ctrl+E", "Show, copy or save the network as PyTorch code"),
    Spec("export_weights", "Export weights…", None, "Save the best weights of the latest run"),
    Spec("quit", "Quit", Keys.Quit, "Close the program"),
    Spec("undo", "Undo", Keys.Undo, "Take back the last change"),
    Spec("redo", "Redo", "Ctrl+Shift+Z", "Do again what was taken back"),
    Spec("cut", "Cut", Keys.Cut, "Copy the selected blocks and take them away"),
    Spec("copy", "Copy", Keys.Copy, "Copy the selected blocks, also as text"),
    Spec("paste", "Paste", Keys.Paste, "Add copied blocks, or the blocks of a text, at the pointer"),
    Spec("delete", "Delete", tip="Delete what is selected", on_canvas="Delete"),
    Spec("select_all", "Select all", tip="Select every block", on_canvas="Ctrl+A"),
    Spec("rename", "Rename", "F2", "Give the selected block another name, or write the selected frame or note"),
    Spec("group", "Group", "Ctrl+G", "Put the selected blocks into a group"),
    Spec("ungroup", "Ungroup", "Ctrl+Shift+G", "Put the blocks of the selected group in its place"),
    Spec("enter_group", "Open group", "Ctrl+Down", "Show what is inside the selected group (Enter on the canvas)"),
    Spec("leave_group", "Leave group", "Ctrl+Up", "Go out of the group that is shown (Escape on the canvas)"),
    Spec("duplicate", "Duplicate", "Ctrl+D", "Copy the selected blocks, with weights of their own"),
    Spec(
        *("duplicate_wired", "Duplicate with inputs", "Ctrl+Shift+D"),
        tip="Copy the selected blocks and the wires that lead to them",
    ),
    Spec("mute", "Mute", "Ctrl+B", "Pass the selected blocks over: what enters them leaves them; again to end it"),
    Spec(
        "frame", "Frame the selection", "Ctrl+Shift+F", "Draw a frame around what is selected; it carries what is in it"
    ),
    Spec("add_note", "Add a note", "Ctrl+Shift+K", "Put a sticky note, in Markdown, on the canvas"),
    Spec("next_colour", "Next colour", None, "Give the selected frames and notes another colour"),
    Spec(
        "next_placed", "Next frame or note", "F9", "Select the next frame or note (Enter writes, Shift+arrow moves it)"
    ),
    Spec("use_again", "Use again with the same weights", None, "Add a block that shares the selected one's weights"),
    Spec("own_weights", "Give own weights", None, "The selected blocks share their weights no longer"),
    Spec("edit_values", "Edit values", tip="Edit what is selected on its card", on_canvas="Return"),
    Spec("inspect", "Go to the inspector", "Alt+Return", "Put the focus on the values of what is selected"),
    Spec(*("connect_output", "Connect to…"), tip="Choose where a wire from the selected block leads", on_canvas="C"),
    Spec("connect_input", "Connect from…", tip="Choose what the selected block takes", on_canvas="Shift+C"),
    Spec("quick_add", "Add a block…", tip="Find a block and add it, wired where it fits", on_canvas="Tab"),
    Spec(
        "insert_on_wire",
        "Insert a block on the wire…",
        "Ctrl+Shift+I",
        "Set a block into the selected wire: one to be found, or the one selected with it",
    ),
    Spec(
        "delete_and_reconnect",
        "Delete and reconnect",
        "Ctrl+Backspace",
        "Delete blocks and close the chain",
    ),
    Spec(
        "cut_wires", "Cut wires", "Ctrl+Shift+X", "Cut the selected wires, those between selected blocks, or all of one"
    ),
    Spec("move_wires", "Move outgoing wires to…", "Ctrl+Shift+M", "Lead all wires of an output from another one"),
    Spec("move_entries", "Move incoming wires to…", "Ctrl+Shift+E", "Lead all wires of an input into another one"),
    Spec("add_bend", "Add a bend", "Ctrl+Shift+B", "Put a dot on the selected wire, to lead it elsewhere by"),
    Spec("remove_bends", "Remove bends", None, "Let the selected wires run by themselves again"),
    Spec("show_labels", "Show as labels", "Ctrl+Shift+H", "Hide wires behind a label at each end; again to draw them"),
    Spec("search_canvas", "Search on the canvas…", "Ctrl+F", "Find blocks by name, kind, value, shape or note"),
    Spec("align_left", "Align left", "Ctrl+Alt+Left", "Left edges of the selected blocks in one line"),
    Spec("align_centre", "Align centre", "Ctrl+Alt+C", "Middles of the selected blocks one below the other"),
    Spec("align_right", "Align right", "Ctrl+Alt+Right", "Right edges of the selected blocks in one line"),
    Spec("align_top", "Align top", "Ctrl+Alt+Up", "Upper edges of the selected blocks in one line"),
    Spec("align_middle", "Align middle", "Ctrl+Alt+M", "Middles of the selected blocks side by side"),
    Spec("align_bottom", "Align bottom", "Ctrl+Alt+Down", "Lower edges of the selected blocks in one line"),
    Spec("distribute_across", "Distribute horizontally", "Ctrl+Alt+H", "Equal distances between the outermost blocks"),
    Spec("distribute_down", "Distribute vertically", "Ctrl+Alt+V", "Equal distances, from the uppermost to the lowest"),
    Spec("same_spacing", "Same spacing", "Ctrl+Alt+S", "Distances as between the first two of the selected blocks"),
    Spec("move_left", "Move left", tip="Move what is selected a step to the left", on_canvas="Shift+Left"),
    Spec("move_right", "Move right", tip="Move what is selected a step to the right", on_canvas="Shift+Right"),
    Spec("move_up", "Move up", tip="Move what is selected a step up", on_canvas="Shift+Up"),
    Spec("move_down", "Move down", tip="Move what is selected a step down", on_canvas="Shift+Down"),
    Spec("tidy", "Tidy up", "Ctrl+L", "Layers from left to right: the selected blocks, or all"),
    Spec("tidy_down", "Tidy up from top to bottom", "Ctrl+Shift+L", "Layers below each other: the selected, or all"),
    Spec("find_block", "Search blocks", "Ctrl+K", "Search the palette"),
    Spec("workspace_design", "Design", "Ctrl+1", "Draw the network", checkable=True),
    Spec("workspace_data", "Data", "Ctrl+2", "Choose and look at the data", checkable=True),
    Spec("workspace_train", "Train", "Ctrl+3", "Choose how to train, and watch", checkable=True),
    Spec("fit", "Fit all", "Ctrl+9", "Bring the whole network into view"),
    Spec("fit_selection", "Fit selection", "Ctrl+Shift+9", "Bring the selected blocks into view"),
    Spec("zoom_in", "Zoom in", Keys.ZoomIn, "Show the canvas larger"),
    Spec("zoom_out", "Zoom out", Keys.ZoomOut, "Show the canvas smaller"),
    Spec("zoom_100", "Zoom to 100 %", "Ctrl+0", "Show the canvas at its natural size"),
    Spec("view_back", "Back in the view", "Alt+Left", "Look again at what was in view before"),
    Spec("view_forward", "Forward in the view", "Alt+Right", "Look at what was in view before going back"),
    Spec("minimap", "Minimap", "Ctrl+M", "Show or fold away the minimap", checkable=True),
    Spec("reduce_motion", "Reduce motion", None, "The view changes at once and never glides", checkable=True),
    Spec("summary", "Summary…", "Ctrl+I", "Every block with its counts, and the memory of a training"),
    Spec("heat_parameters", "Heat map of parameters", None, "Tint blocks by what they learn", checkable=True),
    Spec("heat_multiply_adds", "Heat map of multiply-adds", None, "Tint blocks by what they compute", checkable=True),
    Spec("heat_activations", "Heat map of activations", None, "Tint blocks by what leaves them", checkable=True),
    Spec("snap", "Snap to grid", None, "Blocks stop at the points of the grid", checkable=True),
    Spec("snap_to_blocks", "Snap to blocks", None, "Blocks stop in line with others (not with Ctrl)", checkable=True),
    Spec("fold_strip", "Training strip", "Ctrl+J", "Show or fold away the strip at the bottom", checkable=True),
    Spec("theme_system", "Theme of the system", None, "Dark or light, as the system is", checkable=True),
    Spec("theme_dark", "Dark theme", None, "", checkable=True),
    Spec("theme_light", "Light theme", None, "", checkable=True),
    Spec("check", "Check", "F7", "List what keeps the design from training"),
    Spec("next_problem", "Next problem", "F8", "Go to the next problem, the worst first"),
    Spec("previous_problem", "Previous problem", "Shift+F8", "Go to the problem before"),
    Spec("run", "Run", "F5", "Train the network"),
    Spec("pause", "Pause", "F6", "Hold the training, or let it go on"),
    Spec("stop", "Stop", "Shift+F5", "End the training; its state is kept"),
    Spec("change_run", "Change the run…", "Ctrl+F6", "Let the run under way learn faster, slower, or stop otherwise"),
    Spec(
        *("run_from_weights", "Run from the latest weights", "Ctrl+Alt+R"),
        tip="Train the design with the weights of the latest run, where its blocks still fit",
    ),
    Spec(
        "put_in_line",
        "Run after the others",
        "Ctrl+F5",
        "Train this design, from fresh weights, when the runs before it are over",
    ),
    Spec("resume_latest", "Resume the latest run", "Ctrl+Shift+F5", "Go on with a run that was stopped"),
    Spec("all_runs", "All runs…", "Ctrl+Shift+R", "Compare, name, open or delete the runs of this project"),
    Spec("find_rate", "Find learning rate…", "Ctrl+Alt+L", "Try rising learning rates, and see at which one it learns"),
    Spec(
        "overfit_one_batch", "Overfit one batch", "Ctrl+Alt+B", "See whether the network can learn one batch by heart"
    ),
    Spec("find_batch_size", "Find batch size…", "Ctrl+Alt+Z", "Time growing batches, and see what each size takes"),
    Spec("device_auto", "Train on the fastest device", None, "A GPU where there is one, else the CPU", checkable=True),
    Spec("device_cpu", "Train on the CPU", None, "The next training runs on the processor", checkable=True),
    Spec("device_cuda", "Train on the GPU", None, "The next training runs on the graphics card", checkable=True),
    Spec("show_changes", "What is new", None, "What changed in this version"),
    Spec("command_palette", "All commands…", "Ctrl+Shift+P", "Find any command by a few letters of its name"),
    Spec("show_shortcuts", "Keyboard shortcuts", "Ctrl+/", "Every action and its keys"),
    Spec("about", "About Plexus", None, "Version and licence"),
)

MENUS: Mapping[str, tuple[str, ...]] = {
    "File": (
        *("new", "new_from_template", "open", "recent", SEPARATOR, "save", "save_as", SEPARATOR),
        *("export_python", "export_weights", SEPARATOR, "quit"),
    ),
    "Edit": (
        *(
            "undo",
            "redo",
            SEPARATOR,
            "quick_add",
            "insert_on_wire",
            "cut_wires",
            "move_wires",
            "move_entries",
            SEPARATOR,
        ),
        *("cut", "copy", "paste", "duplicate", "duplicate_wired", "delete", "delete_and_reconnect", SEPARATOR),
        *("add_bend", "remove_bends", "show_labels", SEPARATOR, "select_all", "rename", "mute", SEPARATOR),
        *("group", "ungroup", "enter_group", "leave_group", SEPARATOR, "use_again", "own_weights", SEPARATOR),
        *("frame", "add_note", "next_colour", "next_placed", SEPARATOR),
        *("edit_values", "inspect", "connect_output", "connect_input", "search_canvas", "find_block"),
    ),
    "Arrange": (
        *("align_left", "align_centre", "align_right", "align_top", "align_middle", "align_bottom", SEPARATOR),
        *("distribute_across", "distribute_down", "same_spacing", SEPARATOR, "tidy", "tidy_down", SEPARATOR),
        *("move_left", "move_right", "move_up", "move_down"),
    ),
    "View": (
        *("workspace_design", "workspace_data", "workspace_train", SEPARATOR),
        *("fit", "fit_selection", "zoom_in", "zoom_out", "zoom_100", SEPARATOR),
        *("view_back", "view_forward", SEPARATOR, "snap", "snap_to_blocks", "minimap", "fold_strip", SEPARATOR),
        *("summary", "heat_parameters", "heat_multiply_adds", "heat_activations", SEPARATOR),
        *("theme_system", "theme_dark", "theme_light", "reduce_motion"),
    ),
    "Run": (
        *("check", "next_problem", "previous_problem", SEPARATOR, "run", "pause", "stop", "change_run", SEPARATOR),
        *("run_from_weights", "put_in_line", "resume_latest", SEPARATOR),
        *("find_rate", "find_batch_size", "overfit_one_batch", SEPARATOR),
        *("device_auto", "device_cpu", "device_cuda", SEPARATOR, "all_runs"),
    ),
    "Help": ("command_palette", "show_shortcuts", "show_changes", "about"),
}

# What parts of the canvas carry out, as long as it is shown and there is something to do it with.
PARTS: Mapping[str, tuple[str, ...]] = {
    "groups": (
        *("group", "ungroup", "enter_group", "leave_group", "duplicate", "duplicate_wired"),
        *("use_again", "own_weights"),
    ),
    "clipboard": ("cut", "copy", "paste"),
    "arranging": (
        *("align_left", "align_centre", "align_right", "align_top", "align_middle", "align_bottom"),
        *("distribute_across", "distribute_down", "same_spacing", "tidy", "tidy_down"),
    ),
    "wiring": ("insert_on_wire", "delete_and_reconnect", "cut_wires", "move_wires", "move_entries"),
    "muting": ("mute",),
    "nudging": ("move_left", "move_right", "move_up", "move_down"),
    "routing": ("add_bend", "remove_bends", "show_labels"),
    "marking": ("frame", "add_note", "next_colour", "next_placed"),
}
ON_CANVAS: Mapping[str, str] = {name: part for part, names in PARTS.items() for name in names}  # the part by action
# The menu over the canvas; what makes no sense where it is opened is left out.
CANVAS_MENU: tuple[str, ...] = (
    *("quick_add", "insert_on_wire", "cut_wires", "move_wires", "move_entries", SEPARATOR),
    *("add_bend", "remove_bends", "show_labels", SEPARATOR, "enter_group", "leave_group", SEPARATOR),
    *("cut", "copy", "paste", "duplicate", "delete", "delete_and_reconnect", SEPARATOR),
    *("rename", "group", "ungroup", SEPARATOR, "mute", "use_again", "own_weights", SEPARATOR),
    *("frame", "add_note", "next_colour", SEPARATOR, "select_all", "fit"),
)


# Why an action can't be carried out at times, for those who wonder.
LACKS: Mapping[str, str] = {
    "undo": "Nothing to take back",
    "redo": "Nothing was taken back",
    "rename": "Select a block, a frame or a note first",
    "edit_values": "Select a block first",
    "inspect": "Select a block, a frame or a note first",
    "connect_output": "Select a block first",
    "connect_input": "Select a block first",
    "fit_selection": "Select blocks first",
    "insert_on_wire": "Select one wire first",
    "delete_and_reconnect": "Select blocks with wires first",
    "cut_wires": "Select wires or blocks with wires first",
    "move_wires": "Select one block that feeds another first",
    "move_entries": "Select one block that is fed by another first",
    **dict.fromkeys(PARTS["nudging"], "Select what shall move first"),
    "add_bend": "Select one wire that is drawn as a line",
    "remove_bends": "Select wires with bends first",
    "show_labels": "Select wires, or blocks with wires between them",
    "group": "Select blocks that can be grouped",
    "ungroup": "Select a group first",
    "enter_group": "Select a group first",
    "leave_group": "Only inside a group",
    "duplicate": "Select blocks first",
    **dict.fromkeys(PARTS["arranging"][:6], "Select two blocks or more"),
    **dict.fromkeys(PARTS["arranging"][6:9], "Select three blocks or more"),
    **dict.fromkeys(PARTS["arranging"][9:], "Select two blocks or more, or none for all"),
    "duplicate_wired": "Select blocks first",
    "cut": "Select blocks first",
    "copy": "Select blocks first",
    "paste": "Only where the network is drawn",
    "use_again": "Select one block that has weights",
    "mute": "Select blocks first",
    "own_weights": "Select a block that shares its weights",
    "next_colour": "Select a frame or a note first",
    "next_placed": "There is no frame or note here",
    "view_back": "Nothing was in view before",
    "view_forward": "Only after going back",
    "run": "A training is under way",
    "pause": "No training is under way",
    "stop": "No training is under way",
    "change_run": "No training is under way",
    "run_from_weights": "A training is under way",
}


class Target(Protocol):
    """Has a method for each action that belongs to no part of the canvas."""

    def on_canvas(self, part: str, name: str) -> None:
        """Carry out what a part of the canvas does."""


ONE_OF = (
    ("workspace_design", "workspace_data", "workspace_train"),
    ("theme_system", "theme_dark", "theme_light"),
)


class Actions(dict[str, QAction]):
    """The table as `QAction`s, each wired to the method of the same name of `target`."""

    def __init__(self, owner: QWidget, target: Target) -> None:
        super().__init__()
        for spec in SPECS:
            action = QAction(_tr(spec.text), owner)
            action.setObjectName(spec.name)
            action.setCheckable(spec.checkable)
            if spec.shortcut is not None or spec.on_canvas:
                action.setShortcut(QKeySequence(spec.shortcut or spec.on_canvas))
            if spec.on_canvas:  # menus and tooltips tell the keys, but they are the canvas's to take
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setToolTip(tooltip(_tr(spec.tip or spec.text), action))
            action.setStatusTip(_tr(spec.tip))
            part = ON_CANVAS.get(spec.name)
            method: Callable[[], None] = (
                partial(target.on_canvas, part, spec.name) if part else getattr(target, spec.name)
            )
            action.triggered.connect(lambda checked=False, method=method: method())
            owner.addAction(action)
            self[spec.name] = action
        for names in ONE_OF:
            group = QActionGroup(owner)  # so that menus show them as one choice, not as boxes to tick
            for name in names:
                group.addAction(self[name])

    def fill(self, bar: QMenuBar, recent: QMenu) -> None:
        """Make the menus; `recent` stands where the table says so."""
        for title, names in MENUS.items():
            menu = bar.addMenu(_tr(title))
            menu.setToolTipsVisible(True)
            for name in names:
                if name == SEPARATOR:
                    menu.addSeparator()
                elif name == "recent":
                    menu.addMenu(recent)
                else:
                    menu.addAction(self[name])

    def canvas_menu(self, parent: QWidget) -> QMenu:
        """The menu over the canvas, as it is now."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for name in CANVAS_MENU:
            if name == SEPARATOR:
                menu.addSeparator()
            elif self[name].isEnabled():
                menu.addAction(self[name])
        return menu


def keys_of(name: str) -> str:
    """The shortcut of an action, as the platform writes it; empty when it has none."""
    shortcut = next(spec.shortcut or spec.on_canvas for spec in SPECS if spec.name == name)
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText) if shortcut else ""


def menu_of(name: str) -> str:
    """The title of the menu that holds an action; empty when it stands in none."""
    return next((_tr(title) for title, names in MENUS.items() if name in names), "")


def lack_of(name: str) -> str:
    """Why an action that can't be carried out now can't be."""
    return _tr(LACKS.get(name, "Not possible now"))


def translated(words: str) -> str:
    """A text of the table in the person's language."""
    return _tr(words) if words else ""


def tooltip(words: str, action: QAction) -> str:
    """The tip with the shortcut behind it."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"{words} ({keys})" if keys else words
