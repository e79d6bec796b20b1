"""The network as a Python file that runs alone with only torch: the very code that was trained."""

from __future__ import annotations

from engine.compile import source_of
from engine.export.normalisation import docstring_lines
from engine.project import Project


def export_python(project: Project) -> str:
    """The project's network as Python source. A trained run's weights fit it: `load_state_dict` takes them.

    Its docstring tells how the inputs were normalised in training, so that they can be elsewhere.

    Raises:
        UserError: when the design has problems that keep it from running.
    """
    return source_of(project, notes=docstring_lines(project)).text
