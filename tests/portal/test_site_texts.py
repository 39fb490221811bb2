"""The texts of the site's pages: whole in every language, true to the catalogue, and found by search."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from catalogue.text import fold, has_no_spaces_between_words, marked
from portal.site.plan import planned_pages, texts

LANGUAGES = [code for code, _name in settings.LANGUAGES]
DATA = Path(settings.CATALOGUE_DATA_DIR)
DATA_OF_SEARCH = Path(settings.BASE_DIR) / "search" / "data" / "words"
LINK = re.compile(r"\]\(([^)\s]+)\)")


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
    own, english = texts(language), texts("en")
    assert set(own) == {plan.key for plan in planned_pages()}
    for plan in planned_pages():
        text, model = own[plan.key], english[plan.key]
        assert text["title"] and text["summary"], plan.key
        body = text.get("body", [])
        assert [sorted(part) for part in body] == [sorted(part) for part in model.get("body", [])], plan.key
        assert sorted(part["procedures"] for part in body if "procedures" in part) == sorted(plan.procedures)
        if language != "en":
            assert text["title"] != model["title"] and text["summary"] != model["summary"], plan.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_placeholder_is_left_in_what_a_page_says(language: str):
    for plan in planned_pages():
        said = json.dumps(plan.values(language, "Đà Nẵng"), ensure_ascii=False)
        assert not re.search(r"\{\w+\}|page:|\]\(", said), plan.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_are_the_same_in_all_languages(language: str):
    for key, text in texts(language).items():
        assert sorted(LINK.findall(str(text))) == sorted(LINK.findall(str(texts("en")[key]))), key


def test_every_code_in_the_guides_is_in_the_provinces_catalogue(catalogue):
    codes = {code for plan in planned_pages() for group in plan.procedures.values() for code in group}
    assert len(codes) > 60
    assert codes - set(catalogue) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_example_of_a_search_finds_something(language: str, catalogue):
    examples = texts(language)["home"]["examples"]
    assert len(examples) == 3
    names, phrases = translated(language), everyday_phrases()
    for example in examples:
        assert any(
            holds(example, text)
            for code, name in catalogue.items()
            for text in (f"{code} {name} {names.get(name, '')}", *phrases.get(code, ()))
        ), example


def translated(language: str) -> dict[str, str]:
    path = DATA / "translations" / language / "procedures.jsonl"
    if not path.exists():
        return {}
    return {row["source"]: row["text"] for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def everyday_phrases() -> dict[str, list[str]]:
    """What people say for procedures and in situations, by code, from the words that search knows."""
    found: dict[str, list[str]] = {}
    for name in ("everyday", "situations"):
        for line in (DATA_OF_SEARCH / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for code in row.get("codes", [row.get("code", "")]):
                found.setdefault(code, []).extend(row["phrases"])
    return found


def holds(query: str, text: str) -> bool:
    """Say whether the text has every word of the query, with its marks where it has some."""
    plain, exact = f" {fold(text)} ", f" {marked(text)} "
    wanted = marked(query).split()
    starts = ["" if has_no_spaces_between_words(word) else " " for word in wanted]
    return all(
        f"{start}{word}" in (plain if word == fold(word) else exact) for start, word in zip(starts, wanted, strict=True)
    )
