"""Deep InfoMax trains, is saved and is loaded, with every objective, on one replica and on two.

Where there is one replica, without graphs: `test_jit.py` traces the steps, and compares them.
"""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.eager import graphs
from tests.tiny import all_state, assert_equal_states, batches, random_images, values
from tf_infomax import objectives
from tf_infomax.distribution import make_strategy
from tf_infomax.errors import InputError
from tf_infomax.models import DeepInfoMax
from tf_infomax.models.described_logs import encoder_logs
from tf_infomax.networks import ConvolutionalEncoder, StridedCropEncoder
from tf_infomax.objectives import (
    AdversarialInference,
    Classification,
    ContrastivePrediction,
    CoordinatePrediction,
    EncoderObjective,
    GlobalInfoMax,
    LocalInfoMax,
    NoiseAsTargets,
    PriorMatching,
    Reconstruction,
    VariationalBound,
)

SHAPE = (28, 28, 1)
BATCH = 8


def tiny_encoder() -> ConvolutionalEncoder:
    keras.utils.set_random_seed(0)
    return ConvolutionalEncoder(28, base_channels=4, fc_units=8, output_dim=6, num_channels=1)


def tiny_model(*auxiliary: EncoderObjective, **settings) -> DeepInfoMax:
    model = DeepInfoMax(tiny_encoder(), auxiliary or [LocalInfoMax(head_units=8), PriorMatching()], **settings)
    model.compile()
    return model


def crops(*auxiliary: EncoderObjective, **settings) -> DeepInfoMax:
    keras.utils.set_random_seed(0)
    encoder = StridedCropEncoder(32, base_channels=2, local_units=6, fc_units=8, output_dim=6, num_channels=1)
    objectives = auxiliary or [LocalInfoMax(head_units=8), CoordinatePrediction(hidden_units=8)]
    model = DeepInfoMax(encoder, objectives, **settings)
    model.compile()
    return model


MODELS = {
    **{
        f"local_{estimator}_{head}": lambda estimator=estimator, head=head: tiny_model(
            LocalInfoMax(estimator=estimator, head=head, head_units=8)
        )
        for estimator, head in (("dv", "encode_and_dot"), ("jsd", "concat_and_convolve"), ("infonce", "encode_and_dot"))
    },
    "global_and_prior": lambda: tiny_model(GlobalInfoMax(head_units=8), PriorMatching(1.0, hidden_units=(8,))),
    "everything": lambda: tiny_model(
        LocalInfoMax(head_units=8, num_negatives=3),
        GlobalInfoMax(0.5, head_units=8),
        CoordinatePrediction(hidden_units=8),
        CoordinatePrediction(coordinates="relative", hidden_units=8),
        PriorMatching(0.1, hidden_units=(8,)),
        PriorMatching(0.1, prior="normal", hidden_units=(8,), name="normal_prior"),
        occlusion=10,
        random_flip=True,
    ),
    "generative": lambda: tiny_model(
        Reconstruction(1e-3, base_channels=4, fc_units=8),
        VariationalBound(1e-3, beta=0.5, base_channels=4, fc_units=8),
        PriorMatching(prior="normal", hidden_units=(8,)),
        AdversarialInference(base_channels=4, fc_units=8),
        random_flip=True,
    ),
    "supervised": lambda: tiny_model(Classification(10)),
    "blocks": lambda: crops(block_size=3, num_globals=2),
    "noise": lambda: tiny_model(NoiseAsTargets(10)),
    "prediction": lambda: crops(ContrastivePrediction(head_units=8)),
}


def test_every_objective_is_here():
    exported = {getattr(objectives, name) for name in objectives.__all__}
    classes = {item for item in exported if isinstance(item, type) and issubclass(item, EncoderObjective)}
    trained = {type(objective) for build in MODELS.values() for objective in build().objectives}
    assert trained == classes - {EncoderObjective}


def fit(model: DeepInfoMax, steps: int = 2) -> dict[str, list[float]]:
    size = model.encoder.image_size
    data = random_images(steps * BATCH, shape=(size + 4, size + 4, 1)), np.arange(steps * BATCH) % 10
    return model.fit(batches(data, BATCH), verbose=0, shuffle=False).history


@pytest.mark.parametrize(
    "name, replicas", [*((name, 1) for name in MODELS), ("global_and_prior", 2), ("generative", 2)]
)
def test_trains_and_is_saved(name, replicas, tmp_path):
    scope = contextlib.nullcontext if replicas == 1 else make_strategy("mirrored", replicas=replicas).scope
    with scope():
        model = MODELS[name]()
    before = all_state(model)
    with graphs(False) if replicas == 1 else contextlib.nullcontext():
        history = fit(model)
    assert np.all(np.isfinite(list(history.values())))
    assert set(history) == set(encoder_logs(model.objectives))
    changed = [not np.array_equal(old, new) for old, new in zip(before["weights"], all_state(model)["weights"])]
    assert np.mean(changed) > 0.9

    model.save(tmp_path / "model.keras")
    with scope():
        loaded = keras.models.load_model(tmp_path / "model.keras")
    parts = zip([model.encoder, *model.objectives], [loaded.encoder, *loaded.objectives], strict=True)
    assert all(part.get_config() == other.get_config() for part, other in parts)
    assert_equal_states(model, loaded)
    size = model.encoder.image_size
    images = np.random.default_rng(1).integers(0, 256, (3, size, size, 1), np.uint8)
    for feature, other in zip(model.encode(images).values(), loaded.encode(images).values(), strict=True):
        np.testing.assert_array_equal(feature, other)


@pytest.mark.parametrize(
    "name", ["local_dv_encode_and_dot", "everything", "generative", "blocks", "prediction", "noise"]
)
def test_two_replicas_equal_one(name, two_replicas):
    alone = MODELS[name]()
    with two_replicas.scope():
        together = MODELS[name]()
    for model, build_scope in ((alone, contextlib.nullcontext), (together, two_replicas.scope)):
        with build_scope():  # steps in proportion to gradients: Adam's first ones know their signs alone
            model.compile(encoder_optimizer=keras.optimizers.SGD(0.1), critic_optimizer=keras.optimizers.SGD(0.1))
    alone.run_eagerly = True
    histories = [fit(model, steps=1) for model in (alone, together)]
    for term in histories[0]:
        assert histories[1][term] == pytest.approx(histories[0][term], rel=2e-4, abs=1e-5), term
    for mine, other in zip(values(alone.variables), values(together.variables), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", ["everything", "generative", "noise"])
def test_a_resumed_run_equals_an_uninterrupted_one(name, tmp_path):
    data = batches((random_images(4 * BATCH, shape=SHAPE), np.arange(4 * BATCH) % 10), BATCH)
    whole, first, second = (MODELS[name]() for _ in range(3))
    for model in (whole, first, second):
        model.run_eagerly = True
    whole.fit(data, verbose=0, shuffle=False)
    first.fit(data.take(2), verbose=0, shuffle=False)
    first.save_weights(tmp_path / "state.weights.h5")
    second.load_weights(tmp_path / "state.weights.h5")
    second.fit(data.skip(2), verbose=0, shuffle=False)
    for mine, other in zip(values(whole.variables), values(second.variables), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-6)


def test_critics_train_against_and_heads_with_the_encoder():
    model = tiny_model(LocalInfoMax(head_units=8), PriorMatching(hidden_units=(8,)))
    local, prior = model.objectives
    shared = {id(variable) for variable in model.encoder_variables}
    assert {id(v) for v in local.trainable_variables} <= shared
    assert not {id(v) for v in prior.trainable_variables} & shared
    assert {id(v) for v in prior.trainable_variables} == {id(v) for v in model.critic_variables}


def test_layers_that_no_objective_reaches_keep_their_weights():
    model = MODELS["prediction"]()
    head, local = model.encoder.fully_connected, model.encoder.crop_features
    before = values([*head.trainable_variables, local.linear.kernel])
    model.run_eagerly = True
    fit(model)
    *same, trained = values([*head.trainable_variables, local.linear.kernel])
    for old, new in zip(before, same):
        np.testing.assert_array_equal(old, new)
    assert not np.array_equal(before[-1], trained)


def test_occlusion_changes_the_globals_alone():
    images = tf.constant(random_images(2, shape=SHAPE))
    model = tiny_model(occlusion=10)
    features = model.encoder(images, training=True)
    occluded = model._globals(images, features, tf.constant(0))
    assert np.abs(occluded["output"] - features["output"]).max() > 1e-3


def test_larger_images_are_cropped_to_their_centre():
    model = tiny_model()
    images = np.random.default_rng(0).integers(0, 256, (300, 32, 34, 1), np.uint8)
    expected = model.encode(images[:, 2:30, 3:31])
    for name, feature in model.encode(images, batch_size=256).items():
        np.testing.assert_allclose(feature, expected[name], rtol=1e-4, atol=1e-5)


def test_it_learns_to_tell_images_apart():
    model = tiny_model(LocalInfoMax(head_units=16))
    model.compile(encoder_optimizer=keras.optimizers.Adam(3e-3))
    levels = np.linspace(-0.8, 0.8, 16, dtype=np.float32)[:, None, None, None]
    data = batches(levels + 0.2 * random_images(16, shape=SHAPE), 16).repeat()
    losses = model.fit(data, steps_per_epoch=20, epochs=4, verbose=0, shuffle=False).history["encoder/local_infomax"]
    chance = np.log(15 * 49 + 1)
    assert losses[-1] < 0.75 * chance < losses[0]


def of_unknown_size() -> tf.data.Dataset:
    shape = tf.TensorSpec((None, None, None, 1), tf.float32)
    return tf.data.Dataset.from_generator(lambda: iter([random_images(4, shape=SHAPE)]), output_signature=shape)


def supervised(labels: np.ndarray) -> None:
    tiny_model(Classification(10)).fit(random_images(8, shape=SHAPE), labels, batch_size=8, verbose=0)


def fit_batches(objective: EncoderObjective, batch_size: int, num_images: int = BATCH) -> None:
    data = tf.data.Dataset.from_tensor_slices(random_images(num_images, shape=SHAPE))
    whole = num_images % batch_size == 0
    tiny_model(objective).fit(data.batch(batch_size, drop_remainder=whole), shuffle=False, verbose=0)


@pytest.mark.parametrize("name", ["generative", "prediction", "everything"])
def test_images_of_twice_the_precision_are_trained_on(name):
    model = MODELS[name]()
    model.run_eagerly = True
    images = random_images(BATCH, shape=(*[model.encoder.image_size] * 2, 1)).astype(np.float64)
    model.fit(batches((images, np.arange(BATCH)), BATCH), shuffle=False, verbose=0)
    assert int(model.step_counter) == 1


@pytest.mark.parametrize("estimator", ["dv", "jsd", "infonce"])
def test_a_last_batch_of_one_image(estimator):
    model = tiny_model(
        LocalInfoMax(estimator=estimator, head_units=8), GlobalInfoMax(estimator=estimator, head_units=8)
    )
    history = model.fit(random_images(5, shape=SHAPE), batch_size=4, verbose=0).history
    assert np.isfinite(list(history.values())).all()


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: tiny_model(PriorMatching(), PriorMatching()), "distinct names. Received: prior_matching, prior_match"),
        (lambda: tiny_model(occlusion=15), "from 0 to 14, half of the image. Received: 15"),
        (lambda: tiny_model(block_size=3), "needs an encoder with `summarise`. Received: ConvolutionalEncoder"),
        (lambda: crops(block_size=8), "at most 7, the local features' side. Received: 8"),
        (lambda: crops(num_globals=2), "above 1 only with a block size. Received: 0 and 2"),
        (lambda: tiny_model().encode(np.zeros((2, 28, 28, 1), np.float32)), "Received: float32"),
        (lambda: tiny_model().encode(np.zeros((2, 20, 28, 1), np.uint8)), "at least 28x28 pixels. Received: uint8"),
        (lambda: tiny_model().fit(np.full((8, *SHAPE), 2.0, np.float32)), "must lie in"),
        (lambda: DeepInfoMax(tiny_encoder()).fit(np.zeros((8, *SHAPE))), "at least one objective. Received: none"),
        (lambda: tiny_model().fit(np.zeros((8, 28, 28), np.uint8), verbose=0), r"pixels. Received: \(None, 28, 28\)"),
        (
            lambda: tiny_model().predict(np.zeros((8, 20, 28, 1), np.float32), verbose=0),
            "at least 28x28 pixels. Received",
        ),
        (lambda: tiny_model().fit(of_unknown_size(), shuffle=False, verbose=0), r"Received: \(None, None, None, 1\)"),
        (lambda: supervised(np.zeros((8, 1), int)), r"integer labels \(B,\). Received: int64 \(8, 1\)"),
        (lambda: supervised(np.zeros(8)), "Labels must be integers. Received: float64"),
        (lambda: supervised(np.full(8, 10)), "Labels must be from 0 to 9. Received: 10 to 10"),
        (
            lambda: fit_batches(LocalInfoMax(num_negatives=8), 8),
            "more images than .*, at least 9. Received: 8",
        ),
        (
            lambda: fit_batches(LocalInfoMax(num_negatives=6), 7, 12),
            "more images than .*, at least 7, the last",
        ),
    ],
)
def test_bad_arguments(build, message):
    with pytest.raises(InputError, match=message):
        build()
