"""Hooks of MkDocs: tutorials from scripts, figures from results/, and numbers from files that commands wrote."""

import re
from pathlib import Path

import jinja2
import jupytext
import site_tables
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
COPIED = ("*.png", "*.json")
FUNCTIONS = (
    "caption",
    "claims",
    "comparison",
    "measurements",
    "number",
    "plain",
    "published_fid",
    "published_in",
    "shipped",
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds a page for each tutorial script and the figures of results and shipped models."""
    for script in sorted((ROOT / "docs" / "tutorials").glob("*.py")):
        page = with_notebook(jupytext.writes(jupytext.read(script), "md"), script.stem, config.repo_url)
        files.append(File.generated(config, f"tutorials/{script.stem}.md", content=page))
    for base, patterns in ((ROOT / "results", COPIED), (site_tables.SHIPPED, ("*.png",))):
        for path in sorted(path for pattern in patterns for path in base.glob(f"*/{pattern}")):
            uri = path.relative_to(base.parent).as_posix()
            files.append(File.generated(config, uri, abs_src_path=str(path), inclusion=InclusionLevel.NOT_IN_NAV))
    return files


def with_notebook(page: str, name: str, repository: str | None) -> str:
    """Links a tutorial's notebook below its title, and Colab where mkdocs.yml has a `repo_url` on GitHub."""
    links = [f"[Notebook]({name}.ipynb)"]
    host, found, place = (repository or "").rstrip("/").partition("github.com/")
    if found:
        links.append(
            f"[Open in Colab](https://colab.research.google.com/github/{place}/blob/main/docs/tutorials/{name}.ipynb)"
        )
    title = re.search(r"^# .*\n", page, flags=re.MULTILINE)
    end = title.end() if title else 0
    return f"{page[:end]}\n{' · '.join(links)}\n{page[end:]}"


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fills in the numbers of results and guides."""
    if not page.file.src_uri.startswith(("results/", "guides/")):
        return markdown
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(markdown).render({name: getattr(site_tables, name) for name in FUNCTIONS})
