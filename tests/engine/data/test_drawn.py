"""The drawn points stand where their figure says, and stray by their noise."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.drawn import Circles, Drawn, Moons, Spirals, Xor

DRAWN = (Moons, Circles, Spirals, Xor)


@pytest.mark.parametrize("source", DRAWN)
@pytest.mark.parametrize("samples", [50, 333])
def test_classes_are_equally_many(source: type[Drawn], samples: int) -> None:
    counts = np.bincount(source(samples=samples).read()["label"])
    assert counts.sum() == samples
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("source", DRAWN)
def test_another_seed_draws_other_points(source: type[Drawn]) -> None:
    points = [source(samples=50, seed=seed).read()["point"] for seed in (0, 1)]
    assert not np.isclose(*points).any(axis=1).all()


@pytest.mark.parametrize("source", DRAWN)
def test_noise_is_a_standard_deviation(source: type[Drawn]) -> None:
    quiet, noisy = (source(samples=20_000, noise=noise).read()["point"] for noise in (0, 0.25))
    assert (noisy - quiet).std(axis=0) == pytest.approx([0.25, 0.25], rel=0.03)


@pytest.mark.parametrize("source", DRAWN)
def test_figures_are_about_two_wide_around_the_middle(source: type[Drawn]) -> None:
    point = source(samples=5000, noise=0).read()["point"]
    assert np.abs(point).max() <= 1.5
    assert point.std(axis=0).min() > 0.3
    assert point.mean(axis=0) == pytest.approx([0, 0], abs=0.1)


def test_circles_have_their_radii() -> None:
    arrays = Circles(factor=0.3, noise=0).read()
    radius = np.hypot(*arrays["point"].T)
    assert radius == pytest.approx(np.where(arrays["label"] == 0, 1, 0.3), abs=1e-6)


def test_moons_bend_into_each_other() -> None:
    arrays = Moons(noise=0).read()
    upper = arrays["point"][arrays["label"] == 0] + (0.5, 0.25)
    lower = arrays["point"][arrays["label"] == 1] - (0.5, 0.25)
    assert np.hypot(*upper.T) == pytest.approx(1, abs=1e-6)
    assert upper[:, 1].min() >= -1e-6
    assert np.hypot(*lower.T) == pytest.approx(1, abs=1e-6)
    assert lower[:, 1].max() <= 1e-6


def test_xor_label_says_whether_the_signs_differ() -> None:
    arrays = Xor(noise=0).read()
    x, y = arrays["point"].T
    assert np.array_equal(arrays["label"] == 1, x * y < 0)
    quarters = np.bincount(2 * (x > 0) + (y > 0), minlength=4)
    assert quarters.min() > 200


@pytest.mark.parametrize(("classes", "turns"), [(2, 1.5), (3, 1.0), (8, 0.25)])
def test_spiral_arms_follow_their_angle(classes: int, turns: float) -> None:
    arrays = Spirals(classes=classes, turns=turns, noise=0).read()
    x, y = arrays["point"].T
    radius = np.hypot(x, y)
    assert radius.min() >= 0.1 - 1e-6
    assert radius.max() <= 1 + 1e-6
    arm = (np.arctan2(y, x) / (2 * np.pi) - turns * radius) * classes
    off = (arm - arrays["label"]) % classes
    assert np.minimum(off, classes - off).max() < 1e-4
