"""Random gestures by real mouse and key events; undone and redone, project and scene are equal at every step."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from designer.actions import ON_CANVAS
from tests.designer.canvas.knowing_hands import KnowingHands
from tests.designer.canvas.random_hands import Button, Key, Modifier


@pytest.mark.usefixtures("qapp")
def test_random_gestures() -> None:
    run_state_machine_as_test(
        KnowingHands,
        settings=settings(
            max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


NO, SHIFT = Modifier.NoModifier, Modifier.ShiftModifier
SOME_ARROWS = [[Key.Key_Left], [Key.Key_Right, Key.Key_Down], [Key.Key_Up]]
# Each gesture with what else it is told, in so many ways.
TURNS: tuple[tuple[str, dict[str, object]], ...] = (
    *(("search", {"words": words, "opener": key}) for words, key in (("relu", Key.Key_Tab), ("add", Key.Key_Space))),
    *(("search", {"words": words, "opener": None}) for words in ("dense", "dropout", "relu")),
    *(("wire", {"held": held}) for held in (NO, NO, NO, SHIFT, SHIFT, SHIFT)),
    *(("move_end", {}), ("move_end", {}), ("splice", {}), ("splice", {}), ("label", {}), ("label", {})),
    *(("cut", {"button": button}) for button in (Button.LeftButton, Button.RightButton)),
    *(("bend", {"away": away}) for away in (True, False, True)),
    *(("copies", {}), ("copies", {}), ("mark", {"note": True}), ("mark", {"note": False})),
    *(("edit", {"keep": keep}) for keep in (True, True, True, False)),
    *(("arrows", {"keys": keys, "walk": walk}) for keys in SOME_ARROWS for walk in (True, False)),
    *(("wire_by_keys", {"held": held, "steps": steps}) for held in (NO, SHIFT) for steps in (0, 2)),
    *(("arrange", {"name": name}) for name in sorted(ON_CANVAS)),
    *(("drag", {"held": held, "cancelled": held == SHIFT}) for held in (NO, SHIFT, Modifier.AltModifier)),
    *(("click", {"held": NO, "twice": twice}) for twice in (True, False)),
)
KINDS = (
    *(
        "Add [A-Z]",
        "Add a bend",
        "Add a note",
        "Align",
        "Change",
        "Connect",
        r"Cut ([a-z]|\d+ block)",
        r"Cut \d+ wire",
        "Delete",
    ),
    *("Disconnect", "Distribute", "Duplicate", "Frame", "Group", "Insert", "Move [a-z]", "Move wires", "Move a bend"),
    *("Mute", "Paste", "Rename", "Resize", "Show .* as labels", "Tidy", "Ungroup", ".*and reconnect", "Move frames"),
)


@pytest.mark.usefixtures("qapp")
def test_every_gesture_in_any_order() -> None:
    """All of them, shuffled, so that none is left to chance; each kind of step has been made by the end."""
    made = Counter[str]()
    for seed in range(6):
        luck, hands = Random(seed), KnowingHands()
        KnowingHands.made = Counter()
        hands.begin(drawn=bool(seed % 3))
        for name, told in luck.sample(TURNS, len(TURNS)):
            if name == "splice" and not hands.canvas.scene.wires:
                hands.wire(Random(seed), NO)
            getattr(hands, name)(**({"luck": luck} | told))
            hands.equal()
        hands.teardown()
        made += KnowingHands.made
    missing = [kind for kind in KINDS if not any(re.match(kind, step) for step in made)]
    assert not missing, f"no hand has ever done this: {missing}"
