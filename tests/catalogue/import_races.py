"""A loader, an import and two approvals at once on one row, each in a thread with a connection of its own.

`python -m tests.catalogue.import_races` runs on the database of the environment, which must be its own and empty, and
prints what came of it as one line of JSON.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

ROUNDS = 4


def main() -> None:
    """Race, and print what is wrong."""
    django.setup()
    from django.utils import translation

    with TemporaryDirectory() as folder, translation.override("vi"):
        sys.stdout.write(json.dumps({"faults": race(Path(folder))}) + "\n")


def race(folder: Path) -> list[str]:
    """Bring two files and load a third, then write all three at the same moment, again and again."""
    from catalogue.loading.procedures import load_procedures
    from portal.models import User
    from tests import factories
    from tests.catalogue.conftest import BIRTH, real, write_jsonl

    factories.ProvinceFactory()
    user = User.objects.create_user("editor")

    def file(name: str, steps: str) -> Path:
        return write_jsonl(folder / f"{name}.jsonl", [{**real(BIRTH)[0], "steps_text": steps}])

    load_procedures(file("base", "Bước đầu"), None, province_code="48")
    faults: list[str] = []
    for number in range(ROUNDS):
        faults += one_round(number, file, user)
    return faults


def one_round(number: int, file: Callable[[str, str], Path], user: Any) -> list[str]:
    """Return what was lost without being told in one race."""
    from catalogue.loading.procedures import load_procedures
    from catalogue.models import Procedure, ProcedureVersion
    from tests.catalogue.import_cast import approve_all, bring

    texts = {name: f"Bước {name} {number}" for name in ("one", "two", "loader")}
    sets = {name: bring(file(name, texts[name]), user).change_set for name in ("one", "two")}
    told: dict[str, bool] = {}
    lined_up = threading.Barrier(3)

    def approves(name: str) -> None:
        lined_up.wait()
        told[name] = bool(approve_all(sets[name], user))

    def loads() -> None:
        lined_up.wait()
        report = load_procedures(file("loader", texts["loader"]), None, province_code="48")
        told["loader"] = not report.changed

    together([lambda: approves("one"), lambda: approves("two"), loads])
    row = Procedure.objects.get()
    written = [name for name, refused in told.items() if not refused]
    steps = [version.content["steps"] for version in ProcedureVersion.objects.order_by("number")]
    faults = [] if len(told) == 3 else [f"only {sorted(told)} came to an end"]
    # Whoever wrote has a version; whoever was refused has none and knows it.
    faults += [f"{name} wrote and left no version" for name in written if texts[name] not in steps]
    faults += [f"{name} was refused and wrote" for name in texts if name not in written and texts[name] in steps]
    if row.steps_vi not in {texts[name] for name in written}:  # type: ignore[attr-defined]
        faults.append(f"{row.steps_vi} isn't what one of {written} wrote")  # type: ignore[attr-defined]
    # Of the two approvals the second finds a row that it wasn't compared with.
    faults += [] if {"one", "two"} - set(written) else ["both approvals wrote over each other"]
    return faults


def together(acts: list[Callable[[], None]]) -> None:
    """Run acts in threads at once, each with its own connection."""
    from django.db import connection
    from django.utils import translation

    def run(act: Callable[[], None]) -> None:
        try:
            with translation.override("vi"):
                act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


if __name__ == "__main__":
    main()
