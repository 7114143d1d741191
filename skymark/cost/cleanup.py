"""The AWS CLI's commands that remove a thing, in the order in which AWS allows them.

What lies in it goes first, if it is there: its own command may have been run before.

Source: SageMaker, EC2, EFS, S3 and IAM APIs, what each Delete call refuses; the AWS CLI's waiters, where it has any.
"""

import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from skymark.cost.commands import aws, for_each, if_there, until_none
from skymark.evidence import App, Endpoint, NotebookInstance, Policy, Resource, Role, Survey

GLOBAL: Final = "global"
"""The region of what has none: IAM's roles."""

MADE_BY_THE_CONSOLE: Final = "AmazonSageMaker-ExecutionRole-"
POLICY_OF_THE_CONSOLE: Final = "AmazonSageMaker-ExecutionPolicy-"

AT_WORK: Final = ("deleting", "stopping")
WORKED_ON: Final = ("Creating", "Updating", "SystemUpdating", "RollingBack")
READ_FROM_A_FILE: Final = ("file://", "fileb://", "http://", "https://")
"""What the AWS CLI takes for the place of a value, not for the value."""

SIMPLE: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("sagemaker", "hyper-parameter-tuning-job"): ("stop", "--hyper-parameter-tuning-job-name"),
    ("sagemaker", "auto-ml-job"): ("stop", "--auto-ml-job-name"),
    ("sagemaker", "inference-recommendations-job"): ("stop", "--job-name"),
    ("sagemaker", "optimization-job"): ("stop", "--optimization-job-name"),
    ("sagemaker", "compilation-job"): ("stop", "--compilation-job-name"),
    ("sagemaker", "labeling-job"): ("stop", "--labeling-job-name"),
    ("sagemaker", "pipeline-execution"): ("stop", "--pipeline-execution-arn"),
    ("sagemaker", "monitoring-schedule"): ("delete", "--monitoring-schedule-name"),
    ("sagemaker", "cluster"): ("delete", "--cluster-name"),
    ("sagemaker", "mlflow-tracking-server"): ("delete", "--tracking-server-name"),
    ("sagemaker", "mlflow-app"): ("delete", "--arn"),
    ("sagemaker", "partner-app"): ("delete", "--arn"),
    ("sagemaker", "inference-component"): ("delete", "--inference-component-name"),
    ("sagemaker", "endpoint-config"): ("delete", "--endpoint-config-name"),
    ("sagemaker", "model"): ("delete", "--model-name"),
    ("sagemaker", "notebook-instance-lifecycle-config"): ("delete", "--notebook-instance-lifecycle-config-name"),
    ("sagemaker", "code-repository"): ("delete", "--code-repository-name"),
    ("sagemaker", "feature-group"): ("delete", "--feature-group-name"),
    ("sagemaker", "image"): ("delete", "--image-name"),
    ("logs", "log-group"): ("delete", "--log-group-name"),
}
"""What one command removes: its verb, and the option that names the thing."""

Steps = tuple[str, ...]


def of_notebook(one: NotebookInstance) -> Steps:
    """An instance can be stopped only when it is in service, and deleted only when it is stopped or failed."""
    delete: Steps = ("delete-notebook-instance",)
    stopped: Steps = ("wait notebook-instance-stopped", *delete)
    match one.status:
        case "Stopped" | "Failed":
            steps: Steps = delete
        case "Deleting":
            steps = ("wait notebook-instance-deleted",)
        case "Stopping" | "Updating":
            steps = stopped
        case "Pending":
            steps = ("wait notebook-instance-in-service", "stop-notebook-instance", *stopped)
        case _:
            steps = ("stop-notebook-instance", *stopped)
    return tuple(aws("sagemaker", step, {"--notebook-instance-name": one.name}, one.region) for step in steps)


def of_endpoint(one: Endpoint, survey: Survey) -> Steps:
    """An endpoint can be deleted in every state but while AWS makes or changes it, and once nothing hangs on it."""
    name, region = {"--endpoint-name": one.name}, one.region
    if one.status == "Deleting":
        return (aws("sagemaker", "wait endpoint-deleted", name, region),)
    ready = (aws("sagemaker", "wait endpoint-in-service", name, region),) if one.status in WORKED_ON else ()
    return (
        *ready,
        *_of_schedules(one, survey),
        *_of_components(one, survey),
        aws("sagemaker", "delete-endpoint", name, region),
    )


def of_app(one: App) -> Steps:
    """An app is named by domain and owner; one that is being deleted cannot be deleted again."""
    if one.status in ("Deleting", "Deleted"):
        return ()
    owner = {"--space-name": one.space} if one.space else {"--user-profile-name": one.user_profile or ""}
    options = {"--domain-id": one.domain_id, **owner, "--app-type": one.app_type, "--app-name": one.name}
    return (aws("sagemaker", "delete-app", options, one.region),)


def of_resource(one: Resource, survey: Survey) -> Steps:
    """What removes any other thing; nothing where AWS is at work on it, or no command is known that is safe."""
    key = (one.service, one.type)
    if key in SPECIAL:
        return SPECIAL[key](one, survey)
    if key not in SIMPLE or _is_at_work(one):
        return ()
    verb, option = SIMPLE[key]
    return (aws(one.service, f"{verb}-{one.type}", {option: one.id}, one.region),)


def name_of(one: Resource) -> str:
    """What tells it from others: with what it lies in, where its own name does not say enough."""
    return "/".join((*one.within, one.id)) if one.type in ("space", "multipart-upload") else one.id


def is_the_consoles(one: Role) -> bool:
    """Whether the console made this role, and it is there; any other may be used by somebody else."""
    return one.as_of is None and one.name.startswith(MADE_BY_THE_CONSOLE)


def is_volume_of(domain: Resource, volume: Resource) -> bool:
    """Whether this is the file system of that Studio domain; its tag has the domain's ARN."""
    is_pair = (domain.type, volume.type, domain.region) == ("domain", "file-system", volume.region)
    return is_pair and (volume.note or "").rpartition("/")[2] == domain.id


def _is_at_work(one: Resource) -> bool:
    return (one.status or "").casefold() in AT_WORK


def _of_schedules(one: Endpoint, survey: Survey) -> Iterator[str]:
    schedules = [each for each in _of(survey, "monitoring-schedule", one.region) if one.name in each.within]
    for each in schedules:
        yield from map(if_there, of_resource(each, survey))
    if schedules:
        query = "MonitoringScheduleSummaries[].MonitoringScheduleName"
        yield until_none("sagemaker", "list-monitoring-schedules", {"--endpoint-name": one.name}, one.region, query)


def _of_components(one: Endpoint, survey: Survey) -> Iterator[str]:
    components = [each for each in _of(survey, "inference-component", one.region) if one.name in each.within]
    for each in components:
        yield from map(if_there, of_resource(each, survey))
    if components:
        query = "InferenceComponents[?InferenceComponentStatus==`Deleting`].InferenceComponentName"
        options = {"--endpoint-name-equals": one.name}
        yield until_none("sagemaker", "list-inference-components", options, one.region, query)


def _of(survey: Survey, type: str, region: str) -> Iterator[Resource]:
    return (one for one in survey.resources if (one.type, one.region) == (type, region))


def _job(one: Resource, survey: Survey) -> Steps:
    """A job that is stopping ends by itself; a warm pool is what a job keeps after its end."""
    name = {f"--{one.type}-name": one.id}
    if (one.status or "").casefold() == "available":
        kept = {"--resource-config": "KeepAlivePeriodInSeconds=0"}
        return (aws("sagemaker", "update-training-job", {**name, **kept}, one.region),)
    step = f"wait {one.type}-completed-or-stopped" if _is_at_work(one) else f"stop-{one.type}"
    return (aws("sagemaker", step, name, one.region),)


def _model_package_group(one: Resource, survey: Survey) -> Steps:
    """Its packages first, which are not in the survey."""
    name = {"--model-package-group-name": one.id}
    delete = f'{aws("sagemaker", "delete-model-package", {}, one.region)} --model-package-name "$package"'
    query = "ModelPackageSummaryList[].ModelPackageArn"
    return (
        for_each("sagemaker", "list-model-packages", name, one.region, query, do=delete, each="package"),
        aws("sagemaker", "delete-model-package-group", name, one.region),
    )


def _trial(one: Resource, survey: Survey) -> Steps:
    """Its components are taken out of it first; they are not in the survey."""
    name = {"--trial-name": one.id}
    take_out = aws("sagemaker", "disassociate-trial-component", name, one.region)
    return (
        for_each(
            "sagemaker",
            "list-trial-components",
            name,
            one.region,
            "TrialComponentSummaries[].TrialComponentName",
            do=f'{take_out} --trial-component-name "$component" > /dev/null',
            each="component",
        ),
        aws("sagemaker", "delete-trial", name, one.region),
    )


def _experiment(one: Resource, survey: Survey) -> Steps:
    trials = (each for each in _of(survey, "trial", one.region) if one.id in each.within)
    return (
        *(if_there(step) for each in trials for step in _trial(each, survey)),
        aws("sagemaker", "delete-experiment", {"--experiment-name": one.id}, one.region),
    )


def _space(one: Resource, survey: Survey) -> Steps:
    """Its apps first."""
    if _is_at_work(one) or not one.within:
        return ()
    domain = one.within[0]
    apps = [each for each in survey.apps if (each.region, each.domain_id, each.space) == (one.region, domain, one.id)]
    return (
        *_of_apps(apps, domain, one.region),
        aws("sagemaker", "delete-space", {"--domain-id": domain, "--space-name": one.id}, one.region),
    )


def _of_apps(apps: list[App], domain: str, region: str) -> Iterator[str]:
    for each in apps:
        yield from map(if_there, of_app(each))
    if any(each.status != "Deleted" for each in apps):
        query = "Apps[?Status==`Deleting`].AppName"
        yield until_none("sagemaker", "list-apps", {"--domain-id-equals": domain}, region, query)


def _domain(one: Resource, survey: Survey) -> Steps:
    """Its apps, then its spaces, then its user profiles; the files of all of them go with it."""
    if _is_at_work(one):
        return ()
    apps = [each for each in survey.apps if (each.region, each.domain_id) == (one.region, one.id)]
    options = {"--domain-id": one.id, "--retention-policy": "HomeEfsFileSystem=Delete"}
    return (
        *_of_apps(apps, one.id, one.region),
        *_within_domain(one, survey, "space", "Spaces", "SpaceName"),
        *_within_domain(one, survey, "user-profile", "UserProfiles", "UserProfileName"),
        aws("sagemaker", "delete-domain", options, one.region),
    )


def _within_domain(domain: Resource, survey: Survey, type: str, key: str, name: str) -> Iterator[str]:
    found = [each for each in _of(survey, type, domain.region) if domain.id in each.within]
    for each in found:
        if not _is_at_work(each):
            options = {"--domain-id": domain.id, f"--{type}-name": each.id}
            yield if_there(aws("sagemaker", f"delete-{type}", options, domain.region))
    if found:
        query = f"{key}[?Status==`Deleting`].{name}"
        yield until_none("sagemaker", f"list-{type}s", {"--domain-id-equals": domain.id}, domain.region, query)


def _nat_gateway(one: Resource, survey: Survey) -> Steps:
    """Its address can be released once it is gone."""
    gone = aws("ec2", "wait nat-gateway-deleted", {"--nat-gateway-ids": one.id}, one.region)
    if _is_at_work(one):
        return (gone,)
    return (aws("ec2", "delete-nat-gateway", {"--nat-gateway-id": one.id}, one.region), gone)


def _address(one: Resource, survey: Survey) -> Steps:
    """One that AWS manages goes with its NAT gateway; one of the oldest kind has no id but itself."""
    gateways = [name for name in one.within if name.startswith("nat-")]
    gone = (aws("ec2", "wait nat-gateway-deleted", {"--nat-gateway-ids": name}, one.region) for name in gateways)
    option = "--allocation-id" if one.id.startswith("eipalloc-") else "--public-ip"
    release = () if one.note else (aws("ec2", "release-address", {option: one.id}, one.region),)
    return (*gone, *release)


def _vpc_endpoint(one: Resource, survey: Survey) -> Steps:
    if _is_at_work(one):
        return ()
    return (aws("ec2", "delete-vpc-endpoints", {"--vpc-endpoint-ids": one.id}, one.region),)


def _file_system(one: Resource, survey: Survey) -> Steps:
    """Its mount targets first."""
    if _is_at_work(one):
        return ()
    name = {"--file-system-id": one.id}
    targets = [each for each in _of(survey, "mount-target", one.region) if one.id in each.within]
    unmount = (aws("efs", "delete-mount-target", {"--mount-target-id": each.id}, one.region) for each in targets)
    query = "MountTargets[?LifeCycleState==`deleting`].MountTargetId"
    wait = (until_none("efs", "describe-mount-targets", name, one.region, query),) if targets else ()
    return (*unmount, *wait, aws("efs", "delete-file-system", name, one.region))


def _multipart_upload(one: Resource, survey: Survey) -> Steps:
    if len(one.within) != 2 or one.within[1].startswith(READ_FROM_A_FILE):
        return ()
    bucket, key = one.within
    options = {"--bucket": bucket, "--key": key, "--upload-id": one.id}
    return (aws("s3api", "abort-multipart-upload", options, one.region),)


def _bucket(one: Resource, survey: Survey) -> Steps:
    """Where it may keep versions, each of them and each delete marker first: `--force` leaves them."""
    remove = aws("s3", f"rb {shlex.quote(f's3://{one.id}')} --force", {}, one.region)
    if any(each.name == one.id and each.versioned is False for each in survey.buckets):
        return (remove,)
    delete = aws("s3api", "delete-object", {"--bucket": one.id}, one.region)
    each_version = for_each(
        "s3api",
        "list-object-versions",
        {"--bucket": one.id},
        one.region,
        "[Versions, DeleteMarkers][].[Key, VersionId]",
        do=f'{delete} --key="$key" --version-id="$version" > /dev/null',
        each="key version",
    )
    return (each_version, remove)


def _role(one: Resource, survey: Survey) -> Steps:
    """Its policies first; none of its policies known, none of the commands."""
    role = next((each for each in survey.roles if each.name == one.id and is_the_consoles(each)), None)
    if role is None or role.policies is None or any(not _can_be_taken_off(each) for each in role.policies):
        return ()
    name = {"--role-name": role.name}
    attached = [each for each in role.policies if each.arn and each.kind in ("customer", "aws")]
    own = [each for each in attached if _is_its_own(each, role, survey)]
    inline = [each.name for each in role.policies if each.kind == "inline"]
    return (
        *(aws("iam", "detach-role-policy", {**name, "--policy-arn": each.arn or ""}) for each in attached),
        *(step for each in own for step in _of_policy(each.arn or "")),
        *(aws("iam", "delete-role-policy", {**name, "--policy-name": each}) for each in inline),
        aws("iam", "delete-role", name),
    )


def _can_be_taken_off(policy: Policy) -> bool:
    return policy.arn is not None or policy.kind in ("inline", "boundary")


def _is_its_own(policy: Policy, role: Role, survey: Survey) -> bool:
    """Whether the console made this policy with a role, and no other role that was read has it."""
    others = (each for each in survey.roles if each.name != role.name)
    is_shared = any(policy.arn == each.arn for other in others for each in other.policies or ())
    return policy.kind == "customer" and policy.name.startswith(POLICY_OF_THE_CONSOLE) and not is_shared


def _of_policy(arn: str) -> Steps:
    """A policy that was edited has versions, and can be deleted once only one of them is left."""
    name = {"--policy-arn": arn}
    delete = f'{aws("iam", "delete-policy-version", name)} --version-id "$version"'
    query = "Versions[?!IsDefaultVersion].VersionId"
    return (
        for_each("iam", "list-policy-versions", name, None, query, do=delete, each="version"),
        aws("iam", "delete-policy", name),
    )


SPECIAL: Final[Mapping[tuple[str, str], Callable[[Resource, Survey], Steps]]] = {
    ("sagemaker", "training-job"): _job,
    ("sagemaker", "processing-job"): _job,
    ("sagemaker", "transform-job"): _job,
    ("sagemaker", "model-package-group"): _model_package_group,
    ("sagemaker", "trial"): _trial,
    ("sagemaker", "experiment"): _experiment,
    ("sagemaker", "space"): _space,
    ("sagemaker", "domain"): _domain,
    ("ec2", "nat-gateway"): _nat_gateway,
    ("ec2", "address"): _address,
    ("ec2", "vpc-endpoint"): _vpc_endpoint,
    ("efs", "file-system"): _file_system,
    ("s3", "multipart-upload"): _multipart_upload,
    ("s3", "bucket"): _bucket,
    ("iam", "role"): _role,
}
