"""Passwords of a demo's log-ins, for every room that makes some: in one file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FILE = "demo-accounts.txt"


def give_passwords(folder: Path, users: Iterable[Any]) -> dict[str, str]:
    """Save users, each with the password that the file has for its name, else with a new one; return them by name.

    An account that is there and whose password is known stays as it is. Other names in the file stay too.
    """
    kept = read_passwords(folder)
    given: dict[str, str] = {}
    for user in users:
        name = user.get_username()
        if user.pk is None or name not in kept:
            given[name] = kept.get(name) or secrets.token_urlsafe(12)
            user.set_password(given[name])
            user.save()
        else:
            given[name] = kept[name]
    if given.items() - kept.items():
        _write(folder / FILE, kept | given)
    return given


def read_passwords(folder: Path) -> dict[str, str]:
    """Return what the file knows: lines of the form `admin: …`."""
    path = folder / FILE
    if not path.exists():
        return {}
    pairs = [line.partition(": ") for line in path.read_text(encoding="utf-8").splitlines()]
    return {name: password for name, _colon, password in pairs if password}


def _write(path: Path, passwords: dict[str, str]) -> None:
    """Write the file so that nobody else can read it, not even while it is written."""
    content = "".join(f"{name}: {password}\n" for name, password in passwords.items())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
