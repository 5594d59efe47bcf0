"""What the contrast does inside, where it is known, and the variants of the study."""

import keras
import numpy as np
import pytest

from tf_infomax import GAN, ConvolutionalDiscriminator, ConvolutionalGenerator, InfoMax
from tf_infomax.images import to_float
from tf_infomax.presets import preset_named
from tf_infomax.reproduction.infomax_gan.contrast_inside import INSIDE, inside
from tf_infomax.reproduction.infomax_gan.contrast_study import VARIANTS, contrast_digits, contrast_natural, variant
from tf_infomax.reproduction.infomax_gan.scaled_infomax import ScaledInfoMax

PLACES = [f"objectives.infomax.{name}" for name in "spectral_norm local_layer global_layer location_fraction".split()]
IMAGES = np.random.default_rng(0).integers(0, 256, (64, 28, 28, 1), np.uint8)


def gan(infomax: InfoMax) -> GAN:
    """A GAN whose spectral norms are known, after five updates, and that has hardly learned anything yet."""
    keras.utils.set_random_seed(1)
    small = {"base_channels": 8, "num_channels": 1}
    networks = ConvolutionalGenerator(28, latent_dim=8, **small), ConvolutionalDiscriminator(28, **small)
    made = GAN(*networks, objectives=[infomax])
    made.compile("hinge", discriminator_steps=1)
    for _ in range(5):
        made.update_discriminator(to_float(IMAGES))
    return made


def test_an_untrained_contrast_says_nothing():
    found = inside(gan(InfoMax(8, discriminator_weight=0.2)), IMAGES)
    assert found.keys() == INSIDE.keys()
    assert found["loss"] == pytest.approx(1.0, abs=0.05) and found["accuracy"] < 0.2
    assert found["times_chance"] == pytest.approx(found["accuracy"] * 64 * 49)


def test_the_gradient_grows_with_the_weight_and_scores_with_the_scale():
    infomax = ScaledInfoMax(projection_dim=8, discriminator_weight=0.2)
    trained = gan(infomax)
    one = inside(trained, IMAGES)
    infomax.discriminator_weight = 0.6
    heavier = inside(trained, IMAGES)
    infomax.scale = 2.0
    scaled = inside(trained, IMAGES)
    assert heavier == {**one, "gradient": pytest.approx(3 * one["gradient"], rel=1e-4)}
    assert scaled["accuracy"] == one["accuracy"] and scaled["loss"] != one["loss"]
    for name in ("margin", "spread"):
        assert scaled[name] == pytest.approx(2 * one[name], rel=1e-4)


def test_mean_pooling_divides_what_the_head_sees():
    objective = ScaledInfoMax(projection_dim=8, mean_pooling=True)
    gan(objective)
    assert objective.num_locations in (4 * 4, 7 * 7)
    config = objective.get_config()
    assert config["mean_pooling"] and ScaledInfoMax.from_config(config).mean_pooling


@pytest.mark.parametrize("row", VARIANTS)
def test_variants_differ_in_what_they_name(row):
    base = preset_named("infomax-gan-stacked-digits")
    found = dict(variant(base, VARIANTS[row]).items())
    changed = {name for name, value in base.items() if found.get(name) != value}
    names = {name for name in VARIANTS[row] if "." in name or name == "batch_size"}
    if "projection" in VARIANTS[row]:
        names = {"objectives.infomax.projection_dim"}
    if {"scale", "mean_pooling"} & VARIANTS[row].keys():  # Another class, with fewer settings.
        names = {"objectives.infomax.own_locations", "objectives.infomax.negatives", *PLACES}
    assert changed == names


def test_the_rows_of_the_study():
    assert contrast_natural().rows == ("no-infomax", *VARIANTS)
    assert set(contrast_natural().rows) - set(contrast_digits().rows) == {"earlier-map"}
