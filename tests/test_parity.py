"""Numerical equality with the authors' library: networks, losses, gradients, state and whole training steps."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.reference import MODELS, Recording, build_gan, named_layers, relative_error, sigmas, tensors
from tf_infomax.losses.adversarial import hinge_discriminator_loss, linear_generator_loss
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.models.schedules import LinearDecay
from tf_infomax.networks.conditioning import call_network
from tf_infomax.objectives import DiscriminatorBatch, GeneratorBatch, InfoMax, RotationPrediction
from tf_infomax.objectives.rotation import rotate

TOLERANCE = 2e-5
RECORDED_TERMS = {"infomax": "infomax_loss", "rotation": "ss_loss"}
TRAJECTORIES = ("infomax_gan_32", "sngan_32")
SEED = tf.constant([0, 0])
"""Of a batch whose objectives draw nothing."""


@pytest.fixture(scope="module", params=MODELS)
def recording(request) -> Recording:
    return Recording(request.param)


@pytest.fixture
def gan(recording):
    return build_gan(recording)


def assert_close(value, expected, tolerance=TOLERANCE) -> None:
    check_error(relative_error(value, expected), tolerance)


def check_error(error: float, tolerance: float) -> None:
    assert error <= tolerance


def generate(gan, recording, *, training=False):
    return call_network(gan.generator, recording["z"], recording.labels("y_fake"), training=training)


def discriminate(gan, recording, images=None, labels="y", *, training=False):
    images = recording.images("x") if images is None else images
    return call_network(gan.discriminator, images, recording.labels(labels), training=training)


def only(gan, objective_class):
    """The objective of a class, or None in recordings of other methods."""
    for objective in gan.objectives:
        if isinstance(objective, objective_class):
            return objective
    return None


def projected(recording: Recording, key: str) -> np.ndarray:
    local = recording.images(key)
    return local.reshape(local.shape[0], -1, local.shape[-1])


def test_inference(recording, gan):
    assert_close(generate(gan, recording), recording.images("eval/G_out"))
    outputs = discriminate(gan, recording)
    assert_close(outputs["logits"], recording["eval/D_logits"])
    for index, recorded in enumerate(recording.starting_with("eval/D_act/")):
        # A block's output is recorded before the in-place ReLU of the next one.
        expected = np.maximum(recording.images(f"eval/D_act/{recorded}"), 0)
        assert_close(outputs[f"block{index}"][:1], expected)
    if recording.method == "cgan":
        assert_close(discriminate(gan, recording, labels="y_fake")["logits"], recording["eval/D_logits_y_fake"])
    if objective := only(gan, InfoMax):
        assert_close(outputs["local_features"], recording.images("eval/D_local"))
        assert_close(outputs["global_features"], recording["eval/D_global"])
        local, global_ = objective.project(outputs)
        assert_close(local, projected(recording, "eval/proj_local"))
        assert_close(global_, recording["eval/proj_global"])


def test_the_papers_block_without_in_place_relu(recording):
    gan = build_gan(recording, activate_shortcut=False)
    logits = discriminate(gan, recording)["logits"]
    assert_close(logits, recording["noinplace/eval/D_logits"])
    assert relative_error(logits, recording["eval/D_logits"]) > 1e-3


def test_inference_sigma(recording, gan):
    computed = sigmas(named_layers(gan, "discriminator"))
    recorded = recording.starting_with("eval/sigma/")
    assert set(computed) == set(recorded)
    for name, sigma in computed.items():
        assert_close(sigma, recorded[name])


def test_infomax_losses_in_inference(recording, gan):
    if (objective := only(gan, InfoMax)) is None:
        assert "eval/infonce_eq4" not in recording
        return
    features = discriminate(gan, recording)
    for own_locations, key in (("negatives", "eq4"), ("masked", "mimicry_np"), ("excluded", "mimicry_np_noleak")):
        objective.own_locations = own_locations
        loss, _ = objective.contrast(features, training=False)
        assert_close(loss, recording[f"eval/infonce_{key}"])


def test_rotation_prediction_in_inference(recording, gan):
    if (objective := only(gan, RotationPrediction)) is None:
        assert "eval/x_rot" not in recording
        return
    rotated, rotations = rotate(tf.constant(recording.images("x")))
    np.testing.assert_array_equal(rotated, recording.images("eval/x_rot"))
    np.testing.assert_array_equal(rotations, recording["eval/rot_labels"])
    for images, key in ((None, "D_rot_logits"), (rotated, "D_rot_logits_xrot")):
        assert_close(objective.head(discriminate(gan, recording, images)["global_features"]), recording[f"eval/{key}"])
    loss, _ = objective.predict_rotations(gan.discriminator, recording.images("x"), training=False)
    for weight in ("1", "0.2"):
        assert_close(float(weight) * loss, recording[f"eval/ss_loss_scale{weight}"])


def test_discriminator_gradients_and_state(recording, gan):
    fake_images = generate(gan, recording, training=True)
    assert_close(fake_images, recording.images("dstep/G_out"))
    with tf.GradientTape() as tape:
        real = discriminate(gan, recording, training=True)
        fake = discriminate(gan, recording, fake_images, "y_fake", training=True)
        rotation_logits = iterate_rotation_head(gan, real, fake)
        hinge = hinge_discriminator_loss(real["logits"], fake["logits"])
        batch = DiscriminatorBatch(recording["z"], fake_images, fake, recording.images("x"), real, SEED)
        total = hinge + weighted_objectives(gan, recording, batch, "discriminator")
    if rotation_logits:
        assert_close(rotation_logits[0], recording["dstep/D_rot_logits_x_upright"])
    assert_close(real["logits"], recording["dstep/D_logits_real"])
    assert_close(fake["logits"], recording["dstep/D_logits_fake"])
    assert_close(hinge, recording["dstep/hinge_D"])
    assert_total(total, recording, "dstep", "D")
    assert_gradients(gan, recording, tape, total, "dstep/grad", "discriminator")
    assert_state(gan, recording, "dstep/post_", "discriminator")
    assert_state(gan, recording, "dstep/post_", "generator")


def test_generator_gradients_and_state(recording, gan):
    with tf.GradientTape() as tape:
        fake_images = generate(gan, recording, training=True)
        fake = discriminate(gan, recording, fake_images, "y_fake", training=True)
        iterate_rotation_head(gan, fake)
        hinge = linear_generator_loss(fake["logits"])
        batch = GeneratorBatch(recording["z"], fake_images, fake, SEED)
        total = hinge + weighted_objectives(gan, recording, batch, "generator")
    assert_close(fake["logits"], recording["gstep/D_logits"])
    assert_close(hinge, recording["gstep/hinge_G"])
    assert_total(total, recording, "gstep", "G")
    assert_gradients(gan, recording, tape, total, "gstep/grad", "generator")
    assert_state(gan, recording, "gstep/post_", "discriminator")


def assert_total(total, recording, step, player) -> None:
    """Terms of opposite sign may leave a small total, whose rounding error is still that of the terms."""
    scale = max(abs(float(recording[f"{step}/{term}_{player}"])) for term in ("hinge", "total"))
    check_error(abs(float(total) - float(recording[f"{step}/total_{player}"])) / scale, TOLERANCE)


def iterate_rotation_head(gan, *passes):
    """Calls the rotation head, if there is one, on the features of earlier passes and returns its logits.

    The authors' discriminator predicts rotations in every pass, but uses only the prediction on rotated images. Each
    prediction is a power iteration, so its last one has a later u than this library's head, which is called on rotated
    images alone.
    """
    objective = only(gan, RotationPrediction)
    return [objective.head(features["global_features"], training=True) for features in passes] if objective else []


def weighted_objectives(gan, recording, batch, player):
    """The player's weighted terms, each compared with the recorded one."""
    total = 0.0
    for objective in gan.objectives:
        weighted = objective.term(gan.discriminator, batch).weighted
        term = f"{RECORDED_TERMS[objective.name]}_scale{objective.player_weights[player]:g}"
        assert_close(weighted, recording[f"{player[0]}step/{term}"])
        total += weighted
    return total


def assert_gradients(gan, recording, tape, loss, prefix, player) -> None:
    recorded = recording.starting_with(f"{prefix}{player[0].upper()}/")
    named = tensors(gan, player, recording.state(player))
    assert set(recorded) == {key for key, tensor in named.items() if tensor.variable.trainable}
    gradients = tape.gradient(loss, [named[key].variable.value for key in recorded])
    largest = max(float(np.max(np.abs(gradient))) for gradient in recorded.values())
    for key, gradient in zip(recorded, gradients, strict=True):
        expected = named[key].layout.read(recorded[key])
        error = float(np.max(np.abs(gradient - expected)))
        # Biases before batch norm and under the softmax have no gradient: their errors are relative to the largest.
        scale = float(np.max(np.abs(expected)))
        check_error(error / max(scale, 1e-2 * largest), 5 * TOLERANCE)


def assert_state(gan, recording, prefix, player) -> None:
    recorded = recording.starting_with(f"{prefix}net{player[0].upper()}/")
    named = tensors(gan, player, recorded)
    compared = {key for key in recorded if not key.endswith(("num_batches_tracked", "sn_sigma"))}
    assert compared == {key for key, tensor in named.items() if not tensor.variable.trainable}
    for key in compared:
        assert_close(named[key].variable, named[key].layout.read(recorded[key]))
    for layer in named_layers(gan, player):
        if layer.iterates_at_inference(recorded):
            layer.layer.iterate_at_inference = False  # the stored sigma, not that of one more step
            assert_close([layer.layer.sigma()], recorded[f"{layer.name}.sn_sigma"])


@pytest.fixture
def float64():
    for dtype in ("float64", "float32"):
        keras.config.set_floatx(dtype)
        keras.config.set_dtype_policy(dtype)
        if dtype == "float64":
            yield


@pytest.mark.parametrize("name", MODELS)
def test_discriminator_in_float64(name, float64):
    """The recorded float64 run differs in nothing but the order of additions."""
    recording = Recording(name, np.float64)
    gan = build_gan(recording)
    assert_close(discriminate(gan, recording)["logits"], recording["f64/eval/D_logits"], 1e-12)
    if objective := only(gan, RotationPrediction):
        loss, _ = objective.predict_rotations(gan.discriminator, recording.images("x"), training=False)
        assert_close(loss, recording["f64/eval/ss_loss_scale1"], 1e-12)
    trained = discriminate(gan, recording, training=True)["logits"]
    assert_close(trained, recording["f64/dstep/D_logits_real"], 1e-12)


@pytest.mark.parametrize("name", TRAJECTORIES)
def test_training_steps_in_float64(name, float64):
    """Three generator steps: errors against the recorded float64 run come from the float32 start alone."""
    recording, trajectory = Recording(name, np.float64), Recording(f"traj_{name}", np.float64)
    gan, errors = trajectory_errors(recording, trajectory, "f64/rec/", len(trajectory["X_u8"]))
    check_error(max(errors.values()), 1e-5)
    assert_close(gan.discriminator(recording.images("x"))["logits"], trajectory["f64/final/eval_D_logits"], 1e-4)
    images = gan.generator(recording["z"], training=True)
    assert_close(images, trajectory.images("f64/final/train_G_out"), 1e-4)


@pytest.mark.parametrize("name", TRAJECTORIES)
def test_training_step_in_float32(name):
    """One generator step: in later ones Adam turns the sign of a rounding error into a whole step of a weight."""
    recording, trajectory = Recording(name), Recording(f"traj_{name}")
    _, errors = trajectory_errors(recording, trajectory, "rec/", 1)
    check_error(max(errors.values()), 1e-4)


def trajectory_errors(recording, trajectory, prefix, steps):
    """Trains for some generator steps as recorded and returns the GAN and the largest error of each record."""
    gan, discriminator_steps = build_gan(recording), trajectory["X_u8"].shape[1]
    gan.compile(
        discriminator_steps=discriminator_steps,
        generator_optimizer=default_optimizer(LinearDecay(2e-4, 10)),
        discriminator_optimizer=default_optimizer(LinearDecay(2e-4, 10, updates_per_step=discriminator_steps)),
    )
    images = (trajectory.images("X_u8") / 255 - 0.5).astype(recording.dtype) / 0.5
    latents = iter(trajectory["Z"].reshape(-1, *trajectory["Z"].shape[2:]))
    gan.training_latents = lambda batch_size, player, step: next(latents)
    logs = {"discriminator": [], "generator": []}
    rates = []
    for step in range(steps):
        logs["discriminator"] += [gan.update_discriminator(batch) for batch in images[step]]
        logs["generator"].append(gan.update_generator(images.shape[2]))
        rates.append(float(gan.generator_optimizer.learning_rate))
        assert gan.discriminator_optimizer.learning_rate == gan.generator_optimizer.learning_rate
    assert_close(rates, trajectory[f"{prefix}lr_after"][:steps], 1e-6)
    terms = {"errD": "discriminator/adversarial", "errG": "generator/adversarial"}
    if gan.objectives:
        terms |= {"errD_IM": "discriminator/infomax", "errG_IM": "generator/infomax"}
    errors = {}
    for key, term in terms.items():
        values = np.asarray([log[term] for log in logs[term.split("/")[0]]])
        scale = gan.objectives[0].generator_weight if key.endswith("_IM") else 1.0
        errors[key] = relative_error(scale * values, trajectory[prefix + key].reshape(-1)[: len(values)])
    return gan, errors
