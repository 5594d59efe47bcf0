"""One GAN class: a method is a generator, a discriminator and a list of objectives."""

from collections.abc import Mapping
from typing import cast

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.latents import normal_latents, stateless_seed, uniform_labels
from tf_infomax.losses.adversarial import adversarial_loss as adversarial_loss_named
from tf_infomax.models.clipping import ADVERSARIAL, Gradients, clipped_gradients, gradients_of
from tf_infomax.models.composition import Composition
from tf_infomax.models.moving_average import update_average
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.models.validation import check_batch, check_values
from tf_infomax.networks.conditioning import call_discriminator, call_network
from tf_infomax.objectives.base import AuxiliaryObjective, TrainingBatch
from tf_infomax.types import Features, Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class GAN(Composition):
    """A generator and a discriminator that train against each other, with auxiliary objectives.

        gan = GAN(ResNetGenerator(32), ResNetDiscriminator(32), [InfoMax()])
        gan.compile(discriminator_steps=5)
        gan.fit(dataset)

    One step of `fit` is one generator update, after `discriminator_steps` discriminator updates on fresh data and
    latents; a batch therefore carries discriminator_steps * B images, of which update i takes every
    discriminator_steps-th from the i-th on.

    Networks with `num_classes` make it conditional: both receive labels (B,) as well, those of real images from the
    data and those of generated ones drawn uniformly.

    Args:
        generator: Maps latents (B, Z) to images (B, H, W, C) in [-1, 1], or to points (B, D); has `latent_dim`.
        discriminator: Maps them to a dict with `logits` (B, 1) and the features that the objectives name.
        objectives: Auxiliary objectives, each with a name of its own.
        seed: Seed of all latents; with the step it fixes every draw.
        ema_decay: Decay of an exponential moving average of the generator, which then draws all samples; 0 for none.

    Attributes:
        averaged_generator: The moving average; None without one.
        num_classes: Classes that the networks are conditioned on (K); None if they are not.

    Raises:
        InputError: Two objectives have the same name, the networks have different classes, or the decay is not below 1.
    """

    def compile(
        self,
        adversarial_loss: str = "hinge",
        *,
        discriminator_steps: int = 1,
        generator_optimizer: keras.optimizers.Optimizer | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | None = None,
        log_gradient_norms: bool = False,
        **kwargs,
    ) -> None:
        """Sets how the players train.

        Args:
            adversarial_loss: `"hinge"`, `"non_saturating"`, `"minimax"` or `"wasserstein"`.
            discriminator_steps: Discriminator updates before each generator update (n_dis).
            generator_optimizer: Adam with learning rate 2e-4 and betas (0, 0.9) if None.
            discriminator_optimizer: Likewise; it also trains the heads of objectives, unless the generator's does.
            log_gradient_norms: Whether `gradient_norm/discriminator` and `gradient_norm/generator` are logged.
            **kwargs: `run_eagerly`, `jit_compile` and what else `keras.Model.compile` takes.

        Raises:
            InputError: The loss is unknown or `discriminator_steps` below 1.
        """
        if discriminator_steps < 1:
            raise InputError(f"`discriminator_steps` must be at least 1. Received: {discriminator_steps}")
        self._game = adversarial_loss_named(adversarial_loss)
        self.adversarial_loss = adversarial_loss
        self.discriminator_steps = discriminator_steps
        self.log_gradient_norms = log_gradient_norms
        self.generator_optimizer = generator_optimizer or default_optimizer()
        self.discriminator_optimizer = discriminator_optimizer or default_optimizer()
        self.generator_optimizer.build(self.generator_variables)
        self.discriminator_optimizer.build(self.discriminator_variables)
        self.compile_players(self._log_names(), **kwargs)

    @property
    def players(self) -> Mapping[str, keras.optimizers.Optimizer]:
        return {"generator": self.generator_optimizer, "discriminator": self.discriminator_optimizer}

    @property
    def discriminator_variables(self) -> list[keras.Variable]:
        """What the discriminator's optimizer trains: the discriminator and the heads of objectives in its loss."""
        return self.discriminator.trainable_variables + self._head_variables("discriminator")

    @property
    def generator_variables(self) -> list[keras.Variable]:
        """What the generator's optimizer trains: the generator and the heads that train with it."""
        return self.generator.trainable_variables + self._head_variables("generator")

    def _head_variables(self, player: str) -> list[keras.Variable]:
        training = [item for item in self._active_objectives(player) if item.heads_train_with == player]
        return [variable for objective in training for variable in objective.trainable_variables]

    def _log_names(self) -> list[str]:
        names = []
        for player in ("discriminator", "generator"):
            active = [objective.name for objective in self._active_objectives(player)]
            names += [f"{player}/{term}" for term in ("adversarial", *active, "total")]
            names += [f"gradient_norm/{player}"] if self.log_gradient_norms else []
        for objective in self.objectives:
            names += [f"{objective.name}/{metric}" for metric in objective.metric_names]
        return names + [f"{objective.name}/clip_factor" for objective in self._clipped_objectives()]

    def _active_objectives(self, player: str) -> list[AuxiliaryObjective]:
        return [objective for objective in self.objectives if getattr(objective, f"{player}_weight") > 0]

    def _clipped_objectives(self) -> list[AuxiliaryObjective]:
        return [objective for objective in self._active_objectives("generator") if objective.clip_to_adversarial]

    def fit(self, x: object = None, y: object = None, *args: object, **kwargs: object) -> keras.callbacks.History:
        """Trains as `keras.Model.fit` does, after a look at the values of the data.

        Raises:
            InputError: In an array, or the first batch of a dataset, images lie outside [-1, 1] or the labels of a
                conditional GAN outside its classes.
        """
        check_values(x, y, num_classes=self.num_classes)
        return super().fit(x, y, *args, **kwargs)

    def train_step(self, data: Tensor | tuple[Tensor, ...]) -> dict[str, Tensor]:
        """Makes `discriminator_steps` discriminator updates and one generator update.

        Args:
            data: Images (discriminator_steps * B, H, W, C) float32 in [-1, 1], alone or with integer labels.
        """
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        check_batch(
            images,
            labels,
            image_shape=self.image_shape,
            num_classes=self.num_classes,
            discriminator_steps=self.discriminator_steps,
        )
        # Unrolled: an update cannot sit in a tf.while_loop under MirroredStrategy. Strided: so that a replica's share
        # of the batch is its share of every update.
        for i in range(self.discriminator_steps):
            share = slice(i, None, self.discriminator_steps)
            logs = self.update_discriminator(images[share], None if labels is None else labels[share])
            self.track(logs)
        self.track(self.update_generator(distribution.num_rows(images[:: self.discriminator_steps])))
        return self.get_metrics_result()

    def update_discriminator(self, real_images: Tensor, labels: Tensor | None = None) -> Logs:
        """Updates discriminator and heads once, on images (B, H, W, C), and returns the terms of its loss."""
        logs, _, _ = self._discriminator_update(real_images, labels)
        return logs

    def _discriminator_update(self, real_images: Tensor, labels: Tensor | None) -> tuple[Logs, Features, Features]:
        """Updates discriminator and heads; returns also what it made of real and of fake images before."""
        step = self.discriminator_optimizer.iterations
        latents, fake_labels = self._draw(distribution.num_rows(real_images), "discriminator", step)
        fake_images = call_network(self.generator, latents, fake_labels, training=True)
        with tf.GradientTape() as tape:
            real_features, fake_features = call_discriminator(
                self.discriminator, (real_images, labels), (fake_images, fake_labels)
            )
            adversarial = self._game.discriminator(real_features["logits"], fake_features["logits"])
            batch = TrainingBatch(
                latents, fake_images, fake_features, real_images, real_features, labels, fake_labels=fake_labels
            )
            terms, logs = self._terms("discriminator", adversarial, batch, step)
        variables = self.discriminator_variables
        logs |= self._apply("discriminator", gradients_of(tape, terms.values(), variables), variables)
        return logs, real_features, fake_features

    def update_generator(self, batch_size: int | Tensor) -> Logs:
        """Updates the generator once, on `batch_size` fresh latents, and returns the terms of its loss."""
        step = self.generator_optimizer.iterations
        latents, labels = self._draw(batch_size, "generator", step)
        clipped = [objective.name for objective in self._clipped_objectives()]
        with tf.GradientTape(persistent=bool(clipped)) as tape:
            fake_images = call_network(self.generator, latents, labels, training=True)
            fake_features = call_network(self.discriminator, fake_images, labels, training=True)
            adversarial = self._game.generator(fake_features["logits"])
            batch = TrainingBatch(latents, fake_images, fake_features, fake_labels=labels)
            terms, logs = self._terms("generator", adversarial, batch, step)
        network, heads = self.generator.trainable_variables, self._head_variables("generator")
        if clipped:
            gradients, factors = clipped_gradients(tape, terms, clipped, network=network, heads=heads)
            logs |= {f"{name}/clip_factor": factor for name, factor in factors.items()}
        else:
            gradients = gradients_of(tape, terms.values(), network + heads)
        logs |= self._apply("generator", gradients, network + heads)
        if self.averaged_generator is not None:
            updates = self.generator_optimizer.iterations
            update_average(self.averaged_generator, self.generator, decay=self.ema_decay, num_updates=updates)
        return logs

    def _draw(self, batch_size: int | Tensor, player: str, step: int | Tensor) -> tuple[Tensor, Tensor | None]:
        labels = self.training_labels(batch_size, player, step) if self.num_classes else None
        return self.training_latents(batch_size, player, step), labels

    def training_latents(self, batch_size: int | Tensor, player: str, step: int | Tensor) -> Tensor:
        """Draws this replica's latents (B, Z) of one player's update number `step`."""
        seed = stateless_seed(self.seed, step, f"{player}/latents")
        return distribution.replica_share(
            lambda rows: normal_latents(rows, self.generator.latent_dim, seed), batch_size
        )

    def training_labels(self, batch_size: int | Tensor, player: str, step: int | Tensor) -> Tensor:
        """Draws the labels (B,) that go with this replica's latents of a conditional GAN."""
        num_classes = cast(int, self.num_classes)
        seed = stateless_seed(self.seed, step, f"{player}/labels")
        return distribution.replica_share(lambda rows: uniform_labels(rows, num_classes, seed), batch_size)

    def _terms(
        self, player: str, adversarial: Tensor, batch: TrainingBatch, step: int | Tensor
    ) -> tuple[dict[str, Tensor], Logs]:
        """Returns the terms of the player's loss, weighted and scaled, by name, and what is logged of them."""
        terms, logs = {ADVERSARIAL: adversarial}, {f"{player}/adversarial": adversarial}
        for objective in self._active_objectives(player):
            seeded = batch._replace(seed=stateless_seed(self.seed, step, f"{player}/{objective.name}"))
            loss, metrics = getattr(objective, f"{player}_loss")(self.discriminator, seeded)
            terms[objective.name] = getattr(objective, f"{player}_weight") * loss
            logs[f"{player}/{objective.name}"] = loss
            logs |= {f"{objective.name}/{name}": value for name, value in metrics.items()}
        logs[f"{player}/total"] = tf.add_n(list(terms.values()))
        return {name: distribution.scale_loss(term) for name, term in terms.items()}, logs

    def _apply(self, player: str, gradients: Gradients, variables: list[keras.Variable]) -> Logs:
        """Makes one step of a player's optimizer and returns the gradients' norm if it is to be logged."""
        getattr(self, f"{player}_optimizer").apply(gradients, variables)
        return {f"gradient_norm/{player}": distribution.gradient_norm(gradients)} if self.log_gradient_norms else {}

    def get_compile_config(self) -> dict | None:
        config = super().get_compile_config()
        names = ("adversarial_loss", "discriminator_steps", "log_gradient_norms")
        return config and {**config, **{name: getattr(self, name) for name in names}}
