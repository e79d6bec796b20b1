"""Write the drawn networks and groups into `resources/`."""

from __future__ import annotations

from pathlib import Path

from engine.storage import save
from tests.drawn.composites import COMPOSITES, composite
from tests.drawn.networks import NETWORKS

RESOURCES = Path(__file__).parents[2] / "resources"


def main() -> None:
    for name, (make, _) in NETWORKS.items():
        save(make(), RESOURCES / "templates" / f"{name}.plexus")
    for name in COMPOSITES:
        save(composite(name), RESOURCES / "groups" / f"{name}.plexus")


if __name__ == "__main__":
    main()
