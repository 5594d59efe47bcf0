"""Deep InfoMax: an encoder and a list of objectives."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.images import as_float, centre_crop, features_of
from tf_infomax.latents import stateless_seed
from tf_infomax.models import augmentation
from tf_infomax.models.described_logs import encoder_logs
from tf_infomax.models.optimizers import chosen_optimizer, default_optimizer
from tf_infomax.models.players import PlayersModel
from tf_infomax.models.validation import check_values, first_values, has_values, images_and_labels
from tf_infomax.objectives import EncodedBatch, EncoderObjective, build_heads, check_names, logs_of
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Array, Features, Logs, Tensor

LEARNING_RATE = 1e-4


@keras.saving.register_keras_serializable(package="tf_infomax")
class DeepInfoMax(PlayersModel):
    """An encoder that learns representations from objectives on its own outputs.

        dim = DeepInfoMax(ConvolutionalEncoder(32), [LocalInfoMax(estimator="infonce"), PriorMatching(0.1)])
        dim.compile()
        dim.fit(dataset)

    One step of `fit` updates the encoder with its heads once, then the heads that train against it, on the same
    features. A call encodes.

    Args:
        encoder: Maps images (B, H, W, C) in [-1, 1] to a dict: `local_features` (B, h, w, C'), `conv`, `fc` (B, F),
            `output` (B, Y); has `image_size` and `num_channels`.
        objectives: Objectives with distinct names.
        occlusion: Side in pixels of a square block, or 0 for none. Globals come from partly hidden images; at least one
            such block stays visible and at least one is hidden. The encoder's batch statistics are then those of whole
            and occluded images in turn.
        block_size: Side of the random blocks of local features that globals are computed from by the encoder's
            `summarise`, or 0 for none.
        num_globals: Blocks per image (G).
        random_flip: Whether a random half of the training images are mirrored.
        seed: Seed of all draws; with the step it fixes every draw.

    Images larger than the encoder's are cropped: at random in training, otherwise at the centre.

    Raises:
        InputError: Two objectives have the same name, or a number is out of range or does not fit the encoder.

    Source: Hjelm et al., ICLR 2019, Eq. 8; sections 4.2 (blocks) and 4.3 (occlusion).
    """

    def __init__(
        self,
        encoder: keras.Model,
        objectives: Sequence[EncoderObjective] = (),
        *,
        occlusion: int = 0,
        block_size: int = 0,
        num_globals: int = 1,
        random_flip: bool = False,
        seed: int = 0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_names(objectives)
        self.encoder = encoder
        self.objectives = list(objectives)
        self.occlusion = occlusion
        self.block_size = block_size
        self.num_globals = num_globals
        self.random_flip = random_flip
        self.seed = seed
        self._check_globals()
        self._build_networks()

    def _check_globals(self) -> None:
        if not 0 <= self.occlusion <= self.encoder.image_size // 2:
            raise InputError(
                f"`occlusion` must be from 0 to {self.encoder.image_size // 2}, half of the image. "
                f"Received: {self.occlusion}"
            )
        if self.block_size < 0 or self.num_globals < 1 or (self.num_globals > 1 and not self.block_size):
            raise InputError(
                "`block_size` must not be negative and `num_globals` at least 1, above 1 only with a block size. "
                f"Received: {self.block_size} and {self.num_globals}"
            )
        if self.block_size and not hasattr(self.encoder, "summarise"):
            raise InputError(f"`block_size` needs an encoder with `summarise`. Received: {type(self.encoder).__name__}")

    def _build_networks(self) -> None:
        """Creates all variables by one pass."""
        size = self.encoder.image_size
        images = tf.zeros([1, size, size, self.encoder.num_channels], keras.config.floatx())
        features = self.encoder(images)
        largest = min(features["local_features"].shape[1:3])
        if self.block_size > largest:
            raise InputError(
                f"`block_size` must be at most {largest}, the local features' side. Received: {self.block_size}"
            )
        shapes = {name: feature.shape for name, feature in {**features, "images": images}.items()}
        build_heads(self.objectives, shapes)
        self.built = True

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C) of the encoder's images."""
        return self.encoder.image_size, self.encoder.image_size, self.encoder.num_channels

    def call(self, images: Tensor, training: bool = False) -> Features:
        self._check_shape(images.shape)
        return self.encoder(centre_crop(as_float(images), self.encoder.image_size), training=training)

    def encode(self, images: Array, *, batch_size: int = 256) -> dict[str, Array]:
        """Encodes images in inference mode.

        Args:
            images: (N, H, W, C) uint8, at least as large as the encoder's.
            batch_size: Images computed at once.

        Returns:
            `local_features` (N, h, w, C'), `conv`, `fc` (N, F) and `output` (N, Y), float32.

        Raises:
            InputError: The images have another dtype or shape.
        """
        self._check_images(images)
        return features_of(self, images, batch_size=batch_size)

    def _fits(self, shape: tf.TensorShape | tuple[int | None, ...]) -> bool:
        """Whether images (B, H, W, C) of known size have the encoder's channels and are at least as large."""
        sides = tuple(shape)[1:] if len(shape) == 4 else (None,)
        return None not in sides and min(sides[:2]) >= self.encoder.image_size and sides[2] == self.encoder.num_channels

    def _check_images(self, images: Array) -> None:
        size, channels = self.encoder.image_size, self.encoder.num_channels
        if images.dtype != "uint8" or not self._fits(images.shape) or not len(images):
            raise InputError(
                f"Images must be uint8 (N, H, W, {channels}) of at least {size}x{size} pixels. "
                f"Received: {images.dtype} {images.shape}"
            )

    def compile(
        self,
        *,
        encoder_optimizer: keras.optimizers.Optimizer | None = None,
        critic_optimizer: keras.optimizers.Optimizer | None = None,
        **kwargs,
    ) -> None:
        """Configures the training of encoder and critics.

        Args:
            encoder_optimizer: Optimizer of the encoder and its heads; Adam with learning rate 1e-4 if None.
            critic_optimizer: Optimizer of the heads that train against the encoder; likewise.
            **kwargs: Further arguments of `keras.Model.compile`, such as `run_eagerly` and `jit_compile`, and
                `skip_non_finite`.

        Raises:
            InputError: `jit_compile` is asked for with an objective that XLA cannot compile.
        """
        self._check_compilation(kwargs.get("jit_compile", False))
        self.encoder_optimizer = chosen_optimizer(encoder_optimizer, _optimizer)
        self.critic_optimizer = chosen_optimizer(critic_optimizer, _optimizer)
        self.encoder_optimizer.build(self.encoder_variables)
        self.critic_optimizer.build(self.critic_variables)
        self.compile_players(encoder_logs(self.objectives), **kwargs)

    def _check_compilation(self, jit_compile: bool | str) -> None:
        others = [objective.name for objective in self.objectives if not objective.compiled_by_xla]
        if others and jit_compile:
            raise InputError(
                f"`jit_compile` must be False with {others[0]}, which XLA cannot compile. Received: {jit_compile}"
            )

    @property
    def players(self) -> Mapping[str, keras.optimizers.Optimizer]:
        return {"encoder": self.encoder_optimizer, "critic": self.critic_optimizer}

    def networks(self) -> Mapping[str, keras.Model]:
        return {"encoder": self.encoder}

    @property
    def encoder_variables(self) -> list[keras.Variable]:
        """Variables of the encoder's optimizer: the encoder and the heads that train with it."""
        against = {id(variable) for variable in self.critic_variables}
        heads = [variable for objective in self.objectives for variable in objective.trainable_variables]
        return self.encoder.trainable_variables + [variable for variable in heads if id(variable) not in against]

    @property
    def critic_variables(self) -> list[keras.Variable]:
        """Variables of the critics' optimizer: the heads that train against the encoder."""
        return [variable for objective in self.objectives for variable in objective.critic_variables]

    def fit(self, x: object = None, y: object = None, *args: object, **kwargs: object) -> keras.callbacks.History:
        """Trains like `keras.Model.fit`, after a check of the data's values.

        Raises:
            InputError: There are no objectives, or an array or a dataset's first batch has images outside [-1, 1] or
                labels that an objective cannot use.
        """
        if not self.objectives:
            raise InputError("`fit` needs at least one objective. Received: none")
        images, labels = first_values(x, y)
        check_values(images)
        if has_values(images):
            for objective in self.objectives:
                objective.check_labels(labels)
        return super().fit(x, y, *args, **kwargs)

    def make_updates(self, data: Tensor | tuple[Tensor, ...]) -> list[Logs]:
        """Updates the encoder and the critics once.

        Args:
            data: Images (B, H, W, C), uint8 or float32 in [-1, 1], alone or with integer labels (B,).
        """
        images, labels = images_and_labels(data)
        step = self.step_counter.value
        batch, logs = self._update_encoder(as_float(images), labels, step)
        critic_logs = [self._update_critics(batch, step)] if self.critic_variables else []
        return [logs, *critic_logs]

    def _update_encoder(self, images: Tensor, labels: Tensor | None, step: Tensor) -> tuple[EncodedBatch, Logs]:
        images = self._augment(images, step)
        with tf.GradientTape() as tape:
            features = self.encoder(images, training=True)
            global_features, seed = self._globals(images, features, step), self._seed(step, "batch")
            batch = EncodedBatch(features, global_features, seed, labels, images)
            seeded = ((item, batch._replace(seed=self._seed(step, item.name))) for item in self.objectives)
            terms = [objective.term(own) for objective, own in seeded]
            total = distribution.scale_loss(tf.add_n([term.weighted for term in terms]))
        variables = self.encoder_variables
        # Zeros where nothing reaches: an objective on local features alone leaves the layers behind them as they are.
        values = [variable.value for variable in variables]
        gradients = tape.gradient(total, values, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        self.encoder_optimizer.apply(gradients, variables)
        return batch, logs_of("encoder", terms)

    def _update_critics(self, batch: EncodedBatch, step: Tensor) -> Logs:
        features, global_features = tf.nest.map_structure(
            tf.stop_gradient, (dict(batch.features), dict(batch.global_features))
        )
        fixed = batch._replace(features=features, global_features=global_features)
        critics = [objective for objective in self.objectives if objective.adversarial]
        with tf.GradientTape() as tape:
            losses = {
                f"critic/{critic.name}": critic.critic_loss(
                    fixed._replace(seed=self._seed(step, f"critic/{critic.name}"))
                )
                for critic in critics
            }
            total = distribution.scale_loss(tf.add_n(list(losses.values())))
        variables = self.critic_variables
        self.critic_optimizer.apply(tape.gradient(total, variables), variables)
        return losses

    def _augment(self, images: Tensor, step: Tensor) -> Tensor:
        size = self.encoder.image_size
        self._check_shape(images.shape)
        if tuple(images.shape[1:3]) != (size, size):
            images = augmentation.random_crop(images, size, self._seed(step, "crop"))
        return augmentation.random_flip(images, self._seed(step, "flip")) if self.random_flip else images

    def _check_shape(self, shape: tf.TensorShape | tuple[int | None, ...]) -> None:
        """Raises an InputError unless images (B, H, W, C), of a size known while a step is traced, can be cropped."""
        if not self._fits(shape):
            size, channels = self.encoder.image_size, self.encoder.num_channels
            expected = f"(B, H, W, {channels}) of at least {size}x{size} pixels"
            raise InputError(f"Images must have shape {expected}. Received: {tuple(shape)}")

    def _globals(self, images: Tensor, features: Features, step: Tensor) -> Features:
        """Returns the `fc` and `output` that objectives use as globals, G consecutive rows per image."""
        if self.occlusion:
            hidden = augmentation.random_occlusion(images, self.occlusion, self._seed(step, "occlusion"))
            features = self.encoder(hidden, training=True)
        if not self.block_size:
            return features
        blocks = [
            augmentation.random_crop(features["local_features"], self.block_size, self._seed(step, f"block {i}"))
            for i in range(self.num_globals)
        ]
        stacked = tf.stack(blocks, axis=1)  # (B, G, h, w, C)
        return self.encoder.summarise(tf.reshape(stacked, [-1, *stacked.shape[2:]]), training=True)

    def _seed(self, step: Tensor, purpose: str) -> Tensor:
        return stateless_seed(self.seed, step, purpose)

    def compile_arguments(self) -> Mapping[str, Any]:
        return {"encoder_optimizer": self.encoder_optimizer, "critic_optimizer": self.critic_optimizer}

    def get_config(self) -> dict:
        return {**super().get_config(), **keras.saving.serialize_keras_object(arguments_of(self, DeepInfoMax))}


def _optimizer() -> keras.optimizers.Optimizer:
    return default_optimizer(LEARNING_RATE, beta_1=0.9, beta_2=0.999)
