"""SageMaker Studio: user profiles, spaces and the apps that bill by the hour.

Source: SageMaker API reference, CreateApp, CreateSpace, CreateUserProfile and their lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.sagemaker.models import SageMakerModelBackend
from moto.sagemaker.utils import arn_formatter

from simulator.clock import clock
from simulator.sagemaker import timing
from simulator.sagemaker.course import Course
from simulator.sagemaker.listing import Kind, page
from simulator.sagemaker.refusals import ResourceInUseException, ValidationError

_GONE_FOR_A_DAY = "Deleted"  # a deleted app is listed on; the others are gone at once
Key = tuple[str, ...]


@dataclass(slots=True)
class StudioThing:
    """A user profile, a space or an app; `asked` are the parameters that it was made with."""

    kind: str
    asked: Mapping[str, Any]
    arn: str
    status: str
    created_at: Any = field(default_factory=clock.utcnow)
    modified_at: Any = field(default_factory=clock.utcnow)
    course: Course = field(default_factory=Course)

    def enter(self, status: str) -> None:
        """Be in this state from now on."""
        self.status, self.modified_at = status, clock.utcnow()

    @property
    def whose(self) -> dict[str, str]:
        """The domain that it is in, and whose it is there; a space's owner is a user of its domain."""
        owner = (self.asked.get("OwnershipSettings") or {}).get("OwnerUserProfileName")
        names = {name: self.asked.get(name) for name in ("DomainId", "UserProfileName", "SpaceName")}
        given = {name: value for name, value in names.items() if value}
        return {"UserProfileName": owner, **given} if owner else given

    def described(self) -> dict[str, Any]:
        """What is told of it."""
        times = {"CreationTime": self.created_at, "LastModifiedTime": self.modified_at}
        given = {name: value for name, value in self.asked.items() if name != "Tags"}
        return given | {f"{self.kind}Arn": self.arn, "Status": self.status} | times


_KEYS = {
    "UserProfile": ("DomainId", "UserProfileName"),
    "Space": ("DomainId", "SpaceName"),
    "App": ("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName"),
}
_HOLDS = {"UserProfile": ("App", "Space"), "Space": ("App",), "App": ()}
_ARNS = {"UserProfile": "user-profile", "Space": "space", "App": "app"}
_LISTS = {
    "UserProfile": Kind("UserProfiles", "UserProfileName", "Status"),
    "Space": Kind("Spaces", "SpaceName", "Status"),
    "App": Kind("Apps", "AppName", "Status"),
}
_STARTING_S = {"UserProfile": 5.0, "Space": timing.CREATING_SPACE_S, "App": timing.STARTING_APP_S}


class Studio(SageMakerModelBackend):
    """What an account has in its Studio domains in a region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.studio: dict[str, dict[Key, StudioThing]] = {kind: {} for kind in _KEYS}

    def make_studio(self, kind: str, asked: Mapping[str, Any]) -> StudioThing:
        """CreateUserProfile, CreateSpace, CreateApp: in a domain that is there."""
        if asked["DomainId"] not in self.domains:
            raise ValidationError(f"Domain {asked['DomainId']} does not exist")
        key = _key(kind, asked)
        there = self.studio[kind].get(key)
        if there is not None and there.status != _GONE_FOR_A_DAY:
            raise ResourceInUseException(f"{kind} {'/'.join(part for part in key if part)} already exists")
        arn = arn_formatter(
            _ARNS[kind], "/".join(part for part in key if part).lower(), self.account_id, self.region_name
        )
        made = StudioThing(kind, asked, arn, "Pending")
        self.studio[kind][key] = made
        made.course.go((_STARTING_S[kind], lambda: made.enter("InService")))
        return made

    def find_studio(self, kind: str, asked: Mapping[str, Any]) -> StudioThing:
        """DescribeUserProfile, DescribeSpace, DescribeApp."""
        found = self.studio[kind].get(_key(kind, asked))
        if found is None:
            raise ValidationError(f"{kind} does not exist")
        return found

    def delete_studio(self, kind: str, asked: Mapping[str, Any]) -> None:
        """DeleteUserProfile, DeleteSpace, DeleteApp: not while apps run in it, nor while the user has spaces."""
        thing = self.find_studio(kind, asked)
        for holds in _HOLDS[kind]:
            if self.studio_in(holds, {name: asked[name] for name in _KEYS[kind]}):
                raise ResourceInUseException(
                    f"Unable to delete {kind} [{thing.arn}] because {holds}(s) are associated with it."
                )
        thing.enter("Deleting")
        thing.course.go((timing.DELETING_APP_S, lambda: self._deleted(kind, thing)))

    def studio_in(self, kind: str, where: Mapping[str, str]) -> list[StudioThing]:
        """The apps, spaces or users of a domain, a space or a user, but for those that are only listed on."""
        there = [thing for thing in self.studio[kind].values() if thing.status not in (_GONE_FOR_A_DAY, "Failed")]
        return [thing for thing in there if where.items() <= thing.whose.items()]

    def list_studio_page(self, kind: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """ListUserProfiles, ListSpaces, ListApps."""
        rows = [_row(thing) for thing in self.studio[kind].values() if _is_wanted(thing, asked)]
        return page(_LISTS[kind], rows, {name: value for name, value in asked.items() if name != "SortBy"})

    def _deleted(self, kind: str, thing: StudioThing) -> None:
        if kind == "App":
            thing.enter(_GONE_FOR_A_DAY)
        else:
            del self.studio[kind][_key(kind, thing.asked)]


def _key(kind: str, asked: Mapping[str, Any]) -> Key:
    return tuple(asked.get(name) or "" for name in _KEYS[kind])


def _is_wanted(thing: StudioThing, asked: Mapping[str, Any]) -> bool:
    filters = {"DomainIdEquals": "DomainId", "UserProfileNameEquals": "UserProfileName", "SpaceNameEquals": "SpaceName"}
    given = {field: asked[name] for name, field in filters.items() if asked.get(name)}
    contained = asked.get(f"{thing.kind}NameContains") or ""
    named = contained.lower() in str(thing.asked.get(f"{thing.kind}Name")).lower()
    return named and all(thing.asked.get(field) == value for field, value in given.items())


def _row(thing: StudioThing) -> dict[str, Any]:
    shown = ("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName", "ResourceSpec")
    given = {name: thing.asked[name] for name in shown if thing.asked.get(name)}
    summed = ("SpaceSettings", "SpaceSharingSettings", "OwnershipSettings")
    given |= {f"{name}Summary": thing.asked[name] for name in summed if thing.asked.get(name)}
    times = {"CreationTime": thing.created_at, "LastModifiedTime": thing.modified_at}
    return given | {"Status": thing.status} | times
