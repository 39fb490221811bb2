"""Time of setting each printed slip, each with a person of its own, in Vietnamese alone and beside Korean."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from bench.site import open_site, say

if TYPE_CHECKING:
    from desk.slips.content import AnySlip

ASKED_MS = 100
SLIPS = 40
PAPERS = 8
REGISTER_ROWS = 20
"""What a page of the register holds, about."""


def measure() -> bool:
    """Set SLIPS of each form in a process that has set one of each before; no two are alike."""
    open_site()
    begun = time.perf_counter()
    times("", 1)
    print(f"slips, first of each form in a process: {1000 * (time.perf_counter() - begun):.0f} ms together", flush=True)
    held = [measure_language(second) for second in ("", "ko")]
    return all(held)


def measure_language(second: str) -> bool:
    """Print the 95th percentile of the slowest form, its time of the processor, and the median of each."""
    found = times(second, SLIPS)
    worst = max(found, key=lambda form: p95([wall for wall, _cpu in found[form]]))
    slowest = p95([wall for wall, _cpu in found[worst]])
    cpu = statistics.median(cpu for _wall, cpu in found[worst])
    medians = ", ".join(f"{form} {statistics.median(wall for wall, _cpu in found[form]):.0f}" for form in found)
    return say(
        f"slips, {f'Vietnamese and {second}' if second else 'Vietnamese'}",
        f"p95 {slowest:.0f} ms ({worst}, {cpu:.0f} ms of the processor; asked: at most {ASKED_MS} ms), "
        f"medians in ms: {medians}",
        holds=slowest <= ASKED_MS,
    )


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(values)[int(0.95 * (len(values) - 1))]


def times(second: str, count: int) -> dict[str, list[tuple[float, float]]]:
    """Return the milliseconds of each slip by form: by the clock, and of the processor."""
    from desk.slips.setting import render

    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(count):
        for slip in slips(f"{second}{count}-{number}"):
            begun, worked = time.perf_counter(), time.process_time()
            render(slip, second=second)
            spent = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - worked)
            found.setdefault(slip.form, []).append(spent)
    return found


def slips(mark: str) -> Iterator[AnySlip]:
    """Yield a slip of each form about one person."""
    from catalogue.opening import ZONE
    from desk.slips import content, parts

    at = dt.datetime(2026, 12, 3, 10, 30, tzinfo=ZONE)
    due, words = at + dt.timedelta(7), parts.Words
    code = f"H17.12-261203-{mark}"
    heading = parts.Heading(
        "Trung tâm Phục vụ hành chính công phường Hải Châu", f"{mark}/2026", "Hải Châu", at.date(),
        above="Ủy ban nhân dân phường Hải Châu", code=code,
        qr=f"https://mot-cua.example/t/{mark:A<43}?hs={code}&tt=2.000528",
    )  # fmt: skip
    person = parts.Person(
        f"Nguyễn Thị {mark} (김민준)", f"{mark} Trần Phú, phường Hải Châu", "0905 123 456", identity=mark
    )
    officer = parts.Officer("Trần Văn Hậu", "Công chức tiếp nhận", "Trung tâm Phục vụ hành chính công")
    contact = parts.Contact("0236 3821 234", "hai-chau@example.vn", address="42 Bạch Đằng")
    matter = parts.Matter(
        words("Đăng ký khai sinh có yếu tố nước ngoài", "출생 등록"), "2.000528", person, owner=person
    )
    limit, reason = (
        words("5 ngày làm việc", "근무일 기준 5일"),
        f"Hồ sơ {mark} cần xác minh tại cơ quan nơi cư trú. " * 6,
    )
    papers = tuple(parts.PaperLine(words(f"Giấy tờ số {n} của {mark}", f"서류 {n}"), 1, 1) for n in range(PAPERS))
    hands = tuple(parts.ControlRow(officer, officer, at, due, f"Bước {n}", due, "on_time") for n in range(6))
    rows = tuple(
        parts.RegisterRow(
            n, f"{code}{n}", "Đăng ký khai sinh", 1, person.name, person.address, person.phone, "Sở", at, due
        )
        for n in range(REGISTER_ROWS)
    )
    lines = tuple(parts.HandOverLine(f"{code}{n}", matter.procedure, person.name, person.address) for n in range(10))
    asked = tuple(parts.AskedLine(line.name, "paper", reason) for line in papers[:3])
    result = parts.ResultLine("granted", f"{mark}/GKS", at.date(), "Lê Thị Hương")
    money = Decimal(8000)
    yield content.ReceiptSlip(
        heading, matter, papers, 1, limit, at, due, "pick_up", "Trung tâm", officer, contact, money
    )
    yield content.SupplementSlip(heading, matter, asked, officer, contact, answer_by=due.date())
    yield content.RefusalSlip(heading, matter, reason, officer, contact)
    yield content.ApologySlip(heading, matter, at, due, due, "Sở Tư pháp", reason, "Trung tâm", officer, contact)
    yield content.StopSlip(heading, matter, "withdrawal", limit, reason, officer, contact, at, due, papers=papers)
    yield content.ControlSlip(heading, matter, at, limit, due, due, papers, 1, hands)
    yield content.RegisterSheet(heading, at.date(), due.date(), rows)
    yield content.HandOverSlip(heading, officer, officer, at, lines)
    yield content.ResultReceipt(heading, matter, (result,), at, "pick_up", officer, person, contact)
