"""The inbox: complete files are taken, nothing is overwritten, and what stays says why."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ecoanalysis.errors import RequestError
from ecoanalysis.reporting import inbox

OLD = time.time() - 3600


def put(folder: Path, name: str, content: str = "x", changed: float = OLD) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(content, encoding="utf-8")
    os.utime(file, (changed, changed))
    return file


@pytest.fixture(params=["links", "copies"])
def places(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """An inbox and a raw folder, on one disk or on two."""
    if request.param == "copies":

        def refuse(*_: object) -> None:
            raise OSError("another disk")

        monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "in").mkdir()
    (tmp_path / "raw").mkdir()
    return tmp_path / "in", tmp_path / "raw"


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_complete_files_are_moved_with_their_sidecars(places: tuple[Path, Path]):
    box, raw = places
    put(box, "云浮2024.txt", "优良率99%")
    put(box, "云浮2024.toml", "year = 2024")
    moved = inbox.take(box, raw)
    assert [one.file.name for one in moved] == ["云浮2024.toml", "云浮2024.txt"] and not any(one.why for one in moved)
    assert (raw / "云浮2024.txt").read_text(encoding="utf-8") == "优良率99%"
    assert names(raw) == ["云浮2024.toml", "云浮2024.txt"] and names(box) == []


def test_what_is_still_written_stays(places: tuple[Path, Path]):
    box, raw = places
    for name in ("a.txt.part", "b.pdf.crdownload", "~$c.docx", ".d.txt.swp", "e.docx.tmp"):
        put(box, name)
    put(box, "new.txt", changed=time.time())
    put(box, "pausing.txt", changed=time.time() - inbox.STEADY + 60)
    put(box, "ahead.txt", changed=time.time() + 20)
    before = names(box)
    why = {one.file.name: one.why for one in inbox.take(box, raw)}
    assert names(box) == before and names(raw) == []
    assert why["a.txt.part"] == "it is still being fetched"
    assert "may not be complete; a run ten minutes after" in why["new.txt"] and "complete" in why["ahead.txt"]
    assert not {"~$c.docx", ".d.txt.swp"} & why.keys(), "Office's and editors' own files are none of ours"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows which files a process has open")
@pytest.mark.parametrize("mode", ["ab", "r+b", "rb"])
def test_what_another_process_has_open_for_writing_stays_however_long_it_pauses(places: tuple[Path, Path], mode: str):
    box, raw = places
    put(box, "a.txt")
    code = "import sys; held = open(sys.argv[1], sys.argv[2]); print('held', flush=True); sys.stdin.read()"
    told = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code, box / "a.txt", mode], **told) as writer:
        assert writer.stdout.readline() == "held\n"
        (one,) = inbox.take(box, raw)
        writer.stdin.close()
    assert ("open for writing" in one.why) is (mode != "rb"), "who only reads it holds nothing up"
    assert names(raw) == (["a.txt"] if mode == "rb" else [])
    inbox.take(box, raw)
    assert names(raw) == ["a.txt"] and names(box) == []


def test_where_no_process_can_be_seen_the_time_alone_tells(
    places: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    box, raw = places
    monkeypatch.setattr(inbox, "_PROCESSES", tmp_path / "none")
    put(box, "a.txt")
    put(box, "b.txt", changed=time.time() - 300)
    assert [bool(one.why) for one in inbox.take(box, raw)] == [False, True] and names(raw) == ["a.txt"]


def test_a_file_renamed_into_the_inbox_is_taken_at_once(places: tuple[Path, Path]):
    box, raw = places
    put(box, "a.txt.part").rename(box / "a.txt")
    assert [one.why for one in inbox.take(box, raw)] == [""] and names(raw) == ["a.txt"]


@pytest.mark.parametrize("there", ["a.txt", "a.docx"])
def test_nothing_is_overwritten_nor_made_to_clash(places: tuple[Path, Path], there: str):
    box, raw = places
    put(box, "a.txt", "new")
    put(raw, there, "old")
    (one,) = inbox.take(box, raw)
    assert f"{there} is there already" in one.why
    assert (raw / there).read_text() == "old" and (box / "a.txt").read_text() == "new" and names(raw) == [there]


def test_links_folders_and_what_is_no_report_stay(places: tuple[Path, Path], tmp_path: Path):
    box, raw = places
    secret = put(tmp_path, "secret.txt")
    (box / "link.txt").symlink_to(secret)
    (box / "folder").mkdir()
    put(box, "README.md")
    why = {one.file.name: one.why for one in inbox.take(box, raw)}
    assert why == {"link.txt": "it is no plain file", "folder": "it is no plain file", "README.md": "it is no report"}
    assert names(raw) == [] and secret.exists()


def test_what_an_ended_run_left_half_copied_is_removed(places: tuple[Path, Path]):
    box, raw = places
    put(raw, ".taking-a.txt", "half")
    put(box, "a.txt", "whole")
    inbox.take(box, raw)
    assert names(raw) == ["a.txt"] and (raw / "a.txt").read_text() == "whole"


def test_an_inbox_that_is_none_is_refused(tmp_path: Path):
    with pytest.raises(RequestError, match=r"no folder .*missing; make it"):
        inbox.take(tmp_path / "missing", tmp_path)
    with pytest.raises(RequestError, match="is the folder of the reports itself"):
        inbox.take(tmp_path, tmp_path)
