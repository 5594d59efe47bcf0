from pathlib import Path

import keras
import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics.features.digests import digest_of, digest_of_weights


def dense(*, units: int = 2, value: float = 1.0) -> keras.Model:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])
    model.set_weights([np.full(weight.shape, value) for weight in model.weights])
    return model


def test_nothing_has_no_digest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected the path of a network. Received: .*nothing"):
        digest_of(tmp_path / "nothing")


def test_values_and_shapes_of_weights_count() -> None:
    digests = [digest_of_weights(dense(**options)) for options in ({}, {"value": 2.0}, {"units": 3})]
    assert len(set(digests)) == 3


def test_what_a_process_built_before_does_not_count() -> None:
    assert digest_of_weights(dense()) == digest_of_weights(dense())
