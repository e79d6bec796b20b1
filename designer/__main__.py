"""`python -m designer`: the window."""

from __future__ import annotations

from designer.app import main

if __name__ == "__main__":
    raise SystemExit(main())
