"""The parts of a GAN: how they are built, saved and sampled."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.models.moving_average import averaged_copy
from tf_infomax.models.players import PlayersModel
from tf_infomax.models.sampler import Sampler
from tf_infomax.networks.conditioning import call_network
from tf_infomax.objectives import AuxiliaryObjective, build_heads, check_names
from tf_infomax.types import Array, Tensor


class Composition(PlayersModel):
    """A generator, a discriminator and auxiliary objectives as one model; `GAN` says how they train."""

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        objectives: Sequence[AuxiliaryObjective] = (),
        *,
        seed: int = 0,
        ema_decay: float = 0.0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_names(objectives)
        if not 0 <= ema_decay < 1:
            raise InputError(f"`ema_decay` must be at least 0 and below 1. Received: {ema_decay}")
        self.generator = generator
        self.discriminator = discriminator
        self.objectives = list(objectives)
        self.seed = seed
        self.ema_decay = ema_decay
        self.num_classes = _common_classes(generator, discriminator)
        self.averaged_generator: keras.Model | None = None
        self.image_shape = self._build_networks()
        self._sampler: Sampler | None = None

    def _build_networks(self) -> tuple[int, ...]:
        """Creates all variables by one pass and returns the images' (H, W, C) or the points' (D,)."""
        latents = tf.zeros([1, self.generator.latent_dim], keras.config.floatx())
        labels = tf.zeros([1], tf.int64)
        images = call_network(self.generator, latents, labels, training=False)
        features = call_network(self.discriminator, images, labels, training=False)
        shapes = {"latents": latents.shape, "images": images.shape}
        shapes |= {name: feature.shape for name, feature in features.items()}
        build_heads(self.objectives, shapes)
        if self.ema_decay:
            self.averaged_generator = averaged_copy(self.generator, latents, labels)
        self.built = True
        return tuple(images.shape[1:])

    def call(self, latents: Tensor, labels: Tensor | None = None, training: bool = False) -> Tensor:
        return call_network(self.generator, latents, labels, training=training)

    @property
    def sampling_generator(self) -> keras.Model:
        """What draws samples: the moving average of the generator if there is one, else the generator."""
        return self.generator if self.averaged_generator is None else self.averaged_generator

    def generate(
        self,
        num_images: int,
        seed: int = 0,
        *,
        labels: Array | None = None,
        batch_size: int = 256,
        batch_statistics: int | None = None,
    ) -> Array:
        """Generates images in inference mode, or normalised as in training.

        Args:
            num_images: Number of images (N).
            seed: The same seed gives the same images, here and, without batch statistics, from the exported `generate`
                signature.
            labels: Classes (N,) of the images of a conditional GAN; drawn uniformly if None.
            batch_size: Images computed at once, without batch statistics.
            batch_statistics: Size of batches that batch normalisation treats as in training, each with its own mean
                and variance; running averages of these if None. With the batch size of training this is the
                distribution that the discriminator judged, but an image depends on the others of its batch.

        Returns:
            (N, H, W, C) uint8; points (N, D) are float32.

        Raises:
            InputError: `num_images` is below 1, `batch_statistics` below 2, or the labels do not fit.
        """
        return self.sampler.generate(
            num_images, seed, labels=labels, batch_size=batch_size, batch_statistics=batch_statistics
        )

    @property
    def sampler(self) -> Sampler:
        """Draws from `sampling_generator`."""
        if self._sampler is None:
            self._sampler = Sampler(self.sampling_generator)
        return self._sampler

    def get_config(self) -> dict:
        config = {
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "objectives": [keras.saving.serialize_keras_object(objective) for objective in self.objectives],
            "seed": self.seed,
            "ema_decay": self.ema_decay,
        }
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "Composition":
        revive = keras.saving.deserialize_keras_object
        for name in ("generator", "discriminator"):
            config[name] = revive(config[name], custom_objects=custom_objects)
        config["objectives"] = [revive(item, custom_objects=custom_objects) for item in config["objectives"]]
        return cls(**config)


def _common_classes(generator: keras.Model, discriminator: keras.Model) -> int | None:
    classes, others = (getattr(network, "num_classes", None) for network in (generator, discriminator))
    if classes != others:
        raise InputError(f"Both networks must have the same `num_classes`. Received: {classes} and {others}")
    return classes
