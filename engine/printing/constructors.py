"""The lines of `__init__`: what a class keeps, made with its arguments, and how weights begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.call import Buffer, Name, literal
from engine.printing.forms import Form, Forms
from engine.printing.forward import Blocks
from engine.printing.made import Body, Layer, Made, Series
from engine.printing.slots import filled
from engine.printing.wrapping import wrapped, wrapped_head

INDENT = 8


@dataclass(frozen=True)
class Row:
    """A line of `__init__`, and the text that each block has in it; the last one is the block of all of it."""

    line: str
    blocks: Blocks = ()


def constructor(form: Form | None, body: Body, forms: Forms) -> list[Row]:
    """The lines of `__init__`; none for a class that keeps nothing."""
    if not body.attributes:
        return []
    values: list[Any] = [slot.value for slot in forms.columns(body)]
    arguments = form.arguments if form else {}
    for name, places in arguments.items():
        for place in places:
            values[place] = Name(name)
    waiting = iter(values)
    rows = [Row(line) for line in wrapped_head("__init__", ["self", *arguments])]
    rows.append(Row(" " * INDENT + "super().__init__()"))
    for attribute, made in body.attributes.items():
        texts: list[tuple[str, str]] = []
        code = _statement(attribute, made, _text(made, forms, waiting, texts))
        rows += [Row(line, (*texts, (made.block, code))) for line in wrapped(code, INDENT)]
    for statement in body.beginnings:
        rows += [Row(line, ((statement.block, statement.code),)) for line in wrapped(statement.code, INDENT)]
    return rows


def _statement(attribute: str, made: Made, text: str) -> str:
    if isinstance(made, Layer) and isinstance(made.call, Buffer):
        return f'self.register_buffer("{attribute}", {text}, persistent=False)'
    return f"self.{attribute} = {text}"


def _text(made: Made, forms: Forms, values: Iterator[Any], texts: list[tuple[str, str]]) -> str:
    """What makes an attribute; `texts` is told what makes each layer in it."""
    if isinstance(made, Layer):
        text = filled(made.call, [next(values) for _ in made.slots]).text({})
    elif isinstance(made, Series):
        inside = ", ".join(_text(item, forms, values, texts) for item in made.items)
        return f"{made.container}([{inside}])" if made.container == "nn.ModuleList" else f"{made.container}({inside})"
    else:
        form = forms.by_key[made.body.key]
        words = [next(values) for _ in form.arguments]
        text = f"{form.name}({', '.join(word.dotted if isinstance(word, Name) else literal(word) for word in words)})"
    texts.append((made.block, text))
    return text
