"""A page in Chromium, from a file: what it asks for, what it complains of, and what axe-core finds."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

AXE = Path(__file__).parents[1] / "vendored" / "axe-core" / "axe.min.js"
WIDTHS = (360, 768, 1440)
BARRIERS = "axe.run({ resultTypes: ['violations'] }).then((found) => found.violations)"


class Opened:
    """A page in the browser; a context manager."""

    def __init__(self, browser: Browser, file: Path, *, width: int = 1440, **options: Any) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())

    def __enter__(self) -> "Opened":
        return self

    def __exit__(self, *error: object) -> None:
        self.page.close()

    def unfold(self) -> None:
        """Open everything that is folded away."""
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    @property
    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    @property
    def asked(self) -> list[str]:
        """What was asked for; what a page holds itself needs no asking."""
        return [url for url in self.requests if not url.startswith("data:")]

    def barriers(self) -> list[tuple[str, list[str]]]:
        """What axe-core finds: the rule that is broken, and where."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate(BARRIERS)
        return [(one["id"], [str(node["target"]) for node in one["nodes"]]) for one in found]
