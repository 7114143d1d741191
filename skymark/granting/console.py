"""The link by which the AWS console makes the stack: three clicks for a student."""

from urllib.parse import quote, urlencode, urlsplit

from skymark.errors import UsageError
from skymark.granting.grant import Grant

CONSOLE = "https://console.aws.amazon.com/cloudformation/home"
STACK = "SkymarkGrader"
REGION = "us-east-1"


def quick_create_link(template_url: str, grant: Grant, region: str = REGION) -> str:
    """The page on which a stack from this template only has to be confirmed.

    What the template has no parameter for is ignored there. A role is no region's; the stack that makes it is.

    Raises:
        UsageError: the template does not lie in S3, from where alone CloudFormation takes it.

    Source: CloudFormation user guide, "Create quick-create links for CloudFormation stacks".
    """
    place = urlsplit(template_url)
    if place.scheme != "https" or not (place.hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn")):
        raise UsageError(
            f'--template-url "{template_url}": must be the https:// address of an object in S3. '
            "Upload the template there first (docs/access.md)."
        )
    asked = {
        "templateURL": template_url,
        "stackName": STACK,
        "param_GraderPrincipal": grant.grader.parameter,
        **({} if grant.external_id is None else {"param_ExternalId": grant.external_id}),
        "param_RoleName": grant.role_name,
        **({} if grant.predict else {"param_AllowPrediction": "false"}),
    }
    return f"{CONSOLE}?{urlencode({'region': region})}#/stacks/quickcreate?{urlencode(asked, quote_via=quote, safe='')}"
