"""The papers' optimizer."""

import keras

from tf_infomax.errors import check_finite


def default_optimizer(
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 2e-4,
    *,
    beta_1: float = 0.0,
    beta_2: float = 0.9,
) -> keras.optimizers.Optimizer:
    """Returns Adam with epsilon 1e-8, betas (0, 0.9) unless given. Source: InfoMax-GAN, Appendix A.2.

    Raises:
        InputError: A number is not finite.
    """
    check_finite(learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2)
    return keras.optimizers.Adam(learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=1e-8)
