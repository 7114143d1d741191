"""SageMaker Studio: domains and the apps in them."""

from typing import Any

from skymark.evidence import App, Domain
from skymark.survey.reading import Reading, pages

SERVICE = "sagemaker"


def list_domains(client: Any, region: str) -> Reading[Domain]:
    """The domains of one region. Source: SageMaker API, ListDomains."""
    rows = pages(client, SERVICE, "ListDomains", "Domains", region)
    found = (Domain(row["DomainId"], row.get("DomainName", ""), region, row.get("Status", "")) for row in rows.items)
    return Reading(tuple(found), rows.gaps)


def list_apps(client: Any, region: str) -> Reading[App]:
    """The apps of one region. Source: SageMaker API, ListApps."""
    rows = pages(client, SERVICE, "ListApps", "Apps", region)
    return Reading(tuple(_app(row, region) for row in rows.items), rows.gaps)


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
