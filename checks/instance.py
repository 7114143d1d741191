"""The notebook instance that the lesson asks for."""


def check_name(instance, chain):
    """The notebook instance has the lesson's name."""
    assert instance.name == chain.instance_name, (
        f"the notebook instance is called {instance.name}, it should be called {chain.instance_name}"
    )


def check_type(instance, criterion):
    """The notebook instance is of the lesson's type."""
    assert instance.type in criterion.parameters["accepted"], (
        f"{instance.name} is an {instance.type}, it should be an {criterion.parameters['accepted'][0]}"
    )


def check_accelerator(instance):
    """No Elastic Inference accelerator is attached."""
    assert not instance.accelerators, (
        f"{instance.name} has Elastic Inference ({', '.join(instance.accelerators)}), it should have none"
    )


def check_root_access(instance):
    """Root access is enabled."""
    assert instance.has_root_access, f"root access is disabled on {instance.name}, it should be enabled"


def check_role(role, account, workplace):
    """The notebook instance runs under an execution role of this account."""
    assert role.account == account.id, f"role {role.name} belongs to another account ({role.account})"


def check_in_service(in_service):
    """The notebook instance is, or was, InService."""
    assert in_service.was_in_service, f"nothing shows that {in_service.name} was InService"
