"""Forms of the desk as whoever sits before them fills them in: read from the page, typed into, sent."""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {
    "reason": "Theo đề nghị của đơn vị.",
    "note": "Đã kiểm tra.",
    "text": "Đã gọi điện cho người nộp.",
    "purpose": "Phí thẩm định",
    "ground": "Điều 18",
    "step": "Thẩm định",
    "receipt": "BL-1",
    "signatory": "Nguyễn Văn Minh",
    "amount": "15000",
    "reason0": "Thiếu chữ ký.",
    "originals0": "1",
    "due_text": "Theo mô tả của thủ tục",
}
"""What is typed into a line that is empty."""
CHOSEN = {"outcome": "granted", "kind": "end"}
"""Which of several buttons is taken, by name."""
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Ngô", "Dương")
GIVEN = ("Thị Lan", "Văn Hùng", "Minh Châu", "Thị Hoa", "Quốc Bảo", "Thanh Tùng", "Ngọc Anh", "Đức Thắng")


@dataclass
class Form:
    """A form of a page: its fields with what stands in them, and what each may be."""

    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms of a page, and what it says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.forms: list[Form] = []
        self.form, self.select, self.area = Form(), "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in forms and their fields."""
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self.form = Form()
            self.forms.append(self.form)
        elif tag == "input" and name:
            self._input(name, found)
        elif tag == "textarea":
            self.area = name
            self.form.values[name], self.form.kinds[name] = "", "text"
        elif tag == "select":
            self.select = name
            self.form.options[name], self.form.kinds[name] = [], "select"
        elif tag == "option" and self.select:
            value = found.get("value", "")
            self.form.options[self.select].append(value)
            if "selected" in found or self.select not in self.form.values:
                self.form.values[self.select] = value

    def _input(self, name: str, found: dict[str, str]) -> None:
        kind = found.get("type", "text")
        self.form.kinds[name] = kind
        if kind in ("checkbox", "radio"):
            self.form.options.setdefault(name, []).append(found.get("value", "on"))
            if "checked" in found:
                self.form.values[name] = found.get("value", "on")
        elif kind != "file":
            self.form.values[name] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a field."""
        if tag == "textarea":
            self.area = ""
        if tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        """Take in what stands in a field of several lines."""
        if self.area:
            self.form.values[self.area] += data

    def form_with(self, name: str) -> Form | None:
        """Return the form that has a field."""
        return next((form for form in self.forms if name in form.kinds), None)

    @property
    def told(self) -> str:
        """Return what the page says to whoever sent a form."""
        found = re.findall(r'<(?:p|div|section) class="(?:say|card warn-card|errorlist)[^>]*>(.*?)</(?:p|div|section)>',
                           self.html, re.S)  # fmt: skip
        found += re.findall(r'<ul class="errorlist[^>]*id="(.*?)</ul>', self.html, re.S)
        return " | ".join(" ".join(re.sub(r"<[^>]*>", " ", each).split()) for each in found)[:600]


def filled(form: Form, today: dt.date) -> dict[str, str]:
    """Return an act's form filled in: empty lines that the act asks for, a button, the first of a list."""
    found = dict(form.values)
    for name, kind in form.kinds.items():
        if kind == "radio" and name not in found:
            found[name] = CHOSEN.get(name, form.options[name][0])
        elif kind == "checkbox" and name == "ask0":
            found[name] = "on"
        elif not found.get(name, "").strip():
            found[name] = typed(name, form, today)
    if "to_user" in form.options and "to_agency" not in form.options:
        found["to_user"] = next((value for value in form.options["to_user"] if value), "")
    return {name: value for name, value in found.items() if value}


def typed(name: str, form: Form, today: dt.date) -> str:
    """Return what is typed into an empty line."""
    if name == "signed_on":
        return f"{today:%d/%m/%Y}"
    if name == "number":
        return f"{random.randrange(1, 99_999)}/KQ"
    return TYPED.get(name, "")


def intake(form: Form, chance: random.Random, today: dt.date) -> dict[str, str]:
    """Return the intake's form with somebody who came to the counter, and all papers."""
    found = dict(form.values)
    found |= {
        "applicant-name": f"{chance.choice(FAMILIES)} {chance.choice(GIVEN)}",
        "applicant-number_kind1": "citizen_card",
        "applicant-number1": f"0480{chance.randrange(60, 99)}{chance.randrange(1_000_000):06}",
        "applicant-phone": f"09{chance.randrange(100_000_000):08}",
        "applicant-address": f"Tổ {chance.randrange(1, 60)}, phường Hải Châu",
    }
    for name in form.kinds:
        if name.startswith("has-"):
            key = name.removeprefix("has-")
            found[name] = "on"
            if found.get(f"originals-{key}", "0") in ("", "0") and found.get(f"copies-{key}", "0") in ("", "0"):
                found[f"originals-{key}"] = "1"
    if "decided_by" in form.options and not found.get("decided_by") and len(form.options["decided_by"]) > 1:
        found["decided_by"] = chance.choice(form.options["decided_by"][1:])
    return {name: value for name, value in found.items() if value} | {"do": "receive"}


def answered(page: Page, sent: dict[str, str], today: dt.date) -> dict[str, str]:
    """Return what is sent again: each question whether one is sure is answered by yes, a missing due date is set."""
    form = page.form_with("once") or page.form_with("seen") or Form()
    asked = [name for name in form.kinds if f'id="id_{name}_error"' in page.html]
    found = sent | {name: "on" for name in asked if form.kinds[name] == "checkbox"}
    if "due_on" in asked:
        monday = today + dt.timedelta(21 - today.weekday())
        found |= {"due_on": f"{monday:%d/%m/%Y}", "due_text": TYPED["due_text"]}
    return found | {name: form.values[name] for name in ("once", "seen") if name in form.values}
