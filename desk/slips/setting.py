"""Set a slip as PDF: the values go to typst as data, so that no text of a person is ever read as markup."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
from dataclasses import fields, is_dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from catalogue.opening import ZONE
from desk.slips.content import AnySlip
from desk.slips.glyphs import FAMILIES, FONTS, JAPANESE_FAMILIES, printable
from desk.slips.parts import Heading, Words

TEMPLATES = Path(__file__).parent / "templates"
LABELS = Path(__file__).parent / "labels"
SECOND_LANGUAGES = ("en", "zh-hans", "ko", "ja")
PREVIEW_PPI = 110.0
_OF_THREAD = threading.local()


def render(slip: AnySlip, *, second: str = "") -> bytes:
    """Return the slip as PDF, with `second` beside the Vietnamese where it is one of SECOND_LANGUAGES.

    The same slip gives the same bytes. Raises ValueError for another language.
    """
    made = _compiler().compile(
        TEMPLATES / f"{slip.form}.typ",
        format="pdf",
        sys_inputs=inputs(slip, second=second),
        timestamp=int(dt.datetime.combine(slip.heading.on, dt.time(), ZONE).timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def preview_png(slip: AnySlip, *, second: str = "") -> list[bytes]:
    """Return the slip's pages as PNG pictures."""
    made = _compiler().compile(
        TEMPLATES / f"{slip.form}.typ", format="png", ppi=PREVIEW_PPI, sys_inputs=inputs(slip, second=second)
    )
    return made if isinstance(made, list) else [made or b""]


def inputs(slip: AnySlip, *, second: str) -> dict[str, str]:
    """Return what the template reads: one JSON text."""
    if second and second not in SECOND_LANGUAGES:
        raise ValueError(f"No labels in «{second}».")
    data = {
        "form": slip.form,
        "language": second.partition("-")[0] or "vi",
        "fonts": JAPANESE_FAMILIES if second == "ja" else FAMILIES,
        "labels": labels("vi"),
        "second": labels(second) if second else {},
        "slip": printed(slip),
    }
    if not second:
        drop_second(data["slip"])
    return {"slip": json.dumps(data, ensure_ascii=False)}


@cache
def labels(language: str) -> dict[str, str]:
    """Return the labels of a language by key."""
    loaded = json.loads((LABELS / f"{language}.json").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def printed(value: Any) -> Any:
    """Return a value of a slip as the template shows it: texts cleaned, moments and money written out."""
    if isinstance(value, Heading):
        dated = Words(f"{value.place}, ngày {value.on:%d} tháng {value.on:%m} năm {value.on:%Y}".lstrip(", "))
        return {**_members(value), "qr": qr_svg(value.qr) if value.qr else "", "dated": printed(dated)}
    if is_dataclass(value):
        return _members(value)
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dt.datetime):
        local = value.astimezone(ZONE)
        return {
            "vi": f"{local:%H} giờ {local:%M} phút, ngày {local:%d/%m/%Y}",
            "second": f"{local:%Y-%m-%d %H:%M}",
            "brief": f"{local:%H:%M}\n{local:%d/%m/%Y}",
        }
    if isinstance(value, dt.date):
        return {"vi": f"{value:%d/%m/%Y}", "second": f"{value:%Y-%m-%d}"}
    if isinstance(value, Decimal):
        return money(value)
    return [printed(part) for part in value] if isinstance(value, tuple) else value


def drop_second(value: Any) -> None:
    """Leave the second language out of printed values."""
    if isinstance(value, list):
        for part in value:
            drop_second(part)
    elif isinstance(value, dict):
        if "second" in value:
            value["second"] = ""
        for part in value.values():
            drop_second(part)


def money(amount: Decimal) -> dict[str, str]:
    """Return an amount in whole dong (there is no smaller coin), with points between the thousands."""
    if not amount:
        return {"vi": labels("vi")["free"], "second": ""}
    figure = f"{amount.quantize(Decimal(1), ROUND_HALF_UP):,}"
    return {"vi": f"{figure.replace(',', '.')} đồng", "second": f"{figure} VND"}


def qr_svg(text: str) -> str:
    """Return a QR code (medium correction) as SVG without a border: the page's own white is its quiet zone."""
    out = io.BytesIO()
    segno.make(text, micro=False, error="m").save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def _members(value: Any) -> dict[str, Any]:
    return {field.name: printed(getattr(value, field.name)) for field in fields(value)}


def _compiler() -> typst.Compiler:
    """Return this thread's compiler: one can't be used by two threads at once, and it keeps what it has read."""
    if not hasattr(_OF_THREAD, "compiler"):
        _OF_THREAD.compiler = typst.Compiler(root=TEMPLATES, font_paths=_fonts())
    compiler = _OF_THREAD.compiler
    assert isinstance(compiler, typst.Compiler)
    return compiler


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
