"""Writing of SavedModels: whole or not at all."""

import shutil
from pathlib import Path

import pytest

from tests.faults import no_file_above
from tests.serving.exports import small_generator
from tf_infomax.errors import InputError, NotWritten
from tf_infomax.serving import export_generator, versions_in
from tf_infomax.serving.archive import ORIGIN_FILE, load_signatures, max_rows_of, read_origin
from tf_infomax.serving.local.model import ServedModel


# Some files fit, or none.
@pytest.mark.parametrize("size", [8_000, 0])
def test_a_disk_that_fills_leaves_nothing(tmp_path, size):
    generator, folder = small_generator("points"), tmp_path / "model"
    with pytest.raises(NotWritten, match="1 cannot be written"), no_file_above(size):
        export_generator(generator, folder)
    assert list(tmp_path.iterdir()) == []
    first = export_generator(generator, folder)
    with pytest.raises(NotWritten, match="2 cannot be written"), no_file_above(size):
        export_generator(generator, folder, version=2)
    assert list(folder.iterdir()) == [first] and versions_in(folder) == [1]


def test_a_damaged_origin_is_said(tmp_path):
    version = export_generator(small_generator("points"), tmp_path / "model")
    (version / ORIGIN_FILE).write_text("{")
    for read in (read_origin, max_rows_of):
        with pytest.raises(InputError, match="origin.json is damaged"):
            read(version)


def _half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES = {
    "half of the graph": lambda folder: _half(folder / "saved_model.pb"),
    "no graph": lambda folder: (folder / "saved_model.pb").write_bytes(b""),
    "no variables": lambda folder: shutil.rmtree(folder / "variables"),
    "half of the variables": lambda folder: _half(folder / "variables" / "variables.data-00000-of-00001"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_export_is_said(exports, tmp_path, damage):
    folder = Path(shutil.copytree(exports["points"], tmp_path / "1"))
    DAMAGES[damage](folder)
    for load in (ServedModel, lambda path: load_signatures(path, required=[])):
        with pytest.raises(InputError, match="1 cannot be loaded, it may be damaged"):
            load(folder)
