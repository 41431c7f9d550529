"""Write the catalogue as a page for people: what every metric is, how it is said, and what it is not.

In: the metrics. Out: a page in Markdown, a part for each domain; nothing in it that the catalogue does not hold.
"""

import math
import re
from collections.abc import Mapping

from ecoanalysis.knowledge.catalogue import WORD, Cue, Metric, metrics, spellings, topics
from ecoanalysis.knowledge.phrases import domain_name
from ecoanalysis.knowledge.unit_names import scale_of

_SPELLED = 3  # words of a topic shared by several metrics that are written out
_BETTER = {"higher": "higher is better", "lower": "lower is better", "none": "neither direction is better"}
_HEAD = """# Codebook

{count} metrics in {domains} domains. Each has an id, names in Chinese and English, the unit that its values are kept in, the
direction that is better and the range that is plausible: what lies outside is kept, and said to be odd.

How it is said: words with + between them stand beside the number in any order; N is the number where its place matters;
a/b is one or the other; what stands in [ ] may be left out. Words *earlier* were said before: in the sentence, in the one
before, in a heading or in the title.
"""


def page(known: Mapping[str, Metric] | None = None) -> str:
    """Return the codebook of the catalogue, or of the metrics given.

    >>> print(page({"noise.day": metrics()["noise.day_compliance_rate"]}).split("## ")[1].splitlines()[0])
    Noise 噪声 (1)
    """
    entries = (metrics() if known is None else known).values()
    domains: dict[str, list[str]] = {}
    for metric in entries:
        domains.setdefault(metric.domain, []).append(_entry(metric))
    parts = []
    for domain, members in domains.items():
        names = " ".join(dict.fromkeys((domain_name(domain, "en"), domain_name(domain))))
        parts.append(f"## {names} ({len(members)})\n\n" + "\n".join(members))
    head = _HEAD.format(count=len(entries), domains=len(parts))
    return "\n".join([head, *parts])


def _entry(metric: Metric) -> str:
    lines = [
        f"### `{metric.id}` {metric.zh}\n",
        f"{metric.en}\n",
        f"- {_unit(metric)}; {_BETTER[metric.better]}{_range(metric)}",
    ]
    if metric.cues:
        lines.append(f"- said: {'; '.join(dict.fromkeys(plain(cue) for cue in metric.cues))}")
    excluded = [*metric.excluded, *(f"{word} (earlier)" for word in metric.elsewhere)]
    if excluded:
        lines.append(f"- not beside: {'、'.join(excluded)}")
    if len(metric.stats) < 4:
        lines.append(f"- read only as: {', '.join(sorted(metric.stats))}")
    if metric.counterpart:
        lines.append(f"- the same in another unit: `{metric.counterpart}`")
    if metric.source:
        lines.append(f"- source: {metric.source}")
    return "\n".join(lines) + "\n"


def _unit(metric: Metric) -> str:
    name = scale_of(metric.unit).name
    return f"unit {metric.unit}" + (f" ({name})" if name and name != metric.unit else "")


def _range(metric: Metric) -> str:
    low = "" if math.isinf(metric.low) else f" from {metric.low:.12g}"
    high = "" if math.isinf(metric.high) else f" to {metric.high:.12g}" if low else f" up to {metric.high:.12g}"
    return f"; plausible{low}{high}" if low or high else ""


def plain(cue: Cue) -> str:
    """Return a cue in plain words.

    >>> from ecoanalysis.knowledge.catalogue import read_cue
    >>> [plain(read_cue(text)) for text in ("{立案,查处} 案件", "@督察 # 任务", "无 劣Ⅴ类 断面 = 0")]
    ['立案/查处 + 案件', 'N … 任务 (earlier: 督察)', '无 + 劣Ⅴ类 + 断面, which says 0']
    """
    written = WORD.findall(cue.text.partition("=")[0])
    words = [_word(word) for word in written if not word.startswith("@")]
    said = " … ".join("N" if word == "#" else word for word in words) if "#" in words else " + ".join(words)
    topics = " and ".join(_topic(word[1:]) for word in written if word.startswith("@"))
    implied = "" if cue.implied is None else f", which says {cue.implied:.12g}"
    return f"{said}{f' (earlier: {topics})' if topics else ''}{implied}".strip()


def _word(word: str) -> str:
    """Return a word of a cue with its choices in signs that need no explanation: 重{度,}污染{天数,日} is 重[度]污染(天数/日)."""
    while choice := re.search(r"\{([^{}]*)\}", word):
        spelled = "/".join(filter(None, choice[1].split(",")))
        if "" in choice[1].split(","):
            spelled = f"[{spelled}]"
        elif choice[0] != word and "/" in spelled:
            spelled = f"({spelled})"
        word = word[: choice.start()] + spelled + word[choice.end() :]
    return word


def _topic(word: str) -> str:
    if not word.startswith(":"):
        return _word(word)
    few = spellings(topics()[word[1:]])[:_SPELLED]
    return f"{'/'.join(few)} and the like"
