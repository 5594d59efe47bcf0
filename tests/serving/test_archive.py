"""Writing of SavedModels: whole or not at all."""

import resource
from contextlib import contextmanager

import pytest

from tests.serving.exports import small_generator
from tf_infomax.errors import InputError
from tf_infomax.serving import export_generator, versions_in


@contextmanager
def disk_for_files_of(size: int):
    """Fails every write beyond a size, as a full disk does."""
    _, hard = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


# Some files fit, or none.
@pytest.mark.parametrize("size", [8_000, 0])
def test_a_disk_that_fills_leaves_nothing(tmp_path, size):
    generator, folder = small_generator("points"), tmp_path / "model"
    with pytest.raises(InputError, match="1 cannot be written.*nothing of it is left"), disk_for_files_of(size):
        export_generator(generator, folder)
    assert list(tmp_path.iterdir()) == []
    first = export_generator(generator, folder)
    with pytest.raises(InputError, match="2 cannot be written"), disk_for_files_of(size):
        export_generator(generator, folder, version=2)
    assert list(folder.iterdir()) == [first] and versions_in(folder) == [1]
