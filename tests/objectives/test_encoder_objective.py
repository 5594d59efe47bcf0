"""The contract of an encoder's objectives."""

import pytest
import tensorflow as tf

from tests.tiny import batches, random_images
from tf_infomax.errors import InputError
from tf_infomax.models import DeepInfoMax
from tf_infomax.networks import ConvolutionalEncoder
from tf_infomax.objectives import EncoderObjective

SHAPE = (28, 28, 1)


class Sparsity(EncoderObjective):
    metric_names = ("announced",)

    def loss(self, batch):
        size = tf.reduce_mean(tf.abs(batch.features["output"]))
        return size, {"size": size}


@pytest.mark.parametrize("through_fit", [True, False])
def test_a_metric_that_was_not_announced(through_fit):
    encoder = ConvolutionalEncoder(28, num_channels=1, base_channels=4, fc_units=8, output_dim=4)
    model, images = DeepInfoMax(encoder, [Sparsity(name="sparsity")]), random_images(4, shape=SHAPE)
    model.compile()
    message = "`metric_names` of sparsity must announce the metric `size`, .* Received: announced"
    with pytest.raises(InputError, match=message):
        if through_fit:
            model.fit(batches(images, 4), shuffle=False, verbose=0)
        else:
            model.train_step(tf.constant(images))


def test_losses_that_are_missing_or_misspelt():
    class Misspelt(EncoderObjective):
        losss = Sparsity.loss

    with pytest.raises(InputError, match="Misspelt must override `loss`. Received: `losss`"):
        Misspelt()

    class WithoutCritic(Sparsity):
        adversarial = True

    with pytest.raises(InputError, match="WithoutCritic must override `critic_loss`. Received: no method"):
        WithoutCritic()


def test_a_critics_loss_of_an_objective_that_is_not_adversarial():
    class Forgotten(Sparsity):
        critic_loss = Sparsity.loss

    with pytest.raises(InputError, match="`adversarial` must be True for Forgotten, which has a `critic_loss`"):
        Forgotten()
