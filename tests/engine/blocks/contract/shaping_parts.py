"""What the contract test needs to know about parts and windows."""

from __future__ import annotations

from tests.engine.blocks.contract.specs import FREE, ROW, Misfits, Settings

SETTINGS: Settings = {
    "Split": [{"sizes": (2, 4)}, {"sizes": (1, 1, -1), "dim": 1}, {"sizes": (-1, 2), "dim": 1}],
    "Chunk": [{"chunks": 3}, {"chunks": 2, "dim": 1}],
    "UnfoldAxis": [{"size": 3, "step": 2}, {"size": 1, "dim": 1}],
}


STRICTER = {
    "which need more than": "torch gives an empty part",
    "which leaves some empty": "torch gives fewer parts then than there are outputs",
    "takes at least two sizes": "one part would be the whole",
}

MISFITS: Misfits = [
    ("Split", {"sizes": (2, 3)}, [ROW], "x", "sizes", "cuts an axis of 6 into 2 parts, which need 5"),
    ("Split", {"sizes": (6, -1)}, [ROW], "x", "sizes", "which need more than 6"),
    ("Split", {"sizes": (-1, -1)}, [ROW], None, "sizes", "-1 once at most"),
    ("Split", {"sizes": (2, 3), "dim": 1}, [FREE], "x", "sizes", "needs -1 among its sizes"),
    ("Split", {"dim": 0}, [ROW], None, "dim", "cuts along axis 0, which is the batch"),
    ("Chunk", {"chunks": 4}, [ROW], "x", "chunks", "cuts an axis of 6 into 4 parts, which leaves some empty"),
    ("Chunk", {"dim": 1}, [FREE], "x", "dim", "cuts axis 1, whose length varies"),
    ("UnfoldAxis", {"size": 7}, [ROW], "x", "size", "cuts windows of 7, but axis -1 of 6 has 6"),
]
