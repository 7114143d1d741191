"""Taking secrets and persons out of what AWS says before it is kept."""

import re

from skymark.evidence import Identity

EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
ACCESS_KEY = re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{8,}\b")
LONG_SECRET = re.compile(r"(?:Encoded authorization failure message: |RequestId: |request id: )\S+", re.IGNORECASE)
QUERY = re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>]+")  # of a presigned URL it is the key
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
LEARNER_LAB = re.compile(r"(:assumed-role/voclabs/user).*")
SESSION = re.compile(r"(:assumed-role/[^/]+/|:federated-user/).+")
SESSION_IN_TEXT = re.compile(r"(:assumed-role/[\w+=,.@-]+/|:federated-user/)[\w+=,.@-]+")


def redacted(text: str | None) -> str | None:
    """A message without session names, e-mail addresses, key ids, request ids, queries of URLs, control characters.

    None stays None.
    """
    if text is None:
        return None
    text = QUERY.sub(r"\1?…", SESSION_IN_TEXT.sub(r"\1…", text))
    for pattern in (LONG_SECRET, EMAIL, ACCESS_KEY):
        text = pattern.sub("…", text)
    # Half a character, which JSON can spell and no file can hold, becomes a question mark.
    return CONTROL.sub(" ", text).strip().encode("utf-8", "replace").decode()


def redacted_arn(arn: str) -> str:
    """A caller's ARN without the session's name, which may be a person's e-mail address or name."""
    if LEARNER_LAB.search(arn):
        return LEARNER_LAB.sub(r"\1", arn)
    return EMAIL.sub("*", SESSION.sub(r"\1*", arn))


def identity_of(account: str, arn: str) -> Identity:
    """Who the credentials belong to, fit to be kept."""
    return Identity(account, redacted_arn(arn))
