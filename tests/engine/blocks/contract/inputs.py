"""What the contract test needs to know about inputs, targets and outputs."""

from __future__ import annotations

WITHOUT_FORMULA = {"Input", "Target"}
