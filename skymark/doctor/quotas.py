"""Whether the account may have the machines that the lesson needs, and how to ask for them."""

from collections.abc import Mapping, Sequence

from skymark.cause import Cause, cause_of_code
from skymark.doctor.commands import aws
from skymark.doctor.finding import Finding, State, Topic
from skymark.doctor.observed import QuotaSeen
from skymark.result import Link
from skymark.rubric import Quota, QuotaNeed

WAIT = "AWS decides within hours or days, so ask days before the class."


def quotas(
    needs: Sequence[QuotaNeed], seen: Mapping[Quota, QuotaSeen], region: str, profile: str | None
) -> tuple[Finding, ...]:
    """A finding for each thing that the lesson needs, by what AWS says that the account may have."""
    if not needs:
        return (Finding(Topic.QUOTAS, State.OK, "The lesson names no quota."),)
    return tuple(_finding(need, [seen[one] for one in need.any_of], region, profile) for need in needs)


def _finding(need: QuotaNeed, seen: Sequence[QuotaSeen], region: str, profile: str | None) -> Finding:
    own = seen[0]
    enough = [one for one in seen if one.value is not None and one.value >= need.at_least]
    if own in enough:
        return _ok(need, f"For {need.purpose}, AWS allows {_allowed(own)}.")
    if enough:
        instead = enough[0]
        found = f"For {need.purpose}, AWS allows {_allowed(own)}, and {_allowed(instead)}."
        return _ok(need, found, "Where the lesson names the first of the two types, use the second.")
    if any(one.value is None for one in seen):
        return _unknown(need, seen, region)
    return _too_small(need, seen, region, profile)


def _ok(need: QuotaNeed, found: str, advice: str | None = None) -> Finding:
    return Finding(Topic.QUOTAS, State.OK, found, advice, about=need.any_of[0].name)


def _too_small(need: QuotaNeed, seen: Sequence[QuotaSeen], region: str, profile: str | None) -> Finding:
    what = ", ".join(_allowed(one) for one in seen)
    found = f"For {need.purpose}, AWS allows {what}. The lesson needs {need.at_least} of any one."
    asked = next((one for one in seen if one.request and one.request.wanted >= need.at_least), None)
    links = tuple(_page(need.service, region, one) for one in seen[:1])
    name = need.any_of[0].name
    if asked and asked.request:
        request = asked.request
        advice = (
            f'{_number(request.wanted)} of "{asked.quota.name}" were asked for on {request.at:%Y-%m-%d}, and AWS has '
            f"not decided yet ({request.status}). Wait for its e-mail, then run this again."
        )
        return Finding(Topic.QUOTAS, State.TO_MEND, found, advice, (), (_page(need.service, region, asked),), name)
    advice = f"Ask AWS for more, by this command or on the page: {need.at_least} will do. {WAIT}"
    command = aws(
        *("service-quotas", "request-service-quota-increase", "--service-code", need.service),
        *("--quota-code", seen[0].code or "", "--desired-value", str(need.at_least)),
        profile=profile,
        region=region,
    )
    return Finding(Topic.QUOTAS, State.TO_MEND, found, advice, (command,), links, name)


def _unknown(need: QuotaNeed, seen: Sequence[QuotaSeen], region: str) -> Finding:
    names = " or ".join(f'"{one.quota.name}"' for one in seen)
    why = next((one for one in seen if one.value is None), seen[0])
    page = _page(need.service, region, why)
    by_hand = f"Open the page, search for {names}, and see that one of them allows at least {need.at_least}."
    name = need.any_of[0].name
    if why.gap is None:
        found = f'For {need.purpose}: AWS tells of no quota "{why.quota.name}" in {region}.'
        return Finding(Topic.QUOTAS, State.UNKNOWN, found, by_hand, (), (page,), name)
    is_denied = cause_of_code(why.gap.code) is Cause.DENIED
    found = f"For {need.purpose}: Service Quotas could not be asked ({why.gap.code})."
    more = " Or have servicequotas:ListServiceQuotas allowed: `grade.py policy --quotas` prints all that is asked."
    return Finding(Topic.QUOTAS, State.UNKNOWN, found, by_hand + (more if is_denied else ""), (), (page,), name)


def _allowed(one: QuotaSeen) -> str:
    """`20 (ml.t2.medium for notebook instance usage)`."""
    if one.value is None:
        return f"nobody knows how many ({one.quota.name})"
    return f"{_number(one.value)} ({one.quota.name}{', by default' if one.is_default else ''})"


def _number(value: float) -> str:
    return f"{value:g}"


def _page(service: str, region: str, one: QuotaSeen) -> Link:
    pages = f"https://{region}.console.aws.amazon.com/servicequotas/home/services/{service}/quotas"
    return Link("Service Quotas", f"{pages}/{one.code}" if one.code else pages)
