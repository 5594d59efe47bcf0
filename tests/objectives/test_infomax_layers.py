"""InfoMax between other layers, on some of their locations, and without spectral normalisation."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import logsumexp

from tests.objectives.training import (
    MapsDiscriminator,
    small_gan,
    trained,
)
from tests.tiny import random_images, values
from tf_infomax.errors import InputError
from tf_infomax.losses import contrastive_accuracy, infonce_loss
from tf_infomax.models import GAN
from tf_infomax.networks import ConvolutionalDiscriminator, ResNetDiscriminator
from tf_infomax.objectives import InfoMax
from tf_infomax.objectives.locations import sample_locations

LOCAL_LOCAL = {"local_layer": "block0", "global_layer": "block1"}
SEED = tf.constant([3, 4])
TOLERANCE = 1e-5


def maps_gan(**arguments) -> GAN:
    return small_gan([InfoMax(8, **{"spectral_norm": False, **arguments})], MapsDiscriminator)


def features_of(gan: GAN, num_images: int = 4) -> dict[str, tf.Tensor]:
    return gan.discriminator(tf.constant(random_images(num_images)))


def numpy_loss(local: np.ndarray, queries: np.ndarray, own_locations: str) -> tuple[float, float]:
    """Loss and accuracy of projected maps (N, M, R) and (N, Q, R), one pair after another in float64."""
    local, queries = local.astype(np.float64), queries.astype(np.float64)
    losses, hits = [], []
    for i, rows in enumerate(queries):
        others = np.delete(local, i, axis=0)
        for query in rows:
            own, other = local[i] @ query, (others @ query).reshape(-1)
            for m, positive in enumerate(own):
                rest = {
                    "negatives": np.delete(own, m),
                    "masked": np.full(len(own), -10.0),
                    "excluded": np.zeros(0),
                }[own_locations]
                losses.append(logsumexp([positive, *other, *rest]) - positive)
                hits.append(positive > other.max())
    return float(np.mean(losses)), float(np.mean(hits))


@pytest.mark.parametrize("own_locations", ["negatives", "masked", "excluded"])
@pytest.mark.parametrize("layers", [LOCAL_LOCAL, {"local_layer": "block1", "global_layer": "block0"}, {}])
def test_loss_of_the_projected_features(layers, own_locations):
    gan = maps_gan(own_locations=own_locations, **layers)
    (objective,) = gan.objectives
    features = features_of(gan)
    local, queries = (projected.numpy() for projected in objective.project(features))
    loss, accuracy = objective.contrast(features, training=False)
    expected = numpy_loss(local, queries if queries.ndim == 3 else queries[:, None], own_locations)
    assert (float(loss), float(accuracy)) == pytest.approx(expected, rel=TOLERANCE)


def test_shapes_of_the_projected_features():
    gan = maps_gan(**LOCAL_LOCAL)
    local, queries = gan.objectives[0].project(features_of(gan))
    assert local.shape == (4, 16, 8) and queries.shape == (4, 4, 8)


def test_the_block_that_is_the_local_layer_by_default():
    results = [maps_gan(**layers) for layers in ({}, {"local_layer": "block0"})]
    losses = [gan.objectives[0].contrast(features_of(gan), training=False)[0] for gan in results]
    assert float(losses[0]) == float(losses[1])


def test_equal_features_give_chance_level_and_zero_accuracy():
    gan = maps_gan(**LOCAL_LOCAL)
    features = {"block0": tf.ones([5, 4, 4, 6]), "block1": tf.ones([5, 2, 2, 8])}
    loss, accuracy = gan.objectives[0].contrast(features)
    assert float(loss) == pytest.approx(np.log(5 * 16), rel=TOLERANCE) and float(accuracy) == 0.0


@pytest.mark.parametrize("layers", [{}, LOCAL_LOCAL])
def test_the_sampled_locations(layers):
    """The loss on half of the locations is that of the projections of these locations."""
    gan = maps_gan(location_fraction=0.5, **layers)
    (objective,) = gan.objectives
    features = features_of(gan)
    samples = []
    for side, projected in enumerate(objective.project(features)):
        projected = projected if len(projected.shape) == 3 else projected[:, None]
        samples.append(sample_locations(projected, 0.5, tf.random.fold_in(SEED, side)))
    local, queries = samples
    assert local.shape[1] == 8 and queries.shape[1] == (2 if layers else 1)
    scores = tf.einsum("iqr,jmr->iqjm", queries, local)
    scores = tf.reshape(scores, [-1, 4, 8])
    own_images = tf.repeat(tf.range(4), queries.shape[1])
    loss, accuracy = objective.contrast(features, seed=SEED, training=False)
    assert float(loss) == pytest.approx(float(infonce_loss(scores, own_images=own_images)), rel=TOLERANCE)
    assert float(accuracy) == float(contrastive_accuracy(scores, own_images=own_images))


def test_both_sides_draw_for_themselves():
    gan = maps_gan(local_layer="block0", global_layer="block0", location_fraction=0.5)
    drawn = [sample_locations(tf.range(64.0)[None, :, None], 0.5, tf.random.fold_in(SEED, side)) for side in (0, 1)]
    assert set(drawn[0].numpy().reshape(-1)) != set(drawn[1].numpy().reshape(-1))
    assert np.isfinite(float(gan.objectives[0].contrast(features_of(gan), seed=SEED)[0]))


def test_a_fraction_of_one_is_all_of_them():
    gan = maps_gan(**LOCAL_LOCAL)
    features, (objective,) = features_of(gan), gan.objectives
    expected = objective.contrast(features, training=False)
    drawn = objective.contrast(features, seed=SEED, training=False)
    assert [float(value) for value in drawn] == [float(value) for value in expected]
    objective.location_fraction = 0.9999  # all of 16 and of 4 but for one
    assert float(objective.contrast(features, seed=SEED, training=False)[0]) != float(expected[0])


def test_locations_change_with_the_seed():
    gan = maps_gan(location_fraction=0.5)
    features, (objective,) = features_of(gan), gan.objectives
    losses = [float(objective.contrast(features, seed=tf.constant([1, s]), training=False)[0]) for s in (0, 1, 0)]
    assert losses[0] == losses[2] != losses[1]


def test_updates_draw_locations_of_their_own():
    gan = maps_gan(location_fraction=0.5)
    gan.compile()
    seeds, contrast = [], gan.objectives[0].contrast

    def recorded(features, *, seed=None, training=True):
        seeds.append(tuple(seed.numpy()))
        return contrast(features, seed=seed, training=training)

    gan.objectives[0].contrast = recorded
    for _ in range(2):
        gan.update_discriminator(tf.constant(random_images(4)))
        gan.update_generator(4)
    assert len(set(seeds)) == 4


def test_a_sample_without_a_seed():
    gan = maps_gan(location_fraction=0.5)
    with pytest.raises(InputError, match="`seed` is needed to draw 0.5 of the locations. Received: None"):
        gan.objectives[0].contrast(features_of(gan))


@pytest.mark.parametrize("fraction", [0, -0.5, 1.5, float("nan")])
def test_fractions_out_of_range(fraction):
    with pytest.raises(InputError, match=f"`location_fraction` must be above 0 and at most 1. Received: {fraction}"):
        InfoMax(location_fraction=fraction)


@pytest.mark.parametrize("side", ["local_layer", "global_layer"])
def test_unknown_layers(side):
    known = "logits, local_features, global_features, block0, block1"
    with pytest.raises(InputError, match=f"InfoMax needs a discriminator that returns `block9`. Received: {known}$"):
        maps_gan(**{side: "block9"})


@pytest.mark.parametrize("side", ["local_layer", "global_layer"])
def test_inputs_are_no_layers(side):
    with pytest.raises(InputError, match="InfoMax needs one of the discriminator's outputs. Received: images"):
        maps_gan(**{side: "images"})


def test_a_local_layer_that_is_no_map():
    message = r"`local_layer` must be a map \(B, H, W, C\). Received: global_features of shape \(None, 8\)"
    with pytest.raises(InputError, match=message):
        maps_gan(local_layer="global_features")


def test_projected_local_features_are_not_built():
    gan, features = maps_gan(**LOCAL_LOCAL), {"block0": [6, 4, 4, 6], "block1": [6, 2, 2, 8]}
    step = tf.function(lambda values: gan.objectives[0].contrast(values))
    graph = step.get_concrete_function({name: tf.TensorSpec(shape) for name, shape in features.items()}).graph
    sizes = {output.shape.num_elements() or 0 for op in graph.get_operations() for output in op.outputs}
    largest_scores = (6 * 4) * (6 * 16)
    assert max(sizes) == largest_scores
    shapes = [tuple(output.shape) for op in graph.get_operations() for output in op.outputs if output.shape.rank]
    assert (6, 2, 2, 8) in shapes  # the projected queries
    assert (6, 4, 4, 8) not in shapes and (6, 16, 8) not in shapes and (96, 8) not in shapes


@pytest.mark.parametrize(
    "arguments",
    [
        {**LOCAL_LOCAL, "spectral_norm": True},
        {**LOCAL_LOCAL, "spectral_norm": True, "location_fraction": 0.5, "own_locations": "masked"},
        {"spectral_norm": False},
    ],
    ids=["local_local", "half", "no_spectral_norm"],
)
def test_variants_train(arguments):
    gan = maps_gan(**arguments)
    (objective,) = gan.objectives
    start = values(objective.weights)
    assert np.all(np.isfinite(list(trained(gan).values())))
    assert len(start) == (12 if not objective.spectral_norm else 12 + 2 * 6)  # kernels and biases; u and v
    pairs = zip(objective.weights, start, values(objective.weights), strict=True)
    changed = {weight.path: bool(np.any(old != new)) for weight, old, new in pairs}
    assert all(moved for path, moved in changed.items() if path.endswith(("kernel", "/u", "/v"))), changed


def test_mixed_precision():
    gan = small_gan([InfoMax(8, **LOCAL_LOCAL, dtype="mixed_bfloat16")], MapsDiscriminator, dtype="mixed_bfloat16")
    loss, accuracy = gan.objectives[0].contrast(features_of(gan))
    assert loss.dtype == accuracy.dtype == tf.float32


@pytest.mark.parametrize(
    "discriminator", [ResNetDiscriminator, ConvolutionalDiscriminator], ids=["resnet", "convolutional"]
)
def test_blocks_of_the_networks(discriminator):
    network = discriminator(32, base_channels=16)
    features = network(tf.constant(random_images(3, shape=(32, 32, 3))))
    objective = InfoMax(8, local_layer="block0", global_layer="block1", location_fraction=0.25)
    objective.build({name: (None, *feature.shape[1:]) for name, feature in features.items()})
    loss, _ = objective.contrast(features, seed=SEED)
    assert float(loss) > 0 and np.isfinite(float(loss))


@pytest.mark.parametrize("network", [ResNetDiscriminator, ConvolutionalDiscriminator])
def test_all_locations_of_a_rectangle_are_candidates(network):
    size, num_images = (32, 64), 3
    discriminator = network(size, base_channels=8)
    features = discriminator(tf.constant(random_images(num_images, shape=(*size, 3))))
    objective = InfoMax(4, spectral_norm=False)
    objective.build({name: tuple(value.shape) for name, value in features.items()})
    local, queries = (projected.numpy() for projected in objective.project(features))
    height, width = features["local_features"].shape[1:3]
    assert width == 2 * height and local.shape == (num_images, height * width, 4)
    scores, _ = objective.scores(features, training=False)
    by_hand = np.einsum("ir,jmr->ijm", queries, local)
    np.testing.assert_allclose(scores, by_hand, rtol=1e-4, atol=1e-5)
    expected = [logsumexp(by_hand[i].ravel()) - by_hand[i, i].mean() for i in range(num_images)]
    loss, _ = objective.contrast(features, training=False)
    assert float(loss) == pytest.approx(np.mean(expected), rel=1e-4)
