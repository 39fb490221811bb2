"""The texts of the site's pages: whole in every language, true to the catalogue, and found by search."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from catalogue.text import fold, marked
from portal.site.plan import PLAN, procedure_groups
from portal.site.texts import read_texts

LANGUAGES = [code for code, _name in settings.LANGUAGES]
DATA = Path(settings.CATALOGUE_DATA_DIR)
PLACEHOLDER = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    """Names by code of what this province publishes, from the committed file."""
    with gzip.open(DATA / "procedures.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["code"]: row["name"] for row in rows if is_published_here(row)}


def is_published_here(row: dict[str, str | None]) -> bool:
    issuer, level = row["issuer"] or "", row["level"] or ""
    if issuer.startswith("UBND"):
        return issuer.endswith("Đà Nẵng")
    return "Cấp tỉnh" in level or "Cấp xã" in level


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_whole_and_the_language_s_own(language: str):
    texts, english = read_texts(language), read_texts("en")
    assert set(texts) == {planned.name for planned in PLAN}
    for name, page in texts.items():
        assert page.title and (page.summary or name == "home"), name
        shape = [sorted(part) for part in page.body]
        assert shape == [sorted(part) for part in english[name].body], name
        lists = [part.get("procedures") for part in page.body]
        assert lists == [part.get("procedures") for part in english[name].body], name
        assert not PLACEHOLDER.search(str(page)), name
        if language != "en":
            assert page.title != english[name].title and page.summary != english[name].summary, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_are_the_same_in_all_languages(language: str):
    pattern = re.compile(r"\]\(([^)\s]+)\)")
    for name, page in read_texts(language).items():
        links, expected = (pattern.findall(str(text.body)) for text in (page, read_texts("en")[name]))
        neutral = [link.replace(f"/{language}/", "/en/").removesuffix("deed.vi") for link in links]
        assert sorted(neutral) == sorted(expected), name


def test_every_code_in_the_guides_is_in_the_provinces_catalogue(catalogue):
    codes = {code for group in procedure_groups().values() for code in group}
    assert codes - set(catalogue) == set()


def test_every_list_of_procedures_is_used_and_none_is_named_that_is_missing():
    used = {part["procedures"] for page in read_texts("vi").values() for part in page.body if "procedures" in part}
    assert used == set(procedure_groups())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_example_of_a_search_finds_something(language: str, catalogue):
    examples = read_texts(language)["home"].examples
    assert len(examples) == 3
    names = translated(language)
    for example in examples:
        assert any(holds(example, f"{code} {name} {names.get(name, '')}") for code, name in catalogue.items()), example


def translated(language: str) -> dict[str, str]:
    path = DATA / "translations" / language / "procedures.jsonl"
    if not path.exists():
        return {}
    return {row["source"]: row["text"] for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def holds(query: str, text: str) -> bool:
    """Say whether plain word search, `Procedure.objects.matching`, would find the text."""
    plain, exact = f" {fold(text)} ", f" {marked(text)} "
    return all(f" {word}" in (plain if word == fold(word) else exact) for word in marked(query).split())
