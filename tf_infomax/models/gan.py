"""One GAN class: a method is a generator, a discriminator and a list of objectives."""

from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.images import to_uint8
from tf_infomax.latents import generation_latents, normal_latents, stateless_seed
from tf_infomax.losses.adversarial import adversarial_loss as adversarial_loss_named
from tf_infomax.models.validation import check_images, check_range
from tf_infomax.objectives.base import AuxiliaryObjective, TrainingBatch
from tf_infomax.types import Array, Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class GAN(keras.Model):
    """A generator and a discriminator that train against each other, with auxiliary objectives.

        gan = GAN(ResNetGenerator(32), ResNetDiscriminator(32), [InfoMax()])
        gan.compile(discriminator_steps=5)
        gan.fit(dataset)

    One step of `fit` is one generator update, after `discriminator_steps` discriminator updates on fresh data and
    latents; a batch therefore carries discriminator_steps * B images, of which update i takes every
    discriminator_steps-th from the i-th on.

    Args:
        generator: Maps latents (B, Z) to images (B, H, W, C) in [-1, 1]; has `latent_dim`.
        discriminator: Maps images to a dict with `logits` (B, 1) and the features that the objectives name.
        objectives: Auxiliary objectives, each with a name of its own.
        seed: Seed of all latents; with the step it fixes every draw.

    Raises:
        InputError: Two objectives have the same name.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        objectives: Sequence[AuxiliaryObjective] = (),
        *,
        seed: int = 0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        names = [objective.name for objective in objectives]
        if len(set(names)) < len(names):
            raise InputError(f"`objectives` must have distinct names. Received: {', '.join(names)}")
        self.generator = generator
        self.discriminator = discriminator
        self.objectives = list(objectives)
        self.seed = seed
        self.image_shape = self._build_networks()
        self._renderer: Callable[[Tensor], Tensor] | None = None

    def _build_networks(self) -> tuple[int, int, int]:
        """Creates all variables by one pass and returns the images' (H, W, C)."""
        latents = tf.zeros([1, self.generator.latent_dim], keras.config.floatx())
        images = self.generator(latents)
        features = self.discriminator(images)
        shapes = {"latents": latents.shape, "images": images.shape}
        shapes |= {name: feature.shape for name, feature in features.items()}
        for objective in self.objectives:
            if not objective.built:
                objective.build({name: (None, *shape[1:]) for name, shape in shapes.items()})
                objective.built = True
        self.built = True
        return tuple(images.shape[1:])

    def compile(
        self,
        adversarial_loss: str = "hinge",
        *,
        discriminator_steps: int = 1,
        generator_optimizer: keras.optimizers.Optimizer | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | None = None,
        **kwargs,
    ) -> None:
        """Sets how the players train.

        Args:
            adversarial_loss: `"hinge"`, `"non_saturating"`, `"minimax"` or `"wasserstein"`.
            discriminator_steps: Discriminator updates before each generator update (n_dis).
            generator_optimizer: Adam with learning rate 2e-4 and betas (0, 0.9) if None.
            discriminator_optimizer: Likewise; it also trains the objectives' heads.
            **kwargs: `run_eagerly`, `jit_compile` and what else `keras.Model.compile` takes.

        Raises:
            InputError: The loss is unknown or `discriminator_steps` below 1.
        """
        if discriminator_steps < 1:
            raise InputError(f"`discriminator_steps` must be at least 1. Received: {discriminator_steps}")
        # Without an explicit None Keras adds an RMSprop that nothing uses and that breaks restoring.
        super().compile(optimizer=None, **{"jit_compile": False, **kwargs})
        self._game = adversarial_loss_named(adversarial_loss)
        self.adversarial_loss = adversarial_loss
        self.discriminator_steps = discriminator_steps
        self.generator_optimizer = generator_optimizer or default_optimizer()
        self.discriminator_optimizer = discriminator_optimizer or default_optimizer()
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator_variables)
        self._trackers = {name: keras.metrics.Mean(name=name) for name in self._log_names()}

    @property
    def discriminator_variables(self) -> list[keras.Variable]:
        """What the discriminator's optimizer trains: the discriminator and the heads of objectives in its loss."""
        active = self._active_objectives("discriminator")
        heads = [variable for objective in active for variable in objective.trainable_variables]
        return self.discriminator.trainable_variables + heads

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """Running means of all logged terms."""
        return list(self._trackers.values()) if self.compiled else []

    def _log_names(self) -> list[str]:
        names = []
        for player in ("discriminator", "generator"):
            active = [objective.name for objective in self._active_objectives(player)]
            names += [f"{player}/{term}" for term in ("adversarial", *active, "total")]
        for objective in self.objectives:
            names += [f"{objective.name}/{metric}" for metric in objective.metric_names]
        return names

    def _active_objectives(self, player: str) -> list[AuxiliaryObjective]:
        return [objective for objective in self.objectives if getattr(objective, f"{player}_weight") > 0]

    def fit(self, x: object = None, *args: object, **kwargs: object) -> keras.callbacks.History:
        """Trains as `keras.Model.fit` does, after a look at the range of the images.

        Raises:
            InputError: Images lie outside [-1, 1]: any of an array, or those of a dataset's first batch.
        """
        check_range(x)
        return super().fit(x, *args, **kwargs)

    def train_step(self, data: Tensor | tuple[Tensor, ...]) -> dict[str, Tensor]:
        """Makes `discriminator_steps` discriminator updates and one generator update.

        Args:
            data: Images (discriminator_steps * B, H, W, C) float32 in [-1, 1], alone or with labels.
        """
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        check_images(images, image_shape=self.image_shape, discriminator_steps=self.discriminator_steps)
        # Unrolled: an update cannot sit in a tf.while_loop under MirroredStrategy. Strided: so that a replica's share
        # of the batch is its share of every update.
        for i in range(self.discriminator_steps):
            share = slice(i, None, self.discriminator_steps)
            logs = self.update_discriminator(images[share], None if labels is None else labels[share])
            self._track(logs)
        self._track(self.update_generator(_num_rows(images[:: self.discriminator_steps])))
        return self.get_metrics_result()

    def update_discriminator(self, real_images: Tensor, labels: Tensor | None = None) -> Logs:
        """Updates discriminator and heads once, on images (B, H, W, C), and returns the terms of its loss."""
        step = self.discriminator_optimizer.iterations
        latents = self.training_latents(_num_rows(real_images), "discriminator", step)
        fake_images = self.generator(latents, training=True)
        with tf.GradientTape() as tape:
            real_features = self.discriminator(real_images, training=True)
            fake_features = self.discriminator(fake_images, training=True)
            adversarial = self._game.discriminator(real_features["logits"], fake_features["logits"])
            batch = TrainingBatch(latents, fake_images, fake_features, real_images, real_features, labels)
            total, logs = self._add_objectives("discriminator", adversarial, batch, step)
            loss = distribution.scale_loss(total)
        _apply(self.discriminator_optimizer, tape, loss, self.discriminator_variables)
        return logs

    def update_generator(self, batch_size: int | Tensor) -> Logs:
        """Updates the generator once, on `batch_size` fresh latents, and returns the terms of its loss."""
        step = self.generator_optimizer.iterations
        latents = self.training_latents(batch_size, "generator", step)
        with tf.GradientTape() as tape:
            fake_images = self.generator(latents, training=True)
            fake_features = self.discriminator(fake_images, training=True)
            adversarial = self._game.generator(fake_features["logits"])
            batch = TrainingBatch(latents, fake_images, fake_features)
            total, logs = self._add_objectives("generator", adversarial, batch, step)
            loss = distribution.scale_loss(total)
        _apply(self.generator_optimizer, tape, loss, self.generator.trainable_variables)
        return logs

    def training_latents(self, batch_size: int | Tensor, player: str, step: int | Tensor) -> Tensor:
        """Draws this replica's latents (B, Z) of one player's update number `step`."""
        seed = stateless_seed(self.seed, step, f"{player}/latents")
        return distribution.replica_share(
            lambda rows: normal_latents(rows, self.generator.latent_dim, seed), batch_size
        )

    def _add_objectives(
        self, player: str, adversarial: Tensor, batch: TrainingBatch, step: int | Tensor
    ) -> tuple[Tensor, Logs]:
        """Returns the player's whole loss and its terms by name."""
        total, logs = adversarial, {f"{player}/adversarial": adversarial}
        for objective in self._active_objectives(player):
            seeded = batch._replace(seed=stateless_seed(self.seed, step, f"{player}/{objective.name}"))
            loss, metrics = getattr(objective, f"{player}_loss")(self.discriminator, seeded)
            total += getattr(objective, f"{player}_weight") * loss
            logs[f"{player}/{objective.name}"] = loss
            logs |= {f"{objective.name}/{name}": value for name, value in metrics.items()}
        logs[f"{player}/total"] = total
        return total, logs

    def _track(self, logs: Logs) -> None:
        for name, value in logs.items():
            self._trackers[name].update_state(value)

    def call(self, latents: Tensor, training: bool = False) -> Tensor:
        return self.generator(latents, training=training)

    def generate(self, num_images: int, seed: int = 0, *, batch_size: int = 256) -> Array:
        """Generates images in inference mode.

        Args:
            num_images: Number of images (N).
            seed: The same seed gives the same images, here and from the exported `generate` signature.
            batch_size: Images computed at once.

        Returns:
            (N, H, W, C) uint8.

        Raises:
            InputError: `num_images` is below 1.
        """
        if num_images < 1:
            raise InputError(f"`num_images` must be at least 1. Received: {num_images}")
        return self.render(generation_latents(num_images, self.generator.latent_dim, seed), batch_size=batch_size)

    def render(self, latents: Tensor, *, batch_size: int = 256) -> Array:
        """Maps latents (N, Z) to images (N, H, W, C) uint8 in inference mode, `batch_size` at once."""
        if self._renderer is None:
            self._renderer = tf.function(lambda z: to_uint8(self.generator(z, training=False)), reduce_retracing=True)
        batches = [latents[i : i + batch_size] for i in range(0, latents.shape[0], batch_size)]
        return np.concatenate([self._renderer(batch).numpy() for batch in batches])

    def get_config(self) -> dict:
        config = {
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "objectives": [keras.saving.serialize_keras_object(objective) for objective in self.objectives],
            "seed": self.seed,
        }
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "GAN":
        revive = keras.saving.deserialize_keras_object
        for name in ("generator", "discriminator"):
            config[name] = revive(config[name], custom_objects=custom_objects)
        config["objectives"] = [revive(item, custom_objects=custom_objects) for item in config["objectives"]]
        return cls(**config)

    def get_compile_config(self) -> dict | None:
        if not self.compiled:
            return None
        return {
            "adversarial_loss": self.adversarial_loss,
            "discriminator_steps": self.discriminator_steps,
            "generator_optimizer": keras.saving.serialize_keras_object(self.generator_optimizer),
            "discriminator_optimizer": keras.saving.serialize_keras_object(self.discriminator_optimizer),
            "jit_compile": self.jit_compile,
            "run_eagerly": self.run_eagerly,
        }

    def compile_from_config(self, config: dict) -> None:
        for name in ("generator_optimizer", "discriminator_optimizer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        self.compile(**config)


def default_optimizer(learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 2e-4):
    """Returns the papers' Adam: betas (0, 0.9), epsilon 1e-8. Source: InfoMax-GAN, Appendix A.2."""
    return keras.optimizers.Adam(learning_rate, beta_1=0.0, beta_2=0.9, epsilon=1e-8)


def _num_rows(tensor: Tensor) -> int | Tensor:
    return tf.shape(tensor)[0] if tensor.shape[0] is None else tensor.shape[0]


def _apply(
    optimizer: keras.optimizers.Optimizer, tape: tf.GradientTape, loss: Tensor, variables: list[keras.Variable]
) -> None:
    gradients = tape.gradient(loss, [variable.value for variable in variables])
    optimizer.apply(gradients, variables)
