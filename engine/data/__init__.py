"""Where samples come from, and how they are made ready for training; nothing here knows torch."""

from engine.data.base import Source
from engine.data.encoding import encode
from engine.data.preparation import Prepared, prepare
from engine.data.reading import read, samples
from engine.data.scaling import Scaling
from engine.data.settings import DataSettings
from engine.data.sources import SOURCES

__all__ = ["SOURCES", "DataSettings", "Prepared", "Scaling", "Source", "encode", "prepare", "read", "samples"]
