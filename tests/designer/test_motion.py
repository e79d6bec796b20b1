"""Motion is off where the person or the style says so."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

from designer.motion import motion_allowed, reduce_motion


class Still(QProxyStyle):
    """As a desktop whose animations are off."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        answer: QStyleHintReturn | None = None,
    ) -> int:
        if hint == QStyle.StyleHint.SH_Widget_Animation_Duration:
            return 0
        return super().styleHint(hint, option, widget, answer)


def test_the_person_decides(qapp: QApplication) -> None:
    before = qapp.property("plexusReducedMotion")
    reduce_motion(False)
    assert motion_allowed()
    reduce_motion(True)
    assert not motion_allowed()
    qapp.setProperty("plexusReducedMotion", before)


def test_the_desktop_decides(qapp: QApplication, monkeypatch: object) -> None:
    before = qapp.property("plexusReducedMotion")
    reduce_motion(False)
    still = Still("Fusion")
    monkeypatch.setattr(QApplication, "style", lambda _self=None: still)  # type: ignore[attr-defined]
    assert not motion_allowed()
    qapp.setProperty("plexusReducedMotion", before)
