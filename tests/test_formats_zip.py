"""Zip archives: each member a report of its own, the names that Windows writes, and archives that mean harm."""

import io
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from files import docx, p, packed, paragraph, pdf
from test_formats_word import made

from ecoanalysis import reading, tables
from ecoanalysis.errors import ReadingError

TEXT = "蚌埠市生态环境局2024年工作总结\n2024年，全市优良天数比例80.5%，罚款828万元。"
WORD = docx(*map(p, TEXT.split("\n")))
PAGE = f"<html><body><h1>{TEXT.replace(chr(10), '</h1><p>')}</body></html>".encode()
PAPER = pdf([(120, 780, 22, "蚌埠市生态环境局2024年工作总结"), *paragraph(TEXT.split("\n")[1], 700)])


def test_each_member_is_a_report(tmp_path: Path):
    members = {"2024/甲.docx": WORD, "2024/乙.pdf": PAPER, "丙.html": PAGE, "丁.txt": TEXT.encode("gb18030")}
    clutter = {"__MACOSX/2024/._甲.docx": b"x", ".DS_Store": b"x", "README.md": b"x", "Thumbs.db": b"x"}
    made(tmp_path, packed(members | clutter | {"丁.toml": 'city = "合肥市"\n'.encode()}), "年报.zip")
    found = tables.gather(tmp_path)
    assert sorted(found.reports["report"]) == sorted(["年报/2024/甲", "年报/2024/乙", "年报/丙", "年报/丁"])
    assert found.reports.set_index("report")["city"].to_dict() == {
        **dict.fromkeys(["年报/2024/甲", "年报/2024/乙", "年报/丙"], "蚌埠市"),
        "年报/丁": "合肥市",
    }
    counts = found.facts.groupby("metric")["report"].nunique()
    assert counts["air.good_days_rate"] == counts["enforcement.fines"] == 4
    assert "error" not in found.problems["severity"].tolist()
    assert found.reports["path"][0].endswith("年报.zip/2024/甲.docx")


def test_one_bad_member_does_not_stop_the_others(tmp_path: Path):
    members = {"a.docx": WORD, "b.docx": WORD[:-99], "c.xlsx": b"x", "d.zip": packed({"x.txt": TEXT}), "e.txt": b""}
    made(tmp_path, packed(members), "all.zip")
    found = tables.gather(tmp_path)
    assert found.reports["report"].tolist() == ["all/a"]
    codes = dict(zip(found.problems["report"], found.problems["code"], strict=True))
    assert codes == {"all/b": "damaged", "all/c": "format", "all/d": "archive", "all/e": "empty"}
    assert all(row.message.startswith(f"{row.report[4:]}.") for row in found.problems.itertuples())
    (table,) = found.problems.loc[found.problems["report"] == "all/c", "message"]
    assert "c.xlsx is a table, which gives a report a row and is none itself. Unpack it" in table


def test_an_archive_by_its_content_and_two_files_of_one_name(tmp_path: Path):
    made(tmp_path, packed({"a.txt": TEXT, "a.docx": WORD, "b.txt": TEXT}), "all.docx")
    found = tables.gather(tmp_path)
    assert found.reports["report"].tolist() == ["all/b"]
    assert found.problems["code"].tolist() == ["same_name", "same_name"]


def test_read_says_what_to_do_with_an_archive(tmp_path: Path):
    with pytest.raises(ReadingError, match=r"all\.zip is an archive of reports.*sources") as refused:
        reading.read(made(tmp_path, packed({"a.txt": TEXT}), "all.zip"))
    assert refused.value.code == "archive"
    (source,) = list(reading.sources(tmp_path / "all.zip"))
    assert source.name == "all/a" and source.read().city == "蚌埠市"


def test_names_of_chinese_windows(tmp_path: Path):
    data = packed({"x" * len("蚌埠".encode("gbk")) + ".txt": TEXT}).replace(b"xxxx.txt", "蚌埠".encode("gbk") + b".txt")
    assert [source.name for source in reading.sources(made(tmp_path, data, "a.zip"))] == ["a/蚌埠"]


def test_names_that_lead_elsewhere_lead_nowhere(tmp_path: Path):
    names = ["../../etc/甲.txt", "/乙.txt", "C:\\Windows\\丙.txt", "x" * 9000 + "/丁.txt"]
    before = sorted(tmp_path.rglob("*"))
    path = made(tmp_path, packed(dict.fromkeys(names, TEXT)), "a.zip")
    found = list(reading.sources(path))
    assert [source.name for source in found][:3] == ["a/etc/甲", "a/乙", "a/C_/Windows/丙"]
    assert all(source.read().year == 2024 and len(source.name) < 200 for source in found)
    assert sorted(tmp_path.rglob("*")) == [*before, path]


def codes(folder: Path, data: bytes) -> list[str]:
    found = []
    for source in reading.sources(made(folder, data, "a.zip")):
        try:
            source.read()
        except ReadingError as error:
            found.append(error.code)
    return found


def test_archives_that_are_no_good(tmp_path: Path):
    assert codes(tmp_path, packed({"a.txt": TEXT})[:-30]) == ["damaged"]
    assert codes(tmp_path, packed({})) == ["empty"]
    locked = bytearray(packed({"a.txt": TEXT}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert codes(tmp_path, bytes(locked)) == ["encrypted"]
    broken = bytearray(packed({"a.txt": TEXT * 9}, level=0))
    broken[60] ^= 255
    assert codes(tmp_path, bytes(broken)) == ["damaged"]


def test_bombs_cost_nothing(tmp_path: Path):
    zeros = packed({f"{n}.txt": bytes(60_000_000) for n in range(3)})
    assert codes(tmp_path, zeros) == ["too_large"] * 3
    many = packed({f"{n}.txt": "罚款5万元" for n in range(600)}, level=0)
    assert codes(tmp_path, many) == ["too_large"]  # one row for all that is left out
    lying = bytearray(packed({"a.txt": "罚" * 10_000_000}))
    entry = lying.index(b"PK\x01\x02") + 24
    lying[entry : entry + 4] = (1000).to_bytes(4, "little")
    assert codes(tmp_path, bytes(lying)) == ["damaged"]
    nested = packed({"a.txt": TEXT})
    for _ in range(5):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.zip", nested)
        nested = stream.getvalue()
    assert codes(tmp_path, nested) == ["archive"]


@pytest.mark.parametrize("ending", [".docx", ".pdf", ".html", ".zip"])
def test_a_damaged_file_is_refused_or_read_and_never_breaks(tmp_path: Path, ending: str):
    """Bytes changed, lost and repeated at random, but the same ones every time."""
    whole = {".docx": WORD, ".pdf": PAPER, ".html": PAGE, ".zip": packed({"a.docx": WORD, "b.pdf": PAPER}, level=0)}
    chance = random.Random(ending)
    for _ in range(150):
        data = bytearray(whole[ending])
        for _ in range(chance.choice([1, 5, 30])):
            place = chance.randrange(max(1, len(data) - 20))
            length = chance.randrange(1, 20)
            kind = chance.randrange(3)
            data[place : place + length * (kind > 0)] = bytes([chance.randrange(256)]) * (length * (kind < 2))
        for source in reading.sources(made(tmp_path, bytes(data), f"a{ending}")):
            with suppress(ReadingError):
                report = source.read()
                assert report.text.encode() and all(one.end <= len(report.text) for one in report.addresses)
