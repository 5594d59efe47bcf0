"""Protocols of evaluation: numbers of samples, seeds and estimators."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tf_infomax.errors import check_choice
from tf_infomax.metrics import Metric, Suite, kernel_subsets
from tf_infomax.runs.options import EvaluationOptions


@dataclass(frozen=True)
class Sizes:
    """Numbers of samples of one measurement."""

    num_real: int
    num_fake: int


@dataclass(frozen=True)
class Protocol:
    """The protocol of an evaluation.

    Attributes:
        name: Name in records.
        seeds: Seeds, one for each measurement.
        sizes: Numbers of samples; the suite's default of each kind if None.
        sizes_of: Numbers of samples of single metrics, by name.
        rows: Rows of metrics that stand in for the suite's.
        metrics: Metrics by name or group; all that apply if None.
        per_class: Real images of each class where they are drawn by class, by dataset.
        num_real: Number of real samples of all metrics; as above if None.
        num_fake: Number of generated samples of all metrics; as above if None.
    """

    name: str
    seeds: tuple[int, ...] = (0, 1, 2)
    sizes: Sizes | None = None
    sizes_of: Mapping[str, Sizes] = field(default_factory=dict)
    rows: Mapping[str, Metric[Any]] = field(default_factory=dict)
    metrics: tuple[str, ...] | None = None
    per_class: Mapping[str, int] = field(default_factory=dict)
    num_real: int | None = None
    num_fake: int | None = None

    def suite(self, suite: Suite[Any, Any]) -> Suite[Any, Any]:
        """Returns a suite of the protocol's metrics.

        Raises:
            InputError: A metric is unknown, or needs what the samples lack.
        """
        rows = {name: self.rows.get(name, row) for name, row in suite.metrics.items()}
        suite = replace(suite, metrics=rows)
        if self.metrics is not None:
            return suite.only(self.metrics)
        return replace(suite, metrics={name: row for name, row in rows.items() if suite.applies(row)})

    def sizes_in(self, suite: Suite[Any, Any]) -> dict[str, Sizes]:
        """Returns the numbers of samples by metric."""
        default = self.sizes or Sizes(suite.default_size, suite.default_size)
        chosen = {name: self.sizes_of.get(name, default) for name in suite.metrics}
        return {
            name: Sizes(self.num_real or sizes.num_real, self.num_fake or sizes.num_fake)
            for name, sizes in chosen.items()
        }

    def real_per_class(self, dataset: str) -> int | None:
        """Returns the number of real images of each class, None where they are drawn from all alike."""
        return self.per_class.get(dataset) if self.num_real is None else None


_FIFTY_THOUSAND = Sizes(50_000, 50_000)

PROTOCOLS: Mapping[str, Protocol] = {
    "standard": Protocol("standard"),
    "quick": Protocol("quick", seeds=(0,), sizes=Sizes(1_000, 1_000)),
    # Source: InfoMax-GAN, Appendix A, "Sample sizes".
    "paper": Protocol(
        "paper",
        sizes=_FIFTY_THOUSAND,
        sizes_of={"fid": Sizes(50_000, 10_000)},
        metrics=("fid", "kid", "is"),
        per_class={"imagenet2012": 50},
    ),
    # Source: the evaluation of the authors' library, torch_mimicry.
    "mimicry": Protocol(
        "mimicry",
        sizes=_FIFTY_THOUSAND,
        rows={"kid_subsets": kernel_subsets(num_subsets=10, subset_size=5_000)},
        metrics=("fid", "kid_subsets", "is_splits"),
    ),
}
"""Protocols by name; you may add rows."""


def chosen_protocol(options: EvaluationOptions) -> Protocol:
    """Returns the protocol of a command line: a named one, with its own numbers, seeds and metrics where given.

    Raises:
        InputError: There is no such protocol.
    """
    check_choice("protocol", options.protocol, PROTOCOLS)
    protocol = PROTOCOLS[options.protocol]
    return replace(
        protocol,
        seeds=options.seeds or protocol.seeds,
        metrics=options.metrics or protocol.metrics,
        num_real=options.num_real,
        num_fake=options.num_fake,
    )
