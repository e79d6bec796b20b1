"""Whether things on the screen may move by themselves: not where the person, or their system, asks for less motion."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QApplication, QStyle

REDUCED_PROPERTY: Final = "plexusReducedMotion"  # of the application


def reduce_motion(reduced: bool) -> None:
    """Take on what the person chose."""
    application = QApplication.instance()
    if application is not None:
        application.setProperty(REDUCED_PROPERTY, reduced)


def motion_allowed() -> bool:
    """Whether a change may be shown as a movement; else it has to be there at once."""
    application = QApplication.instance()
    if not isinstance(application, QApplication) or application.property(REDUCED_PROPERTY):
        return False
    return application.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
