"""SageMaker Studio: domains and the apps in them."""

from typing import Any

from msgspec.structs import replace

from skymark.evidence import App, Domain
from skymark.survey.reading import Reading, described, pages

SERVICE = "sagemaker"
ENDED = ("Deleted", "Failed")
# Their price hangs on no machine.
NAMED_BY_TYPE = ("Canvas", "JupyterServer")


def list_domains(client: Any, region: str) -> Reading[Domain]:
    """The domains of one region. Source: SageMaker API, ListDomains."""
    rows = pages(client, SERVICE, "ListDomains", "Domains", region)
    found = (
        Domain(row["DomainId"], row.get("DomainName", ""), region, row.get("Status", ""), row.get("CreationTime"))
        for row in rows.items
    )
    return Reading(tuple(found), rows.gaps)


def list_apps(client: Any, region: str) -> Reading[App]:
    """The apps of one region; those whose machine the list does not name are described.

    Source: SageMaker API, ListApps, DescribeApp.
    """
    rows = pages(client, SERVICE, "ListApps", "Apps", region)
    apps = Reading.merged(_known(client, _app(row, region)) for row in rows.items)
    return Reading(apps.items, (*rows.gaps, *apps.gaps))


def _known(client: Any, app: App) -> Reading[App]:
    """One app with its machine: on `system` it would be free. Refused: what the list told."""
    if app.instance_type or app.status in ENDED or app.app_type in NAMED_BY_TYPE:
        return Reading((app,))
    owner = {"SpaceName": app.space} if app.space else {"UserProfileName": app.user_profile}
    key = {"DomainId": app.domain_id, "AppType": app.app_type, "AppName": app.name, **owner}
    return described(
        SERVICE,
        "DescribeApp",
        app.region,
        app.path,
        lambda: replace(app, instance_type=client.describe_app(**key).get("ResourceSpec", {}).get("InstanceType")),
        otherwise=app,
    )


def _app(row: dict[str, Any], region: str) -> App:
    return App(
        domain_id=row["DomainId"],
        app_type=row["AppType"],
        name=row["AppName"],
        region=region,
        status=row["Status"],
        user_profile=row.get("UserProfileName"),
        space=row.get("SpaceName"),
        instance_type=row.get("ResourceSpec", {}).get("InstanceType"),
        created_at=row.get("CreationTime"),
    )
