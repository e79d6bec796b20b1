"""Typing is one step, and every key is an edit of what was there before the first."""

from __future__ import annotations

import pytest

from designer.document import Document
from designer.typing import Typing
from engine.project import Project


def renamed(name: str) -> object:
    return lambda project: project.with_(name=project.name + name)


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(Project(name="net"))


@pytest.fixture
def typing(document: Document) -> Typing:
    return Typing(document.here)


def type_(typing: Typing, *texts: str, key: str = "name") -> None:
    for text in texts:
        typing.change(key, renamed(text), f"Type {text}")  # type: ignore[arg-type]


def test_each_key_is_an_edit_of_what_was_there_before_the_first(document: Document, typing: Typing) -> None:
    type_(typing, "1", "12", "123")
    assert document.project.name == "net123", "and not net112123"
    assert typing.before.name == "net"
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project.name == "net"


@pytest.mark.parametrize("how", ["settled", "another field", "edited elsewhere"])
def test_what_comes_after_is_a_step_of_its_own(document: Document, typing: Typing, how: str) -> None:
    type_(typing, "1")
    if how == "settled":
        typing.settle()
        assert typing.before.name == "net1"
        type_(typing, "2")
    elif how == "another field":
        type_(typing, "2", key="other")
    else:
        document.here.change(document.project.with_(name="else"), "Edit")
        assert typing.before.name == "else"
        type_(typing, "2")
    assert document.project.name == ("else2" if how == "edited elsewhere" else "net12")
    assert document.undo_stack.count() == (3 if how == "edited elsewhere" else 2)


def test_what_was_typed_is_withdrawn(document: Document, typing: Typing) -> None:
    type_(typing, "1", "12")
    typing.withdraw()
    assert document.project.name == "net"


def test_what_was_edited_since_is_not_withdrawn(document: Document, typing: Typing) -> None:
    type_(typing, "1")
    document.here.change(document.project.with_(name="else"), "Edit")
    typing.withdraw()
    assert document.project.name == "else"


def test_a_refused_edit_changes_nothing(document: Document, typing: Typing) -> None:
    type_(typing, "1")

    def refuse(_project: Project) -> Project:
        raise ValueError("at least 1")

    with pytest.raises(ValueError, match="at least 1"):
        typing.change("name", refuse, "Type 0")
    assert document.project.name == "net1"
    type_(typing, "12")
    assert (document.project.name, document.undo_stack.count()) == ("net12", 1)
