"""Daily heads: one sealed file a day, whole or not at all, written once, each after the day before."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from desk import actions, anchors
from desk.models import AnchoredDay
from desk.verifying.heads import HeadsError, heads_between, read
from tests.desk.cast import MONDAY
from tests.desk.tampering import DAY, forward

TODAY = MONDAY.date()
NEXT = MONDAY + DAY


def lines(day=TODAY):
    return [json.loads(line) for line in anchors.path_of(day).read_text().splitlines()]


def test_a_day_has_a_line_a_dossier_and_a_line_a_series(cast, settings):
    first, second = cast.received(), cast.received()
    forward(cast, first, MONDAY)
    actions.comment(first.pk, by=cast.actor("head"), at=NEXT, text="Hôm sau.")
    anchors.anchor_day(TODAY, at=NEXT)
    heads = dict(first.events.values_list("number", "digest")) | {0: second.head}
    assert lines()[:-1] == [
        {"day": "2026-03-02", "previous": ""},
        {"series": "DEMO.01-260302", "last": 2},
        {"id": first.pk, "code": first.code, "number": 3, "head": heads[3]},
        {"id": second.pk, "code": second.code, "number": 1, "head": heads[0]},
    ]
    assert AnchoredDay.objects.get().seal == lines()[-1]["seal"]
    text = anchors.path_of(TODAY).read_text()
    assert not any(word in text for word in ("Lan", "0905 123", "048123456789", "Hôm sau", "clerk"))


def test_the_folder_is_a_setting(cast, settings, tmp_path):
    cast.received()
    settings.DESK_HEADS_DIR = str(tmp_path / "elsewhere")
    anchors.anchor_due(NEXT)
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["2026-03-02.jsonl"]


def test_a_rerun_writes_nothing_anew(cast):
    cast.received()
    path = anchors.anchor_day(TODAY, at=NEXT)
    before = path.stat()
    cast.received()
    assert anchors.anchor_day(TODAY, at=NEXT) == path
    assert anchors.anchor_due(NEXT) == []
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_days_follow_each_other_also_those_on_which_nothing_happened(cast):
    cast.received()
    assert anchors.anchor_due(MONDAY + 3 * DAY) == [TODAY, TODAY + DAY, TODAY + 2 * DAY]
    for day in (TODAY + DAY, TODAY + 2 * DAY):
        assert lines(day)[0]["previous"] == lines(day - DAY)[-1]["seal"]
        assert len(lines(day)) == 2


def test_a_day_that_is_not_over_or_out_of_turn_is_refused(cast):
    cast.received()
    midnight = dt.datetime.combine(TODAY + DAY, dt.time(), MONDAY.tzinfo)
    with pytest.raises(ValueError, match="isn't over"):
        anchors.anchor_day(TODAY, at=midnight)
    assert anchors.anchor_due(midnight) == []
    assert anchors.anchor_due(midnight + anchors.SETTLES) == [TODAY]
    with pytest.raises(ValueError, match="must be anchored before"):
        anchors.anchor_day(TODAY + 2 * DAY, at=MONDAY + 9 * DAY)


def test_without_events_there_is_nothing_to_anchor(db):
    assert anchors.anchor_due(MONDAY) == []


def test_a_crash_between_file_and_note_is_mended_by_the_next_run(cast):
    cast.received()
    path = anchors.anchor_day(TODAY, at=NEXT)
    AnchoredDay.objects.all().delete()
    seal = lines()[-1]["seal"]
    assert anchors.anchor_due(NEXT) == [TODAY]
    assert (AnchoredDay.objects.get().seal, lines()[-1]["seal"]) == (seal, seal)
    assert path.exists()


def test_a_crash_while_writing_leaves_no_file(cast):
    cast.received()

    def broken():
        yield {"day": "2026-03-02", "previous": ""}
        raise OSError("The disk is full.")

    path = anchors.path_of(TODAY)
    path.parent.mkdir()
    with pytest.raises(OSError, match="full"):
        anchors.write(path, broken())
    assert list(path.parent.iterdir()) == []


def test_a_foreign_file_in_the_place_of_the_next_is_not_taken_over(cast):
    cast.received()
    anchors.folder().mkdir()
    anchors.path_of(TODAY).write_text('{"day": "2026-03-02"}\n{"seal": "00"}\n')
    with pytest.raises(anchors.AnchorError, match="the seal is wrong"):
        anchors.anchor_due(NEXT)
    assert not AnchoredDay.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\n", b"[]\n", b"\xff\xfe\n", b'{"seal": 5}\n', b'{"seal": null}'])
def test_a_broken_file_is_told_not_raised_through(tmp_path, content):
    path = tmp_path / "2026-03-02.jsonl"
    path.write_bytes(content)
    with pytest.raises(HeadsError):
        read(path, b"key")


def test_heads_are_found_by_the_key_of_the_dossier(tmp_path):
    """Halving finds each range, at both ends, in the gaps and beyond."""
    keys = [*range(10, 400, 7), 10**15]
    path = tmp_path / "2026-03-02.jsonl"
    told = [{"day": "2026-03-02", "previous": ""}, {"series": "A-260302", "last": 3}]
    told += [{"id": key, "code": f"A-{key}", "number": 1, "head": "0" * 64} for key in keys]
    anchors.write(path, iter(told))
    heads = read(path, anchors.chain.key())
    assert heads.series == (("A-260302", 3),)
    for low in range(0, 410, 3):
        for high in (low, low + 6, low + 50, 10**16):
            found = [line["id"] for line in heads_between(heads, low, high)]
            assert found == [key for key in keys if low <= key <= high]
