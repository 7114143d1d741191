"""Filling `{region}`, `{bucket}`, … in a rubric's links and commands. No other template code is understood."""

import re
import shlex
import urllib.parse
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def placeholders(template: str) -> frozenset[str]:
    """The names that a template asks for."""
    return frozenset(PLACEHOLDER.findall(template))


def fill(template: str, places: Mapping[str, str]) -> str | None:
    """The template with its names filled in, None if one of them is not known.

    A name's value is quoted for where it stands: percent-encoded in a URL, for the shell elsewhere.
    """
    if placeholders(template) - places.keys():
        return None
    is_url = template.startswith("https://")
    quote = (lambda value: urllib.parse.quote(value, safe="")) if is_url else shlex.quote
    return PLACEHOLDER.sub(lambda match: quote(places[match[1]]), template)
