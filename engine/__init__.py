"""Plexus without its window: load, check, compile, train, save and export networks that were drawn.

import engine
project = engine.load("digits.plexus")
problems = engine.check(project)
module = engine.compile(project)
"""

# The functions are imported by name, after their modules: `engine.check` is the function, not the file.
from engine.check import check, review
from engine.compile import compile
from engine.export.python import export_python
from engine.storage import load, save
from engine.training.loop import train

__version__ = "0.1.0"
__all__ = ["check", "compile", "export_python", "load", "review", "save", "train"]
