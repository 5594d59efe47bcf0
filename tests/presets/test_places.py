"""Presets of other packages, by their places."""

import pytest

from tf_infomax.errors import InputError
from tf_infomax.presets.places import preset_at


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (":PRESET", "The preset :PRESET needs a module that can be imported: Empty module name."),
        (".presets:X", "The preset .presets:X needs a module that can be imported: A relative module name."),
        ("no_such_module_here:PRESET", "The preset no_such_module_here:PRESET needs a module that can be imported"),
        ("tests.tiny:LATENT_DIM", "The preset tests.tiny:LATENT_DIM must be a `Preset`. Received: int"),
        ("tests.tiny:NOTHING", "The preset tests.tiny:NOTHING must be a `Preset`. Received: NoneType"),
    ],
)
def test_what_is_no_preset_is_refused(place, message):
    with pytest.raises(InputError) as error:
        preset_at(place)
    assert str(error.value).startswith(message)


def test_what_a_module_raises_is_not_about_its_name(tmp_path, monkeypatch):
    (tmp_path / "presets_that_fail.py").write_text("raise ValueError('of its own')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="^of its own$"):
        preset_at("presets_that_fail:PRESET")
