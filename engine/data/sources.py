"""The catalogue of sources: every dataset that a project may name, in the order of the list."""

from __future__ import annotations

from engine.data.base import Source
from engine.data.bundled import BreastCancer, Diabetes, Digits, Iris, Wine
from engine.data.drawn import Circles, Moons, Spirals, Xor
from engine.record import Registry

SOURCES: Registry[Source] = Registry((Digits, Iris, Wine, BreastCancer, Diabetes, Moons, Circles, Spirals, Xor))

__all__ = [
    "SOURCES",
    "BreastCancer",
    "Circles",
    "Diabetes",
    "Digits",
    "Iris",
    "Moons",
    "Source",
    "Spirals",
    "Wine",
    "Xor",
]
