"""The page as a whole: it stands alone, escapes what it shows, and can be read without seeing it."""

import numpy as np
import pytest

from tests.runs.report.pages import NASTY, full_report, images, read, record, section, words
from tf_infomax.plots import Curve
from tf_infomax.runs.report import Neighbours, report_page

EMPTY = {"neighbours": (), "curves": {}, "floors": {}, "records": (), "typical": None}


@pytest.fixture(scope="module")
def page():
    return read(report_page(full_report()))


def test_it_needs_no_other_file_and_runs_nothing(page):
    sources = [node.get(name) for node in page.iter() for name in ("src", "href") if node.get(name)]
    assert len(sources) > 8 and all(source.startswith("data:image/png;base64,") for source in sources)
    assert {node.tag for node in page.iter()}.isdisjoint({"script", "link", "iframe", "object"})
    (style,) = page.iter("style")
    assert "url(" not in words(style) and "@import" not in words(style)
    assert "@media (prefers-color-scheme: dark)" in words(style)


def test_it_can_be_read_without_seeing_it(page):
    assert page.get("lang") == "en"
    assert all(image.get("alt") for image in page.iter("img"))
    tables = list(page.iter("table"))
    assert len(tables) == 2
    for table in tables:
        assert words(table.find("caption"))
        assert all(cell.get("scope") for cell in table.iter("th"))
        widths = {sum(int(cell.get("colspan", 1)) for cell in row) for row in table.iter("tr")}
        assert len(widths) == 1
    for part in page.iter("section"):
        assert part.find("h2").get("id") == part.get("aria-labelledby")


def test_what_is_wider_than_a_phone_scrolls_in_a_box_that_the_keyboard_reaches(page):
    parents = {child: parent for parent in page.iter() for child in parent}
    for wide in (*page.iter("table"), *page.iter("pre")):
        box = parents[wide]
        assert box.get("class") == "scroll" and box.get("tabindex") == "0" and box.get("aria-label")


def test_every_text_is_escaped():
    """As the text of every part, in attributes too; `read` fails on a tag that is opened or closed by a text."""
    report = full_report(
        title=NASTY,
        facts={NASTY: NASTY},
        curves={NASTY: Curve([1, 2], [1.0, 2.0])},
        records=[
            record(NASTY, definition=NASTY, dataset=NASTY, model_sha256=NASTY, notes=[NASTY], std=0.1, std_kind=NASTY),
            record(source=NASTY, sampler={NASTY: NASTY}),
        ],
    )
    page = read(report_page(report))
    assert not list(page.iter("script")) and "bold" not in {words(node) for node in page.iter("b")}
    assert words(page.find(".//title")) == words(page.find(".//h1")) == NASTY
    assert words(page.find(".//dt")) == words(page.find(".//dd")) == NASTY
    assert NASTY in words(section(page, "metrics")) and NASTY in words(section(page, "training"))
    assert {node.get("title") for node in page.iter("code")} >= {NASTY}


def test_a_missing_part_is_one_sentence():
    page = read(report_page(full_report(**EMPTY)))
    for name in ("metrics", "training", "nearest-real-images"):
        heading, sentence = section(page, name)
        assert heading.tag == "h2" and sentence.tag == "p" and words(sentence).count(".") == 1
    assert not [part for part in page.iter("section") if part.get("aria-labelledby") == "complete-records"]


@pytest.mark.parametrize(
    "samples", [images(0), np.zeros((3, 5), np.float32)], ids=["no_images", "points_of_five_dimensions"]
)
def test_samples_that_cannot_be_drawn_are_one_sentence(samples):
    page = read(report_page(full_report(samples=samples, real=samples, **EMPTY)))
    _, sentence = section(page, "samples")
    assert words(sentence) and not list(page.iter("img"))


def test_equal_reports_give_equal_pages():
    assert report_page(full_report()) == report_page(full_report())


def test_rows_may_have_fewer_neighbours_than_others():
    rows = [Neighbours(images(1)[0], images(count), np.arange(count) + 1.0) for count in (3, 1)]
    table = section(read(report_page(full_report(neighbours=rows))), "nearest-real-images").find(".//table")
    assert [len(row) for row in table.iter("tr")] == [4, 4, 4]
