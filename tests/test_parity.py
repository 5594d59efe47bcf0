"""Numerical equality with the authors' library: networks, losses, gradients, state and whole training steps."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.reference import (
    MODELS,
    Recording,
    build_gan,
    named_layers,
    recorded_variables,
    relative_error,
    to_our_v,
    to_ours,
)
from tf_infomax.layers import BatchNormalization, SpectralNormalization
from tf_infomax.losses.adversarial import adversarial_loss
from tf_infomax.models.gan import default_optimizer
from tf_infomax.objectives import TrainingBatch
from tf_infomax.schedules import LinearDecay

TOLERANCE = 2e-5
WEIGHT = 0.2


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


def projected(recording: Recording, key: str) -> np.ndarray:
    local = recording.images(key)
    return local.reshape(local.shape[0], -1, local.shape[-1])


def test_inference(recording, gan):
    assert_close(gan.generator(recording["z"]), recording.images("eval/G_out"))
    outputs = gan.discriminator(recording.images("x"))
    assert_close(outputs["logits"], recording["eval/D_logits"])
    if gan.objectives:
        assert_close(outputs["local_features"], recording.images("eval/D_local"))
        assert_close(outputs["global_features"], recording["eval/D_global"])
        local, global_ = gan.objectives[0].project(outputs)
        assert_close(local, projected(recording, "eval/proj_local"))
        assert_close(global_, recording["eval/proj_global"])


def test_the_papers_block_without_in_place_relu(recording):
    gan = build_gan(recording, activate_shortcut=False)
    outputs = gan.discriminator(recording.images("x"))
    assert_close(outputs["logits"], recording["noinplace/eval/D_logits"])
    assert relative_error(outputs["logits"], recording["eval/D_logits"]) > 1e-3


def test_inference_sigma(recording, gan):
    for name, layer in named_layers(gan, recording).items():
        if isinstance(layer, SpectralNormalization):
            assert_close(layer.sigma(), recording[f"eval/sigma/{name.removeprefix('netD/')}"])


def test_infomax_losses_in_inference(recording, gan):
    if not gan.objectives:
        assert "eval/infonce_eq4" not in recording
        return
    (objective,) = gan.objectives
    features = gan.discriminator(recording.images("x"))
    for own_locations, key in (("negatives", "eq4"), ("masked", "mimicry_np"), ("excluded", "mimicry_np_noleak")):
        objective.own_locations = own_locations
        loss, _ = objective.contrast(features, training=False)
        assert_close(loss, recording[f"eval/infonce_{key}"])


def test_discriminator_gradients_and_state(recording, gan):
    fake_images = gan.generator(recording["z"], training=True)
    assert_close(fake_images, recording.images("dstep/G_out"))
    with tf.GradientTape() as tape:
        real = gan.discriminator(recording.images("x"), training=True)
        fake = gan.discriminator(fake_images, training=True)
        hinge = adversarial_loss("hinge").discriminator(real["logits"], fake["logits"])
        total = hinge
        for objective in gan.objectives:
            batch = TrainingBatch(recording["z"], fake_images, fake, recording.images("x"), real)
            infomax, _ = objective.discriminator_loss(gan.discriminator, batch)
            assert_close(WEIGHT * infomax, recording["dstep/infomax_loss_scale0.2"])
            total += WEIGHT * infomax
    assert_close(real["logits"], recording["dstep/D_logits_real"])
    assert_close(fake["logits"], recording["dstep/D_logits_fake"])
    assert_close(hinge, recording["dstep/hinge_D"])
    assert_close(total, recording["dstep/total_D"])
    assert_gradients(gan, recording, tape, total, "dstep/gradD/", "netD/")
    assert_state(gan, recording, "dstep/post_netD/", "netD/")
    assert_state(gan, recording, "dstep/post_netG/", "netG/")


def test_generator_gradients_and_state(recording, gan):
    with tf.GradientTape() as tape:
        fake_images = gan.generator(recording["z"], training=True)
        fake = gan.discriminator(fake_images, training=True)
        hinge = adversarial_loss("hinge").generator(fake["logits"])
        total = hinge
        for objective in gan.objectives:
            batch = TrainingBatch(recording["z"], fake_images, fake)
            infomax, _ = objective.generator_loss(gan.discriminator, batch)
            assert_close(WEIGHT * infomax, recording["gstep/infomax_loss_scale0.2"])
            total += WEIGHT * infomax
    assert_close(hinge, recording["gstep/hinge_G"])
    assert_close(total, recording["gstep/total_G"])
    assert_gradients(gan, recording, tape, total, "gstep/gradG/", "netG/")
    assert_state(gan, recording, "gstep/post_netD/", "netD/")


def assert_gradients(gan, recording, tape, loss, recorded_prefix, network) -> None:
    variables = recorded_variables(gan, recording)
    names = [key.removeprefix(recorded_prefix) for key in recording.arrays if key.startswith(recorded_prefix)]
    assert names
    gradients = tape.gradient(loss, [variables[network + name].value for name in names])
    largest = max(float(np.max(np.abs(recording[recorded_prefix + name]))) for name in names)
    for name, gradient in zip(names, gradients, strict=True):
        variable = variables[network + name]
        expected = to_ours(recording[recorded_prefix + name], variable, bottom_width=recording.config["bottom_width"])
        error = float(np.max(np.abs(gradient - expected)))
        # Biases before batch norm and under the softmax have no gradient: theirs is compared with the largest.
        scale = float(np.max(np.abs(expected)))
        check_error(error / max(scale, 1e-2 * largest), 5 * TOLERANCE)


def assert_state(gan, recording, recorded_prefix, network) -> None:
    compared = 0
    for name, layer in named_layers(gan, recording).items():
        key = recorded_prefix + name.removeprefix(network)
        if isinstance(layer, SpectralNormalization) and f"{key}.weight_u" in recording:
            assert_close(layer.u, recording[f"{key}.weight_u"])
            assert_close(layer.v, to_our_v(recording[f"{key}.weight_v"], layer))
            compared += 1
        elif isinstance(layer, BatchNormalization) and f"{key}.running_mean" in recording:
            assert_close(layer.moving_mean, recording[f"{key}.running_mean"])
            assert_close(layer.moving_variance, recording[f"{key}.running_var"])
            compared += 1
    assert compared


@pytest.fixture
def float64():
    for dtype in ("float64", "float32"):
        keras.config.set_floatx(dtype)
        keras.config.set_dtype_policy(dtype)
        if dtype == "float64":
            yield


@pytest.mark.parametrize("name", ["infomax_gan_32", "sngan_32"])
def test_training_steps_in_float64(name, float64):
    """Three generator steps: beside the recorded float64 run, errors are those of the float32 start alone."""
    recording, trajectory = Recording(name, np.float64), Recording(f"traj_{name}", np.float64)
    gan, errors = trajectory_errors(recording, trajectory, "f64/rec/", len(trajectory["X_u8"]))
    check_error(max(errors.values()), 1e-5)
    assert_close(gan.discriminator(recording.images("x"))["logits"], trajectory["f64/final/eval_D_logits"], 1e-4)
    images = gan.generator(recording["z"], training=True)
    assert_close(images, trajectory.images("f64/final/train_G_out"), 1e-4)


@pytest.mark.parametrize("name", ["infomax_gan_32", "sngan_32"])
def test_training_step_in_float32(name):
    """One generator step: from there Adam turns the sign of a rounding error into a whole step of a weight."""
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
        scale = WEIGHT if key.endswith("_IM") else 1.0
        errors[key] = relative_error(scale * values, trajectory[prefix + key].reshape(-1)[: len(values)])
    return gan, errors
