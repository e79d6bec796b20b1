"""How much of it there is, and where: the summary and the heat map."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from designer.canvas.heat import LEVELS
from designer.dialogs.summary import SummaryDialog
from engine import templates
from tests.journeys.user import User


def opened(user: User, name: str) -> None:
    user.window.document.open(templates.open_template(name), None)
    user.window.show_opened()


def test_one_heat_map_at_a_time_and_off_again(user: User) -> None:
    opened(user, "digits-cnn")
    window = user.window
    card = window.canvas.scene.cards["conv2"]
    plain = card.facts.count
    window.actions_["heat_parameters"].trigger()
    assert (card.facts.heat, card.facts.count) == (LEVELS, "18.5 k · 52 %")
    assert "heat map of parameters" in window.canvas.breadcrumb.here.text()
    window.actions_["heat_multiply_adds"].trigger()
    assert not window.actions_["heat_parameters"].isChecked()
    assert card.facts.count == "295 k · 89 %"
    window.actions_["heat_multiply_adds"].trigger()
    assert (card.facts.heat, card.facts.count) == (0, plain)
    assert "heat map" not in window.canvas.breadcrumb.here.text()


def test_from_the_summary_to_a_block_inside_of_a_group(user: User) -> None:
    opened(user, "resnet-18")
    user.window.actions_["summary"].trigger()
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SummaryDialog) and w.isVisible())
    stem = dialog.sorted.index(1, 0)
    dialog.table.activated.emit(dialog.sorted.index(1, 0, stem))
    assert user.window.document.here.path == ("stem",)
    assert user.window.canvas.selected() == ("bn",)
    user.wait(lambda: not dialog.isVisible())
