"""Comparison of records: a table, or a refusal that names what differs."""

import pytest

from tf_infomax.errors import InputError
from tf_infomax.files import write_json
from tf_infomax.runs.evaluation import comparison

RECORD = {
    "metric": "fid", "value": 12.5, "std": 0.25, "std_kind": "seeds", "values": [12.25, 12.75], "seeds": [0, 1],
    "floor": 2.5, "num_real": 100, "num_fake": 50, "definition": "Frechet distance", "notes": [],
    "protocol": "standard", "features": "digits", "features_sha256": "a", "resize": "native", "dataset": "digits",
    "dataset_digest": "b",
    "split": "train", "source": "run", "path": "x", "model_sha256": "c", "weights": "raw", "step": 5,
    "precision": "float32", "sampler": {"labels": None}, "versions": {},
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def write(name, *changes):
        path = tmp_path / name
        write_json(path / "metrics.json", [{**RECORD, **change} for change in changes])
        return path

    return write


def test_table(write):
    first = write("first", {}, {"metric": "kid", "value": 3.0})
    second = write("second", {"value": 20.0, "std": None, "model_sha256": "d", "step": 9, "weights": "average"})
    lines = comparison([first, second / "metrics.json"]).splitlines()
    assert "digits" in lines[0]
    assert lines[1].split() == ["fid"]
    assert lines[3].split()[-3:] == ["12.5", "+-", "0.25"]
    assert lines[4].split()[-1] == "20"
    assert lines[5].split()[-1] == "2.5"


@pytest.mark.parametrize(
    "change",
    [
        {"num_fake": 51},
        {"features_sha256": "other"},
        {"resize": "bilinear"},
        {"dataset_digest": "other"},
        {"definition": "another distance"},
        {"split": "test"},
        {"seeds": [0]},
    ],
)
def test_refusal_names_the_fields(write, change):
    [(field, value)] = change.items()
    with pytest.raises(InputError, match=f"differ in {field} ") as refusal:
        comparison([write("first", {}), write("second", change)])
    assert str(value) in str(refusal.value) and str(RECORD[field]) in str(refusal.value)


def test_the_protocols_of_all_are_compared(write):
    first, second = write("first", {}, {"num_fake": 70}), write("second", {"num_fake": 70}, {"num_fake": 30})
    assert "70 / 100" in comparison([first, second])
    with pytest.raises(InputError, match="num_fake"):
        comparison([first, second, write("third", {"num_fake": 30})])


def test_several_models_of_a_source_have_a_row_each(write):
    other = {"weights": "average", "value": 99.0}
    kid = {"metric": "kid", "value": 3.0}
    first = write("first", {}, other, kid, {**other, **kid, "sampler": {"batch_statistics": 8, "labels": None}})
    lines = comparison([first, write("second", {"value": 20.0}, kid)]).splitlines()
    assert lines[1].split() == ["fid", "kid"]
    names = [f"{first} ({own})" for own in ("weights raw, sampler plain", "weights average, sampler plain")]
    names.append(f"{first} (weights average, sampler batch_statistics 8)")
    assert [line.startswith(name) for line, name in zip(lines[3:6], names, strict=True)] == [True] * 3
    values = [line.removeprefix(name).split() for line, name in zip(lines[3:6], names)]
    assert [own[0] for own in values] == ["12.5", "99", "-"] and [own[-1] for own in values[1:]] == ["-", "0.25"]


def test_nothing_in_common(write, tmp_path):
    with pytest.raises(InputError, match="no metric in common: fid; kid"):
        comparison([write("first", {}), write("second", {"metric": "kid"})])
    with pytest.raises(InputError, match="has no records"):
        comparison([write("third", {}), tmp_path])
    with pytest.raises(InputError, match="at least two"):
        comparison([tmp_path])
