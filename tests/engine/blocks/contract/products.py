"""What the contract test needs to know about products."""

from __future__ import annotations

from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import INDICES, ONE_NUMBER, ROW, SEQUENCE, TABLE, Misfits, Settings

SETTINGS: Settings = {
    "Einsum": [
        {"equation": "bhik,bhjk->bhij"},
        {"equation": "bik,kj->bij"},
        {"equation": "...ij,...jk->...ik"},
        {"equation": "bij, bjk -> b"},
        {"equation": "bii->bi", "inputs": 1},
        {"equation": "bi,bij,bj->b", "inputs": 3},
    ],
}

COLUMN = TensorSpec((6, 3))
STRICTER = {
    "would multiply along the batch axis": "at some sizes of the batch the axes go together",
    "is one number each sample": "torch takes the batch for a vector",
    "keep the batch": "torch takes any order",
    "the batch by two names": "torch would sum over the batch",
    "on the left of the arrow alone": "torch would sum over those axes without a word",
    "for the whole batch": "torch takes three axes that are no batch as well",
}

MISFITS: Misfits = [
    (
        "MatMul",
        {},
        [SEQUENCE, SEQUENCE],
        "x2",
        None,
        "as many columns in x1 as rows in x2, but x1 is 4 × 6 and x2 is 4 × 6",
    ),
    ("MatMul", {}, [ROW, ROW], "x2", None, "would multiply along the batch axis"),
    ("MatMul", {}, [ROW, COLUMN], "x1", None, "would multiply along the batch axis"),
    ("MatMul", {}, [SEQUENCE, ROW], "x2", None, "would multiply along the batch axis"),
    ("MatMul", {}, [TABLE, ROW], "x2", None, "would multiply along the batch axis"),
    ("MatMul", {}, [ROW, TensorSpec((2, 6, 3), batched=False)], "x1", None, "would multiply along the batch axis"),
    ("MatMul", {}, [ONE_NUMBER, COLUMN], "x1", None, "but x1 is one number each sample"),
    ("MatMul", {}, [TensorSpec((2, 4, 6)), TensorSpec((3, 6, 3))], "x2", None, "lines up the axes before the last two"),
    ("MatMul", {}, [TensorSpec((2, 4, 6)), COLUMN], "x2", None, "lines up the axes before the last two"),
    ("MatMul", {}, [INDICES, COLUMN], "x1", None, "expects decimal numbers"),
    ("BatchMatMul", {}, [ROW, COLUMN], "x1", None, "expects rows × columns for each sample, but x1 is 6"),
    ("BatchMatMul", {}, [SEQUENCE, TensorSpec((6, 3), batched=False)], "x2", None, "is 6 × 3 for the whole batch"),
    ("Einsum", {"equation": "bik,bkj"}, [SEQUENCE, COLUMN], None, "equation", "needs an arrow"),
    ("Einsum", {"equation": "bik->bi"}, [SEQUENCE, COLUMN], None, "inputs", "an equation for 1 input, but 2 of them"),
    (
        "Einsum",
        {"equation": "ik,bkj->bij"},
        [SEQUENCE, COLUMN],
        "x1",
        "equation",
        "names 2 axes of x1, which has 2 after the batch",
    ),
    ("Einsum", {}, [SEQUENCE, SEQUENCE], "x2", "equation", "gives the letter “k” to axes of different sizes, 6 and 4"),
    (
        "Einsum",
        {"equation": "bik,bkj->ibj"},
        [SEQUENCE, COLUMN],
        None,
        "equation",
        "has to keep the batch (“b”) as the first",
    ),
    ("Einsum", {"equation": "bik,bkj->ij"}, [SEQUENCE, COLUMN], None, "equation", "has to keep the batch"),
    (
        "Einsum",
        {"equation": "bik,kbj->bij"},
        [SEQUENCE, COLUMN],
        "x2",
        "equation",
        "names the batch and another axis alike",
    ),
    ("Einsum", {"equation": "bik,bkj->bix"}, [SEQUENCE, COLUMN], None, "equation", "has “x” behind the arrow alone"),
    ("Einsum", {"equation": "bik,bkj->bii"}, [SEQUENCE, COLUMN], None, "equation", "names an axis twice"),
    ("Einsum", {"equation": "b..k,bkj->bj"}, [SEQUENCE, COLUMN], None, "equation", "can't read “b..k”"),
    (
        "Einsum",
        {"equation": "...ik,...kj->ij"},
        [SEQUENCE, COLUMN],
        None,
        "equation",
        "... on the left of the arrow alone",
    ),
    (
        "Einsum",
        {"equation": "bik,ckj->bij"},
        [SEQUENCE, COLUMN],
        None,
        "equation",
        "calls the batch by two names, “b” and “c”",
    ),
]
