"""What the ranking reads, and how it is chosen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from search import public
from search.documents import BODY, EVERYDAY, FIRST, NAME, PROCEDURE, SITUATION, Document, Entry, Text, counted
from search.engines.tantivy import MORE_WORDS, TantivyEngine
from search.lexicon import Lexicon
from search.ranking import Reader
from search.understanding import Query, Want
from tests.factories import ProcedureFactory


def entry(number: int, text: str, *, owner: str = "", weight: float = 0.0) -> Entry:
    key = owner or f"{PROCEDURE}:{number}"
    return Entry(f"{key}#{number}", key, PROCEDURE, EVERYDAY, "vi", text, weight=weight)


def query(*terms: str) -> Query:
    return Query(" ".join(terms), wants=tuple(Want(term, term, 1.0) for term in terms))


def near(scored: Sequence[tuple[float, Entry]], limit: int = 10) -> list[str]:
    return [found.text for found in public.near(lambda *asked: list(scored), [("a", 1.0)], ["procedure_short"], limit)]


def test_a_document_counts_in_how_many_short_texts_a_word_stands():
    texts = [
        Text(NAME, "vi", "Đăng ký khai sinh"),
        Text(EVERYDAY, "vi", "khai sinh, khai sinh cho con"),
        Text(SITUATION, "vi", "sinh con"),
        Text(EVERYDAY, "en", "birth"),
        Text(BODY, "vi", "tờ khai đăng ký khai sinh"),
    ]
    counts = counted(Document("procedure:1", PROCEDURE, "1", tuple(texts)).entries())
    assert (counts["sinh"], counts["khai"], counts["con"], counts["en:birth"]) == (3, 2, 2, 1)
    assert "to" not in counts
    assert counts["khai_sinh"] == 2
    assert "dang_ky" not in counts  # A pair of one text alone tells nothing that the text doesn't.


def test_the_first_text_of_a_document_holds_its_counts():
    texts = (Text(NAME, "vi", "khai sinh"), Text(EVERYDAY, "vi", "khai sinh"))
    first, second = Document("procedure:1", PROCEDURE, "1", texts).entries()
    assert first.often == {"khai": 2, "sinh": 2, "khai_sinh": 2}
    assert second.often == {}
    assert Entry.load(first.stored()) == first


def test_the_more_texts_hold_the_words_the_surer_but_ever_less_so():
    reader = Reader(query("khai", "sinh"), Lexicon())
    words = [reader.often({"khai": count, "sinh": count})[0] for count in (0, 1, 2, 10, 1000)]
    assert words == sorted(words)
    assert words[0] == 0.0
    assert words[2] - words[1] > words[4] - words[3]
    assert words[-1] <= 1.0
    assert reader.often({"khai": 2})[0] == pytest.approx(words[2] / 2)
    assert reader.often({"khai_sinh": 2})[1] > 0.0
    assert Reader(query("khai"), Lexicon()).often({"khai": 2}) == (words[2], words[2])


def test_of_texts_with_one_sum_the_well_known_stand_first_then_the_brief():
    long, brief, known = entry(1, "một hai ba bốn"), entry(2, "một hai"), entry(3, "một hai ba bốn năm", weight=0.5)
    assert near([(2.0, long), (2.0, brief), (2.0, known)]) == [known.text, brief.text, long.text]
    assert near([(2.0, long), (1.9, known)]) == [long.text, known.text]


def test_a_document_with_many_phrases_leaves_room_for_others():
    many = [(2.0, entry(number, f"nhiều {number}", owner="procedure:many", weight=1.0)) for number in range(30)]
    other = (1.5, entry(99, "khác"))
    assert near([*many, other], limit=20).count("khác") == 1
    assert len(near([*many, other], limit=20)) == public.OF_EACH + 1


@pytest.mark.parametrize(("equal", "asked"), [(3, [8]), (30, [8, 40])])
def test_texts_of_one_sum_are_read_all_or_none(equal, asked):
    told: list[int] = []
    texts = [(4.0 - number / 4, entry(number, f"hơn {number}")) for number in range(6 if equal == 3 else 1)]
    texts += [(2.0, entry(100 + number, f"bằng {number:02}")) for number in range(equal)]

    def ask(terms, fields, limit):
        told.append(limit)
        return texts[:limit]

    chosen = [found.text for found in public.near(ask, [("a", 1.0)], ["procedure_short"], 4)]
    assert told == asked
    assert chosen == ([f"hơn {n}" for n in range(4)] if equal == 3 else ["hơn 0", "bằng 00", "bằng 01", "bằng 02"])


def test_what_gains_far_less_than_the_best_is_not_read():
    assert near([(10.0, entry(1, "gần")), (10.0 * public.NEAR - 0.1, entry(2, "xa"))]) == ["gần"]
    assert near([]) == []


@pytest.mark.parametrize(
    ("text", "weight", "is_first"),
    [
        ("giấy khai sinh", 0.0, True),
        ("làm giấy khai sinh", 0.0, False),
        ("làm giấy khai sinh", 0.3, True),
        ("làm giấy khai sinh cho con trai vừa mới đẻ", 0.3, False),
    ],
)
def test_brief_texts_are_put_first_and_longer_ones_of_known_documents(text, weight, is_first):
    assert (FIRST in entry(1, text, weight=weight).indexed().split()) is is_first


@pytest.mark.django_db
def test_the_plain_procedure_stands_before_many_that_hold_its_words(committing):
    from search import life

    for number in range(60):
        ProcedureFactory(code=f"1.8{number:05}", name_vi=f"Đăng ký khai sinh trong trường hợp đặc biệt số {number}")
    ProcedureFactory(code="3.000001", name_vi="Đăng ký khai sinh", importance=9)
    life.rebuild()
    assert public.find("khai sinh").hits[0].name == "3.000001"


@pytest.mark.django_db
def test_no_kind_finds_nothing(procedures):
    assert public.find("khai sinh", kinds=()).hits == ()
    assert public.suggest("khai sinh", kinds=()).hits == ()


def test_new_words_are_known_without_the_whole_lexicon_being_written(tmp_path):
    engine, reader = TantivyEngine(tmp_path / "index"), TantivyEngine(tmp_path / "index")
    engine.rebuild([Document("procedure:1", PROCEDURE, "1", (Text(NAME, "vi", "khai sinh"),))])
    assert not reader.lexicon().knows("ket")
    before = (engine.current / "lexicon.json").stat().st_mtime_ns
    for number, text in enumerate(("kết hôn", "ly hôn", "khai sinh"), start=2):
        engine.put([Document(f"procedure:{number}", PROCEDURE, "1", (Text(NAME, "vi", text),))])
    assert (engine.current / "lexicon.json").stat().st_mtime_ns == before
    for lexicon in (engine.lexicon(), reader.lexicon(), TantivyEngine(tmp_path / "index").lexicon()):
        assert lexicon.knows("ket")
        assert lexicon.knows("ly")
        assert lexicon.pairs["ket_hon"] == 1
        assert lexicon.terms["khai"] == 1
    engine.rebuild([Document("procedure:1", PROCEDURE, "1", (Text(NAME, "vi", "khai sinh"),))])
    assert not (engine.current / MORE_WORDS).exists()
    assert not reader.lexicon().knows("ket")
