"""SageMaker Studio: another way into SageMaker than the lesson's."""

from simulator.account import SimulatedAccount
from simulator.students.permissions import ROLE

USER = "student"
SPACE = "mine"


def make_domain(account: SimulatedAccount) -> str:
    """Press *Set up for single user*: a domain with the role that is there. Returns its id."""
    account.make_studio_domain(account.iam.get_role(RoleName=ROLE)["Role"]["Arn"])
    return account.sagemaker().list_domains()["Domains"][0]["DomainId"]


def open_studio(account: SimulatedAccount) -> None:
    """Make a space in a domain, run JupyterLab in it, and wait until that is InService."""
    domain, sagemaker = make_domain(account), account.sagemaker()
    sagemaker.create_user_profile(DomainId=domain, UserProfileName=USER)
    account.let_pass(60)
    sagemaker.create_space(
        DomainId=domain,
        SpaceName=SPACE,
        OwnershipSettings={"OwnerUserProfileName": USER},
        SpaceSharingSettings={"SharingType": "Private"},
        SpaceSettings={"AppType": "JupyterLab"},
    )
    account.let_pass(60)
    sagemaker.create_app(
        DomainId=domain,
        SpaceName=SPACE,
        AppType="JupyterLab",
        AppName="default",
        ResourceSpec={"InstanceType": "ml.t3.medium"},
    )
    account.let_pass(180)
