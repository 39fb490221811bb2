"""What tests of translating do: write on a row's screen, and decide as a second person."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from catalogue import models as m


def address(row: Any, language: str = "en", name: str = "row") -> str:
    return reverse(f"catalogue_translating:{name}", args=[language, row._meta.model_name, row.pk])


def fields(page: HttpResponse) -> dict[str, str]:
    """Return the names of a page's fields by the Vietnamese beside them."""
    soup = BeautifulSoup(page.content, "html.parser")
    found = {}
    for field in soup.select("textarea[name^=text-]"):
        source = soup.find(id=field["aria-describedby"])
        found[source.get_text("\n", strip=True)] = field["name"].removeprefix("text-")
    return found


def form(page: HttpResponse) -> dict[str, Any]:
    """Return what the form of a page would send without a change."""
    soup = BeautifulSoup(page.content, "html.parser")
    hidden = {box["name"]: box["value"] for box in soup.select("input[name^=was-], input[name^=seen-]")}
    return hidden | {field["name"]: re.sub(r"^\r?\n", "", field.text) for field in soup.select("textarea[name^=text-]")}


def translate(client: Client, row: Any, words: dict[str, str], language: str = "en") -> HttpResponse:
    """Write translations by their Vietnamese on a row's screen, and send it."""
    page = client.get(address(row, language))
    names = fields(page)
    return client.post(address(row, language), form(page) | {f"text-{names[vi]}": text for vi, text in words.items()})


def keys(page: HttpResponse) -> dict[str, str]:
    """Return what an approver can choose, by the new translation."""
    soup = BeautifulSoup(page.content, "html.parser")
    rows = [box.find_parent("tr") for box in soup.select("input[name=text]")]
    return {row.select("td")[3].div.get_text("\n", strip=True): row.find("input")["value"] for row in rows}


def decide(
    client: Client, row: Any, act: str = "approve-all", *chosen: str, language: str = "en", note: str = ""
) -> str:
    """Decide as the form would; return what is said."""
    where = address(row, language, "decide")
    soup = BeautifulSoup(client.get(where).content, "html.parser")
    every = [box["value"] for box in soup.select("input[name=all]")]
    data = {"act": act, "all": every, "text": list(chosen), "note": note}
    return told(client.post(where, data, follow=True))


def told(response: HttpResponse) -> str:
    """Return what a page says at its top."""
    return " ".join(str(message) for message in response.context["messages"])


def words(row: Any) -> Any:
    """Return the row as it is in the database."""
    return type(row).objects.get(pk=row.pk)


def paper_of(procedure: m.Procedure) -> m.RequiredPaper:
    return m.RequiredPaper.objects.filter(case__procedure=procedure).order_by("pk")[0]
