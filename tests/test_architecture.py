"""The architecture: imports run one way, files are short, and other libraries' private names stay in one file."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIBRARY = "tf_infomax"
PROGRAMS = ("trainers", "export")

# A row may import from itself and from the rows above.
ROWS = (
    (
        "cluster",
        "compat",
        "types",
        "errors",
        "files",
        "images",
        "plots",
        "progress",
        "distribution",
        "latents",
        "signatures",
        "sizes",
    ),
    ("layers",),
    ("losses",),
    ("networks",),
    ("objectives",),
    ("models",),
    ("presets",),
    ("callbacks", "serving"),
    ("runs",),
    ("benchmark", "mimicry"),
    ("reproduction",),
    ("commands",),
    ("__main__",),
)
RANKS = {part: rank for rank, row in enumerate(ROWS) for part in row}
LEAVES = {"metrics", "data"}
"""Parts that no row below `models` knows of and that know nothing of the rest themselves, but for these."""
LEAF_IMPORTS = {
    "data": {"types", "errors", "images", "files", "progress", "compat", "latents", "sizes"},
    # The suite of a dataset is chosen by its source. Neural estimators are trained: they share losses and networks with
    # the models.
    "metrics": {"types", "errors", "images", "files", "compat", "losses", "networks", "data"},
}

MAX_LINES = 300
MAX_FUNCTION_LINES = 60


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in files(LIBRARY, *PROGRAMS)}
IDS = list(MODULES)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imported_names(path: Path) -> Iterator[str]:
    """Dotted names of all imports: `from a import b` gives `a.b`."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_modules(path: Path) -> set[str]:
    """Modules of this repository that a file imports."""
    found = set()
    for name in imported_names(path):
        if name.split(".")[0] in (LIBRARY, *PROGRAMS):
            found.add(name if name in MODULES else name.rpartition(".")[0])
    return found


def part(module: str) -> str:
    """`tf_infomax.losses.adversarial` is of the part `losses`."""
    return module.split(".")[1]


OFFERED = {"networks", "objectives", "models"}
"""Parts whose classes `import tf_infomax` reaches."""


def imported_parts(module: str) -> set[str]:
    imported = imported_modules(MODULES[module])
    return {part(name) for name in imported - {LIBRARY}} | (OFFERED if LIBRARY in imported else set())


LIBRARY_MODULES = [name for name in MODULES if name.startswith(f"{LIBRARY}.")]


def test_every_part_of_the_library_has_its_row():
    assert {part(name) for name in LIBRARY_MODULES} == set(RANKS) | LEAVES


@pytest.mark.parametrize("module", LIBRARY_MODULES)
def test_imports_run_one_way(module):
    here, imported = part(module), imported_parts(module)
    if here in LEAVES:
        assert imported <= LEAF_IMPORTS[here] | {here}
        return
    allowed = {name for name, rank in RANKS.items() if rank <= RANKS[here]}
    if RANKS[here] > RANKS["models"]:
        allowed |= LEAVES
    assert imported <= allowed


def test_the_library_does_not_import_the_programs():
    for module in (LIBRARY, *LIBRARY_MODULES):
        assert not {name.split(".")[0] for name in imported_modules(MODULES[module])} & set(PROGRAMS)


def test_programs_do_not_import_each_other():
    for name, path in MODULES.items():
        others = set(PROGRAMS) - {name.split(".")[0]}
        if name.startswith(PROGRAMS):
            assert not {imported.split(".")[0] for imported in imported_modules(path)} & others


def test_no_module_imports_itself_by_a_detour():
    # A package's `__init__` imports its modules, which may import each other: that is no circle.
    graph = {name: imported_modules(path) for name, path in MODULES.items() if path.name != "__init__.py"}
    graphlib.TopologicalSorter(graph).prepare()


PRIVATE_PACKAGES = ("keras.src", "tensorflow.python", "tensorflow.core", "tensorflow_gan")
PRIVATE_ATTRIBUTES = {"src", "python", "__internal__"}
OTHER_LIBRARIES = {"keras", "tf", "tensorflow", "np", "tfds", "tyro"}


def attribute_chains(path: Path) -> Iterator[list[str]]:
    """`tf.keras.layers` as ["tf", "keras", "layers"]."""
    for node in ast.walk(parse(path)):
        chain = []
        while isinstance(node, ast.Attribute):
            chain.append(node.attr)
            node = node.value
        if chain and isinstance(node, ast.Name):
            yield [node.id, *reversed(chain)]


def private_names(path: Path) -> list[str]:
    found = []
    for name in imported_names(path):
        own = name.split(".")[0] in (LIBRARY, *PROGRAMS, "__future__")
        private = name.startswith(PRIVATE_PACKAGES) or any(step.startswith("_") for step in name.split("."))
        found += [name] if private and not own else []
    for chain in attribute_chains(path):
        private = any(step in PRIVATE_ATTRIBUTES or step.startswith("_") for step in chain[1:])
        found += [".".join(chain)] if private and chain[0] in OTHER_LIBRARIES else []
    return found


@pytest.mark.parametrize("module", [name for name in IDS if not name.startswith(f"{LIBRARY}.compat")])
def test_private_names_of_other_libraries_are_in_compat_alone(module):
    assert private_names(MODULES[module]) == []


@pytest.mark.parametrize(
    "source, expected",
    [
        ("from keras.src import backend", ["keras.src.backend"]),
        ("import tensorflow.python.ops", ["tensorflow.python.ops"]),
        ("import keras._tf_keras", ["keras._tf_keras"]),
        ("tf.__internal__.tracking", ["tf.__internal__", "tf.__internal__.tracking"]),
        ("from tf_infomax.layers import _x\nself._x.python", []),
    ],
)
def test_private_names_are_recognised(source, expected, tmp_path):
    path = tmp_path / "module.py"
    path.write_text(source)
    assert sorted(private_names(path)) == expected


@pytest.mark.parametrize("module", IDS)
def test_files_and_functions_are_short(module):
    path = MODULES[module]
    assert len(path.read_text().splitlines()) <= MAX_LINES
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    lengths = {n.name: n.end_lineno - n.lineno + 1 for n in ast.walk(parse(path)) if isinstance(n, functions)}
    assert {name: length for name, length in lengths.items() if length > MAX_FUNCTION_LINES} == {}
