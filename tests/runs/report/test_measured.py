"""The table of metrics, the protocol that records share, and the records themselves."""

import json
import math

import pytest

from tests.runs.report.pages import cells, full_report, read, record, section, words
from tf_infomax.runs.report import report_page
from tf_infomax.runs.report.measured import ROW_FIELDS, split_protocol


def part(*records, name: str = "metrics"):
    return section(read(report_page(full_report(records=records))), name)


def table_of(*records):
    """The headings, and the rows by the first words of each."""
    head, *rows = part(*records).iter("tr")
    return cells(head), [cells(row) for row in rows]


def protocol_of(*records):
    found = part(*records).find("dl")
    return {words(pair.find("dt")): words(pair.find("dd")) for pair in found}


def test_a_row_tells_the_value_its_spread_the_floor_and_the_direction():
    head, (row,) = table_of(record(std=0.4321, std_kind="seeds", floor=0.75))
    assert head == ["Metric", "Value", "", "Floor", "Better"]
    assert row == ["FIDits definition", "12.35", "± 0.43over seeds", "0.750", "↓ lower"]


def test_what_no_record_has_is_not_shown():
    head, (row,) = table_of(record("mine"))
    assert head == ["Metric", "Value", "", "Better"]
    assert row == ["mineits definition", "12.35", "", "–"]
    assert not list(part(record()).iter("li"))


@pytest.mark.parametrize("kind", ["seeds", "standard error", "subsets", "splits"])
def test_every_kind_of_spread_is_explained_once(kind):
    texts = [words(item) for item in part(*[record(name, std=0.1, std_kind=kind) for name in "ab"]).iter("li")]
    assert len(texts) == 1 and kind in texts[0]


def test_the_protocol_is_told_once_and_what_differs_in_columns():
    records = [record(precision="float32"), record("kid", step=400, precision="float32")]
    assert protocol_of(*records)["Precision"] == "float32" and "Training step" not in protocol_of(*records)
    head, rows = table_of(*records)
    assert head[-1] == "Training step" and [row[-1] for row in rows] == ["300", "400"]


def test_a_field_that_some_records_lack_differs():
    common, differing = split_protocol([record(), record(resize="bilinear")])
    assert differing == ["resize"] and common["step"] == 300


def test_nothing_of_a_record_is_lost():
    records = [record(own_field=1), record("kid", another=2)]
    common, differing = split_protocol(records)
    assert set(common) | set(differing) | ROW_FIELDS == {name for each in records for name in each}


def test_long_digests_are_cut_and_complete_in_their_title():
    digest = "0123456789abcdef" * 4
    (shown,) = part(record(model_sha256=digest)).iter("code")
    assert digest.startswith(words(shown).rstrip("…")) and len(words(shown)) < 20 and shown.get("title") == digest


def test_values_of_the_protocol_are_written_for_people():
    own = record(sampler={"seed": 3, "truncation": None, "psi": 0.5}, resize=None)
    shown = protocol_of(own)
    assert shown["Sampler"] == "seed 3, psi 0.5000" and shown["Seeds"] == "0, 1" and "Resizing" not in shown


def test_a_note_stands_once_with_all_its_metrics():
    (item,) = part(record(notes=["few samples"]), record("kid", notes=["few samples"])).iter("li")
    assert words(item) == "FID, KID: few samples"


def test_the_caption_counts_samples_where_all_rows_have_the_same():
    assert "400 generated against 500 real" in words(part(record(), record("kid")).find(".//caption"))
    assert "400" not in words(part(record(), record("kid", num_fake=7)).find(".//caption"))


def test_complete_records_can_be_copied():
    records = [record(floor=0.75, notes=["<&>"], sampler={"seed": 0}), record("kid", math.inf)]
    (code,) = part(*records, name="complete-records").iter("code")
    assert json.loads(words(code)) == records
