"""The places that are known: codes, names, pinyin."""

import csv
from pathlib import Path

import pytest

from ecoanalysis.knowledge import places


def test_codes_are_unique_and_nested():
    known = places.all_places()
    assert len({place.adcode for place in known}) == len(known) > 3000
    assert all(len(place.adcode) == 6 and place.adcode.isdigit() for place in known)
    names = {place.adcode: place.name for place in known}
    for place in known:
        assert names[place.adcode[:2] + "0000"] == place.province, place
        if place.level == "city":
            assert place.city == place.name and place.adcode.endswith("00"), place
    assert sum(place.level == "province" for place in known) == 34


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("重庆市", "Chongqing"),
        ("长沙市", "Changsha"),
        ("厦门市", "Xiamen"),
        ("六安市", "Lu'an"),
        ("亳州市", "Bozhou"),
        ("蚌埠市", "Bengbu"),
        ("丽水市", "Lishui"),
        ("台州市", "Taizhou"),
        ("陕西省", "Shaanxi"),
        ("山西省", "Shanxi"),
        ("内蒙古自治区", "Inner Mongolia"),
        ("西藏自治区", "Tibet"),
        ("西安市", "Xi'an"),
        ("乐清市", "Yueqing"),
        ("呼和浩特市", "Hohhot"),
        ("吕梁市", "Lüliang"),
        ("云浮市", "Yunfu"),
        ("赣州市", "Ganzhou"),
        ("商洛市", "Shangluo"),
    ],
)
def test_english_names(name: str, pinyin: str):
    assert places.label(name, "en") == pinyin


def test_short_names():
    for name, short in [
        ("恩施土家族苗族自治州", "恩施"),
        ("广西壮族自治区", "广西"),
        ("浦东新区", "浦东"),
        ("岷县", "岷县"),
    ]:
        assert places.label(name) == short
    assert places.label("大亚湾经济技术开发区") == "大亚湾经济技术开发区"


def test_names_that_several_places_bear():
    assert places.find("鼓楼区") is None
    assert places.find("鼓楼区", within="南京市").adcode == "320106"
    assert places.find("朝阳") is None
    assert places.find("朝阳区", within="北京市").adcode == "110105"
    assert places.find("西安").adcode == "610100"
    assert places.find("吉林").level == "province" and places.find("吉林市").level == "city"
    assert places.find("无此地") is None and places.find("") is None


def test_the_file_is_sorted_and_complete():
    with (Path(places.__file__).parent / "places.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows == sorted(rows, key=lambda row: row["adcode"])
    assert all(row["name"] and row["short"] and row["pinyin"] and row["province"] for row in rows)
