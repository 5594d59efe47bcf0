"""GANs: a generator and a discriminator, their game, and auxiliary objectives."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from tf_infomax import compat, distribution
from tf_infomax.errors import InputError, check_positive
from tf_infomax.models.augmentation import Augmentation, as_augmentation
from tf_infomax.models.clipping import Gradients, clipped_gradients, gradients_of
from tf_infomax.models.described_logs import gan_logs
from tf_infomax.models.games import AdversarialGame, ThreePlayerGame, as_game
from tf_infomax.models.gan_batches import discriminator_batch, generator_batch, update_augmentation
from tf_infomax.models.gan_networks import build_networks, common_classes, example_inputs
from tf_infomax.models.moving_average import averaged_copy, check_decay, update_average
from tf_infomax.models.optimizers import chosen_optimizer, default_optimizer
from tf_infomax.models.players import PlayersModel
from tf_infomax.models.sampler import Sampler
from tf_infomax.models.training_draws import TrainingDraws
from tf_infomax.models.validation import check_values, checked_batch
from tf_infomax.networks.conditioning import call_network
from tf_infomax.objectives import AuxiliaryObjective, Batch, Player, Term, logs_of
from tf_infomax.objectives.collection import active_objectives, build_heads, check_names, clipped_names, head_variables
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Array, Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class GAN(PlayersModel):
    """A generator and a discriminator that train against each other, with auxiliary objectives.

        gan = GAN(ResNetGenerator(32), ResNetDiscriminator(32), [InfoMax()])
        gan.compile(discriminator_steps=5)
        gan.fit(dataset)

    One step of `fit` is one generator update, after `discriminator_steps` discriminator updates on fresh data and
    latents; a batch therefore carries discriminator_steps * B images, and update i takes every discriminator_steps-th
    from the i-th on.

    Networks with `num_classes` make it conditional: both also receive labels (B,), from the data for real images and
    drawn uniformly for generated ones.

    Args:
        generator: Maps latents (B, Z) to images (B, H, W, C) in [-1, 1], or to points (B, D); has `latent_dim`.
        discriminator: Maps them to a dict with `logits` (B, 1) and the features that the objectives name.
        objectives: Auxiliary objectives with distinct names.
        seed: Seed of all latents; with the step it fixes every draw.
        ema_decay: Decay of a moving average of the generator, which then draws all samples; 0 for none.

    Attributes:
        game: The game that the players play; set by `compile`.
        augmentation: Changes of all images that the discriminator sees, if any; set by `compile`.
        averaged_generator: The moving average; None without one.
        num_classes: Classes that the networks are conditioned on (K); None if they are not.

    Raises:
        InputError: `objectives` are no list of them, or two have the same name or one a reserved one; the networks are
            for different images or classes; or the decay is not below 1.
    """

    game: AdversarialGame
    augmentation: Augmentation | None = None

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
        check_decay(ema_decay)
        self.generator = generator
        self.discriminator = discriminator
        self.objectives = list(objectives)
        self.seed = seed
        self.ema_decay = ema_decay
        self.num_classes = common_classes(generator, discriminator)
        self.shapes = build_networks(generator, discriminator, self.objectives)
        self.image_shape = tuple(self.shapes["images"][1:])
        self.averaged_generator = averaged_copy(generator, *example_inputs(generator)) if ema_decay else None
        self.sampler = Sampler(self.sampling_generator)
        self.built = True

    def call(self, latents: Tensor, labels: Tensor | None = None, training: bool = False) -> Tensor:
        return call_network(self.generator, latents, labels, training=training)

    @property
    def sampling_generator(self) -> keras.Model:
        """Network that draws samples: the generator's moving average if there is one, else the generator."""
        return self.generator if self.averaged_generator is None else self.averaged_generator

    def generate(
        self,
        num_images: int,
        seed: int = 0,
        *,
        labels: Array | None = None,
        truncation: float | None = None,
        batch_size: int = 256,
        batch_statistics: int | None = None,
    ) -> Array:
        """Generates images in inference mode, or normalised as in training.

        Args:
            num_images: Number of images (N).
            seed: The same seed gives the same images, here and, without batch statistics, from the exported `generate`
                signature.
            labels: Classes (N,) of the images of a conditional GAN; drawn uniformly if None.
            truncation: Bound of the numbers in the latents, see `truncated_latents`; none if None.
            batch_size: Images computed at once, without batch statistics.
            batch_statistics: Size of batches that are normalised by their own mean and variance, as in training, where
                an image depends on the others of its batch; running averages of these if None.

        Returns:
            (N, H, W, C) uint8; points (N, D) are float32.

        Raises:
            InputError: A number or the seed is out of range, the labels do not fit, or samples are not finite.
        """
        options: Any = {"truncation": truncation, "batch_size": batch_size, "batch_statistics": batch_statistics}
        return self.sampler.generate(num_images, seed, labels=labels, **options)

    def compile(
        self,
        adversarial_loss: str | AdversarialGame = "hinge",
        *,
        discriminator_steps: int = 1,
        generator_optimizer: keras.optimizers.Optimizer | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | None = None,
        critic_optimizer: keras.optimizers.Optimizer | None = None,
        augmentation: str | Augmentation | None = None,
        log_gradient_norms: bool = False,
        **kwargs,
    ) -> None:
        """Configures the training of the players.

        Args:
            adversarial_loss: The game, afterwards `self.game`: `"hinge"`, `"non_saturating"`, `"minimax"`,
                `"wasserstein"` or `"prior_matching"`, or an `AdversarialGame`.
            discriminator_steps: Discriminator updates before each generator update (n_dis).
            generator_optimizer: Adam with learning rate 2e-4 and betas (0, 0.9) if None.
            discriminator_optimizer: Likewise; it also trains the objectives' heads that do not train with the
                generator.
            critic_optimizer: Likewise, for the third player where the game has one.
            augmentation: Changes of all images that the discriminator sees, afterwards `self.augmentation`:
                `"diffaugment"` or `"ada"`, or an `Augmentation`; None for none.
            log_gradient_norms: Whether `gradient_norm/discriminator` and `gradient_norm/generator` are logged.
            **kwargs: Further arguments of `keras.Model.compile`, such as `run_eagerly` and `jit_compile`, and
                `skip_non_finite`.

        Raises:
            InputError: The game or the augmentation is unknown, points are to be augmented, an optimizer is given for a
                critic that the game lacks, or `discriminator_steps` is below 1.
        """
        check_positive(discriminator_steps=discriminator_steps)
        game, augmentation = as_game(adversarial_loss), as_augmentation(augmentation, self.image_shape)
        build_heads([game], self.shapes)
        self.critic_optimizer = game.critic_optimizer(critic_optimizer)
        if self.compiled:
            compat.untrack(self, self.game, self.augmentation)
        self.game, self.augmentation = game, augmentation
        self.discriminator_steps = discriminator_steps
        self.log_gradient_norms = log_gradient_norms
        self.generator_optimizer = chosen_optimizer(generator_optimizer, default_optimizer)
        self.discriminator_optimizer = chosen_optimizer(discriminator_optimizer, default_optimizer)
        self.generator_optimizer.build(self.generator_variables)
        self.discriminator_optimizer.build(self.discriminator_variables)
        logs = gan_logs(self.objectives, game, augmentation, gradient_norms=log_gradient_norms)
        self.compile_players(logs, **kwargs)

    @property
    def players(self) -> Mapping[str, keras.optimizers.Optimizer]:
        optimizers = {"generator": self.generator_optimizer, "discriminator": self.discriminator_optimizer}
        return optimizers if self.critic_optimizer is None else {**optimizers, "critic": self.critic_optimizer}

    def networks(self) -> Mapping[str, keras.Model]:
        average = {} if self.averaged_generator is None else {"averaged_generator": self.averaged_generator}
        return {"generator": self.generator, "discriminator": self.discriminator, **average}

    @property
    def generator_variables(self) -> list[keras.Variable]:
        """Variables of the generator's optimizer: the generator and the heads that train with it."""
        return self.generator.trainable_variables + head_variables(self.objectives, "generator")

    @property
    def discriminator_variables(self) -> list[keras.Variable]:
        """Variables of the discriminator's optimizer: the discriminator and the heads of objectives in its loss."""
        return self.discriminator.trainable_variables + head_variables(self.objectives, "discriminator")

    def fit(self, x: object = None, y: object = None, *args: object, **kwargs: object) -> keras.callbacks.History:
        """Trains like `keras.Model.fit`, after a check of the data's values.

        Raises:
            InputError: Images of an array or of a dataset's first batch lie outside [-1, 1], or a conditional GAN's
                labels outside its classes.
        """
        check_values(x, y, num_classes=self.num_classes)
        return super().fit(x, y, *args, **kwargs)

    def predict_step(self, data: Tensor | tuple[Tensor, ...]) -> Tensor:
        """Maps latents (B, Z) to images (B, H, W, C) in [-1, 1], or points; conditional GANs raise an InputError."""
        if self.num_classes:
            raise InputError("`predict` has no labels to give to a conditional GAN; use `generate(labels=...)`.")
        latents, *_ = keras.utils.unpack_x_y_sample_weight(data)
        return call_network(self.sampling_generator, latents, None, training=False)

    def make_updates(self, data: Tensor | tuple[Tensor, ...]) -> list[Logs]:
        """Makes `discriminator_steps` discriminator updates and one generator update.

        Args:
            data: Images (discriminator_steps * B, H, W, C), uint8 or float32 in [-1, 1], alone or with integer labels.
        """
        shape, steps = self.image_shape, self.discriminator_steps
        images, labels = checked_batch(data, image_shape=shape, num_classes=self.num_classes, discriminator_steps=steps)
        image_shares = distribution.interleaved(images, steps)
        label_shares = [None] * steps if labels is None else distribution.interleaved(labels, steps)
        # Unrolled: an update cannot sit in a tf.while_loop under MirroredStrategy.
        updates = [self.update_discriminator(*share) for share in zip(image_shares, label_shares)]
        return [*updates, self.update_generator(distribution.num_rows(image_shares[0]))]

    def update_discriminator(self, real_images: Tensor, labels: Tensor | None = None) -> Logs:
        """Updates discriminator and heads once, on images (B, H, W, C), then a critic, and returns their losses."""
        step = self.discriminator_optimizer.iterations + 0  # read now: the update increments it
        draws, batch_size = TrainingDraws(self.seed, "discriminator", step), distribution.num_rows(real_images)
        latents = self.training_latents(batch_size, "discriminator", step)
        fake_labels = self.training_labels(batch_size, "discriminator", step)
        fake_images = call_network(self.generator, latents, fake_labels, training=True)
        with tf.GradientTape() as tape:
            real, fake = (real_images, labels), (fake_images, fake_labels)
            batch = discriminator_batch(self.discriminator, self.augmentation, draws, latents, real=real, fake=fake)
            terms = self._terms("discriminator", batch, draws)
            losses = [distribution.scale_loss(term.weighted) for term in terms]
        variables = self.discriminator_variables
        gradients = gradients_of(tape, losses, variables)
        logs = logs_of("discriminator", terms) | self._apply("discriminator", gradients, variables)
        if isinstance(self.game, ThreePlayerGame):
            seed_for = TrainingDraws(self.seed, "critic", step).seed_for
            logits = batch.real_features["logits"], batch.fake_features["logits"]
            logs |= self.game.update_critic(*logits, optimizer=self.critic_optimizer, seed_for=seed_for)
        return logs | update_augmentation(self.augmentation, self.game, batch)

    def update_generator(self, batch_size: int | Tensor) -> Logs:
        """Updates the generator once, on `batch_size` fresh latents, and returns the terms of its loss."""
        step = self.generator_optimizer.iterations + 0
        draws = TrainingDraws(self.seed, "generator", step)
        latents = self.training_latents(batch_size, "generator", step)
        labels = self.training_labels(batch_size, "generator", step)
        clipped = clipped_names(self.objectives)
        with tf.GradientTape(persistent=bool(clipped)) as tape:
            fake_images = call_network(self.generator, latents, labels, training=True)
            batch = generator_batch(self.discriminator, self.augmentation, draws, latents, (fake_images, labels))
            terms = self._terms("generator", batch, draws)
            losses = {term.name: distribution.scale_loss(term.weighted) for term in terms}
        network, heads = self.generator.trainable_variables, head_variables(self.objectives, "generator")
        gradients, factors = clipped_gradients(tape, losses, clipped, network=network, heads=heads)
        logs = logs_of("generator", terms) | self._apply("generator", gradients, network + heads)
        if self.averaged_generator is not None:
            update_average(self.averaged_generator, self.generator, decay=self.ema_decay, num_updates=step + 1)
        return logs | {f"{name}/clip_factor": factor for name, factor in factors.items()}

    def training_latents(self, batch_size: int | Tensor, player: Player, step: int | Tensor) -> Tensor:
        """Draws this replica's latents (B, Z) of one player's update number `step`."""
        return TrainingDraws(self.seed, player, step).latents(batch_size, self.generator.latent_dim)

    def training_labels(self, batch_size: int | Tensor, player: Player, step: int | Tensor) -> Tensor | None:
        """Draws the labels (B,) that go with this replica's latents; None where the networks are not conditional."""
        return TrainingDraws(self.seed, player, step).labels(batch_size, self.num_classes)

    def _terms(self, player: Player, batch: Batch, draws: TrainingDraws) -> list[Term]:
        """Returns the terms of the game and of the objectives in a player's loss."""
        active = active_objectives(self.objectives, player)
        seeded = [(objective, batch._replace(seed=draws.seed_for(objective.name))) for objective in active]
        return [self.game.term(batch), *(objective.term(self.discriminator, own) for objective, own in seeded)]

    def _apply(self, player: Player, gradients: Gradients, variables: list[keras.Variable]) -> Logs:
        """Makes one step of a player's optimizer and returns the gradients' norm if it is to be logged."""
        self.players[player].apply(gradients, variables)
        return {f"gradient_norm/{player}": distribution.gradient_norm(gradients)} if self.log_gradient_norms else {}

    def compile_arguments(self) -> Mapping[str, Any]:
        return {
            "adversarial_loss": self.game,
            "discriminator_steps": self.discriminator_steps,
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
            "critic_optimizer": self.critic_optimizer,
            "augmentation": self.augmentation,
            "log_gradient_norms": self.log_gradient_norms,
        }

    def get_config(self) -> dict:
        return {**super().get_config(), **keras.saving.serialize_keras_object(arguments_of(self, GAN))}
