"""The papers' optimizer."""

import keras


def default_optimizer(
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 2e-4,
) -> keras.optimizers.Optimizer:
    """Returns Adam with betas (0, 0.9) and epsilon 1e-8. Source: InfoMax-GAN, Appendix A.2."""
    return keras.optimizers.Adam(learning_rate, beta_1=0.0, beta_2=0.9, epsilon=1e-8)
