"""Which permissions are missing, and what could not be verified without each."""

import shlex
from collections.abc import Iterable, Iterator, Sequence

from skymark.cause import DENIED_BY_ORGANISATION, DENIED_EXPLICITLY
from skymark.doctor.finding import Finding, State, Topic
from skymark.doctor.observed import Tried, passes
from skymark.evidence import Identity
from skymark.result import Link
from skymark.rubric import RubricCriterion

POLICY_FILE = "skymark-policy.json"
IAM = "https://us-east-1.console.aws.amazon.com/iam/home#"


def permissions(
    identity: Identity, tried: Sequence[Tried], criteria: Iterable[RubricCriterion], rubric: str | None = None
) -> tuple[Finding, ...]:
    """A finding for each action that is refused, or of which nobody can tell; one for all that are allowed.

    `rubric` is how the rubric was named, None for the lesson's own: each has a policy of its own.
    """
    of = {one.id: one for one in criteria}
    judged = {call.call: tuple(id for id, one in of.items() if call.call in one.calls) for call in tried}
    advice_alone = [one for one in tried if one.is_denied and all(of[id].is_advice for id in judged[one.call])]
    denied = [one for one in tried if one.is_denied and one not in advice_alone]
    unsure = [one for one in tried if not one.is_answered and not one.is_denied and not one.why_not]
    found = [_denied(identity, one, judged[one.call], rubric) for one in denied]
    found += [_unsure(one, judged[one.call]) for one in unsure]
    if not denied and not unsure:
        found.append(Finding(Topic.PERMISSIONS, State.OK, " ".join(_allowed(tried, advice_alone))))
    return tuple(found)


def _allowed(tried: Sequence[Tried], advice_alone: Sequence[Tried]) -> Iterator[str]:
    number = sum(one.is_answered for one in tried)
    yield f"Tried and allowed: {number} call{'' if number == 1 else 's'}."
    if advice_alone:
        yield f"Not allowed, and needed for advice alone: {_actions(advice_alone)}."
    for why in dict.fromkeys(one.why_not for one in tried if one.why_not):
        yield f"Not tried, since {why}: {_actions(one for one in tried if one.why_not == why)}."


def _actions(tried: Iterable[Tried]) -> str:
    return ", ".join(one.action for one in tried)


def _denied(identity: Identity, one: Tried, criteria: tuple[str, ...], rubric: str | None) -> Finding:
    advice, commands, links = _mending(identity, one.code or "", rubric)
    without = f"Without it these criteria could not be verified: {', '.join(criteria)}."
    found = f"You lack the permission {one.action} ({one.code}). {without}"
    return Finding(
        Topic.PERMISSIONS, State.TO_MEND, found, advice, commands, links, about=one.action, criteria=criteria
    )


def _unsure(one: Tried, criteria: tuple[str, ...]) -> Finding:
    found = f"Whether you have the permission {one.action} could not be told ({one.code})."
    advice = "Wait a minute, then run this again." if passes(one.code or "") else "See the account first."
    return Finding(Topic.PERMISSIONS, State.UNKNOWN, found, advice, about=one.action, criteria=criteria)


Mending = tuple[str, tuple[str, ...], tuple[Link, ...]]


def _mending(identity: Identity, code: str, rubric: str | None) -> Mending:
    if code == DENIED_BY_ORGANISATION:
        return "Your organisation forbids it (service control policy). Ask whoever runs your AWS accounts.", (), ()
    if identity.is_learner_lab:
        return "AWS Academy decides what its labs allow. Tell your teacher; nobody is marked down for it.", (), ()
    kind, name = _who(identity)
    links = (Link(f"Permissions of {name}", f"{IAM}/{kind}s/details/{name}?section=permissions"),) if kind else ()
    if code == DENIED_EXPLICITLY:
        advice = (
            "A policy forbids it by an explicit Deny, which goes before everything that allows it. Have whoever runs "
            "the account take that out of the policy."
        )
        return advice, (), links
    advice = (
        "Have somebody who may change permissions in the account run these commands: the first prints the policy, "
        "which only reads, the others give it to you."
    )
    return advice, _granting(identity, kind, name, rubric), links


def _granting(identity: Identity, kind: str, name: str, rubric: str | None) -> tuple[str, ...]:
    by = f" --rubric {shlex.quote(rubric)}" if rubric else ""
    arn = f"arn:{identity.partition}:iam::{identity.account}:policy/Skymark"
    made = (
        f"grade.py policy{by} > {POLICY_FILE}",
        f"aws iam create-policy --policy-name Skymark --policy-document file://{POLICY_FILE}",
    )
    attach = f"aws iam attach-{kind}-policy --{kind}-name {name} --policy-arn {arn}"
    return (*made, attach) if kind else made


def _who(identity: Identity) -> tuple[str, str]:
    """`user` or `role`, and its name; nothing for whoever a policy cannot be attached to."""
    what = identity.arn.split(":", 5)[-1]
    kind, _, rest = what.partition("/")
    if kind == "user":
        return "user", rest.rpartition("/")[2]
    role = rest.partition("/")[0]
    is_own = kind == "assumed-role" and not role.startswith("AWSReservedSSO_")  # single sign-on keeps those itself
    return ("role", role) if is_own else ("", "")
