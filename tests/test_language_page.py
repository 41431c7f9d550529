"""What the page on words shows: findings with their links, tables for readers, charts from results, and hostile names."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from rows import facts_of, metric_rows, reports_of
from test_charts import beyond, overlapping
from test_language_attention import CLEAN, GLOSSED, of_reports
from test_language_substance import quantities_of

from ecoanalysis import charts
from ecoanalysis import language as words
from ecoanalysis.charts.chart import Nothing
from ecoanalysis.reading import read_text
from ecoanalysis.tables.anchor import ANCHOR
from ecoanalysis.wording import word_findings, word_tables

COMMON = "全面落实河长制湖长制各项要求，健全巡河机制，持续开展入河排污口排查整治行动。"
TEXTS = {
    "云浮市": f"空气质量全省第一。久久为功。{COMMON}党支部开展入河排污口排查。确保水质达标。会议召开。",
    "赣州市": f"查处案件36宗，全省首创。{COMMON}会议召开。会议再次召开。研究部署有关事项。",
}


@pytest.fixture
def page():
    reports = reports_of(facts_of(metric_rows("air.pm25", "ug/m3", dict.fromkeys(TEXTS, 1))))
    texts = pd.DataFrame({"report": list(TEXTS), "text": list(TEXTS.values())})
    quantities = pd.concat([quantities_of(text).assign(report=name) for name, text in TEXTS.items()])
    return words.gather(texts, reports), reports, texts, quantities


def findings(page, language):
    corpus, reports, texts, quantities = page
    labels, layout = charts.report_labels(reports, language), words.lay_out(texts, reports)
    index = words.index(corpus)
    superlatives = words.superlatives(corpus, quantities)
    return [
        word_findings.attention_finding(index, reports, labels, language),
        word_findings.ranks_finding(words.ranks(index), labels, language),
        word_findings.reuse_finding(words.boilerplate(layout), words.longest(words.passages(layout)), labels, language),
        word_findings.substance_finding(words.density(corpus, quantities), superlatives, labels, language),
        word_findings.together_finding(words.together(corpus), words.together_sentences(corpus), labels, language),
    ]


def tables(page, language):
    corpus, reports, texts, quantities = page
    labels, layout = charts.report_labels(reports, language), words.lay_out(texts, reports)
    index, passages = words.index(corpus), words.passages(layout)
    results = {
        "superlatives": words.superlatives(corpus, quantities),
        "slogans": words.slogans(corpus),
        "together": words.together_sentences(corpus),
        "passages": words.longest(passages),
        "diffusion": words.diffusion(passages),
        "boilerplate": words.boilerplate(layout),
        "kwic": words.kwic(corpus, "排污口"),
        "collocations": words.collocations(corpus, "会议", least=1),
        "density": words.density(corpus, quantities),
        "modality": word_tables.modal_totals(words.modality(corpus)),
    }
    shown = {kind: word_tables.readable(table, kind, labels, language) for kind, table in results.items()}
    shown["ranks"] = word_tables.readable_ranks(index, words.ranks(index), labels, language)
    shown["themes"] = word_tables.readable_themes(words.attention(corpus), language)
    shown["attention"] = word_tables.readable_attention(words.attention(corpus), labels, language)
    shown["rules"] = word_tables.readable_rules(index, language)
    return shown


def test_findings_say_what_was_counted_by_hand(page):
    _, _, reuse, substance, together = findings(page, "zh")
    # COMMON has clauses of 14, 6 and 15 letters.
    assert "最长的一段35字，云浮和赣州都有" in reuse.text or "最长的一段35字，赣州和云浮都有" in reuse.text
    # 全省第一 and 全省首创; beside the second stand 36 cases.
    assert "最高级表述共2处，其中1处所在的句子没有其他可核验的数量" in substance.text
    assert "1句含有党建词表中的词，其中1句（100%）同时含有业务词，最多的是云浮" in together.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_that_leads_somewhere_leads_to_a_row(page, language):
    rows = {key for table in tables(page, language).values() if table.index.name == ANCHOR for key in table.index}
    for finding in findings(page, language):
        assert "{" not in finding.text
        assert finding.leads and set(finding.leads.values()) <= rows
        assert all(piece in finding.text for piece in finding.leads)
        shown = charts.found(finding).text
        assert all(f'<a href="#{anchor}">' in shown for anchor in finding.leads.values())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_says_its_rule_sample_and_uncertainty(page, language):
    for kind, table in tables(page, language).items():
        shown = charts.counted(table, kind, language).text
        assert len(table) and shown.startswith("<h3>")
        told = shown.rpartition("<p class='source'>")[2]
        assert ("样本：2份报告" if language == "zh" else "Sample: 2 reports") in told, kind
        assert any(part in told for part in ("区间", "无抽样误差", "Intervals", "without sampling error")), kind


def test_texts_and_names_of_reports_are_escaped(page):
    _, reports, texts, _ = page
    evil = "<script>alert(1)</script>"
    named = {"云浮市": evil, "赣州市": "b"}
    reports = reports.assign(report=reports["report"].map(named), city="")
    texts = pd.DataFrame({"report": [evil, "b"], "text": [text + evil for text in texts["text"]]})
    corpus = words.gather(texts, reports)
    quantities = pd.DataFrame(columns=["report", "start", "end", "kind", "value"])
    for kind, table in tables((corpus, reports, texts, quantities), "zh").items():
        assert "<script" not in charts.counted(table, kind).text
    for finding in findings((corpus, reports, texts, quantities), "zh"):
        assert "<script" not in charts.found(finding).text


def test_more_rows_than_are_shown_are_counted(page):
    corpus = words.gather(pd.DataFrame({"report": ["a"], "text": ["久久为功。" * 310]}))
    shown = word_tables.readable(words.slogans(corpus), "slogans", {"a": "甲"})
    assert len(shown) == 300 and "另有10行未列出" in charts.counted(shown, "slogans").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_results_become_charts_that_say_how_they_were_counted(page, language):
    corpus, reports, _, _ = page
    index, counts = words.index(corpus), words.count(corpus)
    for chart in (charts.attention_bars(index, reports, language), charts.rank_lines(index, reports, language)):
        assert not overlapping(chart) and not beyond(chart)
        assert "jieba 0.42.1" in chart.source
        assert ("1000" if chart.kind == "attention" else "区间" if language == "zh" else "intervals") in chart.source
    assert "停用词" in charts.cloud(counts, reports).source


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_report_alone_is_ranked_with_none(page, language):
    _, reports, texts, quantities = page
    corpus = words.gather(texts[:1], reports[:1])
    said = findings((corpus, reports[:1], texts[:1], quantities), language)
    assert ("没有其他报告可比" if language == "zh" else "no other report") in said[0].text
    assert (said[1].leads == {} and "一份报告" in said[1].text) or "one report only" in said[1].text
    assert isinstance(charts.rank_lines(words.index(corpus), reports[:1], language), Nothing)


def test_two_reports_of_one_place_and_year_are_numbered_and_damage_is_named(page):
    _, reports, _, _ = page
    twins = pd.concat([reports, reports.assign(report=reports["report"] + "-2")], ignore_index=True)
    labels = charts.report_labels(twins, "zh")
    assert labels["云浮市"] == "云浮 2024（之一）" and labels["云浮市-2"] == "云浮 2024（之二）"
    assert charts.report_labels(twins, "en")["云浮市-2"] == "Yunfu 2024 (no. 2)"
    damaged = pd.DataFrame({"report": ["云浮市"], "damaged": ["mended"]})
    assert word_tables.with_damage(labels, damaged)["云浮市"].endswith("（原文有损坏，已修复）")


def test_a_report_of_a_damaged_text_is_marked_in_the_rank_chart(page):
    _, reports, texts, _ = page
    lost = reports.assign(repairs=["lost byte 2", ""])
    chart = charts.rank_lines(words.index(words.gather(texts, lost)), lost)
    shown = " ".join(text.get_text() for text in chart.figure.findobj(lambda one: hasattr(one, "get_text")))
    assert "云浮*" in shown and "原文有损坏" in shown and "赣州*" not in shown


def test_a_contrast_leaves_out_the_names_of_places_and_says_when_one_side_is_empty(page):
    _, reports, _, _ = page
    texts = pd.DataFrame({"report": list(TEXTS), "text": ["云浮臭氧下降。" * 30, "赣州水质改善。" * 30]})
    counts = words.count(words.gather(texts, reports))
    chart = charts.contrast(counts, reports, "city", "云浮市")
    assert {"云浮", "赣州"}.isdisjoint(chart.data["word"]) and "臭氧" in set(chart.data["word"])
    none = charts.contrast(counts, reports, "year", 2024)
    assert isinstance(none, Nothing) and "有一方没有报告" in none.text
    assert isinstance(charts.contrast(counts, reports, "genre", "party_feature", "annual_summary", "en"), Nothing)


def test_traditional_characters_with_glosses_count_as_the_clean_text_does():
    others = read_text(COMMON + "会议召开。" + CLEAN.splitlines()[1], "b", year=2024)
    found = []
    for text in (CLEAN, GLOSSED):
        report = read_text(text, "a", year=2024)
        texts, reports, sections = of_reports(report, others)
        corpus, layout = words.gather(texts, reports, sections), words.lay_out(texts, reports)
        quantities = pd.concat([quantities_of(one.text).assign(report=one.report) for one in (report, others)])
        passages = words.passages(layout)
        found.append(
            [
                words.density(corpus, quantities),
                words.together(corpus),
                words.modality(corpus),
                words.superlatives(corpus, quantities),
                words.slogans(corpus),
                words.keyness(words.count(corpus), ["a"], ["b"], least=1),
                words.collocations(corpus, "水质", least=1),
                words.kwic(corpus, "质量"),
                words.boilerplate(layout),
                words.pairs(layout),
                words.longest(passages),
            ]
        )
    for clean, glossed in zip(*found, strict=True):
        says = [name for name in clean.columns if name.startswith("damaged")]
        pd.testing.assert_frame_equal(clean.drop(columns=says), glossed.drop(columns=says))
    assert len(found[0][-1]) == 1


SCRIPT = """
import sys
import pandas as pd
from ecoanalysis import language as words
names, texts = sys.argv[1].split("|"), sys.argv[2].split("|")
frame = pd.DataFrame({"report": names, "text": texts})
reports = frame.assign(city=[n + "市" for n in names], district="", year=2024, repairs="", sample=False)
corpus, layout = words.gather(frame, reports), words.lay_out(frame, reports)
counts = words.count(corpus)
for table in (
    words.attention(corpus), words.index(corpus), words.together(corpus), words.modality(corpus),
    words.keyness(counts, names[:0] + ["a"], ["b"], least=1), words.collocations(corpus, "会议", least=1),
    words.boilerplate(layout), words.pairs(layout), words.passages(layout),
):
    print(table.to_csv())
"""


@pytest.mark.slow
def test_every_process_and_any_order_gives_the_same():
    texts = {"a": next(iter(TEXTS.values())), "b": list(TEXTS.values())[1], "c": COMMON * 2}
    said = set()
    for names, seed, threads in (("abc", "1", "1"), ("cab", "2", "2"), ("bca", "3", "1")):
        environment = {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONHASHSEED": seed, "PATH": os.environ["PATH"]}
        environment |= {"OPENBLAS_NUM_THREADS": threads, "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-c", SCRIPT, "|".join(names), "|".join(texts[name] for name in names)]
        done = subprocess.run(command, env=environment, capture_output=True, check=True)
        said.add(done.stdout)
    assert len(said) == 1 and len(said.pop()) > 2000
