"""Published numbers of Deep InfoMax, each with its source and the preset that trains it."""

from collections.abc import Iterator, Mapping

from tf_infomax.presets.published import DEEP_INFOMAX, PublishedNumber

ENCODER_PROTOCOL = (
    f"{DEEP_INFOMAX}: accuracies in percent on the test split; mlp: one hidden layer of 200 units with dropout, mean "
    "of the last 100 of 1,000 epochs; svm: mean over five linear machines; finetune: the encoder trained on with the "
    "labels; mine and ndm in nats."
)
"""Protocol of the published numbers."""

_LAYERS = ("conv", "fc", "output")
# Accuracies of the mlp on conv, fc and Y.
_TABLE_1: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    "cifar10": {
        "dim-g": (52.2, 52.84, 43.17),
        "dim-l-dv": (72.66, 70.60, 64.71),
        "dim-l-jsd": (73.25, 73.62, 66.96),
        "dim-l-infonce": (75.21, 75.57, 69.13),
    },
    "cifar100": {
        "dim-g": (27.68, 24.35, 19.98),
        "dim-l-dv": (48.52, 44.44, 39.27),
        "dim-l-jsd": (48.13, 45.92, 39.60),
        "dim-l-infonce": (49.74, 47.72, 41.61),
    },
}
_TABLE_2: Mapping[str, Mapping[str, tuple[float, ...]]] = {  # with the accuracy after fine-tuning on STL-10
    "tiny-imagenet": {
        "dim-g": (11.32, 6.34, 4.95),
        "dim-l-dv": (30.35, 29.51, 28.18),
        "dim-l-jsd": (33.54, 36.88, 31.66),
        "dim-l-infonce": (34.21, 38.09, 33.33),
    },
    "stl10": {
        "dim-g": (42.03, 30.82, 28.09, 51.36),
        "dim-l-dv": (69.15, 63.81, 61.92, 71.22),
        "dim-l-jsd": (72.86, 70.85, 65.93, 76.96),
        "dim-l-infonce": (72.57, 70.00, 67.08, 76.81),
    },
}
_SUPERVISED: Mapping[str, float] = {"cifar10": 75.39, "cifar100": 42.27, "tiny-imagenet": 36.60, "stl10": 68.7}
# SVM on conv, fc and Y, MS-SSIM, MINE, NDM; the paper does not name the estimator.
_TABLE_4_METRICS = ("svm_conv", "svm_fc", "svm_output", "ms_ssim", "mine", "ndm")
_TABLE_4: Mapping[str, tuple[tuple[float, ...], Mapping[str, object]]] = {
    "dim-g": ((46.8, 28.79, 29.08, 0.49, 49.63, 9.96), {}),
    "dim-lg": ((57.55, 45.56, 18.63, 0.53, 101.65, 22.89), {}),
    "dim-l-jsd": ((63.25, 54.06, 49.62, 0.37, 45.09, 9.18), {"objectives.local_infomax.head": "concat_and_convolve"}),
}
_TABLE_5: Mapping[str, Mapping[str, tuple[float, ...]]] = {  # Y, fc, conv
    "cifar10": {
        "dim-coord": (71.56, 73.89, 77.28),
        "dim-occlude": (72.87, 74.45, 76.77),
        "dim-coord-occlude": (73.99, 75.15, 77.27),
    },
    "cifar100": {
        "dim-coord": (45.37, 48.61, 50.27),
        "dim-occlude": (44.89, 47.65, 48.87),
        "dim-coord-occlude": (45.96, 48.00, 48.72),
    },
}


def _numbers() -> Iterator[PublishedNumber]:
    for table, rows_by_dataset in ((1, _TABLE_1), (2, _TABLE_2)):
        for dataset, rows in rows_by_dataset.items():
            supervised = f"{DEEP_INFOMAX}, Table {table}"
            yield PublishedNumber(supervised, f"supervised-{dataset}", "accuracy", _SUPERVISED[dataset])
            for method, values in rows.items():
                metrics = [*(f"mlp_{layer}" for layer in _LAYERS), "finetune"]
                for metric, value in zip(metrics, values):
                    yield PublishedNumber(f"{DEEP_INFOMAX}, Table {table}", f"{method}-{dataset}", metric, value)
    for method, (values, overrides) in _TABLE_4.items():
        for metric, value in zip(_TABLE_4_METRICS, values, strict=True):
            yield PublishedNumber(f"{DEEP_INFOMAX}, Table 4", f"{method}-cifar10", metric, value, overrides=overrides)
    for dataset, rows in _TABLE_5.items():
        for method, values in rows.items():
            for layer, value in zip(reversed(_LAYERS), values, strict=True):
                yield PublishedNumber(f"{DEEP_INFOMAX}, Table 5", f"{method}-{dataset}", f"mlp_{layer}", value)


ENCODER_NUMBERS: tuple[PublishedNumber, ...] = tuple(_numbers())
"""All numbers, from Tables 1, 2, 4 and 5."""
