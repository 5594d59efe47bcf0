"""Features of the ImageNet classifiers of `keras.applications`."""

import contextlib
import difflib
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.features.digests import digest_of_weights
from tf_infomax.metrics.features.keras_model import keras_network
from tf_infomax.metrics.features.layer_names import default_layers, layers_by_name
from tf_infomax.metrics.features.names import own_name
from tf_infomax.metrics.features.network import LoadedFeatures, OutputNames

_IMAGENET = "imagenet"
# Of the networks that take any size (MobileNetV3).
_TRAINING_SIZE = (224, 224)


class KerasFeatures(LoadedFeatures):
    """A classifier of `keras.applications`, with its own preprocessing and size of images.

    Activations are the pooled features: the last global average pooling, or what the last dense layer reads. Logits are
    those before softmax. Outputs are flattened.

    Args:
        application: Its name, such as `"MobileNetV2"`.
        name: Name in records; `keras:APPLICATION` if None.
        resize: Row of `RESIZES` by which images get its size; `"bicubic-antialias"` if None.
        feature_output: Another layer for the activations.
        logit_output: Another layer for the logits; `"none"` for none.
        weights: `"imagenet"`, which Keras downloads once; random ones if None.
        batch_size: Images run at a time.

    Raises:
        InputError: Keras has no such network or layer, or its weights cannot be downloaded.
    """

    def __init__(
        self,
        application: str,
        *,
        name: str | None = None,
        resize: str | None = None,
        feature_output: str | None = None,
        logit_output: str | None = None,
        weights: str | None = _IMAGENET,
        batch_size: int = 50,
    ) -> None:
        build = _application(application)
        model = _build(build, application, weights)
        layers = layers_by_name(model)
        default = default_layers(layers)
        outputs = OutputNames(feature_output or default.features, logit_output or default.logits)
        network = keras_network(model, layers, outputs, prepare=preprocessing(build))
        super().__init__(
            network,
            name=own_name(name) if name else f"keras:{application}",
            title=f"{application} of keras.applications with {'ImageNet' if weights else 'random'} weights",
            sha256=digest_of_weights(model),
            resize=resize,
            size=network.size or _TRAINING_SIZE,
            batch_size=batch_size,
        )


def applications() -> dict[str, Callable[..., keras.Model]]:
    """Returns the networks of `keras.applications` by name."""
    return {name: value for name, value in vars(keras.applications).items() if inspect.isfunction(value)}


def preprocessing(build: Callable[..., keras.Model]) -> Callable[[Any], Any]:
    """Returns the function from images in grey levels to the input of a network of `keras.applications`."""
    module: Any = inspect.getmodule(build)
    return lambda images: module.preprocess_input(tf.cast(images, tf.float32))


def _application(name: str) -> Callable[..., keras.Model]:
    known = applications()
    if name not in known:
        by_lower_case = {key.lower(): key for key in known}
        near = difflib.get_close_matches(name.lower(), by_lower_case, n=5) or by_lower_case
        raise InputError(
            f"expected keras:NAME with a network of keras.applications: "
            f"{', '.join(by_lower_case[key] for key in near)}. Received: {name!r}"
        )
    return known[name]


def _build(build: Callable[..., keras.Model], name: str, weights: str | None) -> keras.Model:
    try:
        with _float32_policy():
            return build(weights=weights, classifier_activation=None)
    except Exception as error:  # Keras raises a bare Exception if a download fails.
        if weights is None:
            raise
        raise InputError(
            f"cannot get the ImageNet weights of {name} ({type(error).__name__}): where there is a network, run "
            f'python -c "import keras; keras.applications.{name}()" and copy ~/.keras/models'
        ) from error


@contextlib.contextmanager
def _float32_policy() -> Iterator[None]:
    """Builds layers in float32: features must not depend on the precision of training."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
