"""Ask for known vulnerabilities of the locked packages: `make audit`.

Where the service can't be reached nothing is audited, and that is said by name; with REQUIRE_AUDIT=1 it is a failure.
It is asked first for a release that has known vulnerabilities: one that knows none of them knows nothing of ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

SERVICE = os.environ.get("AUDIT_URL", "https://api.osv.dev/v1/query")
"""An OSV service: https://google.github.io/osv.dev/post-v1-query/."""
KNOWN_BAD = {"package": {"name": "jinja2", "ecosystem": "PyPI"}, "version": "2.4.1"}
TIMEOUT = 20
"""Seconds."""


def main() -> None:
    """Audit the files named on the command line; exit with 1 where something is known to be vulnerable."""
    try:
        known = ask(KNOWN_BAD)
    except OSError as error:
        skip(str(getattr(error, "reason", error)))
    except ValueError:
        skip("it answers something else")
    if not known:
        sys.exit(f"{SERVICE} knows no vulnerability of {KNOWN_BAD['package']}: what it says of ours is worth nothing.")
    clean = [audit(name) for name in sys.argv[1:]]
    sys.exit(not all(clean))


def ask(question: dict[str, object]) -> list[object]:
    """Return what the service knows. Raises OSError where it isn't reached, ValueError where it isn't one."""
    request = urllib.request.Request(
        SERVICE, data=json.dumps(question).encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        answer = json.load(response)
    if not isinstance(answer, dict):
        raise ValueError("no object")
    found = answer.get("vulns", [])
    assert isinstance(found, list)
    return found


def skip(reason: str) -> None:
    """Say that nothing was audited, and end."""
    print(f"SKIPPED: audit of the locked packages: {SERVICE} can't be reached ({reason}).", flush=True)
    sys.exit(1 if os.environ.get("REQUIRE_AUDIT") == "1" else 0)


def audit(name: str) -> bool:
    """Audit one lock file, say what was found, and return whether it is clean."""
    command = [
        str(Path(sys.executable).parent / "pip-audit"), f"--requirement={name}", "--strict", "--require-hashes",
        "--disable-pip", "--progress-spinner=off", "--vulnerability-service=osv", f"--osv-url={SERVICE}",
        "--format=json", "--desc=off", "--aliases=on",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        packages = []
    for package in packages:
        for each in package.get("vulns", []):
            fixed = ", ".join(each["fix_versions"]) or "nothing yet"
            print(f"{name}: {package['name']} {package['version']}: {each['id']}, mended in {fixed}")
    if done.returncode or not packages:
        print(done.stderr.strip() or f"{name}: nothing was audited.")
        return False
    print(f"{name}: {len(packages)} packages, no known vulnerability.")
    return True


if __name__ == "__main__":
    main()
