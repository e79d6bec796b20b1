"""The one place where a command's failures become one sentence and an exit code."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable

from engine.commands.output import REFUSED, complain, program
from engine.problem import UserError
from engine.record import BadValue

CUT_SHORT = 141  # what other programs leave with when their reader goes away


def ended_by(number: int) -> int:
    """What programs leave with that a signal has ended: 130 for Ctrl-C, 143 for `kill`."""
    return 128 + number


INTERRUPTED = ended_by(signal.SIGINT)


def guarded(command: Callable[[], int]) -> int:
    """The exit code of a command; a person never sees a traceback.

    With PLEXUS_DEBUG set, errors that nobody foresaw are raised, for those who want to mend them.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # “ and × must not stop us on a terminal that lacks them
    code = CUT_SHORT
    try:
        code = command()
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _let_go_of_stdout()
        return code  # the verdict, when it was known before the reader went away
    except KeyboardInterrupt:
        complain("\nInterrupted.")
        return INTERRUPTED
    except (UserError, BadValue) as error:
        return _refused(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        try:
            sys.stdout.flush()
        except OSError:  # a full disk behind stdout
            _let_go_of_stdout()
        return _refused(f"{where}{error.strerror or error}.")
    except Exception as error:
        if os.environ.get("PLEXUS_DEBUG"):
            raise
        words = str(error).strip().splitlines()
        return _refused(
            f"That should not have happened: {type(error).__name__}{f', {words[0]}' if words else ''}. "
            "Please report it, with what PLEXUS_DEBUG=1 shows in addition."
        )


def _refused(sentence: str) -> int:
    complain(f"{program()}: {sentence}")
    return REFUSED


def _let_go_of_stdout() -> None:
    """Send what is still in the buffer nowhere, so that Python does not stumble over it on its way out."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return  # stdout is no file, so nothing is flushed at exit
