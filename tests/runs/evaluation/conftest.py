import pytest

from tests.small_presets import narrow
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train


@pytest.fixture(scope="package")
def run(tmp_path_factory) -> RunDirectory:
    """A run of stacked digits, of two steps."""
    path = tmp_path_factory.mktemp("runs") / "run"
    preset = narrow("infomax-gan-stacked-digits", steps=2, batch_size=8)
    train(preset, path, name="infomax-gan-stacked-digits", options=GANRunOptions(metrics_every=0))
    return RunDirectory(path)
