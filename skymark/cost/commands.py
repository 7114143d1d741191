"""AWS CLI commands as a shell takes them. Names are chosen by students: each value stays one word, whatever it is."""

import shlex
from collections.abc import Iterable, Mapping
from typing import Final

AND: Final = " && "
IF_THERE: Final = ("{ ", " || true; }")
TRIES: Final = 60
"""How often is waited, 5 seconds each: what AWS does not end within five minutes, the next command will complain of."""


def aws(service: str, operation: str, options: Mapping[str, str], region: str | None = None) -> str:
    """One command; `region` is None for a service that is global."""
    where = {"--region": region} if region else {}
    return " ".join(["aws", service, operation, *(_option(*one) for one in {**options, **where}.items())])


def joined(steps: Iterable[str]) -> str:
    """One line for a shell; each command runs only if the one before it worked."""
    return AND.join(steps)


def separate(line: str) -> tuple[str, ...]:
    """The commands of a line that `joined` made; a value that holds `&&` is quoted, and stays whole."""
    steps, start, quote = [], 0, ""
    for at, char in enumerate(line):
        if char in "'\"" and quote in ("", char):
            quote = "" if quote else char
        elif not quote and line.startswith(AND, at):
            steps.append(line[start:at])
            start = at + len(AND)
    return (*steps, line[start:]) if line else ()


def if_there(step: str) -> str:
    """A command after which the next one runs even if it did not work: what it removes may be gone by now."""
    return f"{IF_THERE[0]}{step}{IF_THERE[1]}"


def plain(step: str) -> str:
    """The command that `if_there` was given; any other as it is."""
    is_wrapped = step.startswith(IF_THERE[0]) and step.endswith(IF_THERE[1])
    return step[len(IF_THERE[0]) : -len(IF_THERE[1])] if is_wrapped else step


def until_none(service: str, operation: str, options: Mapping[str, str], region: str, query: str) -> str:
    """Wait until a list has nothing more that the JMESPath `query` finds, where the AWS CLI has no `wait` of its own.

    A call that is refused ends the wait, too: the command after it says why.
    """
    return (
        f"for try in $(seq {TRIES}); do {_listed(service, operation, options, region, query)} | grep -q . || break;"
        " sleep 5; done"
    )


def for_each(
    service: str, operation: str, options: Mapping[str, str], region: str | None, query: str, *, do: str, each: str
) -> str:
    """Run `do` for each row that the JMESPath `query` finds; `each` names its columns, which `do` uses as "$name"."""
    rows = _listed(service, operation, options, region, query)
    in_lines = rows if " " in each else f"{rows} | tr '\\t' '\\n'"
    return f"{in_lines} | while IFS=\"$(printf '\\t')\" read -r {each}; do {do}; done"


def _listed(service: str, operation: str, options: Mapping[str, str], region: str | None, query: str) -> str:
    """As text; a key that the answer does not have would be printed as `None`, were it not for the empty list."""
    return aws(service, operation, options, region) + f" --query {shlex.quote(f'{query} || `[]`')} --output text"


def _option(name: str, value: str) -> str:
    """A value that begins with a dash would be an option itself."""
    return f"{name}={shlex.quote(value)}" if value.startswith("-") else f"{name} {shlex.quote(value)}"
