"""The quickstart from beginning to end, small, and without a process of its own."""

import json

import pytest

from tf_infomax.commands import quickstart
from tf_infomax.errors import InputError
from tf_infomax.metrics import IMAGE_METRICS


@pytest.mark.parametrize("number", [1, 200_000])
def test_a_number_of_images_that_the_data_do_not_have_is_refused_before_training(number, tmp_path):
    with pytest.raises(InputError, match=f"`num_images` must be from 2 to 128000, .* Received: {number}$"):
        quickstart.main(["--run-dir", str(tmp_path / "run"), "--num-images", str(number)])
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_quickstart(tmp_path, capsys):
    run = tmp_path / "run"
    quickstart.main(["--run-dir", str(run), "--steps", "2", "--num-images", "200"])
    printed = capsys.readouterr().out
    assert "at most 0 grey levels" in printed or "at most 1 grey levels" in printed
    assert (run / "samples" / "final.png").is_file()
    assert (run / "saved_model" / "1" / "saved_model.pb").is_file()
    records = json.loads((run / "metrics.json").read_text())
    assert {record["metric"] for record in records} == IMAGE_METRICS.keys()
