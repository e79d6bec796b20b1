"""One of the scores that a training will have: its loss, or a metric."""

from __future__ import annotations

from collections.abc import Sequence

from designer.editors import ChoiceEditor


class ScoreEditor(ChoiceEditor):
    """What is chosen stays in the list, even when the network no longer has it."""

    def show_names(self, names: Sequence[str]) -> None:
        """Offer these scores."""
        listed = [*names, *({self._value} - {None, *names})]
        if [self._box.itemData(index) for index in range(self._box.count())] != listed:
            self._box.clear()
            for name in listed:
                self._box.addItem(name if name in names else self.tr("{0} (missing)").format(name), name)
        self._show()
