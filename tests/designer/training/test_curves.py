"""What of several runs is drawn and read."""

from __future__ import annotations

import numpy as np
import pytest

from designer.theme import DARK
from designer.training.curves import Curves, Run, soon, y_span


@pytest.fixture
def curves() -> Curves:
    made = Curves()
    made.runs = {1: Run("1", "#111111"), 2: Run("2", "#222222"), 3: Run("3", "#333333")}
    made.append(1, "train", [0, 1, 2], [4.0, 0.0, 0.01])
    made.append(1, "validation", [1, 2], [5.0, 0.1])
    made.append(2, "train", [0, 4], [100.0, 10.0])
    return made


def keys(curves: Curves) -> list[tuple[object, ...]]:
    return [line.key for line in curves.lines((0, 10), 100, DARK)]


def test_visible_runs_with_points_are_drawn(curves: Curves) -> None:
    assert keys(curves) == [(1, "train"), (1, "validation"), (2, "train")]
    curves.runs[1].visible = False
    assert keys(curves) == [(2, "train")]
    curves.runs[2].visible = False
    assert keys(curves) == []
    assert not curves.shown


def test_validation_is_dashed_and_has_its_own_colour_while_one_run_is_shown(curves: Curves) -> None:
    together = {line.key: line for line in curves.lines((0, 10), 100, DARK)}
    assert together[1, "validation"].dashed
    assert not together[1, "train"].dashed
    assert together[1, "validation"].colour == "#111111"
    curves.runs[2].visible = False
    alone = {line.key: line.colour for line in curves.lines((0, 10), 100, DARK)}
    assert alone == {(1, "train"): "#111111", (1, "validation"): DARK.validation}


def test_the_best_epoch_is_marked_on_the_validation_curve(curves: Curves) -> None:
    assert curves.marks(DARK) == []
    curves.runs[1].best = 2
    curves.runs[2].best = 4
    assert curves.marks(DARK) == [(2, 0.1, "#111111")], "run 2 has no validation curve"
    cells = [row for _, row in curves.reading(1.9, DARK, ("", "", ""), "best").rows]
    assert cells == [("1", "0.010", "0.100 · best"), ("2", "100", "–")]
    assert curves.reading(1.2, DARK, ("", "", ""), "best").rows[0][1][2] == "5.00"
    curves.log = True
    assert curves.marks(DARK) == [(2, -1.0, "#111111")]


def test_spans(curves: Curves) -> None:
    assert curves.x_span(None) == (0, 4)
    assert curves.x_span((0, 10)) == (0, 10)
    assert curves.x_span((1, 2)) == (0, 4)
    assert curves.x_span((0, 20_000)) == (0, 20), "as much of what is expected as comes soon"
    assert y_span(curves.lines((0, 10), 100, DARK)) == (0, 100)
    assert y_span([]) == (0, 1)
    assert Curves().x_span(None) == (0, 1)
    one = Curves()
    one.runs = {1: Run("1", "#111111")}
    one.append(1, "train", [3], [7])
    assert one.x_span(None) == (2.5, 3.5)


def test_log_shows_powers_of_ten_and_leaves_out_what_has_none(curves: Curves) -> None:
    curves.log = True
    line = curves.lines((0, 10), 100, DARK)[0]
    assert line.y == pytest.approx([np.log10(4), np.nan, -2], nan_ok=True)
    assert y_span(curves.lines((0, 10), 100, DARK)) == pytest.approx((-2, 2))


def test_many_points_come_as_a_mean_in_a_band_that_holds_them_all() -> None:
    curves, y = Curves(), np.random.default_rng(0).normal(size=50_000)
    curves.runs = {1: Run("1", "#111111")}
    curves.append(1, "train", np.arange(50_000), y)
    (line,) = curves.lines((0, 50_000), 300, DARK)
    assert len(line.x) <= 302
    assert (line.low.min(), line.high.max()) == (y.min(), y.max())
    assert (line.low <= line.y).all()
    assert (line.y <= line.high).all()
    few = curves.lines((100, 200), 300, DARK)[0]
    assert few.low is None
    assert len(few.x) == 103


def test_smoothing_calms_the_train_curve_only_and_keeps_the_raw_one_behind_it(curves: Curves) -> None:
    curves.smoothing = 0.9
    train, validation, _ = curves.lines((0, 10), 100, DARK)
    assert train.low == pytest.approx([4, 0, 0.01])
    assert train.y[1] > 1
    assert validation.y == pytest.approx([5, 0.1])
    assert validation.low is None


def test_the_reading_has_a_row_for_each_run(curves: Curves) -> None:
    reading = curves.reading(1.2, DARK, ("epoch 1.20", "train", "validation"))
    assert [cells for _, cells in reading.rows] == [("1", "0.000", "5.00"), ("2", "100", "–")]
    assert [point[:2] for point in reading.points] == [(1, 0), (1, 5), (0, 100)]
    curves.log = True
    assert [point[1] for point in curves.reading(1.2, DARK, ()).points] == pytest.approx([np.log10(5), 2])


def test_changes_are_told_near_where_they_are() -> None:
    curves = Curves()
    for number in (1, 2):
        curves.runs[number] = Run(str(number), "#123456")
        curves.append(number, "train", [0.0, 2.0], [1.0, 0.5])
    curves.runs[1].changes.append((1.0, "Epochs 3 → 4"))
    assert curves.turns() == [(1.0, "#123456")]
    assert curves.reading(1.05, DARK, ("", "", ""), near=0.1).notes == ("1: Epochs 3 → 4",)
    assert curves.reading(1.2, DARK, ("", "", ""), near=0.1).notes == ()
    curves.runs[2].visible = False
    assert curves.reading(1.0, DARK, ("", "", ""), near=0.1).notes == ("Epochs 3 → 4",)
    curves.runs[1].visible = False
    assert curves.turns() == []


@pytest.mark.parametrize(
    ("seen", "end"), [(0, 20), (10, 20), (10.1, 50), (25, 50), (26, 100), (400, 1000), (600, 2000), (2e5, 5e5)]
)
def test_a_curve_neither_crouches_at_the_left_nor_moves_often(seen: float, end: float) -> None:
    assert soon(seen) == end
