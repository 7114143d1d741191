"""What a page may do, as its browser is told: nothing but to be styled by its own text, and to run its own script."""

import base64
import hashlib

import markupsafe


def content_policy(style: str, script: str | None = None) -> markupsafe.Markup:
    """The policy of a page with just this style, and just this script or none; pictures only from within the page.

    Texts are as they stand between their tags. Source: W3C, "Content Security Policy Level 3", 2.3.1 and 6.7.3.
    """
    allowed = [f"style-src {_digest(style)}", *([f"script-src {_digest(script)}"] if script is not None else ())]
    text = "; ".join(("default-src 'none'", *allowed, "img-src data:", "base-uri 'none'", "form-action 'none'"))
    return markupsafe.Markup(text)  # noqa: S704 - our own words, letters and digits


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(str(text).encode()).digest()).decode()}'"
