"""The blocks of a page: what is typed into a shell, and what is shown."""

import re
from dataclasses import dataclass
from pathlib import Path

SHELL = ("shell", "bash", "sh", "console")
TYPED = re.compile(
    r"(\./|\.venv[a-z-]*/bin/)?(grade\.py|skymark|aws|awk|bash|cat|cd|curl|export|for|jupyter|pip|pipx|pytest|python3?"
    r"|sh|source|sqlite3|tox|uv|uvx|[A-Z_]+=\S+)( \S|$)"
)
FENCE = re.compile(r"(?P<indent> *)```(?P<language>[\w-]*) *(?P<rest>[^`]*)$")


@dataclass(frozen=True)
class Block:
    """One block: its page, the number of its first line, its language (none where it is indented), its text."""

    page: str
    line: int
    language: str
    text: str
    title: str = ""
    pastes: bool = False

    @property
    def is_shell(self) -> bool:
        """Whether it is typed: by its language or, where it has none, by the first word."""
        return self.language in SHELL if self.language else TYPED.match(self.text) is not None

    @property
    def first(self) -> str:
        """Its first line, by which it is known: it stays the same when lines above it change."""
        return self.text.splitlines()[0]


def blocks(page: Path, name: str) -> list[Block]:
    """Every block of a page, fenced or indented, in order; `name` is how the page is called."""
    found: list[Block] = []
    lines = page.read_text("utf-8").splitlines()
    number, pastes = 0, False
    while number < len(lines):
        line = lines[number]
        if fence := FENCE.fullmatch(line):
            end = next(n for n in range(number + 1, len(lines)) if lines[n].strip() == "```")
            title = re.search(r'title="([^"]*)"', fence["rest"])
            text = "\n".join(one.removeprefix(fence["indent"]) for one in lines[number + 1 : end])
            found.append(Block(name, number + 1, fence["language"], text, title[1] if title else "", pastes))
            number, pastes = end + 1, False
        elif line.startswith("    ") and (number == 0 or not lines[number - 1].strip()) and not _in_list(lines, number):
            end = number
            while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
                end += 1
            text = "\n".join(one[4:].rstrip() for one in lines[number:end]).strip("\n")
            found.append(Block(name, number + 1, "", text))
            number = end
        else:
            pastes = pastes or line.strip() == "<!-- test: paste -->"
            number += 1
    return found


def _in_list(lines: list[str], number: int) -> bool:
    """Whether an indented line goes on with an entry of a list."""
    above = next((one for one in reversed(lines[:number]) if one.strip() and not one.startswith("  ")), "")
    return bool(re.match(r"([-*]|\d+\.) ", above)) and not lines[number].startswith("        ")


def shows(excerpt: str, printed: str) -> str | None:
    """The first line of an excerpt that was not printed; None if all were, in this order. `…` stands for anything."""
    rest = iter(line.rstrip() for line in printed.splitlines())
    for line in excerpt.splitlines():
        wanted = re.escape(line.rstrip()).replace("…", ".*")
        if line.strip() not in ("", "…") and not any(re.fullmatch(wanted, one) for one in rest):
            return line
    return None
