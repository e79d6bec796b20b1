"""The command line: one table of commands, each with its arguments and what it does."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import engine
from engine.commands import catalogue, check, doctor, export, summary, train
from engine.commands.guard import guarded
from engine.commands.output import DONE, program
from engine.record import BadValue
from engine.training.settings import TrainingSettings


@dataclass(frozen=True)
class Argument:
    """What argparse is told of one argument."""

    flags: tuple[str, ...]
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Command:
    """`run` gets the arguments by name and answers with the exit code."""

    name: str
    help: str
    run: Callable[..., int]
    arguments: tuple[Argument, ...] = ()


def argument(*flags: str, **options: Any) -> Argument:
    return Argument(flags, options)


def setting(flag: str) -> Argument:
    """An argument that overrides a setting of the project; the setting says what it may be."""
    described = TrainingSettings.param(flag.removeprefix("--"))

    def read(text: str) -> Any:
        try:
            return getattr(TrainingSettings().change(**{described.name: described.parse(text)}), described.name)
        except BadValue as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    metavar = "|".join(described.choices) or "N"
    return argument(flag, type=read, metavar=metavar, help=f"{described.doc} Default: what the project says.")


FILE = argument("file", metavar="FILE", help="A project file, such as digits.plexus.")
JSON = argument("--json", dest="as_json", action="store_true", help="Print JSON, for programs to read.")

COMMANDS = (
    Command("check", "Say what keeps a project from training well.", check.run, (FILE, JSON)),
    Command(
        "summary",
        "Show shapes and parameter counts, block by block.",
        summary.run,
        (
            FILE,
            argument(
                "--sort",
                choices=tuple(summary.ORDERS),
                help="The largest first, in groups as well. Default: as they run.",
            ),
            JSON,
        ),
    ),
    Command(
        "train",
        "Train a project's network; Ctrl-C stops and saves.",
        train.run,
        (
            FILE,
            setting("--epochs"),
            setting("--device"),
            setting("--seed"),
            argument("--run-dir", metavar="DIR", help="Folder of the run. Default: the next number in FILE's .runs."),
            argument(
                "--resume", action="store_true", help="Go on with the run in --run-dir, or else with the latest one."
            ),
            argument(
                "--from",
                dest="start_from",
                metavar="RUN",
                help="Begin with the weights of a run, by its number or folder, where its blocks still fit.",
            ),
            argument(
                "--tensorboard",
                action="store_true",
                help="Also write files for TensorBoard, into the run's folder; needs the package tensorboard.",
            ),
            JSON,
        ),
    ),
    Command(
        "export",
        "Take the network away as Python, or its best weights as safetensors.",
        export.run,
        (
            FILE,
            argument("--to", dest="target", required=True, choices=tuple(export.EXPORTERS), help="What to write."),
            argument("-o", dest="output", required=True, metavar="OUT", help="File to write; - prints Python."),
            argument(
                "--run", dest="run_dir", metavar="DIR", help="The run whose weights are meant. Default: the latest."
            ),
        ),
    ),
    Command("blocks", "List what can be drawn.", catalogue.blocks, (JSON,)),
    Command("templates", "List projects to begin from.", catalogue.list_templates),
    Command(
        "new",
        "Begin a project from a template.",
        catalogue.new,
        (
            argument("template", metavar="TEMPLATE", help="Name of a template."),
            argument("-o", dest="output", required=True, metavar="FILE", help="Project file to write; - prints it."),
            argument("--force", action="store_true", help="Replace FILE if it exists."),
        ),
    ),
    Command("doctor", "Say whether this machine has what Plexus needs.", doctor.run, (JSON,)),
)

EXIT_CODES = (
    "Exit code 0: done; 1: the project has problems, which are listed, or the training failed; 2: bad usage or\n"
    "unreadable input; 130: stopped by Ctrl-C; 143: by “kill” (SIGTERM). Both end the step under way, save and\n"
    "stop; again: stop at once."
)


class Parser(argparse.ArgumentParser):
    """Tells a mistake in one sentence, without repeating the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message.rstrip('.')}. “{self.prog} --help” tells more.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command; answers with the exit code: 0 done, 1 the project has problems, 2 bad usage."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch loads, else threads that wait hold the cores
    return guarded(lambda: _obey(argv))


def _obey(argv: Sequence[str] | None) -> int:
    parser = _parser()
    try:
        values = vars(parser.parse_args(argv))
    except SystemExit as leaving:  # after --help, --version or a mistake, which argparse has told
        return int(leaving.code or 0)
    run = values.pop("run", None)
    if run is None:
        parser.print_help()
        return DONE
    code: int = run(**values)
    return code


def _parser() -> Parser:
    width = max(len(command.name) for command in COMMANDS)
    table = "\n".join(f"  {command.name.ljust(width)}  {command.help}" for command in COMMANDS)
    parser = Parser(
        prog=program(),
        description="Plexus without its window: check, train and export networks that were drawn.",
        epilog=f"commands:\n{table}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"Plexus {engine.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", help=argparse.SUPPRESS)
    for command in COMMANDS:
        added = commands.add_parser(command.name, description=command.help, allow_abbrev=False)
        for entry in command.arguments:
            added.add_argument(*entry.flags, **entry.options)
        added.set_defaults(run=command.run)
    return parser
