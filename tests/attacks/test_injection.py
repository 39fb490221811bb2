"""What people type stays what they typed: no markup, no query, no formula, no command, and no error of ours."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import time
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Centre, Notice, Procedure
from desk import actions
from desk.identities import Identifier, Person
from desk.models import SavedView
from desk.slips.from_dossier import make_slip
from portal.models import PageReport, User
from tests import factories
from tests.attacks.conftest import entered
from tests.desk.cast import MONDAY, person
from tests.factories import make_pages
from tests.publishing import publish

pytestmark = pytest.mark.django_db
EVIL = "<img src=x onerror=alert(9173)>\"'><script>alert(9173)</script></script>{{ 7*191 }}{% now %}${7*191}"
RUNS = re.compile(r"^on[a-z]+$", re.IGNORECASE)


def harmless(page: str) -> bool:
    """Return whether nothing of EVIL became markup: no element, no handler, no script of it, no template."""
    soup = BeautifulSoup(page, "html.parser")
    made = [
        each
        for each in soup.find_all(True)
        if any(RUNS.match(name) and "9173" in str(value) for name, value in each.attrs.items())
    ]
    scripts = [each for each in soup.find_all("script") if each.text.strip().startswith("alert(9173)")]
    return not made and not scripts and not soup.find("img", src="x") and "1337" not in page


def test_the_check_itself_sees_what_runs():
    assert not harmless(f"<p>{EVIL}</p>") and not harmless(f'<p title="{EVIL}"></p>') and not harmless("<p>1337</p>")
    assert harmless("<p>&lt;img src=x onerror=alert(9173)&gt;</p>")


@pytest.fixture
def boss(db) -> User:
    return User.objects.create_superuser("boss-of-all")


@pytest.fixture(autouse=True)
def clock(monkeypatch, request):
    """Let the desk's pages open on a Tuesday in March, where the desk is tried."""
    if "desk" in request.fixturenames:
        monkeypatch.setattr(timezone, "now", lambda: MONDAY + dt.timedelta(1))


def test_no_screen_of_the_desk_runs_what_people_wrote(desk):
    """Names, addresses, comments, steps, reasons, names of views and files: on the list, the page, forms and sheets."""
    evil = Person(EVIL[:200], identifiers=(Identifier("other", "X1<b>"),), address=EVIL, phone="0905 123 456", email="")
    dossier = desk.received(applicant=evil)
    at, clerk = MONDAY, desk.actor("clerk")
    actions.comment(dossier.pk, by=clerk, at=at, text=EVIL)
    actions.forward(dossier.pk, by=clerk, at=at, to_agency=desk.department, step=EVIL[:100], note=EVIL)
    person(EVIL[:60].replace("@", ""), desk.department, "handler")
    client = entered(desk.people["clerk"])
    head = entered(desk.people["head"])
    SavedView.objects.create(owner=desk.people["clerk"], agency=desk.commune, name=EVIL[:60], query={}, is_shared=True,
                             made_at=MONDAY)  # fmt: skip
    pages = [
        "/desk/", "/desk/dossiers/?state=all", f"/desk/dossiers/?q={EVIL}", "/desk/notices/", "/desk/register/",
        f"/desk/dossiers/?step={EVIL}&procedure={EVIL}&agency={EVIL}", f"/desk/intake/?q={EVIL}&of={EVIL}",
        reverse("desk:dossier", args=[dossier.code]), reverse("desk:files", args=[dossier.code]),
        f"/desk/intake/?of={dossier.code}", f"/desk/intake/{desk.procedure.code}/?of={dossier.code}",
        f"/desk/dossiers/{EVIL}/", f"/desk/intake/{EVIL}/",
        *(reverse("desk:act", args=[dossier.code, act]) for act in ("comment", "recall", "correct_data", "forward")),
    ]  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code in (200, 302, 400, 403, 404), page
        assert harmless(answer.content.decode()), page
    for page in ("/desk/workload/", "/desk/leave/", reverse("desk:dossier", args=[dossier.code])):
        assert harmless(head.get(page).content.decode()), page
    handler = entered(desk.people["handler"])
    for page in (reverse("desk:act", args=[dossier.code, "take_over"]), reverse("desk:dossier", args=[dossier.code])):
        assert harmless(handler.get(page).content.decode()), page
    typed = {"do": "check", "applicant-name": EVIL, "related": EVIL, "group_code": EVIL}
    sent = client.post(reverse("desk:intake", args=[desk.procedure.code]), typed)
    assert harmless(sent.content.decode())


MARKUP = (
    *('#read("/etc/passwd")', '#eval("1+1")', '#import "@preview/x"', "$ x $ *b* _i_ `c` #{ }", "#panic()"),
    *('"); #sys.exit()', "\\u{0}", "*/ //", "@ref <label>", "= heading", '#image("/etc/passwd")'),
)


def test_a_slip_reads_no_file_and_runs_no_command_that_stands_in_a_name(desk):
    """Typst, which sets the slips, gets texts as data: its own markup in a name is printed letter by letter."""
    for name in MARKUP:
        dossier = desk.received(applicant=Person(name, address=name))
        _slip, pdf = make_slip(dossier.events.select_related("dossier").first(), "01", at=MONDAY)
        assert pdf.startswith(b"%PDF") and b"root:" not in pdf, name


@pytest.fixture
def evil_site(db) -> Procedure:
    """Public pages of rows whose texts an editor, or a national file, filled with markup."""
    make_pages("vi", "en")
    field = factories.FieldFactory(slug="xau", name_vi=EVIL[:200])
    procedure = factories.ProcedureFactory(code="1.009173", name_vi=EVIL, name_en=EVIL, field=field, with_channels=True,
                                           with_papers=True, foreign=True)  # fmt: skip
    for name in ("steps_vi", "conditions_vi", "legal_basis_vi"):
        if hasattr(procedure, name) and isinstance(getattr(procedure, name), str | None):
            setattr(procedure, name, f"- {EVIL}\n[x](javascript:alert(9173))\nhttp://x/{EVIL}")
    procedure.save()
    publish(procedure)
    centre = (
        factories.CentreFactory(slug="xau", name_vi=EVIL[:150], address=EVIL[:200], procedure=None)
        if False
        else (factories.CentreFactory(slug="xau", name_vi=EVIL[:150], address=EVIL[:200]))
    )
    factories.HotlineFactory(label_vi=EVIL[:100], centre=centre)
    factories.NoticeFactory(title_vi=EVIL[:150])
    return procedure


def test_no_public_page_runs_what_stands_in_a_row_or_a_query(evil_site):
    found = [
        "/vi/", "/vi/thu-tuc/", f"/vi/thu-tuc/?q={EVIL}", f"/vi/thu-tuc/?field={EVIL}&centre={EVIL}&on={EVIL}",
        "/vi/thu-tuc/1.009173/", "/en/procedures/1.009173/", "/vi/trung-tam/", "/vi/trung-tam/xau/", "/vi/noi-cu/",
        f"/vi/noi-cu/?q={EVIL}", "/vi/duong-day-nong/", "/vi/nguoi-nuoc-ngoai/", f"/vi/report/?page={EVIL}",
        "/vi/report/?page=javascript:alert(9173)", "/vi/tracking/", f"/vi/statistics/?period={EVIL}", f"/vi/{EVIL}/",
        f"/t/{EVIL}", f"/{EVIL}/", f"/accounts/login/?next={EVIL}",
    ]  # fmt: skip
    for address in found:
        answer = Client().get(address)
        assert answer.status_code in (200, 302, 400, 404), address
        page = answer.content.decode()
        assert harmless(page), address
        soup = BeautifulSoup(page, "html.parser")
        for link in soup.find_all(href=True):
            assert not link["href"].strip().lower().startswith(("javascript:", "data:", "vbscript:")), address
        for block in soup.find_all("script", type="application/ld+json"):
            assert "</" not in block.text and json.loads(block.text)
    for address in (
        "/vi/thu-tuc/feed.atom",
        "/sitemap.xml",
        "/vi/nguoi-nuoc-ngoai/list.json",
        "/api/v1/procedures/1.009173",
    ):
        answer = Client().get(address, follow=True)
        if answer.status_code == 200:
            assert "html" not in answer["Content-Type"] and answer["X-Content-Type-Options"] == "nosniff", address
            assert "<script>alert" not in answer.content.decode() or "json" in answer["Content-Type"], address
    for data in ({"address": EVIL, "message": "", "contact": EVIL}, {"code": EVIL, "ending": EVIL}):
        for address in ("/vi/report/", "/vi/tracking/", "/accounts/login/"):
            assert harmless(Client().post(address, data).content.decode()), address


def test_no_screen_of_the_editors_runs_what_others_wrote(evil_site, boss):
    PageReport.objects.create(
        address=f"javascript:alert(9173)//{EVIL}"[:500], message=EVIL, contact=EVIL[:200], language="vi"
    )
    client = entered(boss)
    rows = {kind: kind.objects.order_by("-pk").first() for kind in (Procedure, Centre, Notice)}
    pages = [
        "/cms/",
        "/cms/reports/site-history/",
        "/cms/catalogue-changes/",
        "/cms/publication/",
        "/cms/pages/search/?q=" + EVIL,
    ]
    pages += [reverse(PageReport.snippet_viewset.get_url_name("list"))]
    pages += [reverse(PageReport.snippet_viewset.get_url_name("edit"), args=[PageReport.objects.get().pk])]
    for kind, row in rows.items():
        url_of = kind.snippet_viewset.get_url_name
        pages += [reverse(url_of("list")) + f"?q={EVIL}", reverse(url_of("edit"), args=[row.pk])]
        pages += [reverse(url_of(view), args=[row.pk]) for view in ("history", "usage", "delete", "unpublish")]
    pages += [reverse("catalogue_translating:row", args=["en", "procedure", evil_site.pk])]
    pages += [f"/cms/bulk/catalogue/procedure/delete/?id={evil_site.pk}"]
    for page in pages:
        answer = client.get(page, follow=True)
        assert answer.status_code in (200, 404), page
        assert harmless(answer.content.decode()), page
        for link in BeautifulSoup(answer.content, "html.parser").find_all("a", href=True):
            assert not link["href"].lower().startswith("javascript:alert"), page


FORMULAS = ('=HYPERLINK("http://evil.example")', "+1+1", "-1+1", "@SUM(1)", "\t=1", "=cmd|'/c calc'!A1")


def test_no_list_that_the_site_gives_away_holds_a_formula(boss, monkeypatch):
    """Wagtail's own reports too: a reader's report of a mistake becomes a label in them."""
    client = entered(boss)
    monkeypatch.setattr(PageReport, "__str__", lambda self: self.address)
    for text in FORMULAS:
        row = PageReport.objects.create(address=text, message="x", language="vi")
        edit = reverse(PageReport.snippet_viewset.get_url_name("edit"), args=[row.pk])
        client.post(edit, {"closed_at": "2026-03-03 10:00"})
        procedure = factories.ProcedureFactory(name_vi=text)
        publish(procedure)
    lists = [
        *(f"/cms/reports/{name}/?export=csv" for name in ("site-history", "workflow", "workflow_tasks")),
        reverse(Procedure.snippet_viewset.get_url_name("list")) + "?export=csv", "/vi/statistics/figures.csv",
    ]  # fmt: skip
    for address in lists:
        answer = client.get(address)
        assert answer.status_code == 200, address
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
        for cell in cells:
            is_number = re.fullmatch(r"-?[\d.,]+%?", cell) is not None
            assert is_number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (address, cell)
        if "site-history" in address:
            assert any("HYPERLINK" in cell for cell in cells)


NASTY = (
    *("' OR 1=1 --", '"; DROP TABLE desk_dossier; --', "%' ESCAPE '\\", "(((", "[a-", "a AND NOT", "field:*", "/.*/"),
    *("\x00", "a\x00b", "\ud83d", "\u202e", "9" * 400, "1e400", "-1", "²", "null", "{}", "../../etc"),
    *("9999-12-31", "0000-00-00", "10000-01-01", "ấ" * 2_000, "(a+)+" * 40, "a " * 2_000),
)


def test_whatever_stands_in_a_public_query_is_answered_in_bounded_time(db):
    """Each parameter of each public page with what breaks databases, engines of search, patterns, dates and numbers."""
    make_pages("vi")
    factories.ProcedureFactory(code="1.001193", name_vi="Đăng ký khai sinh")
    factories.CentreFactory(slug="hai-chau")
    wrong, client = [], Client(raise_request_exception=False)
    places = {
        "/vi/thu-tuc/": (
            "q",
            "page",
            "centre",
            "on",
            "field",
            "for",
            "level",
            "agency",
            "online",
            "fee",
            "audience",
            "sort",
        ),
        "/vi/thu-tuc/1.001193/": ("on", "centre", "page"),
        "/vi/trung-tam/": ("q", "page"),
        "/vi/noi-cu/": ("q", "page"),
        "/vi/nguoi-nuoc-ngoai/": ("q", "page"),
        "/vi/statistics/": ("period",),
        "/vi/statistics/figures.csv": ("period",),
        "/api/suggest/vi/": ("q",),
        "/vi/report/": ("page", "sent"),
        "/t/x/": ("lang",),
    }
    for place, names in places.items():
        for value in NASTY:
            quoted = quote(value.encode("utf-8", "surrogatepass"))
            started = time.process_time()
            answer = client.get(f"{place}?{'&'.join(f'{name}={quoted}' for name in names)}")
            if answer.status_code >= 500 or time.process_time() - started > 5:
                wrong.append(f"{place} {value[:30]!r}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_whatever_is_sent_in_a_public_form_is_answered_in_bounded_time(officer):
    wrong, client = [], Client(raise_request_exception=False)
    deep = "[" * 100_000 + "]" * 100_000
    for address, names in (
        ("/vi/tracking/", ("code", "ending")),
        ("/vi/report/", ("address", "message", "contact")),
        ("/accounts/login/", ("login", "password", "next")),
        ("/accounts/password/reset/", ("email",)),
        ("/accounts/language/", ("language", "next")),
        ("/accounts/2fa/webauthn/login/", ("credential",)),
        ("/accounts/2fa/authenticate/", ("code", "credential")),
        ("/accounts/password/reset/key/1-set-password/", ("password1", "password2")),
    ):
        for value in (
            *NASTY,
            deep,
            '{"a":' * 600 + "1" + "}" * 600,
            "9" * 10_000,
            '{"id": ' + "9" * 5_000 + "}",
            '{"rawId": "\\ud800"}',
        ):
            started = time.process_time()
            answer = client.post(address, dict.fromkeys(names, value.encode("utf-8", "replace").decode()))
            if answer.status_code >= 500 or time.process_time() - started > 5:
                wrong.append(f"{address} {value[:30]!r}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


FILTERS = (
    *(
        "q",
        "state",
        "due",
        "whose",
        "procedure",
        "side",
        "agency",
        "person",
        "step",
        "cause",
        "due_from",
        "due_to",
        "kind",
    ),
    *("settled", "month", "sort", "cols", "view"),
)
INTAKE = (
    *(
        "do",
        "centre",
        "decided_by",
        "channel",
        "case_key",
        "term_key",
        "submitted_at",
        "due_on",
        "fee",
        "sets",
        "related",
    ),
    *("group_code", "applicant-name", "applicant-number1", "applicant-born_on", "applicant-phone", "once"),
)


def test_whatever_an_officer_types_is_answered_in_bounded_time(desk):
    """The list's filters, the intake, acts and views; also JSON as deep and numbers as long as they come."""
    dossier, client = desk.received(), entered(desk.people["clerk"])
    client.raise_request_exception = False
    wrong, act = [], reverse("desk:act", args=[dossier.code, "comment"])
    for value in (*NASTY[::2], NASTY[-1], "[" * 10_000 + "]" * 10_000):
        clean = value.encode("utf-8", "replace").decode()
        started = time.process_time()
        answers = [
            client.get("/desk/dossiers/", dict.fromkeys(FILTERS, clean)),
            client.get("/desk/dossiers/", {"after": clean}),
            client.get("/desk/register/", {"agency": clean, "first_day": clean, "last_day": clean}),
            client.get("/desk/notices/", {"before": clean}),
            client.get("/desk/intake/", {"q": clean, "of": clean}),
            client.post("/desk/views/", {"view-query": clean, "view-name": clean}),
            client.post("/desk/bulk/", {"ids": clean, "act": clean, "back": clean}),
            client.post("/desk/language/", {"language": clean, "next": clean}),
            client.post(act, {"text": f"@{clean}" * 3, "told": clean, "seen": clean}),
            client.post(reverse("desk:intake", args=[desk.procedure.code]), dict.fromkeys(INTAKE, clean)),
        ]
        if any(answer.status_code >= 500 for answer in answers) or time.process_time() - started > 10:
            wrong.append(f"{value[:30]!r}: {[answer.status_code for answer in answers]}")
    assert not wrong, "\n".join(wrong)
