"""Texts that do something where they are taken for more than text."""

from typing import Final

from hypothesis import strategies as st

FIRES: Final = "document.documentElement.dataset.fired = 1"
"""What a script does that runs: see `test_in_browser.py`."""

PAGES: Final = (
    f"<script>{FIRES}</script>",
    f"</script><script>{FIRES}</script>",
    f"</style></title></textarea></noscript><script>{FIRES}</script>",
    f"<img src=x onerror='{FIRES}'>",
    f"\"><img src=x onerror='{FIRES}'>",
    f'\'><img src=x onerror="{FIRES}">',
    f"--><svg onload='{FIRES}'><script>{FIRES}</script></svg>",
    f"<svg><style></style><img src=x onerror='{FIRES}'></svg>",
    f"<iframe srcdoc='<script>parent.{FIRES}</script>'></iframe>",
    f'" autofocus onfocus="{FIRES}" tabindex="1" x="',
    f"' onmouseover='{FIRES}' x='",
    f"<a id=lure href='javascript:{FIRES}'>click</a>",
    f"javascript:{FIRES}",
    "<meta http-equiv=refresh content='0;url=https://example.com/left'>",
    "<base href='https://example.com/'><link rel=stylesheet href='https://example.com/x.css'>",
    "<form action='https://example.com/'><input name=q>",
    "{{7*7}} {% raw %} ${7*7} #{7*7}",
)
"""For HTML: each must be read as these very characters."""

TERMINALS: Final = (
    "\x1b[2J\x1b[31mred\x1b[0m",
    "\x1b]0;owned\x07",
    "\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31m\x90q\x9c\x85",
    "a\rb\x08\x7f\x00",
    "\u202egnp.exe\u2066x\u2069\u200e\ufeff",
    "[red]x[/red] [/] [link=https://example.com]x[/link] :smile:",
    "next\nline\u2028and\u2029more\v\f",
)
RUNNERS: Final = (
    "::error::x",
    "x\n::error title=a,b::forged",
    "%0A::set-output name=x::y",
    "##[error]x",
    "::stop-commands::x",
    "::add-mask::points",
)
SHEETS: Final = ('=HYPERLINK("https://example.com")', " +1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "＝1", '","=1', ";=1")  # noqa: RUF001
SHELLS: Final = (
    "'; touch owned; '",
    '"; touch owned; "',
    "$(touch owned)",
    "`touch owned`",
    "a\ntouch owned\n",
    "--debug",
    "-rf",
    "x && touch owned || { touch owned; }",
    "\\'$(touch owned)",
    "file:///etc/passwd",
    "!!; > owned",
)
FILES: Final = (
    "../../owned",
    "/etc/owned",
    "..\\..\\owned",
    "CON",
    "a/b",
    ".",
    "..",
    "owned\x00.html",
    "%2e%2e%2fowned",
)
OTHERS: Final = (
    "]]><!--",
    "&lt;&#x3c;&quot;",
    "\ud800 and \udfff",
    "\ufffe\uffff\x0b\x01",
    "| a | b |\n| --- | --- |\n[x](javascript:1) ![x](https://example.com/x) <b>`@all` #1",
    "{0.__class__} {__import__} %s %(x)s {bucket} {region}",
    "{{0}} ' \" \\ \\n \\u0000",
    "NaN",
    "1e999",
    "[" * 5000,
    "x" * 20_000,
    "",
    " ",
    "e\u0301\u0600\U000e0001\U0010ffff",
)
HOSTILE: Final = (*PAGES, *TERMINALS, *RUNNERS, *SHEETS, *SHELLS, *FILES, *OTHERS)
ALL: Final = " ".join(HOSTILE)
"""All of them in one; longer than any text that is cut."""

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=3).map("".join),
    st.text(st.characters(codec=None), max_size=30),
)
"""Any text: one of these, several in a row, or any characters at all, halves of characters among them."""


def no_halves(text: str) -> str:
    """The text as a file of UTF-8 can hold it."""
    return text.encode("utf-8", "replace").decode()
