"""The oldest versions of other packages: those that `.ci/run` tests are those that setup.cfg declares."""

import configparser

from tests.programs import ROOT

EXTRAS = ("test", "cluster", "serving")


def test_the_constraints_are_the_floors():
    declared = configparser.ConfigParser()
    declared.read(ROOT / "setup.cfg")
    parts = declared["options"]["install_requires"], *(declared["options.extras_require"][extra] for extra in EXTRAS)
    floors = [line.replace(">=", "==") for part in parts for line in part.splitlines() if ">=" in line]
    constraints = (ROOT / ".ci" / "floors.txt").read_text().splitlines()
    assert [line for line in constraints if "==" in line][: len(floors)] == floors
