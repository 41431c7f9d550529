"""Damaged, misplaced and hostile files: each is a row of the table of problems, and the others are still read."""

import os
from pathlib import Path

import pytest

from ecoanalysis import tables
from ecoanalysis.cli import main
from ecoanalysis.errors import RequestError
from ecoanalysis.tables import store

GOOD = "云浮市生态环境局2024年工作总结\n\n2024年，全市空气质量优良率为97.5%，PM2.5平均浓度20微克/立方米。\n"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    return folder


def problem(raw: Path, name: str, severity: str = "error") -> str:
    """The message about the report `name`, after checking that the good one was read all the same."""
    found = tables.gather(raw)
    assert "good" in found.facts["report"].tolist()
    rows = found.problems[found.problems["report"] == name]
    assert rows["severity"].tolist() == [severity], found.problems.to_string()
    return rows["message"].iloc[0]


def test_an_empty_file(raw: Path):
    (raw / "bad.txt").touch()
    assert "bad.txt" in problem(raw, "bad") and "empty" in problem(raw, "bad")


def test_a_file_of_blanks(raw: Path):
    (raw / "bad.txt").write_text(" \n\u3000\n\ufeff", encoding="utf-8")
    assert "bad.txt holds no text" in problem(raw, "bad")


@pytest.mark.parametrize(
    "start", [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\x7fELF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_a_binary_file(raw: Path, start: bytes):
    (raw / "bad.txt").write_bytes(start + bytes(range(256)) * 40)
    assert "bad.txt" in problem(raw, "bad")


def test_a_folder_named_like_a_report_is_a_folder(raw: Path):
    (raw / "bad.txt").mkdir()
    (raw / "bad.txt" / "empty.txt").touch()
    assert "empty.txt" in problem(raw, "bad.txt/empty")


@pytest.mark.skipif(os.name != "posix", reason="a pipe with a name is a thing of POSIX")
def test_a_pipe_named_like_a_report_blocks_nothing(raw: Path):
    os.mkfifo(raw / "bad.txt")
    assert "bad.txt" in problem(raw, "bad")


def test_a_link_that_leads_nowhere(raw: Path):
    (raw / "bad.txt").symlink_to(raw / "gone.txt")
    assert "bad.txt" in problem(raw, "bad")


def test_an_unreadable_file(raw: Path, monkeypatch: pytest.MonkeyPatch):
    bad = raw / "bad.txt"
    bad.write_text(GOOD, encoding="utf-8")
    bad.chmod(0)
    if os.access(bad, os.R_OK):  # root may read everything: refuse it by hand
        opened = Path.open

        def refuse(path: Path, *arguments: object, **named: object) -> object:
            if path.name == "bad.txt":
                raise PermissionError(13, "Permission denied", str(path))
            return opened(path, *arguments, **named)

        monkeypatch.setattr(Path, "open", refuse)
        monkeypatch.setattr(Path, "read_bytes", lambda path: refuse(path, "rb").read())
    assert "bad.txt" in problem(raw, "bad")


def test_a_report_with_no_figure(raw: Path):
    (raw / "bad.txt").write_text("某市生态环境局工作总结\n\n全局上下认真学习，工作稳步推进。\n", encoding="utf-8")
    assert "no figure" in problem(raw, "bad", "warning")


def test_two_reports_with_one_name(raw: Path):
    for name in ("bad.txt", "bad.md"):
        (raw / name).write_text(GOOD, encoding="utf-8")
    found = tables.gather(raw)
    assert found.reports["report"].tolist() == ["good"]
    rows = found.problems[found.problems["report"] == "bad"]
    assert rows[["code", "severity"]].to_numpy().tolist() == [["same_name", "error"]] * 2
    assert "bad.txt has the same name as" in rows["message"].iloc[1]


def test_a_text_beyond_the_limit(raw: Path):
    with (raw / "bad.txt").open("wb") as stream:
        stream.truncate(2**30)  # a gigabyte of nothing, which takes no room on the disk
    assert "bad.txt has 1,073,741,824 bytes; at most 50,000,000 are read" in problem(raw, "bad")


def test_a_damaged_sidecar_is_said(raw: Path):
    (raw / "good.toml").write_text("city = [unclosed", encoding="utf-8")
    found = tables.gather(raw)
    assert any("good.toml" in message for message in found.problems["message"])


def test_one_bad_byte_and_a_cut_tail_spoil_nothing_else(raw: Path):
    whole = GOOD.encode("gb18030")
    (raw / "bad.txt").write_bytes(whole[:20] + b"\xff" + whole[20:] + "臭氧".encode("gb18030")[:-1])
    found = tables.gather(raw)
    values = found.facts[found.facts["report"] == "bad"].set_index("metric")["value"]
    assert values["air.good_days_rate"] == 97.5 and values["air.pm25"] == 20


def test_the_command_line_goes_on_and_exits_with_1(raw: Path, tmp_path: Path):
    from click.testing import CliRunner

    (raw / "bad.txt").touch()
    before = {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(raw)}
    result = CliRunner().invoke(main, ["parse", "--raw", str(raw), "--processed", str(tmp_path / "processed")])
    assert result.exit_code == 1 and "Traceback" not in result.output
    assert "bad.txt" in result.stderr
    assert "good" in tables.load(tmp_path / "processed").facts["report"].tolist()
    assert {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(raw)} == before


def test_a_folder_in_the_place_of_the_lock_is_said(raw: Path):
    processed = raw.parent / "processed"
    (processed / ".lock").mkdir(parents=True)
    with pytest.raises(RequestError, match="is a folder"), store.alone(store.Place(processed)):
        pytest.fail("the tables were taken")
