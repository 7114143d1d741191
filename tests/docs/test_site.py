"""The built site: complete, and at rest. It runs where the site was built: `tox -e docs`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from docs_site.pages import FILES
from docs_site.pictures import NAMES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "site"
LOADED = re.compile(r"<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=\"?(https?:)?//", re.IGNORECASE)
IN_STYLES = re.compile(r"(?:url\(|@import) *[\"']?(?:https?:)?//", re.IGNORECASE)

if not (SITE / "index.html").exists():
    pytest.skip("the site is not built here: tox -e docs", allow_module_level=True)


def test_no_page_loads_anything_from_elsewhere() -> None:
    """Links lead elsewhere when somebody clicks; nothing is fetched by itself, not even a font."""
    pages = [page for page in SITE.rglob("*.html") if LOADED.search(page.read_text("utf-8"))]
    styles = [file for kind in ("css", "svg") for file in SITE.rglob(f"*.{kind}") if _fetches(file)]

    assert (pages, styles) == ([], [])


def _fetches(file: Path) -> bool:
    return IN_STYLES.search(file.read_text("utf-8")) is not None


def test_a_browser_turns_to_nobody_but_the_site(browser: "Browser", served: str) -> None:
    """With scripts running, in light and dark, while something is searched for."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for name in ("index.html", "tutorial.html", "reference/commands.html"):
            page.goto(f"{served}/{name}", wait_until="networkidle")
        page.keyboard.press("/")
        page.keyboard.type("bucket")
        page.wait_for_selector(".md-search-result__item")
    page.close()

    assert [url for url in asked if not url.startswith((served, "data:", "blob:"))] == []


@pytest.fixture
def served() -> Iterator[str]:
    """The site on this machine: search needs a server."""
    import functools
    import threading
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=SITE)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_each_picture_was_taken() -> None:
    """None is missing and none is blank."""
    small = [name for name in NAMES if name != "favicon.svg" and (SITE / "pictures" / name).stat().st_size < 5_000]

    assert small == []


def test_lists_and_tables_of_the_pages_are_lists_and_tables() -> None:
    """What reads well where the repository is shown does so here: nothing is left as it was typed."""
    raw = [
        (page.name, line)
        for page in SITE.glob("*.html")
        for line in re.sub(r"<pre.*?</pre>", "", page.read_text("utf-8"), flags=re.DOTALL).splitlines()
        if re.match(r"(<p>)?(- \S|\| .* \|$|```)", line.strip())
    ]

    assert raw == []


def test_each_page_is_in_the_navigation() -> None:
    """And each kind of page has its part. Files beside the pages, such as a lesson's own website, are none of them."""
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    named = set(re.findall(r"[\w/-]+\.md", str(nav)))
    pages = [page.relative_to(SITE) for page in SITE.rglob("*.html")]
    built = {page.with_suffix(".md").as_posix() for page in pages if page.parts[0] != FILES} - {"404.md"}

    assert [next(iter(part)) for part in nav] == ["Start", "Tutorial", "How-to", "Reference", "Explanation"]
    assert built - named == set()
