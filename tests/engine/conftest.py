"""How Hypothesis searches: the same examples on every run, so that a failure is never a matter of luck.

`pytest --hypothesis-profile=search` looks for new ones.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

QUIET = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("same", derandomize=True, max_examples=100, **QUIET)
settings.register_profile("search", max_examples=1000, **QUIET)
settings.load_profile("same")
