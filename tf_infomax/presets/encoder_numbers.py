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
        "vae": (60.71, 60.54, 54.61),
        "ae": (62.19, 55.78, 54.47),
        "beta-vae": (62.4, 57.89, 55.43),
        "aae": (59.44, 57.19, 52.81),
        "bigan": (62.57, 62.74, 52.54),
        "nat": (56.19, 51.29, 31.16),
        "dim-g": (52.2, 52.84, 43.17),
        "dim-l-dv": (72.66, 70.60, 64.71),
        "dim-l-jsd": (73.25, 73.62, 66.96),
        "dim-l-infonce": (75.21, 75.57, 69.13),
    },
    "cifar100": {
        "vae": (37.21, 34.05, 24.22),
        "ae": (31.50, 23.89, 27.44),
        "beta-vae": (32.28, 26.89, 28.96),
        "aae": (36.22, 33.38, 23.25),
        "bigan": (37.59, 33.34, 21.49),
        "nat": (29.18, 24.57, 9.72),
        "dim-g": (27.68, 24.35, 19.98),
        "dim-l-dv": (48.52, 44.44, 39.27),
        "dim-l-jsd": (48.13, 45.92, 39.60),
        "dim-l-infonce": (49.74, 47.72, 41.61),
    },
}
_TABLE_2: Mapping[str, Mapping[str, tuple[float, ...]]] = {  # with the accuracy after fine-tuning on STL-10
    "tiny-imagenet": {
        "vae": (18.63, 16.88, 11.93),
        "ae": (19.07, 16.39, 11.82),
        "beta-vae": (19.29, 16.77, 12.43),
        "aae": (18.04, 17.27, 11.49),
        "bigan": (24.38, 20.21, 13.06),
        "nat": (13.70, 11.62, 1.20),
        "dim-g": (11.32, 6.34, 4.95),
        "dim-l-dv": (30.35, 29.51, 28.18),
        "dim-l-jsd": (33.54, 36.88, 31.66),
        "dim-l-infonce": (34.21, 38.09, 33.33),
    },
    "stl10": {
        "vae": (58.27, 56.72, 46.47, 68.65),
        "ae": (58.19, 55.57, 46.82, 70.29),
        "beta-vae": (57.15, 55.14, 46.87, 70.53),
        "aae": (59.54, 54.47, 43.89, 64.15),
        "bigan": (71.53, 67.18, 58.48, 74.77),
        "nat": (64.32, 61.43, 48.84, 70.75),
        "dim-g": (42.03, 30.82, 28.09, 51.36),
        "dim-l-dv": (69.15, 63.81, 61.92, 71.22),
        "dim-l-jsd": (72.86, 70.85, 65.93, 76.96),
        "dim-l-infonce": (72.57, 70.00, 67.08, 76.81),
    },
}
_SUPERVISED: Mapping[str, float] = {"cifar10": 75.39, "cifar100": 42.27, "tiny-imagenet": 36.60, "stl10": 68.7}
# Of the strided-crop encoders, a ResNet-50 on CIFAR-10; the paper does not say of which layer: all three train `conv`.
_TABLE_3: Mapping[str, Mapping[str, float]] = {
    "cifar10": {"dim-l-crops": 80.95, "cpc": 77.45, "dim-l-blocks": 77.51},
    "stl10": {"dim-l-crops": 76.97, "cpc": 77.81, "dim-l-blocks": 78.21},
}
# SVM on conv, fc and Y, MS-SSIM, MINE, NDM; the paper does not name the estimator of DIM(L).
_TABLE_4_METRICS = ("svm_conv", "svm_fc", "svm_output", "ms_ssim", "mine", "ndm")
_TABLE_4: Mapping[str, tuple[tuple[float, ...], Mapping[str, object]]] = {
    "vae": ((53.83, 42.14, 39.59, 0.72, 93.02, 1.62), {}),
    "aae": ((55.22, 43.34, 37.76, 0.67, 87.48, 0.03), {}),
    "bigan": ((56.40, 38.42, 44.90, 0.46, 37.69, 24.49), {}),
    "nat": ((48.62, 42.63, 39.59, 0.29, 6.04, 0.02), {}),
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
    for dataset, accuracies in _TABLE_3.items():
        for method, accuracy in accuracies.items():
            yield PublishedNumber(f"{DEEP_INFOMAX}, Table 3", f"{method}-{dataset}", "mlp_conv", accuracy)
    for method, (values, overrides) in _TABLE_4.items():
        for metric, value in zip(_TABLE_4_METRICS, values, strict=True):
            yield PublishedNumber(f"{DEEP_INFOMAX}, Table 4", f"{method}-cifar10", metric, value, overrides=overrides)
    for dataset, rows in _TABLE_5.items():
        for method, values in rows.items():
            for layer, value in zip(reversed(_LAYERS), values, strict=True):
                yield PublishedNumber(f"{DEEP_INFOMAX}, Table 5", f"{method}-{dataset}", f"mlp_{layer}", value)


ENCODER_NUMBERS: tuple[PublishedNumber, ...] = tuple(_numbers())
"""All numbers, from Tables 1 to 5."""
