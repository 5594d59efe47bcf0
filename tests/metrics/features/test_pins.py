import json
import logging
from pathlib import Path

import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics.features.pins import check_pinned, pins_path

ONE, TWO = "1" * 64, "2" * 64


def test_the_first_digest_is_the_one(cache: Path) -> None:
    assert pins_path() == cache / "features.json"
    check_pinned("inception", ONE)
    check_pinned("inception", ONE)
    with pytest.raises(InputError, match=f"Received: sha256 {TWO}, not {ONE}; .* delete {pins_path()}"):
        check_pinned("inception", TWO)
    assert json.loads(pins_path().read_bytes()) == {"inception": ONE}


def test_names_have_digests_of_their_own() -> None:
    check_pinned("inception", ONE)
    check_pinned("another", TWO)
    assert json.loads(pins_path().read_bytes()) == {"inception": ONE, "another": TWO}


def test_a_deleted_file_frees_the_names() -> None:
    check_pinned("inception", ONE)
    pins_path().unlink()
    check_pinned("inception", TWO)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[]", b'["x"]', b'{"inception": 3}', b'{"inception": "x"}']
)
def test_a_damaged_file_is_written_anew(content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    pins_path().parent.mkdir(parents=True)
    pins_path().write_bytes(content)
    with caplog.at_level(logging.WARNING):
        check_pinned("inception", ONE)
    [record] = caplog.records
    assert f"{pins_path()} is damaged" in record.getMessage()
    assert json.loads(pins_path().read_bytes()) == {"inception": ONE}


def test_without_a_cache_there_is_a_warning(cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache.write_bytes(b"a file where the folder should be")
    check_pinned("inception", ONE)
    [record] = caplog.records
    assert "cannot be compared" in record.getMessage()
