"""What speaks for whose report it is: every place that a title, a source, a file name, an opening, a signature or the
body names, and how much that weighs.

In: an `Imprint`. Out: `Evidence`. Nothing is decided here; `place` adds up. Only the head, the end and the first 20,000
characters are looked at. Weights are in `knowledge/words/evidence.csv`.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.places import Place
from ecoanalysis.knowledge.tables import pattern, rows

READ = 20_000
_SHARPNESS = 1.4  # fitted to the labelled openings of the tests
_OPENING = 400
_ECOLOGY = "(?:生态环境保护|生态环境|环境保护|生态环保|环保|环境)"
_OFFICE = re.compile(
    rf"人民政府(?=关于)|(?:(?:安全生产监管|应急管理|建设|水务|城市管理|自然资源)和)?{_ECOLOGY}(?:和[\u4e00-\u9fff]{{2,6}}?)?(?:局|厅|分局|部(?=20)|监测中心|监测站)"
    r"(?:(?P<branch>[\u4e00-\u9fff]{2,16}?)(?:分局|管理局))?"
    r"|(?<![\u4e00-\u9fff])(?P<alone>[\u4e00-\u9fff]{2,8}?)分局"
)
_LAST_WORDS = re.compile(r"[\u4e00-\u9fff]*$")
_PAPER = re.compile(
    r"([\u4e00-\u9fff]{2,5}?)(?:日报|晚报|新闻网|传媒网|融媒|网(?![站络])|年鉴|新闻(?=\s{0,3}20\d\d年))"
)
_DATELINE = re.compile(r"(?:本报|本网|新华社|中新网|中新社)[\u4e00-\u9fff]{2,6}?\d{1,2}月\d{1,2}日[电讯]")
_CLAUSE = re.compile("[，。；,;]")
_LABEL = re.compile("[:：|]|来源")
_HOME = re.compile("美丽([\u4e00-\u9fff]{2,4}?)(?:建设|大地|新)")
_SOURCE = re.compile(r"(?:来源|发布机构|发文机构|发文单位)\s{0,3}[:：]\s{0,3}\S{1,30}")
ZONE = re.compile("(?:开发区|新区|高新区|经开区|园区|度假区|保税区|示范区|合作区|管理区|风景区)$")
_ZONE_NAMED = re.compile(r"[\u4e00-\u9fff]{2,14}?(?:开发区|新区|高新区|工业园区|度假区|保税区|管理区)(?!建设|域)")
_BEFORE_ZONE = re.compile("^.*[市省局县在是和与及对的年月日来将由了各全为被至到省从向以]")


@dataclass(frozen=True, slots=True)
class Location:
    """Full names and the code of the finest of them that has one; empty where not known."""

    province: str = ""
    city: str = ""
    district: str = ""
    adcode: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """A report as far as it can say whose it is: its head, its text, and where it lies."""

    title: str
    text: str
    publisher: str = ""
    name: str = ""
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign: where it was found, the places that it may mean, and its weight."""

    source: str
    meant: tuple[Location, ...]
    weight: float


@cache
def weights() -> dict[str, tuple[str, float]]:
    """Return source and weight of every sign."""
    return {row["sign"]: (row["source"], float(row["weight"])) for row in rows("words/evidence.csv")}


def share_of(totals: Iterable[float]) -> float:
    """Return how sure the largest of some totals is: its share of exp(weight), beside what was not read (weight 0).

    >>> round(share_of([6, 3]), 2), round(share_of([2]), 2), round(share_of([4, 4]), 2)
    (0.99, 0.94, 0.5)
    """
    sharp = [_SHARPNESS * total for total in (*totals, 0)]
    return 1 / sum(math.exp(total - max(sharp)) for total in sharp)


def evidence(imprint: Imprint) -> list[Evidence]:
    """Return all that speaks for a place, in no order."""
    text = _DATELINE.sub("", _SOURCE.sub("", imprint.text[:READ]))
    start = text.find(imprint.title[:12], 0, 1000) if imprint.title else -1
    body = text[text.find("\n", start) + 1 or len(text) :] if start >= 0 else text
    opening = text[max(0, start - _OPENING) : max(0, start)] + _opening(body)
    return [
        *_headed(imprint.title, "title"),
        *_papers(imprint.title, "opening"),
        *_published(imprint.publisher),
        *(() if imprint.publisher else _papers(opening, "opening")),
        *_headed(opening, "opening"),
        *_sign("signature", _signed(imprint)),
        *_filed(imprint),
        *_counted(body),
    ]


def location_of(place: Place) -> Location:
    """Return a place as whose report it is; 潜江 and its like stand directly under their province, beside its prefectures."""
    if place.level == "county" and not place.city:
        return Location(place.province, place.name, "", place.adcode)
    district = place.name if place.level == "county" else ""
    return Location(place.province, place.city, district, place.adcode)


def _opening(body: str) -> str:
    """The first paragraph and the short lines before it."""
    end = 0
    for line in body[:2000].split("\n"):
        end += len(line) + 1
        if len(line) > 40 and _CLAUSE.search(line):
            break
    return body[: min(end, _OPENING)]


def _sign(sign: str, meant: Iterable[tuple[Location, ...]], part: float = 1) -> Iterator[Evidence]:
    source, weight = weights()[sign]
    yield from (Evidence(source, one, weight * part) for one in meant if one)


def _called(name: str, level: str = "") -> tuple[Location, ...]:
    """The places that bear a name, all or those of a level."""
    return tuple(location_of(place) for place in places.called(name) if level in ("", place.level))


def _headed(text: str, part: str) -> Iterator[Evidence]:
    """The first bureau and the first place of a title or an opening, and the other places in it."""
    bureaus = [meant for _, _, meant in offices(text)]
    yield from _sign(f"{part}_bureau", bureaus[:1])
    named = [one for one in places_named(text) if part == "title" or not _listed(text, *one)]
    if text[1:2] == "县" and (county := _called(text[:2])):
        named.insert(0, (0, county))  # 郏县2020年…通报: elsewhere two characters are rarely a name
    first, *later = [meant for _, meant in named] or [()]
    if later and named[1][0] - named[0][0] <= 16 and any(_holds(one, two) for one in first for two in later[0]):
        first = later.pop(0)  # 新疆生产建设兵团第八师石河子市
    several = part != "title" and len({one.province for _, meant in named for one in meant[:1]}) > 2
    if first and first not in bureaus[:1] and not several:
        yield from _sign(f"{part}_first", [first])
    yield from _sign(f"{part}_later", [meant for meant in later[:3] if meant not in bureaus[:1]])


def _published(publisher: str) -> Iterator[Evidence]:
    if named := [meant for _, meant in places_named(publisher)]:
        kind = "paper" if _PAPER.search(publisher) or pattern("publisher_site").search(publisher) else "bureau"
        yield from _sign(f"publisher_{kind}", named[-1:])
    else:
        yield from _papers(publisher, "publisher")


def _papers(text: str, part: str) -> Iterator[Evidence]:
    """A newspaper or a site that bears the name of a place: 凉山日报, 文成新闻网."""
    meant = (_place_at_end(match[1])[1] for match in _PAPER.finditer(text))
    yield from _sign(f"{part}_paper", [next(filter(None, meant), ())])


def _signed(imprint: Imprint) -> list[tuple[Location, ...]]:
    """Who is named in the last lines, where they are short."""
    for line in imprint.text[-200:].split("\n")[-3:]:
        if len(line) > 30 or re.search("[，。；;]", line) or _LABEL.search(line) or line.strip() in imprint.title:
            continue
        if found := [meant for _, meant in places_named(line)]:
            return found[:1]
    return []


def _filed(imprint: Imprint) -> Iterator[Evidence]:
    words = _words(imprint.name)
    named = [meant for _, meant in places_named(words)] or [_called(words)]
    yield from _sign("file_name", named[:1])
    yield from _sign("folder_name", (_called(_words(folder)) for folder in imprint.folders))


def _words(name: str) -> str:
    return "".join(re.findall("[\u4e00-\u9fff]+", name))


def _counted(body: str) -> Iterator[Evidence]:
    """How often the body names each place; one in a list speaks for what it lies in alone."""
    named = []
    for start, meant in places_named(body):
        if not any(one.adcode or one.district for one in meant):
            continue  # 在保定24个县中 is said of one of these
        outer = tuple({Location(one.province, one.city if one.district else "") for one in meant})
        named.append(outer if _listed(body, start, meant) else meant)
    if len(set(named)) == 1 and named[0][0].province and pattern("place_speaking").search(body):
        yield from _sign("body_alone", named[:1])
    total = max(2, len(named))
    for meant, count in Counter(named).items():
        yield from _sign("body_share", [meant], count / total)
    home = _HOME.search(body)
    yield from _sign("body_home", [_called(home[1], "county")] if home else [])


def _listed(text: str, start: int, meant: tuple[Location, ...]) -> bool:
    end = start + max(len(one.district or one.city or one.province) for one in meant)
    before, after = text[max(0, start - 2) : start].rpartition("\n")[2], text[end - 2 : end + 2]
    return before[-1:] in ("、", "和") or "|" in before or "、" in after[:3] or "|" in after


def places_named(text: str) -> list[tuple[int, tuple[Location, ...]]]:
    """Return where a text names which place: of 江西省赣州市章贡区 the last, of a bureau and a branch the one that speaks.

    >>> [meant[0].district for _, meant in places_named("江西省赣州市章贡区、赣州市生态环境局于都分局")]
    ['章贡区', '于都县']
    """
    bureaus = offices(text)
    taken = {at for start, end, _ in bureaus for at in range(start, end)}
    found = [(start, meant) for start, _, meant in bureaus]
    for match in _ZONE_NAMED.finditer(text):  # 天衢新区, not 经济技术开发区 alone
        if match.end() - 1 not in taken and (zone := zone_of(_BEFORE_ZONE.sub("", match[0]))):
            found.append((match.start(), (zone,)))
    last, outer, gone = -1, tuple[Location, ...](), -1
    for start, end, bearers in places.mentions(text):
        if start == gone or start in taken or pattern("place_elsewhere").search(text[max(0, start - 3) : start]):
            gone = end
            continue
        meant = tuple(map(location_of, bearers))
        # 在西安市各区县中 is said of one in it: without its code it is not the city itself.
        if pattern("place_among").match(text, end):
            meant = tuple(replace(one, adcode="") for one in meant)
        inner = tuple(one for one in meant if any(_holds(place, one) for place in outer)) if start == last else ()
        if inner:
            found[-1] = found[-1][0], inner
        else:
            # 郏县 is too short to be sought anywhere, but not behind its city: 平顶山市郏县.
            below = (location_of(place) for place in places.bearers(text[end : end + 2]) if place.level == "county")
            inner = tuple(one for one in below if any(_holds(place, one) for place in meant))
            found.append((start, inner or meant))
        last, outer = end, inner or meant
    return sorted(found, key=lambda one: one[0])


def _holds(outer: Location, inner: Location) -> bool:
    """Whether one place lies in another: of equal names from the top, and with more below."""
    if outer.district or outer == inner or outer.province != inner.province:
        return False
    return outer.city in ("", inner.city) or outer.city == outer.province == inner.city


def zone_of(name: str) -> Location | None:
    """Return a development zone and the city that its name opens with; None where it is no name.

    >>> zone_of("武汉东湖新技术开发区"), zone_of("经济技术开发区")
    (Location(province='湖北省', city='武汉市', district='东湖新技术开发区', adcode=''), None)
    """
    if not ZONE.search(name) or places.called(name):
        return None
    for length in (4, 3, 2):
        city = places.find(name[:length])
        if city and city.level == "city":
            bare = name[length:].removeprefix("市")
            return Location(city.province, city.city, bare if _is_named(bare) else name, "")
    return Location("", "", name, "") if _is_named(name) else None


def _is_named(zone: str) -> bool:
    return len(pattern("zone_nameless").sub("", ZONE.sub("", zone))) >= 2


def offices(text: str) -> list[tuple[int, int, tuple[Location, ...]]]:
    """Return where a text names a bureau of ecology whose place can be told, and the place: of X局Y分局 it is Y.

    >>> offices("漳州市芗城生态环境局")[0][2][0].district, offices("永州市生态环境局祁阳分局")[0][2][0].district
    ('芗城区', '祁阳市')
    """
    found = []
    for match in _OFFICE.finditer(text):
        before = _LAST_WORDS.search(text[max(0, match.start() - 14) : match.start()])[0]  # type: ignore[index]
        length, outer = _place_at_end(before)
        branch = match["branch"] or match["alone"]
        if meant := _branch(branch, outer) if branch else outer:
            found.append((match.start() - length, match.end(), meant))
    return found


def _branch(name: str, outer: tuple[Location, ...]) -> tuple[Location, ...]:
    """The districts that X局Y分局 may mean; 新区 alone is no name."""
    name = _BEFORE_ZONE.sub("", name) if ZONE.search(name) else name
    if ZONE.search(f"{name}区") and not ZONE.search(name):
        name += "区"  # 高新分局
    names = name, f"{name}区", f"{name}县"
    counties = _called(next(filter(places.called, names), ""), "county")
    inner = tuple(one for one in counties if any(_holds(city, one) for city in outer)) if outer else counties
    if inner or not ZONE.search(name):
        return inner
    city = outer[0] if outer else Location()
    zone = zone_of(name)
    if not (zone or city.city):
        return ()
    return (zone if zone and zone.city else Location(city.province, city.city, name, ""),)


@lru_cache(10_000)
def _place_at_end(words: str) -> tuple[int, tuple[Location, ...]]:
    """The places whose name a string ends with, within the one named before it (近年来赣州市章贡), and the name's length."""
    bare = _BEFORE_ZONE.sub("", words)
    if zone := zone_of(bare):
        return len(bare), (zone,)
    for length in range(len(words), 1, -1):
        if meant := _called(words[-length:]):
            longer, outer = _place_at_end(words[:-length])
            inner = tuple(one for one in meant if any(_holds(place, one) for place in outer))
            cities = tuple(one for one in inner or meant if not one.district)  # 淮安 is the city, not its district
            return length + longer * bool(inner), cities or inner or meant
    return 0, ()
