"""A real library, made by a real compiler, takes the steps that PyTorch takes."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import torch

from engine.training.compiled.background import Making
from engine.training.compiled.block import Block, loaded
from engine.training.compiled.compiler import compiler
from tests.engine.training.compiled.made import block_of, drawn_of, trainer_of
from tests.engine.training.compiled.test_background import until
from tests.engine.training.compiled.test_whole import full
from tests.engine.training.given import noisy

PLACE = compiler()


@pytest.mark.skipif(PLACE is None, reason="there is no C++ compiler on this machine")
@pytest.mark.filterwarnings("ignore")
def test_a_hundred_compiled_steps_are_those_of_the_plain_way(tmp_path: Path) -> None:
    """Compiling takes half a minute: one network with all that is special, two steps at a time."""
    assert PLACE is not None
    plain, other = trainer_of(noisy(clip_norm=1.0), tmp_path / "a"), trainer_of(noisy(clip_norm=1.0), tmp_path / "b")
    what = drawn_of(other, 2)
    making = Making(what.blueprint.text(), "key", tmp_path, PLACE)
    until(lambda: making.over)
    assert making.library is not None, making.reason

    losses, found, random = [], [], torch.get_rng_state()
    for samples, batch in full(plain):
        plain.step(samples, batch)
        plain.progress.step += 1
        losses += [loss for loss, _ in plain._last]
    torch.set_rng_state(random)
    batches = full(other)
    other.step(*batches[0])
    piece = Block(loaded(making.library), what, other.course.flat, other.course.strides[0].descent)
    for start in range(1, 101, 2):
        for outcome in piece([batch for _, batch in batches[start : start + 2]], start):
            found += outcome.losses
    torch.testing.assert_close(found, losses[1:], rtol=1e-5, atol=1e-5)
    for (name, value), (_, mine) in itertools.islice(
        zip(plain.network.state_dict().items(), other.network.state_dict().items(), strict=True), 20
    ):
        if name not in ("layer1.bias", "layer2.running_mean"):  # which follow nothing but rounding
            torch.testing.assert_close(mine, value, rtol=1e-5, atol=1e-5)


def test_what_fits(tmp_path: Path) -> None:
    trainer = trainer_of(noisy(), tmp_path / "run")
    batches = full(trainer)
    trainer.step(*batches[0])
    piece = block_of(trainer, 2)
    one, two = batches[1][1], batches[2][1]
    assert piece.fits([one, two])
    assert not piece.fits([one])
    assert not piece.fits([one, {name: tensor[1:] for name, tensor in two.items()}])


def test_what_is_no_library_is_not_loaded(tmp_path: Path) -> None:
    place = tmp_path / "one.library"
    place.write_bytes(b"nothing")
    with pytest.raises(RuntimeError):
        loaded(place)
