"""What a role reaches in S3: the bucket that it is for, and any other."""

from skymark.evidence import Role
from skymark.policy.conditions import Context, undecided_keys
from skymark.policy.distance import edit_distance
from skymark.policy.document import Statement
from skymark.policy.findings import Excess, Found, Need, S3Access
from skymark.policy.grants import ADMINISTRATOR, S3_FULL, Grants, Rule, covers_action, grants_of
from skymark.policy.pattern import bucket_tokens, is_exact
from skymark.policy.s3_actions import DATA_ACTIONS
from skymark.policy.scope import Case, Scope, typed_buckets
from skymark.policy.wording import explain

__all__ = ["Found", "S3Access", "explain", "s3_access"]

# Stands for "any object" where no key is given.
_ANY_KEY = "example"


def s3_access(
    role: Role,
    *,
    bucket: str,
    also_allowed: tuple[str, ...],
    keys: tuple[str, ...],
    partition: str,
    account: str,
    known_buckets: tuple[str, ...],
) -> S3Access:
    """What the role reaches, all its policies together.

    Wanted are ListBucket on `bucket`, and GetObject, PutObject and DeleteObject on each of `keys` in it; and
    that no data action is allowed on a bucket that is neither `bucket` nor one of `also_allowed`.
    Customer-managed and inline policies, AdministratorAccess and AmazonS3FullAccess count as granting; every
    Deny and the permissions boundary count from wherever they come. `known_buckets` are the account's: they
    make the message concrete and decide nothing.

    Source: IAM user guide, "Policy evaluation logic".
    """
    context = _context(role, account)
    grants = grants_of(role, partition, context)
    case = Case(partition, bucket, also_allowed, known_buckets)
    scope = Scope(grants, case)
    needs = _needs(scope, bucket, keys)
    excess, complete = scope.excess()
    typed = _typed(grants, case)
    found = _found(needs, excess, complete, typed, grants, case)
    return S3Access(
        found=found,
        bucket=bucket,
        also_allowed=also_allowed,
        needs=needs,
        excess=excess,
        typed=tuple(name for name in typed if name is not None),
        others=scope.others() if excess and not excess.anywhere else (),
        reasons=_reasons(grants, context, partition, complete) if found is Found.UNKNOWN else (),
    )


def _context(role: Role, account: str) -> Context:
    """What is known of a request that SageMaker makes with the role, to a bucket of the same account."""
    return Context(
        {
            "aws:securetransport": ("true",),
            "aws:principalaccount": (account,),
            "aws:principalarn": (role.arn,),
            "aws:principaltype": ("AssumedRole",),
            "aws:principalisawsservice": ("false",),
            "aws:resourceaccount": (account,),
            "s3:resourceaccount": (account,),
            "aws:username": None,  # a role has none
        }
    )


def _needs(scope: Scope, bucket: str, keys: tuple[str, ...]) -> tuple[Need, ...]:
    return (
        scope.need("s3:ListBucket", bucket),
        *(
            scope.need(action, f"{bucket}/{key}")
            for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
            for key in keys or (_ANY_KEY,)
        ),
    )


def _found(
    needs: tuple[Need, ...],
    excess: Excess | None,
    complete: bool,
    typed: tuple[str | None, ...],
    grants: Grants,
    case: Case,
) -> Found:
    names_others_only = bool(typed) and not set(typed) & {None, case.bucket}
    nothing_allowed = all(need.allowed is False and need.taken_by is None for need in needs)
    if nothing_allowed and names_others_only:
        return Found.MISTYPED
    if excess is not None and excess.certain:
        return _found_open(excess, typed, grants)
    if any(need.allowed is False for need in needs):
        if any(need.taken_by is not None for need in needs):
            return Found.DENIED
        return Found.MISSING if typed else Found.NONE
    if excess is not None or not complete or any(need.allowed is None for need in needs):
        return Found.UNKNOWN
    return Found.OK


def _found_open(excess: Excess, typed: tuple[str | None, ...], grants: Grants) -> Found:
    if not excess.anywhere:
        return Found.WIDER if None in typed else Found.SECOND_BUCKET
    openers = {(opening.policy, opening.label) for opening in excess.opened_by}
    statements = [rule.statement for rule in grants.allows if (rule.statement.policy, rule.statement.label) in openers]
    if any(map(_is_administrators, statements)):
        return Found.ADMINISTRATOR
    if any(statement.policy == S3_FULL for statement in statements):
        return Found.S3_FULL_ACCESS
    return Found.ANY_BUCKET


def _is_administrators(statement: Statement) -> bool:
    everything = not statement.actions.inverted and "*" in statement.actions.values
    return statement.policy == ADMINISTRATOR or (everything and "*" in statement.resources.values)


def _typed(grants: Grants, case: Case) -> tuple[str | None, ...]:
    """What the statements that grant S3 data spell out as buckets, nearest to the wanted one first, None last."""
    names = {name for rule in grants.allows if _grants_data(rule) for name in typed_buckets(rule, case)}
    spelled = (name for name in names if name is not None)
    return (*sorted(spelled, key=lambda name: (edit_distance(name, case.bucket), name)), *(names & {None}))


def _grants_data(rule: Rule) -> bool:
    return any(covers_action(rule.statement.actions, action.name) for action in DATA_ACTIONS)


def _reasons(grants: Grants, context: Context, partition: str, complete: bool) -> tuple[str, ...]:
    unread = dict.fromkeys((*grants.unread.grants, *grants.unread.denies, *grants.unread.boundary))
    reasons = [f"{name} could not be read" for name in unread]
    for rule in (*grants.allows, *grants.denies, *(grants.boundary or ())):
        statement = rule.statement
        where = f"{statement.label} of policy {statement.policy}"
        if rule.applies is None and _grants_data(rule):
            keys = ", ".join(undecided_keys(statement, context))
            reasons.append(f"{where} has a condition that cannot be decided from outside ({keys})")
        lookup = context.lookup if statement.variables else None
        vague = [
            text for text in statement.resources.values if not is_exact(bucket_tokens(text, partition, lookup) or ())
        ]
        if vague and _grants_data(rule):
            reasons.append(f"{where} names {', '.join(vague)}, which only AWS can fill in")
    if not complete:
        reasons.append("its policies have too many wildcards to be compared")
    return tuple(reasons)
