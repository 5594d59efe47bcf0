"""The fused Adam: Keras' own, with one operation for each variable."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.eager import no_graphs  # noqa: F401
from tf_infomax.models.optimizers import FusedAdam, default_optimizer
from tf_infomax.models.schedules import LinearDecay

SETTINGS = {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-8}


def trained(optimizer: keras.optimizers.Optimizer, steps: int = 5) -> list[np.ndarray]:
    """Values of two variables and of the optimizer after some steps."""
    rng = np.random.default_rng(0)
    variables = [keras.Variable(rng.normal(size=shape).astype(np.float32)) for shape in ((3, 4), (5,))]
    for _ in range(steps):
        optimizer.apply([tf.constant(rng.normal(size=v.shape), tf.float32) for v in variables], variables)
    return [np.asarray(variable) for variable in (*variables, *optimizer.variables)]


@pytest.mark.parametrize("arguments", [{}, {"amsgrad": True}, {"weight_decay": 0.1}, {"clipnorm": 0.5}])
def test_results_and_state_are_those_of_keras(arguments):
    ours = trained(FusedAdam(LinearDecay(0.1, 10), **SETTINGS, **arguments))
    theirs = trained(keras.optimizers.Adam(LinearDecay(0.1, 10), **SETTINGS, **arguments))
    assert len(ours) == len(theirs)
    for own, other in zip(ours, theirs):
        np.testing.assert_allclose(own, other, rtol=2e-6, atol=1e-7)


def test_the_first_step_has_the_size_of_the_learning_rate():
    variable = keras.Variable(np.zeros(3, np.float32))
    default_optimizer(0.25).apply([tf.constant([1e-3, -5.0, 40.0])], [variable])
    np.testing.assert_allclose(variable.numpy(), [-0.25, 0.25, -0.25], rtol=1e-4)


def test_rows_of_an_embedding_without_a_gradient_move_by_their_momentum():
    sparse = tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([1]), tf.constant([3, 2]))
    dense = tf.convert_to_tensor(sparse)
    values = []
    for gradient in (sparse, dense):
        variable, optimizer = keras.Variable(np.ones((3, 2), np.float32)), default_optimizer(0.1, beta_1=0.5)
        for _ in range(2):
            optimizer.apply([gradient], [variable])
        values.append(variable.numpy())
    np.testing.assert_array_equal(*values)


def test_keras_saves_and_revives_it():
    optimizer = default_optimizer(LinearDecay(0.1, 10), beta_1=0.5)
    revived = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(optimizer))
    assert type(revived) is FusedAdam
    assert revived.get_config() == optimizer.get_config()
