"""The command `doctor`: whether this machine has what Plexus needs."""

from __future__ import annotations

from dataclasses import asdict

from engine.commands.output import DONE, PROBLEMS, print_json
from engine.doctor import Finding, examine


def run(as_json: bool) -> int:
    findings = examine()
    missing = [finding for finding in findings if finding.required and not finding.ok]
    if as_json:
        print_json({"ok": not missing, "findings": [asdict(finding) for finding in findings]})
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            print(f"{_mark(finding)}  {finding.name.ljust(width)}  {finding.value}")
            if finding.remedy:
                print(f"{' ' * (width + 11)}→ {finding.remedy}")
        print()
        print("Something is missing; see the arrows." if missing else "Plexus has all it needs.")
    return PROBLEMS if missing else DONE


def _mark(finding: Finding) -> str:
    if finding.ok:
        return "ok     "
    return "MISSING" if finding.required else "without"
