"""The measures by name, each from features to numbers."""

from collections.abc import Callable, Mapping
from typing import cast

import keras

from tf_infomax.images import centre_crop
from tf_infomax.metrics.representation import (
    LabelledSplit,
    fine_tuned_accuracy,
    linear_svm_accuracy,
    mlp_accuracy,
    mutual_information_estimate,
    neural_dependency,
    reconstruction_ms_ssim,
)
from tf_infomax.runs.options import ProbeOptions
from tf_infomax.runs.probing.subject import Part, Subject


def _split(train: Part, test: Part, layer: str) -> LabelledSplit:
    return LabelledSplit(train.features[layer], train.labels, test.features[layer], test.labels)


def _svm(subject: Subject, train: Part, test: Part, options: ProbeOptions) -> dict[str, float]:
    return {
        f"svm_{layer}": 100.0 * linear_svm_accuracy(_split(train, test, layer), seed=options.seed)
        for layer in subject.layers
    }


def _mlp(subject: Subject, train: Part, test: Part, options: ProbeOptions) -> dict[str, float]:
    epochs = {"epochs": options.mlp_epochs, "averaged_epochs": max(1, options.mlp_epochs // 5)}
    return {
        f"mlp_{layer}": 100.0 * mlp_accuracy(_split(train, test, layer), seed=options.seed, **epochs)
        for layer in subject.layers
    }


def _ms_ssim(subject: Subject, train: Part, test: Part, options: ProbeOptions) -> dict[str, float]:
    parts = [(part.pixels, part.features[subject.output]) for part in (train, test)]
    return {"ms_ssim": reconstruction_ms_ssim(*parts, steps=options.decoder_steps, seed=options.seed)}


def _mine(subject: Subject, train: Part, test: Part, options: ProbeOptions) -> dict[str, float]:
    parts = [(part.pixels, part.features[subject.output]) for part in (train, test)]
    return {"mine": mutual_information_estimate(*parts, steps=options.estimator_steps, seed=options.seed)}


def _ndm(subject: Subject, train: Part, test: Part, options: ProbeOptions) -> dict[str, float]:
    codes = [part.features[subject.output] for part in (train, test)]
    return {"ndm": neural_dependency(*codes, steps=options.estimator_steps, seed=options.seed)}


def _fine_tune(subject: Subject, train: Part, test: Part, options: ProbeOptions) -> dict[str, float]:
    encoder = cast(keras.Model, subject.encoder)  # the measure is refused without one
    copy = encoder.from_config(encoder.get_config())
    size = copy.image_size
    split = LabelledSplit(centre_crop(train.pixels, size), train.labels, centre_crop(test.pixels, size), test.labels)
    copy(split.train_features[:1])
    copy.set_weights(encoder.get_weights())
    accuracy = fine_tuned_accuracy(
        copy, split, fraction=options.label_fraction, epochs=options.finetune_epochs, seed=options.seed
    )
    return {"finetune": 100.0 * accuracy}


MEASURES: Mapping[str, Callable[[Subject, Part, Part, ProbeOptions], dict[str, float]]] = {
    "svm": _svm,
    "mlp": _mlp,
    "msssim": _ms_ssim,
    "mine": _mine,
    "ndm": _ndm,
    "finetune": _fine_tune,
}
"""Each maps subject, training and test part and options to numbers by metric."""

DEFINITIONS: Mapping[str, str] = {
    "svm": "accuracy of a linear support vector machine, percent; standardised features, C = 0.01",
    "mlp": "accuracy of a network with 200 hidden units, percent; mean of the last fifth of its epochs",
    "msssim": "similarity of images and what a decoder makes of their codes; L2 loss",
    "mine": "information between images and codes, nats; InfoNCE bound over all pairs of unseen images",
    "ndm": "dependence of the codes' numbers, nats; Gaussian copula and a bound on the rest, on unseen codes",
    "finetune": "accuracy after training on with a part of the labels, percent",
}
"""What the numbers of each measure are."""
