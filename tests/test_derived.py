"""Values that follow from others, shares from days and rates from parts: which is taken, and how sure it is."""

import pytest
from rows import FULL, facts_of, metric_rows

from ecoanalysis.knowledge.doubts import doubt_text
from ecoanalysis.wording import tables


def test_a_share_follows_from_days_unless_one_of_the_same_group_is_stated():
    days = {"metric": "air.good_days", "unit": "day", "value": 353}
    share = {"metric": "air.good_days_rate", "unit": "%", "value": 100, "period": ["2024-01-01", "2024-03-31"]}
    facts = facts_of([{"city": "海口市"} | days, {"city": "海口市"} | share])
    (row,) = tables.panel(facts, "air.good_days_rate", 2024).to_dict("records")
    assert (row["value"], row["derived"], row["formula"]) == (96.4, True, "353÷366×100%")
    facts = facts_of([{"city": "海口市"} | days, {"city": "海口市"} | share | {"period": FULL, "value": 96.5}])
    (row,) = tables.panel(facts, "air.good_days_rate", 2024).to_dict("records")
    assert (row["value"], row["derived"]) == (96.5, False)


def test_what_follows_from_a_value_in_doubt_is_in_doubt_and_not_silent():
    doubted = {"confidence": 0.7, "doubt": "period_assumed"}
    days = {"city": "海口市", "metric": "air.good_days", "unit": "day", "value": 353}
    others = metric_rows("air.good_days_rate", "%", {"赣州市": 95, "云浮市": 97})
    panel = tables.panel(facts_of([days | doubted, *others]), "air.good_days_rate", 2024).set_index("city")
    row = panel.loc["海口市"]
    assert (row["value"], row["derived"], row["formula"]) == (96.4, True, "353÷366×100%")
    assert (row["reason"], row["unsure"], row["confidence"]) == ("doubt", "period_assumed", 0.7)
    assert row["why_not"] == f"待核：{doubt_text('period_assumed')}" and not row["comparable"]
    assert panel["comparable"].sum() == 2


@pytest.mark.parametrize("part", ["enforcement.fines", "enforcement.penalties"])
def test_a_rate_is_as_sure_as_the_less_sure_part(part):
    parts = {"enforcement.fines": ("CNY", 1000000), "enforcement.penalties": ("case", 10)}
    rows = [
        {"city": "赣州市", "metric": metric, "unit": unit, "value": value}
        | ({"confidence": 0.5, "doubt": "scope_assumed"} if metric == part else {"confidence": 0.95})
        for metric, (unit, value) in parts.items()
    ]
    (row,) = tables.panel(facts_of(rows), "enforcement.fine_per_penalty", 2024).to_dict("records")
    assert (row["value"], row["unsure"], row["confidence"]) == (100000, "scope_assumed", 0.5)
    if part == "enforcement.penalties":  # of two readings of a denominator the sure one is taken
        facts = facts_of([*rows, rows[-1] | {"confidence": 0.95, "doubt": "", "value": 20}])
        (row,) = tables.panel(facts, "enforcement.fine_per_penalty", 2024).to_dict("records")
        assert (row["value"], row["unsure"], row["comparable"]) == (50000, "", True)


def test_a_stated_value_in_doubt_comes_before_one_that_follows_in_doubt():
    doubted = {"city": "海口市", "confidence": 0.7, "doubt": "period_assumed"}
    days = doubted | {"metric": "air.good_days", "unit": "day", "value": 353}
    share = doubted | {"metric": "air.good_days_rate", "unit": "%", "value": 96.5}
    (row,) = tables.panel(facts_of([days, share]), "air.good_days_rate", 2024).to_dict("records")
    assert (row["value"], row["derived"], row["reason"]) == (96.5, False, "doubt")
    (row,) = tables.panel(facts_of([days | {"confidence": 1.0}, share]), "air.good_days_rate", 2024).to_dict("records")
    assert (row["value"], row["derived"], row["unsure"]) == (96.4, True, "")


def test_no_fine_per_case_of_two_cities():
    fines = {"city": "赣州市", "metric": "enforcement.fines", "unit": "CNY", "value": 1000000, "report": "both"}
    cases = {"city": "云浮市", "metric": "enforcement.penalties", "unit": "case", "unit_text": "件", "value": 10}
    facts = facts_of([fines, cases | {"report": "both"}])
    assert tables.panel(facts, "enforcement.fine_per_penalty", 2024)["value"].isna().all()
    facts = facts_of([fines, cases | {"report": "both", "city": "赣州市"}])
    assert tables.panel(facts, "enforcement.fine_per_penalty", 2024)["value"].tolist() == [100000]
