"""Saving of a run's model as a folder for `from_preset`."""

from pathlib import Path
from typing import Any, cast

from tf_infomax.errors import InputError
from tf_infomax.models import GAN, PlayersModel, current_step, generator_of, resolve_weights
from tf_infomax.models.pretrained.card import use_of
from tf_infomax.models.pretrained.saving import check_target, save_to_preset
from tf_infomax.models.pretrained.weight_file import StorageType, take_weights
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.identity import START
from tf_infomax.runs.model_card import model_card, picture_of, records_of
from tf_infomax.runs.trained_model import STEPS_MADE


def save_run_to_preset(
    run: RunDirectory,
    directory: Path | str,
    *,
    best: bool = False,
    weights: str | None = None,
    storage: StorageType = "float32",
    license_id: str = "unknown",
    overwrite: bool = False,
) -> Path:
    """Writes a run's model, its settings, measurements, samples and a model card as a folder for `from_preset`.

    Args:
        run: The run.
        directory: Folder to write.
        best: Whether to save the best model in place of the finished one.
        weights: `"average"` or `"raw"` keep one generator of a GAN with a moving average, as a GAN without one; both
            are kept if None.
        storage: Type that kernels are stored in, `"float32"` or `"float16"`.
        license_id: Identifier of a licence for the card, such as `mit`.
        overwrite: Whether to replace a model in the folder, which must hold nothing else.

    Returns:
        The folder.

    Raises:
        InputError: There is no finished run or no best model, it has no such weights, or the folder holds a model that
            is not to be replaced, or other files.
        NotWritten: The disk is full, read-only or damaged; what was there is kept.
    """
    check_target(Path(directory), overwrite=overwrite)
    model = run.load_model(best=best)
    steps, config = current_step(model), _public(run.config())
    measured = records_of(run.own_records(best=best), model, weights=weights)
    if weights is not None:
        model = _with_one_generator(model, weights)
    drawn = resolve_weights(model) if isinstance(model, GAN) else None
    records = [{**record, "path": None, **({"weights": drawn} if record.get("weights") else {})} for record in measured]
    picture = picture_of(model, config)
    intro = f"Trained by tf-infomax {config['versions']['tf-infomax']}.\n\n"
    card = model_card(
        config,
        model,
        records,
        steps=steps,
        intro=intro + use_of(Path(directory).name, generates=isinstance(model, GAN)),
        license_id=license_id,
        has_picture=picture is not None,
    )
    return save_to_preset(
        model,
        directory,
        storage=storage,
        overwrite=overwrite,
        run={**config, STEPS_MADE: steps},
        records=records,
        card=card,
        picture=picture,
    )


def _public(config: dict[str, Any]) -> dict[str, Any]:
    """Returns a configuration without the folders of the machine that trained."""
    dataset = {name: value for name, value in config["dataset"].items() if name != "folder"}
    kept = {name: value for name, value in config.items() if name != "places"}
    if START in config and Path(config[START]["from_preset"]).is_absolute():
        kept[START] = {**config[START], "from_preset": Path(config[START]["from_preset"]).name}
    return {**kept, "dataset": dataset}


def _with_one_generator(model: PlayersModel, weights: str) -> GAN:
    """Returns a GAN without a moving average, whose generator has the weights asked for.

    Raises:
        InputError: The model is no GAN, or has no such weights.
    """
    if not isinstance(model, GAN):
        raise InputError(f"`weights` is for GANs. Received: a {type(model).__name__}")
    single: Any = GAN.from_config({**model.get_config(), "ema_decay": 0.0})
    single.compile_from_config(model.get_compile_config() or {})
    take_weights(single, {**model.parts(), "generator": generator_of(model, weights)})
    return cast(GAN, single)
