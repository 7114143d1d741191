"""A survey of all regions, brought up to date by one of a few."""

from msgspec.structs import replace

from skymark.evidence import Bucket, ClosedRegion, Gap, Regions
from skymark.watch.refreshing import BY_REGION, refreshed

from ..conftest import at


def only(survey, region):
    """What a look into one region sees: buckets and roles are everywhere."""
    kept = {name: tuple(one for one in getattr(survey, name) if one.region == region) for name in BY_REGION}
    closed = tuple(ClosedRegion(one, "outside the rubric") for one in survey.regions.answered if one != region)
    return replace(survey, **kept, regions=Regions((region,), closed), surveyed_at=at("19:10"))


def test_a_look_that_shows_the_same_changes_nothing_but_its_time(good):
    """What was merely passed over is not closed."""
    assert refreshed(good, only(good, "us-east-1")) == replace(good, surveyed_at=at("19:10"))


def test_what_is_gone_where_it_was_looked_is_gone_and_what_is_elsewhere_stays(good):
    """Each thing by its region."""
    (instance,) = good.notebook_instances
    whole = replace(good, notebook_instances=(instance, replace(instance, name="other", region="us-west-2")))
    near = replace(only(whole, "us-east-1"), notebook_instances=(), endpoints=())

    found = refreshed(whole, near)

    assert [(one.name, one.region) for one in found.notebook_instances] == [("other", "us-west-2")]
    assert found.endpoints == ()
    assert found.training_jobs == good.training_jobs


def test_buckets_are_those_of_the_later_look(good):
    """It lists them all."""
    later = Bucket("sagemaker-20190701-1900", at("19:05"), "eu-west-1")

    assert refreshed(good, replace(only(good, "us-east-1"), buckets=(later,))).buckets == (later,)


def test_a_role_that_is_not_there_any_more_is_not_kept(good):
    """One that the later look had no reason to read is."""
    (role,) = good.roles
    unnamed = replace(only(good, "us-east-1"), roles=())
    gone = replace(unnamed, missing_roles=(role.arn,))

    assert refreshed(good, unnamed).roles == good.roles
    assert (refreshed(good, gone).roles, refreshed(good, gone).missing_roles) == ((), (role.arn,))


def test_gaps_are_kept_where_nobody_looked_again(good):
    """Those of the regions that were looked into, and of what is everywhere, are the later look's."""
    here, there = (Gap("sagemaker", "ListApps", region, "AccessDenied", "…") for region in ("us-east-1", "us-west-2"))
    everywhere = Gap("iam", "GetRole", None, "AccessDenied", "…")
    new = Gap("sagemaker", "ListModels", "us-east-1", "AccessDenied", "…")

    found = refreshed(replace(good, gaps=(here, there, everywhere)), replace(only(good, "us-east-1"), gaps=(new,)))

    assert found.gaps == (there, new)


def test_a_region_that_could_not_be_read_now_is_unread(good):
    """Though it was read before: nobody knows what is there now."""
    near = replace(only(good, "us-east-1"), regions=Regions((), (), ("us-east-1",)))

    found = refreshed(good, near).regions

    assert (found.unread, found.answered) == (("us-east-1",), ("eu-west-1", "us-west-2"))
