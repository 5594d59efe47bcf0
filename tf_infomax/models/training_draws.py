"""Random numbers of training, as functions of the run's seed, the player, the step and the purpose."""

from typing import NamedTuple

from tf_infomax import distribution
from tf_infomax.latents import normal_latents, stateless_seed, uniform_labels
from tf_infomax.types import Tensor


class TrainingDraws(NamedTuple):
    """The random draws of one update of one player."""

    seed: int
    """Seed of the run."""
    player: str
    """Player that is updated."""
    step: int | Tensor
    """Number of the update."""

    def seed_for(self, purpose: str) -> Tensor:
        """Returns the seed (2,) int32 for one purpose, the same on all replicas."""
        return stateless_seed(self.seed, self.step, f"{self.player}/{purpose}")

    def latents(self, batch_size: int | Tensor, latent_dim: int) -> Tensor:
        """Draws this replica's latents (B, Z)."""
        seed = self.seed_for("latents")
        return distribution.replica_share(lambda rows: normal_latents(rows, latent_dim, seed), batch_size)

    def labels(self, batch_size: int | Tensor, num_classes: int | None) -> Tensor | None:
        """Draws the labels (B,) that go with this replica's latents; None without classes."""
        if num_classes is None:
            return None
        seed = self.seed_for("labels")
        return distribution.replica_share(lambda rows: uniform_labels(rows, num_classes, seed), batch_size)
