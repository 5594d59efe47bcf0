"""Which settings make two runs, or two tables, the same."""

from tf_infomax.runs.identity import differing, flat


def test_a_setting_of_none_is_as_one_that_there_is_not():
    there = {"data": {"dataset": "digits"}, "steps": 2}
    here = {"data": {"dataset": "digits", "num_images": None}, "steps": 2}
    assert differing(flat(there), flat(here)) == differing(flat(here), flat(there)) == []


def test_what_differs_is_named():
    there, here = {"data": {"dataset": "digits"}, "steps": 2}, {"data": {"dataset": "mnist"}, "seed": 0, "steps": 2}
    assert differing(flat(there), flat(here)) == ["data.dataset", "seed"]
