"""What would make a block fit: single changes, each tried on the project before it is told."""

from __future__ import annotations

from engine.repair.search import remedies
from engine.repair.trial import sound

__all__ = ["remedies", "sound"]
