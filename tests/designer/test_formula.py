import re

import pytest
from PySide6.QtGui import QTextDocument

from designer.formula import to_html
from engine.blocks import CATALOGUE

FORMULAS = sorted({block.formula for block in CATALOGUE.values() if block.formula})


def plain(formula: str) -> str:
    """The characters that are seen, fractions from top to bottom."""
    document = QTextDocument()
    document.setHtml(to_html(formula, "#000000"))
    return re.sub(r"\s+", " ", document.toPlainText()).strip()


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_block_has_a_formula_that_can_be_read(qapp, formula):
    shown = plain(formula)
    assert shown
    assert not set("\\{}_^") & set(shown)


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (r"y = x W^T + b", "y = x WT + b"),
        (r"y_k = b_k + \sum_c w_{k,c} \star x_c", "yk = bk + ∑c wk,c ⋆ xc"),
        (r"\ell = -x_y", "ℓ = −xy"),
        (r"y = \max(0, x)", "y = max(0, x)"),
        (r"y = \frac{a}{b}", "y = a b"),
        (r"\sqrt{x + \epsilon}", "√x + ε"),
        (r"e^{x_i}", "exp(xi)"),
        (r"a = 1, b = f(1, 2)", "a = 1 b = f(1, 2)"),
    ],
)
def test_what_is_shown(qapp, formula, shown):
    assert plain(formula) == shown


@pytest.mark.parametrize(
    ("formula", "part"),
    [
        (r"x_i", "<i>x</i><sub><i>i</i></sub>"),
        (r"x^2", "<i>x</i><sup>2</sup>"),
        (r"\frac{1}{n}", "border-bottom: 1px solid #123456"),
        (r"a < b", "&lt;"),
    ],
)
def test_markup(formula, part):
    assert part in to_html(formula, "#123456")


@pytest.mark.parametrize("formula", [r"\nonsense{x}", "x_{i", "x}", "x_"])
def test_what_cannot_be_read_is_refused_in_words(formula):
    with pytest.raises(ValueError, match=r"formula|brace|command"):
        to_html(formula, "#000000")
