"""Adversarial losses on logits (B, 1): means over the batch, to be minimised by each player."""

import tensorflow as tf

from tf_infomax.types import Tensor


def hinge_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """`mean(relu(1 - D(x))) + mean(relu(1 + D(G(z))))`. Source: Lim and Ye, Geometric GAN; Miyato et al., 2018."""
    return tf.reduce_mean(tf.nn.relu(1.0 - real_logits)) + tf.reduce_mean(tf.nn.relu(1.0 + fake_logits))


def linear_generator_loss(fake_logits: Tensor) -> Tensor:
    """`-mean(D(G(z)))`, the generator's side of the hinge and the Wasserstein game."""
    return -tf.reduce_mean(fake_logits)


def minimax_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """`-mean(log D(x)) - mean(log(1 - D(G(z))))` with D the sigmoid of the logits. Source: InfoMax-GAN, Eq. 1."""
    return tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(tf.nn.softplus(fake_logits))


def minimax_generator_loss(fake_logits: Tensor) -> Tensor:
    """`mean(log(1 - D(G(z))))`. Source: InfoMax-GAN, Eq. 1."""
    return -tf.reduce_mean(tf.nn.softplus(fake_logits))


def non_saturating_generator_loss(fake_logits: Tensor) -> Tensor:
    """`-mean(log D(G(z)))`. Source: Goodfellow et al., 2014, section 3."""
    return tf.reduce_mean(tf.nn.softplus(-fake_logits))


def wasserstein_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """`mean(D(G(z))) - mean(D(x))`. Source: Arjovsky et al., 2017."""
    return tf.reduce_mean(fake_logits) - tf.reduce_mean(real_logits)
