import pytest

from designer.steps import STEPS, decimal


@pytest.mark.parametrize(
    ("value", "steps", "after"),
    [
        (0.5, 1, 0.6),
        (0.001, 1, 0.002),
        (0.001, -1, 0.0009),
        (0.9, 1, 1.0),
        (1.0, 1, 2.0),
        (1.0, -1, 0.9),
        (0.0, 1, 0.1),
        (-0.1, 1, -0.09),
        (1e-8, 1, 2e-8),
        (0.5, 10, 6.0),
        (12.0, -1, 2.0),
    ],
)
def test_a_step_is_one_in_the_first_digit(value, steps, after):
    assert decimal(value, steps) == after


@pytest.mark.parametrize(
    ("kind", "value", "after"),
    [("int", 8, 9), ("sizes", (3, 5), (4, 6)), ("sizes", (None, 5), (None, 6)), ("float", 0.2, 0.3)],
)
def test_every_kind_has_its_step(kind, value, after):
    assert STEPS[kind](value, 1) == after
