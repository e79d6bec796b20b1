"""What went wrong with a run, in our words, and what may be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.problem import UserError
from engine.storage import Unwritable
from engine.training.device import device_is_lost
from engine.training.events import Failed, Way
from engine.training.run import RunFolder

if TYPE_CHECKING:
    from engine.training.trainer import Trainer


def explained(error: Exception, trainer: Trainer | None, folder: RunFolder) -> Failed | None:
    """What went wrong in our words; the line of the printed network tells which block made torch complain.

    None for an error that is neither torch's nor the user's.
    """
    from engine.training.pieces import memory_is_full

    saved = (folder.path / "last" / "state.safetensors").exists()
    back: tuple[Way, ...] = ("go_back",) if saved else ()
    if isinstance(error, Unwritable):
        rest = "resume the run: it goes on from what was saved last." if saved else "start the run again."
        return Failed(error.reason, f"Make room on that disk, then {rest}", None, ("free_disk", *back))
    if isinstance(error, UserError):
        return Failed(str(error), "", None, (*cast(tuple[Way, ...], error.ways), *back))
    if memory_is_full(error):
        rest = " With more of it free, the run can go on from what was saved last." if saved else ""
        words = f"Choose a smaller batch size or a smaller network.{rest}"
        return Failed("The memory is full.", words, None, ("smaller_batch", *back))
    if device_is_lost(error):
        rest = " What was saved last is unharmed, and the run can go on from there." if saved else ""
        words = f"The GPU failed: {str(error).strip().partition(chr(10))[0]}"
        return Failed(words, f"Look whether it is still there, or use the CPU.{rest}", None, ("use_cpu", *back))
    block = trainer.block_of(error) if trainer is not None else None
    if block is None and not isinstance(error, RuntimeError):
        return None
    where = f"{block} can't be computed: " if block else "The training stopped: "
    reason = str(error).strip().partition("\n")[0]
    return Failed(f"{where}{reason}", "Check the block's parameters and inputs.", block)
