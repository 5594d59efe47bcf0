"""A model card: what a person should know of an exported model before they use it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tf_infomax.callbacks.sample_grids import sample_grid
from tf_infomax.files import write_bytes
from tf_infomax.images import are_images, encode_png
from tf_infomax.models import GAN, PlayersModel, resolve_weights
from tf_infomax.models.pretrained.card import FRONT_MATTER
from tf_infomax.models.pretrained.layout import CARD, PICTURE
from tf_infomax.runs.identity import START
from tf_infomax.runs.records import Record
from tf_infomax.runs.trained_model import CLASS_NAMES, TrainedModel
from tf_infomax.sizes import checked_size, height_and_width
from tf_infomax.types import Array

_FEW_IMAGES = 10_000


def write_model_card(
    trained: TrainedModel, model: PlayersModel, target: Path, *, license_id: str, recalibrated: bool = False
) -> Path | None:
    """Writes a card and a picture of samples into the folder of all versions, beside the exported one.

    A server that watches the folder looks at numbers alone. The card begins with the front matter of Hugging Face's hub
    and describes the version that was exported last; its measurements and samples are those of exactly this model.

    Args:
        trained: The run or saved model that was exported.
        model: Its model.
        target: Folder of the exported version.
        license_id: Identifier of a licence, such as `mit` or `cc-by-4.0`.
        recalibrated: Whether it differs from the model that was measured by its statistics of batch normalisation.

    Returns:
        The path of the card; None if the folder has a README.md of somebody else, which stays. So does a picture that
        lies there without a card.

    Raises:
        NotWritten: The disk is full, read-only or damaged.
    """
    path = target.parent / CARD
    if path.exists() and FRONT_MATTER not in path.read_text(errors="replace"):
        return None
    config = trained.config()
    picture = _picture_file(trained, model, recalibrated)
    has_picture = _write_picture(target.parent / PICTURE, picture, is_ours=path.exists())
    records = [] if recalibrated else records_of(trained.own_records(), model)
    intro = f"Version {target.name}, trained by tf-infomax {config['versions']['tf-infomax']}."
    if recalibrated:
        intro += (
            " The statistics of its batch normalisation were computed anew, so measurements of the run are not its."
        )
    text = model_card(
        config,
        model,
        records,
        steps=trained.steps_made(model),
        intro=intro,
        license_id=license_id,
        has_picture=has_picture,
    )
    write_bytes(path, text.encode())
    return path


def model_card(
    config: Mapping[str, Any],
    model: PlayersModel,
    records: Sequence[Record],
    *,
    steps: int | None,
    intro: str,
    license_id: str,
    has_picture: bool,
) -> str:
    """Returns the text of a card.

    Args:
        config: Configuration of the run that trained the model.
        model: The model.
        records: Its measurements.
        steps: Its training steps; None if they are not known.
        intro: What comes after the title.
        license_id: Identifier of a licence, such as `mit` or `cc-by-4.0`.
        has_picture: Whether samples lie beside the card.
    """
    parts = [
        _front_matter(config, model, records, license_id),
        f"# {config['preset']}",
        intro,
        *([f"![Samples]({PICTURE})"] if has_picture else []),
        "## Data\n\n" + _data(config),
        "## Method\n\n" + _method(config, steps),
        "## Measurements\n\n" + _measurements(records),
        "## Limits\n\n" + _limits(config, model, records),
        "## Settings\n\n```json\n" + json.dumps(config["settings"], indent=2) + "\n```",
    ]
    return "\n\n".join(parts) + "\n"


def records_of(records: Sequence[Record], model: PlayersModel, *, weights: str | None = None) -> list[Record]:
    """Returns the records of samples as a saved or exported model draws them: by one generator, each row alone.

    Args:
        records: Records of the model.
        model: The model.
        weights: Weights of the generator; the ones that it draws with by default if None.
    """
    drawn = resolve_weights(model, weights) if isinstance(model, GAN) else None
    return [
        record
        for record in records
        if record.get("weights") in (None, drawn) and not (record.get("sampler") or {}).get("batch_statistics")
    ]


def picture_of(model: PlayersModel, config: Mapping[str, Any]) -> Array | None:
    """Draws the picture beside a card: samples (height, width, C) uint8; None of a model that draws no images."""
    if not isinstance(model, GAN) or not are_images(model.image_shape):
        return None
    return sample_grid(model, seed=config["seeds"]["run"], class_names=config.get(CLASS_NAMES))


def _picture_file(trained: TrainedModel, model: PlayersModel, recalibrated: bool) -> bytes | None:
    """Returns the picture as a file: the trained model's own, or a new one where the exported model differs."""
    if recalibrated:
        drawn = picture_of(model, trained.config())
        return None if drawn is None else encode_png(drawn)
    return trained.picture.read_bytes() if trained.picture.exists() else None


def _write_picture(path: Path, content: bytes | None, *, is_ours: bool) -> bool:
    """Writes the picture, unless a file of somebody else has its name, and returns whether it is there."""
    if content is None or (path.exists() and not is_ours):
        return False
    write_bytes(path, content)
    return True


def _front_matter(config: Mapping[str, Any], model: PlayersModel, records: Sequence[Record], license_id: str) -> str:
    is_gan = isinstance(model, GAN)
    tags = ["gan", "tensorflow", "keras"] if is_gan else ["representation-learning", "tensorflow", "keras"]
    tags += [name.replace("_", "-") for name in config["settings"]["model"].get("objectives", {})]
    lines = [f"license: {license_id}", FRONT_MATTER]
    if is_gan and are_images(model.image_shape):
        lines.append("pipeline_tag: unconditional-image-generation")
    lines += ["tags:", *(f"- {tag}" for tag in tags), "datasets:", f"- {json.dumps(config['dataset']['name'])}"]
    if records:
        lines += ["metrics:", *(f"- {name}" for name in dict.fromkeys(record["metric"] for record in records))]
    return "\n".join(["---", *lines, "---"])


def _data(config: Mapping[str, Any]) -> str:
    dataset, settings = config["dataset"], config["settings"]["data"]
    classes, part = settings["num_classes"], settings.get("num_training_images")
    shape = f"{_pixels(config)} pixels, " if dataset["image_size"] else ""
    channels = f"{dataset['num_channels']} {'channels' if shape else 'dimensions'}"
    conditional = f"; {classes} classes, which the model is told" if classes else ""
    taken = f", of which {part:,} were trained on" if part else ""
    size = f"{dataset['size']:,} samples{taken}"
    return f"{dataset['name']}, split {dataset['split']}: {size}, {shape}{channels}{conditional}."


def _pixels(config: Mapping[str, Any]) -> str:
    loaded, used = (part["image_size"] for part in (config["dataset"], config["settings"]["data"]))
    texts = ["{}x{}".format(*height_and_width(checked_size(size))) for size in (loaded, used)]
    return texts[0] if loaded == used else f"{texts[0]} cropped to {texts[1]}"


def _method(config: Mapping[str, Any], steps: int | None) -> str:
    settings = config["settings"]
    names = [name.replace("_", " ") for name in settings["model"].get("objectives", {})]
    objectives = f", with {', '.join(names)}" if names else ""
    start = f", from the weights of {config[START]['from_preset']}" if START in config else ""
    rows = settings["schedule"]["batch_size"]
    count = "" if steps is None else f"{steps:,} steps on "
    return (
        f"{settings['model']['class']}{objectives}: {count}batches of {rows}, seed {settings['seed']}"
        f"{start}. All settings are below."
    )


def _measurements(records: Sequence[Record]) -> str:
    if not records:
        return "None. `tf-infomax evaluate` and `tf-infomax probe` measure a run."
    titles = "Metric", "Value", "Deviation", "Samples", "Real samples", "Split", "Protocol", "Features"
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for record in records:
        deviation = "" if record.get("std") is None else f"{record['std']:.3g} ({record['std_kind']})"
        cells = (
            record["metric"],
            f"{record['value']:.5g}",
            deviation,
            *(str(record.get(name) or "") for name in ("num_fake", "num_real", "split", "protocol", "features")),
        )
        lines.append(f"| {' | '.join(cells)} |")
    definitions = {record["metric"]: record["definition"] for record in records if record.get("definition")}
    return "\n".join([*lines, "", *(f"- {name}: {text}" for name, text in definitions.items())])


def _limits(config: Mapping[str, Any], model: PlayersModel, records: Sequence[Record]) -> str:
    name = config["dataset"]["name"]
    limits = [f"The model knows {name} alone; what is rare there is rarer here, and what is one-sided there stays so."]
    if isinstance(model, GAN):
        limits.append("Samples may resemble single training samples; nothing here has measured how closely.")
    small = [record["metric"] for record in records if 0 < (record.get("num_fake") or 0) < _FEW_IMAGES]
    if small:
        limits.append(f"Measured with fewer than {_FEW_IMAGES:,} samples, which biases them: {', '.join(small)}.")
    if not records:
        limits.append("Its quality has not been measured.")
    return "\n".join(f"- {limit}" for limit in limits)
