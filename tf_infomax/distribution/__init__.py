"""Distribution over devices and machines: strategies, workers, and operations of a training step inside one."""

from tf_infomax.distribution.replicas import (
    gather,
    gradient_norm,
    interleaved,
    mean_over_replicas,
    num_replicas,
    num_rows,
    random_integers,
    replica_id,
    replica_share,
    scale_loss,
    shuffle,
    sum_over_replicas,
)
from tf_infomax.distribution.strategies import STRATEGIES, make_strategy
from tf_infomax.distribution.workers import broadcast, broadcast_json, deal_out, is_chief, num_workers, together

__all__ = [
    "STRATEGIES",
    "broadcast",
    "broadcast_json",
    "deal_out",
    "gather",
    "gradient_norm",
    "interleaved",
    "is_chief",
    "make_strategy",
    "mean_over_replicas",
    "num_replicas",
    "num_rows",
    "num_workers",
    "random_integers",
    "replica_id",
    "replica_share",
    "scale_loss",
    "shuffle",
    "sum_over_replicas",
    "together",
]
