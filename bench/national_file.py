"""A national file of 5,000 changed rows, brought as an editor does and loaded plainly: each step in its own process.

`python -m bench.national_file STEP` does one step on the database of the environment and prints a line of JSON.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", "5000"))
LOGIN = "bench-approver"


def write_files(folder: Path) -> None:
    """Write the file as it is, and again with every row changed: real rows, repeated under made codes."""
    rows = list(_rows())
    for name, change in (("base", lambda row: row), ("changed", _changed)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8", compresslevel=3) as out:
            for row in rows:
                out.write(json.dumps(change(row), ensure_ascii=False) + "\n")


def _rows() -> Iterator[dict[str, Any]]:
    with gzip.open(ROOT / "catalogue/data/procedures.jsonl.gz", "rt", encoding="utf-8") as lines:
        real = [row for row in map(json.loads, lines) if "tỉnh" in row["level"] or "xã" in row["level"]]
    real = [row for row in real if not (row["issuer"] or "").startswith("UBND")]
    for number in range(ROWS):
        row = real[number % len(real)]
        yield row if number < len(real) else {**row, "code": f"8.{number:06}"}


def _changed(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with another text, limit and fee, and a paper more, as a decision changes it."""
    channels = [{**each, "time": "7 ngày làm việc", "fee": "Phí : 35.000 Đồng"} for each in row["channel_details"]]
    paper = {"name": "Bản sao quyết định sửa đổi", "originals": 1, "copies": 0, "form": None, "group": None}
    steps = f"{row['steps_text'] or ''}\nBước cuối: nhận kết quả tại nơi đã nộp."
    return {**row, "steps_text": steps, "channel_details": channels, "documents": [*row["documents"], paper]}


def load(path: str) -> dict[str, Any]:
    """Load a file plainly."""
    from django.conf import settings
    from django.utils import translation

    from catalogue.loading.procedures import load_procedures

    with translation.override("vi"):
        report = load_procedures(Path(path), None, province_code=settings.PROVINCE_CODE)
    return report.as_dict()


def bring(path: str) -> dict[str, Any]:
    """Take a file as the upload page does: checked from end to end and kept; not read yet."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from catalogue.changesets import uploads
    from portal.models import User

    file = Path(path)
    taken = uploads.examine(SimpleUploadedFile(file.name, file.read_bytes()))
    by = User.objects.get_or_create(username="bench-editor", is_superuser=True)[0]
    return {"import": uploads.keep(taken, {"title": "bench"}, name=file.name, by=by, at=timezone.now()).pk}


def read() -> dict[str, Any]:
    """Read the file into lines."""
    from catalogue.changesets.importing import read as read_file
    from catalogue.models import CatalogueImport

    found = CatalogueImport.objects.get()
    state = read_file(found.pk)
    return {"state": state, "lines": found.change_set.lines.count()}


def page(number: str) -> dict[str, Any]:
    """Draw a page of the set, and the import's own page; the first drawing of a process compiles the templates."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from catalogue.models import CatalogueImport
    from portal.models import User

    found = CatalogueImport.objects.get()
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username=LOGIN if number != "1" else "bench-editor"))
    addresses = {
        "set": reverse("catalogue_sets:set", args=[found.change_set_id]) + f"?p={number}",
        "import": reverse("catalogue_imports:import", args=[found.pk]),
    }
    told = {}
    for name, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            start = time.perf_counter()
            assert client.get(address).status_code == 200
            told[name] = [round(time.perf_counter() - start, 2), len(queries)]
    return told


def submit() -> dict[str, Any]:
    """Send the set for approval, and post an approver at the province's committee."""
    from django.utils import timezone

    from catalogue.changesets.writing import submit as send
    from catalogue.editing.reach import today, top_agencies
    from catalogue.editing.setting_up import set_up
    from catalogue.models import CatalogueImport, Posting
    from portal.models import User

    found = CatalogueImport.objects.get()
    send(found.change_set_id, by=found.uploaded_by, at=timezone.now())
    approver = User.objects.create_user(LOGIN)
    approver.groups.add(set_up())
    Posting.objects.create(user=approver, agency_id=min(top_agencies(today())), role="publisher")
    return {}


def approve() -> dict[str, Any]:
    """Approve all lines: they are in force with the commit."""
    from django.utils import timezone

    from catalogue.changesets.approving import approve as approve_lines
    from catalogue.changesets.writing import line_stamp
    from catalogue.editing.reach import today
    from catalogue.models import CatalogueImport
    from portal.models import User

    found = CatalogueImport.objects.get()
    lines = list(found.change_set.lines.only("change_set", "written_at"))
    outcome = approve_lines(
        found.change_set_id,
        [line.pk for line in lines],
        by=User.objects.get(username=LOGIN),
        at=timezone.now(),
        day=today(),
        stamps=[line_stamp(line) for line in lines],
    )
    return {"approved": outcome.approved, "refused": len(outcome.refused)}


def bring_into_force() -> dict[str, Any]:
    """Do what the clock does with an approval of thousands."""
    from django.utils import timezone

    from catalogue.changesets.applying import apply_due
    from catalogue.models import CatalogueImport

    told = apply_due(timezone.now())
    lines = CatalogueImport.objects.get().change_set.lines
    return {"told": told, "written": lines.filter(status="applied", clashes=[]).count()}


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    each.__name__: each for each in (load, bring, read, page, submit, approve, bring_into_force)
}


def main() -> None:
    """Do one step, and print its result, its seconds, those of the processor, and the most memory that it had."""
    import django

    django.setup()
    start = time.perf_counter()
    told = STEPS[sys.argv[1]](*sys.argv[2:])
    seconds = round(time.perf_counter() - start, 1)
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {"processor": round(used.ru_utime + used.ru_stime, 1), "megabytes": used.ru_maxrss // 1024}
    print(json.dumps({**told, "seconds": seconds, **figures}))


if __name__ == "__main__":
    main()
