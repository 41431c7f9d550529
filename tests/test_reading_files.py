"""Files as they come: encodings, damage, sidecars, sizes, and what is refused."""

import os
from datetime import date
from pathlib import Path

import pytest

from ecoanalysis.errors import ReadingError
from ecoanalysis.reading import LARGEST, cells, file_kinds, read
from ecoanalysis.reading import reader as reader_module

SIMPLIFIED = (
    "惠州市生态环境局2023年工作总结\n2023年，全市优良天数比例97.5%，立案查处环境违法案件167宗，罚款828万元。\n"
    "饮用水水源水质达标率保持100%，新增污水处理能力2130吨/天。\n"
)
TRADITIONAL = (
    "河南10月查辦環境違法案件情況\n2017年10月,全省環保系統立案964起,下達處罰決定978起,罰款5195.58萬元;"
    "沒有按日計罰案件。其中鄭州市下達處罰決定最多,為1013起。\n"
)


def write(folder: Path, data: bytes, name: str = "report.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_simplified_text_in_every_encoding(tmp_path: Path, encoding: str):
    report = read(write(tmp_path, SIMPLIFIED.encode(encoding)))
    assert report.text == SIMPLIFIED.rstrip("\n")
    assert (report.city, report.adcode, report.year, report.repairs) == ("惠州市", "441300", 2023, {})
    assert report.encoding.replace("_", "-") in (encoding, encoding.removesuffix("-sig"))


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030", "utf-16"])
def test_a_traditional_text_in_every_encoding(tmp_path: Path, encoding: str):
    report = read(write(tmp_path, TRADITIONAL.encode(encoding)))
    assert "2017年10月,全省环保系统立案964起,下达处罚决定978起,罚款5195.58万元" in report.text
    assert report.province == "河南省" and set(report.repairs) == {"traditional"}


def test_windows_line_ends(tmp_path: Path):
    assert read(write(tmp_path, SIMPLIFIED.replace("\n", "\r\n").encode())).text == SIMPLIFIED.rstrip("\n")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_bad_byte_spoils_nothing_else(tmp_path: Path, encoding: str):
    data = SIMPLIFIED.replace("，立案", "，@立案").encode(encoding).replace(b"@", b"\xff")
    report = read(write(tmp_path, data))
    assert "立案查处环境违法案件167宗，罚款828万元" in report.text and "全市优良天数比例97.5%" in report.text
    assert [problem.code for problem in report.problems] == ["bad_bytes"] and report.repairs["bad bytes"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_tail_cut_inside_a_character(tmp_path: Path, encoding: str):
    report = read(write(tmp_path, (SIMPLIFIED + "其中").encode(encoding)[:-1]))
    assert report.text.startswith(SIMPLIFIED + "其") and "\ufffd" not in report.text
    assert [problem.code for problem in report.problems] == ["bad_bytes"]


@pytest.mark.parametrize("name", ["report.md", "REPORT.TXT"])
def test_the_ending_of_the_name(tmp_path: Path, name: str):
    assert read(write(tmp_path, SIMPLIFIED.encode(), name)).report == Path(name).stem


def refusal(path: Path) -> str:
    with pytest.raises(ReadingError) as refused:
        read(path)
    assert path.name in str(refused.value)
    return refused.value.code


def test_what_is_refused(tmp_path: Path):
    (tmp_path / "folder.txt").mkdir()
    assert refusal(tmp_path / "folder.txt") == "directory"
    assert refusal(tmp_path / "absent.txt") == "missing"
    assert refusal(write(tmp_path, b"")) == "empty"
    assert refusal(write(tmp_path, b" \r\n\t")) == "empty"
    assert refusal(write(tmp_path, "\u3000\n????????".encode())) == "empty"
    assert refusal(write(tmp_path, b"%PDF-1.7 ...")) == "damaged"
    assert refusal(write(tmp_path, b"\x89PNG\r\n\x1a\n")) == "binary"
    assert refusal(write(tmp_path, bytes(range(256)) * 9)) == "binary"
    assert refusal(write(tmp_path, b"x", "report.xlsx")) == "format"


@pytest.mark.skipif(os.name != "posix", reason="pipes with names and dangling links are things of POSIX")
def test_pipes_and_dangling_links_are_refused_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")
    assert refusal(tmp_path / "pipe.txt") == "unreadable"
    assert refusal(tmp_path / "link.txt") == "missing"


def test_a_file_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(tmp_path, SIMPLIFIED.encode())

    def deny(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", deny)
    assert refusal(path) == "unreadable"


def test_a_file_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert LARGEST > 20_000_000
    monkeypatch.setattr(reader_module, "LARGEST", 10)
    assert refusal(write(tmp_path, SIMPLIFIED.encode())) == "too_large"


def test_a_line_of_twenty_megabytes(tmp_path: Path):
    line = SIMPLIFIED.replace("\n", "")
    path = write(tmp_path, (line * (20_000_000 // len(line.encode()) + 1)).encode())
    report = read(path)
    assert len(report.text) > 7_000_000 and len(report.sentences) > 100_000


@pytest.mark.parametrize(
    "piece",
    ["\n", " ", "?", "？", "（", "“", "*", "环(huan", "一是", "2024年", "办结件,\n", "環(huán", "\ufffd", "鲋笇А"],
)
def test_time_grows_with_length_only(tmp_path: Path, piece: str):
    read(write(tmp_path, ("环境" + piece * (900_000 // len(piece)) + "环境").encode()))


def test_nothing_is_written(tmp_path: Path):
    path = write(tmp_path, SIMPLIFIED.encode())
    write(tmp_path, b'title = "x"', "report.toml")
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in tmp_path.iterdir()}
    read(path)
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in tmp_path.iterdir()} == before


SIDECAR = """
title = "某市工作总结"
publisher = "某局"
published = 2024-02-03
url = "https://example.com"
licence = "CC BY 4.0"
year = 2022
genre = "bulletin"
sample = true
"""


def with_sidecar(folder: Path, sidecar: str, text: str = SIMPLIFIED):
    write(folder, sidecar.encode(), "report.toml")
    return read(write(folder, text.encode()))


def test_a_sidecar_overrules_and_adds(tmp_path: Path):
    report = with_sidecar(tmp_path, SIDECAR)
    assert (report.title, report.publisher, report.published) == ("某市工作总结", "某局", "2024-02-03")
    assert (report.url, report.licence, report.genre) == ("https://example.com", "CC BY 4.0", "bulletin")
    assert (report.year, report.period_start, report.period_end) == (2022, date(2022, 1, 1), date(2022, 12, 31))
    assert report.sample and report.city == "惠州市" and report.problems == ()


def test_a_sidecar_sets_the_period(tmp_path: Path):
    report = with_sidecar(tmp_path, 'period_start = "2023-01-01"\nperiod_end = ""')
    assert (report.period_start, report.period_end) == (date(2023, 1, 1), None)


@pytest.mark.parametrize(
    ("opening", "start", "end"),
    [
        ("某市生态环境局2023年上半年工作总结", "2023-01-01", "2023-06-30"),
        ("某市生态环境局工作总结\n\n现将今年1-11月工作情况报告如下：", "2023-01-01", "2023-11-30"),
        ("某市生态环境局2023年工作总结和2024年上半年工作打算", "2023-01-01", "2023-12-31"),
    ],
)
def test_a_sidecar_with_a_year_leaves_the_part_that_the_text_names(tmp_path: Path, opening: str, start: str, end: str):
    report = with_sidecar(tmp_path, "year = 2023", f"{opening}\n今年以来，全市优良率90%。")
    assert (str(report.period_start), str(report.period_end)) == (start, end)


@pytest.mark.parametrize(
    ("sidecar", "place"),
    [
        ('city = "云浮市"', ("广东省", "云浮市", "", "445300")),
        ('city = "南京市"\ndistrict = "鼓楼区"', ("江苏省", "南京市", "鼓楼区", "320106")),
        ('district = "博罗县"', ("广东省", "惠州市", "博罗县", "441322")),
        ('district = "某某高新区"', ("广东省", "惠州市", "某某高新区", "")),
        ('adcode = "350200"', ("福建省", "厦门市", "", "350200")),
        ('province = "江西省"', ("江西省", "", "", "360000")),
        ('city = "赣州"', ("江西省", "赣州市", "", "360700")),
        ('province = "江西"\ncity = " 赣州 "', ("江西省", "赣州市", "", "360700")),
        ('city = "北京"', ("北京市", "北京市", "", "110000")),
        ('city = "景洪"', ("云南省", "西双版纳傣族自治州", "景洪市", "532801")),
        ('city = "济源市"', ("河南省", "", "济源市", "419001")),
        ('city = "惠州"\ndistrict = "惠城"', ("广东省", "惠州市", "惠城区", "441302")),
        ('city = "雄安新区"', ("", "雄安新区", "", "")),
        ('city = "惠州"\nadcode = "441300"\ndistrict = "某某园区"', ("广东省", "惠州市", "某某园区", "441300")),
        ("anonymous = true", ("", "", "", "")),
    ],
)
def test_a_sidecar_sets_the_place(tmp_path: Path, sidecar: str, place: tuple[str, ...]):
    report = with_sidecar(tmp_path, sidecar)
    assert (report.province, report.city, report.district, report.adcode) == place
    assert report.problems == () and report.anonymous is (sidecar == "anonymous = true")


@pytest.mark.parametrize(
    ("sidecar", "place", "words"),
    [
        ('city = "火星市"', ("", "火星市", "", ""), "city = '火星市' is no place that is known. Nearest: "),
        ('city = "赣洲市"', ("", "赣洲市", "", ""), "Nearest: 株洲市, 赣州市. It is kept as written"),
        (
            'city = "朝阳"',
            ("", "朝阳", "", ""),
            "the name of several places; there is 朝阳区 (北京市), 朝阳市 (朝阳市)",
        ),
        ('province = "江西省"\ncity = "云浮"', ("江西省", "云浮", "", ""), "no place in 江西省; there is 云浮市"),
        ('city = "惠州"\ndistrict = "惠成区"', ("广东省", "惠州市", "惠成区", ""), "in 惠州市. Nearest: 惠城区"),
        ('adcode = "999999"', ("广东省", "惠州市", "", "441300"), "'999999' is no code"),
        ('city = "云浮"\nadcode = "360700"', ("江西省", "赣州市", "", "360700"), "the code was followed"),
    ],
)
def test_a_place_that_is_not_known_is_kept_and_said(tmp_path: Path, sidecar: str, place: tuple[str, ...], words: str):
    report = with_sidecar(tmp_path, sidecar)
    assert (report.province, report.city, report.district, report.adcode) == place
    (problem,) = report.problems
    assert (problem.code, problem.severity) == ("sidecar_place", "warning")
    assert problem.message.startswith("report.toml: ") and words in problem.message


def test_a_sidecar_may_name_the_city_of_a_masked_text(tmp_path: Path):
    masked = "市生态环境局公示处罚*起，许可*项，优良天数*天，达标率xxx%。"
    assert with_sidecar(tmp_path, "sample = true", masked).anonymous
    report = with_sidecar(tmp_path, 'city = "云浮市"', masked)
    assert report.city == "云浮市" and not report.anonymous


@pytest.mark.parametrize(
    ("sidecar", "code", "words"),
    [
        ('titel = "x"', "sidecar_unknown_key", "title"),
        ("year = 2024\nyear =", "sidecar_invalid", "not valid TOML"),
        ('year = "2024"', "sidecar_wrong_value", "whole number"),
        ('period_end = "Dezember"', "sidecar_wrong_value", "2024-12-31"),
        ('anonymous = true\ncity = "惠州市"', "sidecar_contradiction", "left out"),
    ],
)
def test_what_is_amiss_with_a_sidecar_is_said_and_the_report_read(tmp_path: Path, sidecar: str, code: str, words: str):
    report = with_sidecar(tmp_path, sidecar)
    assert report.text == SIMPLIFIED.rstrip("\n") and report.year == 2023
    (problem,) = report.problems
    assert problem.code == code and words in problem.message and "report.toml" in problem.message


def test_the_date_and_source_of_a_page(tmp_path: Path):
    text = "某县2023年公报\n来源：某某日报\n时间：2024-02-12\n2023年优良率97.5%。"
    report = read(write(tmp_path, text.encode()))
    assert (report.title, report.publisher, report.published) == ("某县2023年公报", "某某日报", "2024-02-12")


def test_of_a_format_that_is_not_read_all_that_are_read_are_said(tmp_path: Path):
    (tmp_path / "a.xls").write_bytes(b"x")
    with pytest.raises(ReadingError, match="is of a format that is not read") as refused:
        read(tmp_path / "a.xls")
    assert all(f" {ending}" in str(refused.value) for ending in (*file_kinds.ENDINGS, *cells._READERS))
    assert tuple(cells._READERS) == file_kinds.TABLES
