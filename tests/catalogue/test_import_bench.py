"""The bench's file is what it says: the same codes twice, and every row changed in parts that the law knows."""

from bench import national_file
from catalogue.loading.reading import read_jsonl


def test_every_row_of_the_changed_file_differs_and_codes_are_single(tmp_path, monkeypatch):
    monkeypatch.setattr(national_file, "ROWS", 5)
    national_file.write_files(tmp_path)
    base, changed = (
        {line.data["code"]: line.data for line in read_jsonl(tmp_path / f"{name}.jsonl.gz")}
        for name in ("base", "changed")
    )
    assert base.keys() == changed.keys() and len(base) == 5
    for code, row in base.items():
        later = changed[code]
        assert later["steps_text"] != row["steps_text"]
        assert len(later["documents"]) == len(row["documents"]) + 1
        assert all(each["fee"] == "Phí : 35.000 Đồng" for each in later["channel_details"])
