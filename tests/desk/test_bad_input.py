"""Every form of the desk is sent rubbish: none breaks, each says what to do in the reader's language, nothing is lost.

A form is sent one kind of rubbish in all its fields; then good values, with rubbish in the fields that bore it, so that
the act behind the form gets it too.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import ProcedureRoute
from desk import attaching
from desk.forms.table import ACT_FORMS, BULK_ACTS
from desk.models import Dossier, DossierEvent, SavedView
from tests.desk import made_files as made
from tests.desk.cast import MONDAY, Cast
from tests.desk.tampering import shadow
from tests.desk.test_buttons import browser, filled
from tests.desk.test_faces_intake import typed
from tests.desk.test_moves import NOW, in_state, undone

RUBBISH = {
    "nothing": "",
    "a flood": "Đ" * 6_000,
    "digits without end": "9" * 5_000,
    "a number too large": "9" * 25,
    "less than nothing": "-1",
    "no number": "NaN",
    "infinity": "-Infinity",
    "a power": "1e400",
    "digits of elsewhere": "٣²½",
    "a NUL": "Lan\0Anh",
    "a page": "<script>alert('&quot;')</script><img src=x onerror=alert(1)>\"'>",
    "hidden signs": "\u202eNAL\u200b\ufeff \t",
    "a day that isn't": "31/02/2026",
    "the last day": "9999-12-31",
    "the last moment": "9999-12-31T23:59",
    "the first day": "0001-01-01",
    "the first moment": "0001-01-01T00:00",
    "a template": "{{ 7|add:7 }} %(n)s {0}",
}
IN_BOTH = ("nothing", "a flood", "less than nothing", "a NUL", "a day that isn't", "the first moment")
"""What is told in English too: each kind of error is among them."""
WITHOUT_VALUE = (
    forms.CheckboxInput, forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput,
    forms.FileInput,
)  # fmt: skip
"""Widgets that can't show what isn't one of theirs."""
STATE_OF = {
    "receive": "1",
    "reject": "1",
    "take_over": "4 given",
    "recall": "4 given",
    "accept_supplement": "5<4",
    "confirm_payment": "6<4",
    "resume": "8 suspended",
    "reopen": "9",
    "return_result": "9",
    "hand_back": "7",
    "mirror": "shadow",
}
"""In which state an act is possible; all others in work."""
WHO = {"clerk": ("receive", "reject", "return_result", "hand_back", "mirror", "correct_data")}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open forty days later."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


class Shown(HTMLParser):
    """What a page shows in its fields: name → (type, value); and whether something of the rubbish became a tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, tuple[str, str]] = {}
        self.area, self.tags = "", set[str]()
        self.errors: dict[str, list[str]] = {}
        self.error = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.values[found.get("name", "")] = (found.get("type", "text"), found.get("value", ""))
        if tag == "textarea":
            self.area = found.get("name", "")
            self.values[self.area] = ("area", "")
        if tag == "ul" and "errorlist" in found.get("class", ""):
            self.error = found.get("id", "") or found["class"]
        if self.error and tag == "li":
            self.errors.setdefault(self.error, []).append("")
        if (tag == "script" and "src" not in found) or "onerror" in found:
            self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        if tag == "ul":
            self.error = ""

    def handle_data(self, data: str) -> None:
        if self.error and self.errors.get(self.error):
            self.errors[self.error][-1] += data
        if self.area:
            kind, value = self.values[self.area]
            self.values[self.area] = (kind, value + data)


@dataclass
class Sheet:
    """A form of the desk: who sends what to which address, and the forms that the answer shows."""

    client: Client
    url: str
    good: dict[str, Any]
    is_read: bool = False
    """Whether it is sent as an address (GET)."""
    name: str = "form"
    kept: dict[str, Any] = field(default_factory=dict)
    """What is always sent as it is: which button was pressed."""

    def send(self, data: dict[str, Any]) -> Any:
        """Send it."""
        return self.client.get(self.url, data) if self.is_read else self.client.post(self.url, data | self.kept)

    def forms_of(self, answer: Any) -> list[forms.Form]:
        """Return the forms of the page, people too."""
        form = (answer.context or {}).get(self.name)
        if not isinstance(form, forms.Form):
            return []
        people = [*getattr(form, "people", {}).values(), getattr(form, "applicant", None)]
        return [form, *(each for each in people if isinstance(each, forms.Form))]


def fields_of(sheet: Sheet) -> dict[str, forms.Field]:
    """Return every field of a page by the name that it is sent under."""
    found = {}
    with undone():  # An act that asks nothing is done.
        answer = sheet.send({})
    for form in sheet.forms_of(answer):
        found |= {form.add_prefix(name): each for name, each in form.fields.items()}
    return {name: each for name, each in found.items() if name not in sheet.kept and name != "seen"}


def errors_of(answer: Any) -> dict[str, list[str]]:
    """Return what the page says is wrong, by field; of the form as a whole under an empty name."""
    if "text/html" not in answer.get("Content-Type", ""):
        return {}
    page = answer.content.decode()
    found = {key.removeprefix("id_").removesuffix("_error"): told for key, told in Shown(page).errors.items()}
    whole = re.findall(
        r'<(?:div|section|p) class="(?:say error|card warn-card|say warning)".*?</(?:div|section|p)>', page, re.S
    )
    return {name: [text.strip() for text in told] for name, told in found.items()} | ({"": whole} if whole else {})


def acts_sheet(cast: Cast, name: str) -> Sheet:
    """Return the form of an act on a dossier on which it is possible."""
    state = STATE_OF.get(name, "4")
    if state == "shadow":
        moved(cast)
        dossier = shadow(cast, MONDAY)
    else:
        dossier = in_state(cast, state)
    client = browser(cast, next((who for who, names in WHO.items() if name in names), "approver"))
    url = reverse("desk:act", args=[dossier.code, name])
    more = {}
    if name == "tie_file":
        upload, clerk = made.upload("đơn.pdf", made.pdf(1)), cast.actor("clerk")
        more["file"] = attaching.attach_file(dossier.pk, upload, by=clerk, at=MONDAY + dt.timedelta(1)).pk
    form = client.get(url).context["form"]
    good = filled(cast, Dossier.objects.get(pk=dossier.pk), name, form) | more
    return Sheet(client, url, good, kept=YES if name == "finish" else {})


YES = {"is_unpaid": "on"}
"""The fee of these dossiers isn't paid: that question is answered."""


def moved(cast: Cast) -> None:
    """Let the procedure be settled on a ministry's system from Monday on."""
    ProcedureRoute.objects.create(
        procedure=cast.procedure, level="any", is_provincial=False, system="dvc.example.gov.vn",
        valid_from=MONDAY.date(),
    )  # fmt: skip


def bulk_sheet(cast: Cast, name: str) -> Sheet:
    """Return the form of an act on two dossiers at once."""
    ids = [in_state(cast, "9" if name == "return_result" else STATE_OF.get(name, "4")).pk for _n in range(2)]
    kept = {"ids": ids, "act": name, "confirmed": "1", **(YES if name == "finish" else {})}
    client, url = browser(cast, "clerk" if name == "return_result" else "approver"), reverse("desk:bulk")
    form = client.post(url, {"ids": ids, "act": name}).context["form"]
    good = filled(cast, Dossier.objects.get(pk=ids[0]), name, form)
    each = {f"number-{pk}": f"{pk}/QĐ" for pk in ids} | {f"outcome-{pk}": "granted" for pk in ids}
    return Sheet(client, url, good | each if name == "finish" else good, kept=kept)


def intake_sheet(cast: Cast, do: str) -> Sheet:
    """Return the form of a new dossier."""
    more = {"supplement": {"missing-khac": "Chưa có"}, "reject": {"reason": "Không thuộc thẩm quyền"}}
    url = reverse("desk:intake", args=[cast.procedure.code])
    return Sheet(browser(cast, "clerk"), url, typed(cast, do, **more.get(do, {})), kept={"do": do})


def shadow_sheet(cast: Cast) -> Sheet:
    """Return the form that keeps what was entered on a ministry's system."""
    moved(cast)
    good = {
        "code": "G09-1", "state": "2", "centre": cast.centre.pk, "channel": "counter",
        "decided_by": cast.department.pk, "applicant-kind": "person", "applicant-name": "Lan",
    }  # fmt: skip
    return Sheet(browser(cast, "clerk"), reverse("desk:intake_moved", args=[cast.procedure.code]), good)


def leave_sheet(cast: Cast) -> Sheet:
    """Return the form of who is away and who stands in."""
    days = {"first_day": f"{NOW:%d/%m/%Y}", "last_day": f"{NOW + dt.timedelta(3):%d/%m/%Y}"}
    people = {"absent": cast.people["clerk"].pk, "substitute": cast.people["contractor"].pk}
    return Sheet(browser(cast, "head"), reverse("desk:leave"), {"agency": cast.commune.pk, **people, **days})


SHEETS: dict[str, Callable[[Cast], Sheet]] = {
    **{f"act {name}": lambda cast, name=name: acts_sheet(cast, name) for name in ACT_FORMS if name != "undo"},
    **{f"many {name}": lambda cast, name=name: bulk_sheet(cast, name) for name in BULK_ACTS},
    **{f"intake {do}": lambda cast, do=do: intake_sheet(cast, do) for do in ("receive", "supplement")},
    "shadow": shadow_sheet,
    "leave": leave_sheet,
    "queue": lambda cast: Sheet(browser(cast, "clerk"), reverse("desk:queue"), {}, is_read=True),
    "register": lambda cast: Sheet(browser(cast, "clerk"), reverse("desk:register"), {}, is_read=True),
    "saved view": lambda cast: Sheet(
        browser(cast, "clerk"), reverse("desk:save_view"), {"view-name": "Của tôi", "view-query": '{"due": ["today"]}'},
        name="saving",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_rubbish_is_told_in_the_readers_language_and_what_was_typed_stays(cast, name):
    sheet = SHEETS[name](cast)
    fields, wrong = fields_of(sheet), []
    number = DossierEvent.objects.count()
    with undone():
        taken = sheet.send(sheet.good)
        assert taken.status_code in (200, 302), errors_of(taken)
    for kind, rubbish in RUBBISH.items():
        told, passed = {}, dict[str, str]()
        for language in ("en", "vi") if kind in IN_BOTH else ("vi",):
            sheet.client.post(reverse("desk:language"), {"language": language})
            with undone():
                answer = sheet.send(sheet.good | dict.fromkeys(fields, rubbish))
            told[language] = errors_of(answer)
            wrong += [f"{kind}: {fault}" for fault in faults(sheet, answer, fields, rubbish)]
        wrong += [f"{kind}: {fault}" for fault in untranslated(told)]
        # What bore it goes on to the act.
        passed = dict.fromkeys(fields.keys() - told["vi"].keys(), rubbish)
        if passed:
            with undone():
                answer = sheet.send(sheet.good | passed)
            wrong += [f"{kind}, borne: {fault}" for fault in faults(sheet, answer, passed, rubbish)]
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert DossierEvent.objects.count() == number


def faults(sheet: Sheet, answer: Any, fields: Iterable[str], rubbish: str) -> Iterator[str]:
    """Yield what is wrong with an answer: it broke, it ran, it lost what was typed, or doesn't say what is wrong."""
    if answer.status_code not in (200, 302, 400, 404, 409):
        yield f"{answer.status_code}"
    if answer.status_code in (302, 404) or "text/html" not in answer["Content-Type"]:
        return
    page = answer.content.decode()
    shown = Shown(page)
    if shown.tags:
        yield f"{shown.tags} of what was typed"
    told = errors_of(answer)
    for form in sheet.forms_of(answer):
        shown_at = {name for name in form.errors if name == "__all__" or not form.fields[name].widget.is_hidden}
        names = {"" if name == "__all__" else form.add_prefix(name) for name in shown_at}
        yield from (f"{name or 'the whole'}: what is wrong isn't shown" for name in names - told.keys())
    if not sheet.is_read and answer.status_code == 400 and not told:
        yield "refused without a word"
    if answer.status_code != 400 and not sheet.is_read:
        return
    bound = {form.add_prefix(name): form for form in sheet.forms_of(answer) for name in form.fields}
    for name in fields:
        form = bound.get(name)
        if form is None or isinstance(form.fields[name.removeprefix(f"{form.prefix}-")].widget, WITHOUT_VALUE):
            continue
        kind, value = shown.values.get(name, ("", ""))
        if plain(value) != plain(rubbish):
            yield f"{name} has lost what was typed: {value[:40]!r}"
        elif not can_show(kind, rubbish):
            yield f"{name}: no browser shows it in a field of type {kind}"


def plain(text: str) -> str:
    """Return a text as it is read: HTML knows no NUL, and one kind of line end."""
    return " ".join(text.replace("\0", "").replace("\ufffd", "").split())


def can_show(kind: str, text: str) -> bool:
    """Return whether a browser shows a text in a field of a type: a calendar empties what isn't a day."""
    try:
        if text and kind == "date":
            dt.date.fromisoformat(text)
        elif text and kind == "datetime-local":
            dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def untranslated(told: dict[str, dict[str, list[str]]]) -> Iterator[str]:
    """Yield what isn't Vietnamese or, where both languages are there, what is told alike or in one of them only."""
    for name, texts in told["vi"].items():
        yield from (f"{name}: «{text}» isn't Vietnamese" for text in texts if text.isascii())
    if "en" not in told:
        return
    if told["vi"].keys() != told["en"].keys():
        yield f"told in one language only: {told['vi'].keys() ^ told['en'].keys()}"
    for name in told["vi"].keys() & told["en"].keys():
        yield from (f"{name}: «{text}» in both languages" for text in {*told["vi"][name]} & {*told["en"][name]})


# What isn't a form of fields: addresses, files, notices, a view's query.

ASKED_OF = {
    "queue": ("q", "state", "due", "whose", "procedure", "side", "agency", "sort", "cols", "after", "view"),
    "export": ("q", "agency", "cols"),
    "register": ("agency", "first_day", "last_day"),
    "register_file": ("agency", "first_day", "last_day"),
    "notices": ("before",),
    "intake_start": ("q", "of"),
    "workload": ("agency",),
    "hand_out": ("agency", "person", "side", "kind", "cause", "step", "due_from"),
}
"""Names that a page reads from its address."""
STRANGE = ("", "\0", "%00", "²", "-1", "9" * 30, "9" * 5_000, "a/../b", "<b>", "\ud800", "Đ" * 3_000, "1e9", "None")


@pytest.mark.parametrize("name", ASKED_OF)
def test_no_address_breaks_a_page(cast, name):
    client = browser(cast, "head" if name in ("workload", "hand_out") else "clerk")
    cast.received()
    for asked in ASKED_OF[name]:
        for value in STRANGE:
            answer = client.get(reverse(f"desk:{name}"), QUERY_STRING=f"{asked}={quoted(value)}")
            assert answer.status_code in (200, 302, 400, 404), (asked, value)
            assert not answer.streaming or b"".join(answer)


def quoted(text: str) -> str:
    """Return a text as bytes of an address, halves of a sign too."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def test_no_code_number_or_name_in_an_address_breaks_the_desk(cast):
    client, dossier = browser(cast, "clerk"), cast.received()
    many = "9" * 30
    for value in map(quoted, STRANGE[1:]):
        for url in (
            f"/desk/dossiers/{value}/",
            f"/desk/dossiers/{value}/files/",
            f"/desk/dossiers/{value}/acts/comment/",
            f"/desk/dossiers/{dossier.code}/acts/{value}/",
            f"/desk/intake/{value}/",
        ):
            assert client.get(url).status_code == 404, url[:80]
    own = f"/desk/dossiers/{dossier.code}"
    for url in (f"{own}/slips/{many}/01.pdf", f"{own}/files/{many}/", f"{own}/files/{many}/pages/{many}/",
                f"{own}/files/1/pages/{many}/page/", f"/desk/views/{many}/"):  # fmt: skip
        assert client.get(url).status_code == 404, url
    for url in (f"{own}/files/{many}/remove/", f"/desk/views/{many}/remove/"):
        assert client.post(url, {"reason": "Nhầm"}).status_code == 404, url


@pytest.mark.parametrize("seen", ["9" * 30, "9" * 5_000, "-1", "²", "\0", "abc"])
def test_a_number_that_was_never_seen_breaks_no_act(cast, seen):
    dossier = cast.processing()
    answer = browser(cast, "handler").post(
        reverse("desk:act", args=[dossier.code, "comment"]), {"seen": seen, "text": "Chữ tôi đã gõ"}
    )
    assert answer.status_code == 400 and "Chữ tôi đã gõ" in answer.content.decode()
    assert Dossier.objects.get(pk=dossier.pk).last_number == dossier.last_number


@pytest.mark.parametrize(
    "query",
    [
        "", "{", "[]", "null", "7", '"due"', "[" * 5_000, '{"due": "today"}', '{"due": [1]}', '{"nothing": ["x"]}',
        '{"due": ["\\ud800"]}', '{"due": ["\\u0000"]}', '{"procedure": ["\\ud800"]}', '{"cols": ["\\u0000"]}',
        json.dumps({"due": ["x" * 500]}), json.dumps({"due": ["today"] * 500}), '{"agency": ["' + "9" * 190 + '"]}',
        "9" * 5_000,
    ],
)  # fmt: skip
def test_a_views_query_is_kept_only_if_it_can_be_read_again(cast, query):
    client = browser(cast, "clerk")
    answer = client.post(reverse("desk:save_view"), {"view-name": "Của tôi", "view-query": query})
    assert answer.status_code in (302, 400)
    if answer.status_code == 400:
        assert 'value="Của tôi"' in answer.content.decode() and not SavedView.objects.exists()
    for view in SavedView.objects.all():
        assert client.get(view.get_absolute_url(), follow=True).status_code == 200


FILES = {
    "nothing": lambda: "",
    "no file": lambda: "đơn.pdf",
    "empty": lambda: made.upload("đơn.pdf", b""),
    "a way up": lambda: made.upload("../../etc/passwd", b"root"),
    "a flood of a name": lambda: made.upload("Đ" * 900 + ".exe", b"MZ"),
    "a page as a name": lambda: made.upload("<script>alert(1)</script>.pdf", b"nothing"),
    "hidden signs": lambda: made.upload("a\u202efdp.exe", b"MZ"),
    "rubbish": lambda: made.upload("đơn.pdf", bytes(range(256)) * 40),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_none_is_told_in_the_readers_language(cast, kind):
    dossier, client, told = cast.received(), browser(cast, "clerk"), {}
    url = reverse("desk:files", args=[dossier.code])
    for language in ("vi", "en"):
        client.post(reverse("desk:language"), {"language": language})
        answer = client.post(url, {"file": FILES[kind](), "kind": "paper"})
        assert answer.status_code == 400
        told[language] = errors_of(answer)["file"]
        assert told[language] and not Shown(answer.content.decode()).tags
    assert told["vi"] != told["en"]
    assert not dossier.files.exists()


@pytest.mark.parametrize("data", [{"kind": "\0"}, {"kind": "x" * 9_000}, {"seen": "9" * 5_000}, {"seen": "x"}])
def test_what_stands_beside_a_file_is_told_too(cast, data):
    dossier, client = cast.received(), browser(cast, "clerk")
    answer = client.post(
        reverse("desk:files", args=[dossier.code]), {"file": made.upload("đơn.pdf", made.pdf(1)), **data}
    )
    assert answer.status_code == 400 and errors_of(answer)
    assert not dossier.files.exists()


@pytest.mark.parametrize("kind", ["nothing", "a flood", "a NUL", "a page"])
def test_why_a_file_is_taken_out_stays_where_it_is_refused(cast, kind):
    dossier, client = cast.received(), browser(cast, "clerk")
    file = attaching.attach_file(
        dossier.pk, made.upload("đơn.pdf", made.pdf(1)), by=cast.actor("clerk"), at=MONDAY + dt.timedelta(1)
    )
    told = {}
    for language in ("vi", "en"):
        client.post(reverse("desk:language"), {"language": language})
        data = {"reason": RUBBISH[kind]}
        with undone():
            answer = client.post(reverse("desk:remove_file", args=[dossier.code, file.pk]), data)
        if kind == "a page":
            assert answer.status_code == 302  # It is a reason like any other.
            return
        assert answer.status_code == 400
        shown = Shown(answer.content.decode())
        assert plain(shown.values["reason"][1]) == plain(RUBBISH[kind]) and not shown.tags
        told[language] = errors_of(answer)
    assert told["vi"] and told["vi"] != told["en"]
    assert dossier.files.get().removed_at is None
