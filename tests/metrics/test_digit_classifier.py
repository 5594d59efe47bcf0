from pathlib import Path

import keras
import numpy as np
import pytest

from tf_infomax.commands import digit_classifier as trainer
from tf_infomax.data.digits import load_digits
from tf_infomax.errors import InputError
from tf_infomax.images import to_float
from tf_infomax.metrics.digit_classifier import WEIGHTS_PATH, digit_classifier, load_digit_classifier, save_weights


def test_the_shipped_weights_read_98_percent_of_the_held_out_digits() -> None:
    images, labels = load_digits("test")
    logits = load_digit_classifier()(to_float(images[..., None]), training=False)["logits"].numpy()
    assert len(labels) == 1000
    assert np.mean(logits.argmax(axis=1) == labels) >= 0.98


def test_the_shipped_weights_are_small() -> None:
    assert WEIGHTS_PATH.stat().st_size < 1_000_000


def test_saved_weights_come_back(tmp_path: Path) -> None:
    model = digit_classifier()
    images = np.random.default_rng(0).uniform(-1, 1, size=(3, 28, 28, 1)).astype(np.float32)
    save_weights(model, tmp_path / "weights.npz")
    restored = load_digit_classifier(tmp_path / "weights.npz")
    for name, expected in model(images).items():
        np.testing.assert_array_equal(restored(images)[name], expected)
    assert not restored.trainable_variables


def test_the_network_is_float32_under_mixed_precision() -> None:
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        outputs = load_digit_classifier()(np.zeros((1, 28, 28, 1), np.float32))
    finally:
        keras.config.set_dtype_policy(policy)
    assert {output.dtype.name for output in outputs.values()} == {"float32"}


def test_another_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="digit classifier's weights"):
        load_digit_classifier(tmp_path / "missing.npz")
    np.savez(tmp_path / "other.npz", kernel=np.zeros(3))
    (tmp_path / "empty.npz").touch()
    (tmp_path / "half.npz").write_bytes(WEIGHTS_PATH.read_bytes()[:5000])
    np.save(tmp_path / "array.npy", np.zeros(3))
    for name in ("other.npz", "empty.npz", "half.npz", "array.npy"):
        with pytest.raises(InputError, match=f"digit classifier's weights.*{name}"):
            load_digit_classifier(tmp_path / name)


def test_the_trainer_keeps_existing_weights(tmp_path):
    (tmp_path / "weights.npz").write_bytes(b"mine")
    with pytest.raises(InputError, match="weights.npz exists already; pass --overwrite"):
        trainer.run(trainer.Arguments(output=tmp_path / "weights.npz"))
    assert (tmp_path / "weights.npz").read_bytes() == b"mine"


def test_the_trainer_needs_a_batch_of_digits(tmp_path):
    with pytest.raises(InputError, match="`batch_size` must be at most 4000. Received: 5000"):
        trainer.run(trainer.Arguments(batch_size=5000, epochs=1, output=tmp_path / "weights.npz"))


@pytest.mark.parametrize("option", [{"epochs": 0}, {"batch_size": 0}, {"learning_rate": -1.0}, {"seed": -1}])
def test_the_trainer_checks_its_numbers(option):
    with pytest.raises(InputError, match=f"`{next(iter(option))}` must be"):
        trainer.Arguments(**option)
