"""What a run came to, in the words that stand below its headline."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from designer.training.figures import duration
from engine.training.events import Finished

translate = QCoreApplication.translate


def came_to(event: Finished, opposed: bool) -> str:
    """`12 epochs in 3 min 20 s · best after epoch 9`; losses that are `opposed` have no best epoch in their sum."""
    one, many = translate("endings", "1 epoch"), translate("endings", "{0} epochs").format(event.epochs)
    count = one if event.epochs == 1 else many
    words = [translate("endings", "{0} in {1}").format(count, duration(event.seconds))]
    if opposed and event.watched == "loss":
        words.append(translate("endings", "the last epoch counts"))
    elif event.best_epoch:
        words.append(translate("endings", "best after epoch {0}").format(event.best_epoch))
    return " · ".join([*words, event.why] if event.why else words)
