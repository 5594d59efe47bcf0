"""What TensorBoard shows before the first step, and the descriptions of tags."""

from collections import Counter

import keras
import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.tiny import batches, random_images, tiny_gan
from tf_infomax.callbacks import Opening, StepScalars, markdown_table
from tf_infomax.errors import InputError

PICTURE = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


def events_of(folder) -> EventAccumulator:
    return EventAccumulator(str(folder), size_guidance={"tensors": 0}).Reload()


def test_texts_and_pictures_are_written_once_even_if_training_goes_on(tmp_path):
    gan = tiny_gan()
    gan.compile()
    for _ in range(2):
        opening = Opening(
            tmp_path, texts={"settings": "| a | 1 |"}, pictures=lambda: {"real": PICTURE}, picture_folder=tmp_path
        )
        gan.fit(batches(random_images(8), 4), steps_per_epoch=2, shuffle=False, verbose=0, callbacks=[opening])
    events = events_of(tmp_path)
    assert [event.step for event in events.Tensors("settings")] == [0]
    assert events.Tensors("settings")[0].tensor_proto.string_val[0] == b"| a | 1 |"
    assert [event.step for event in events.Tensors("real")] == [0]
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "real.png")), PICTURE)


def test_a_table_has_a_row_for_each_value():
    lines = markdown_table({"steps": 3, "split": "a|b", "classes": None}).splitlines()
    assert lines == ["| | |", "|---|---|", "| steps | 3 |", "| split | a\\|b |", "| classes |  |"]


def test_every_tag_of_training_has_a_description(tmp_path):
    gan = tiny_gan()
    gan.compile(log_gradient_norms=True, skip_non_finite=True)
    scalars = StepScalars(tmp_path, images_per_step=4, every=1)
    gan.fit(batches(random_images(8), 4), steps_per_epoch=1, shuffle=False, verbose=0, callbacks=[scalars])
    events = events_of(tmp_path)
    described = {tag: events.SummaryMetadata(tag).summary_description for tag in events.Tags()["tensors"]}
    assert {"generator/total", "infomax/accuracy", "gradient_norm/generator", "skipped_steps"} <= described.keys()
    assert all(described.values()), described
    assert Counter(described.values()).most_common(1)[0][1] == 1


def test_metrics_of_an_objective_without_descriptions_are_logged_all_the_same(tmp_path):
    gan = tiny_gan()
    gan.objectives[0].metric_descriptions = {}
    gan.compile()
    assert gan.describe_log("infomax/accuracy") == "" and gan.describe_log("unknown") == ""
    scalars = StepScalars(tmp_path, images_per_step=4, every=1)
    gan.fit(batches(random_images(8), 4), steps_per_epoch=1, shuffle=False, verbose=0, callbacks=[scalars])
    events = events_of(tmp_path)
    assert "infomax/accuracy" in events.Tags()["tensors"]
    assert events.SummaryMetadata("infomax/accuracy").summary_description == ""


@pytest.mark.parametrize("every", [1, 2, 3])
def test_the_end_of_an_epoch_has_means_too(tmp_path, every):
    gan, seen = tiny_gan(), {}
    gan.compile(discriminator_steps=1)
    scalars = StepScalars(tmp_path, images_per_step=4, every=every)
    last = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.update(logs))
    fitting = gan.fit(
        batches(random_images(16), 4), steps_per_epoch=4, shuffle=False, verbose=0, callbacks=[last, scalars]
    )
    assert seen["generator/total"] != 0.0
    assert {name: values[-1] for name, values in fitting.history.items()} == pytest.approx(seen)


@pytest.mark.parametrize("every", [0, -1])
def test_steps_between_writes(tmp_path, every):
    with pytest.raises(InputError, match=f"`every` must be at least 1. Received: {every}"):
        StepScalars(tmp_path, images_per_step=4, every=every)
