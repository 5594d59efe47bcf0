"""Training that goes on beyond the last step of a run."""

import dataclasses

from tf_infomax.callbacks.state_file import SUFFIX
from tf_infomax.errors import InputError
from tf_infomax.presets import Preset
from tf_infomax.runs.directory import EXTENSIONS, RunDirectory
from tf_infomax.runs.options import RunOptions


def extended(preset: Preset, run: RunDirectory, options: RunOptions) -> Preset:
    """Returns a preset with the extensions of a run: those that its configuration records, and that of an option.

    Raises:
        InputError: There is no run to extend, it is to be overwritten, it has as many steps already, or its states are
            gone.
    """
    if options.overwrite or not run.config_path.exists():
        if options.extend_to is not None:
            raise InputError(f"`extend_to` goes on from a run, and {run.path} holds none that stays.")
        return preset
    earlier = tuple(run.config().get(EXTENSIONS, ()))
    preset = dataclasses.replace(preset, extensions=earlier)
    # The same command continues an extension that was interrupted.
    if options.extend_to is None or options.extend_to in earlier[-1:]:
        return preset
    if run.is_finished and not any(run.checkpoints.glob(f"*{SUFFIX}")):
        raise InputError(f"{run.path} cannot be extended: its training states, {run.checkpoints.name}, are gone.")
    return preset.extended_to(options.extend_to)
