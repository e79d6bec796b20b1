"""The commands `blocks`, `templates` and `new`: what there is to draw with and to begin from."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from engine.blocks import CATALOGUE, Block
from engine.commands.output import DONE, print_json, program
from engine.problem import UserError
from engine.storage import dumps, save
from engine.templates import open_template, templates


def blocks(as_json: bool) -> int:
    if as_json:
        print_json([_block_data(block) for block in CATALOGUE.values()])
        return DONE
    width = max(len(name) for name in CATALOGUE)
    for category, members in groupby(CATALOGUE.values(), key=lambda block: block.category):
        print(category)
        for block in members:
            print(f"  {block.__name__.ljust(width)}  {block.doc().splitlines()[0]}")
    return DONE


def list_templates() -> int:
    known = templates()
    width = max((len(template.name) for template in known), default=0)
    for template in known:
        print(f"{template.name.ljust(width)}  {template.description}")
    return DONE


def new(template: str, output: str, force: bool) -> int:
    project = open_template(template)
    if output == "-":
        print(dumps(project), end="")
        return DONE
    place = Path(output)
    if place.exists() and not force:
        raise UserError(f"{place} exists already. Choose another name, or replace it with --force.")
    save(project.with_(name=place.stem), place)
    print(f"Wrote {place}. Train it with: {program()} train {place}")
    return DONE


def _block_data(block: type[Block]) -> dict[str, Any]:
    example = block()
    return {
        "name": block.__name__,
        "category": block.category,
        "parameters": [
            {
                "name": described.name,
                "label": described.label,
                "kind": described.kind,
                "default": described.default,
                "choices": described.choices,
                "optional": described.optional,
                "limits": described.limits,
                "unit": described.unit,
                "doc": described.doc,
            }
            for described in block.params()
        ],
        "ports": {
            "inputs": [{"name": port.name, "takes": port.kind.words} for port in example.input_ports()],
            "outputs": list(example.output_ports()),
        },
        "doc": block.doc(),
    }
