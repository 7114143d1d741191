"""Studio domains: with a file system of their own, and deleted only when nobody is in them any more.

Source: SageMaker API reference, CreateDomain, DeleteDomain; SageMaker guide, "Delete an Amazon SageMaker AI domain".
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from moto.efs.exceptions import MountTargetConflict, SubnetNotFound
from moto.efs.models import EFSBackend, efs_backends
from moto.sagemaker.models import Domain
from moto.sagemaker.utils import arn_formatter

from simulator.clock import clock
from simulator.sagemaker import timing
from simulator.sagemaker.course import Course
from simulator.sagemaker.refusals import ResourceInUseException, ResourceNotFound
from simulator.sagemaker.studio import Studio
from simulator.staying import stays_in

EFS_TAG = "ManagedByAmazonSageMakerResource"


class Domains(Studio):
    """The Studio domains of an account in a region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._domain_courses: dict[str, Course] = {}

    def create_domain(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """CreateDomain: with an id as AWS draws them, and a file system with a mount target in each subnet."""
        name = kwargs["domain_name"]
        if any(one.domain_name == name for one in self.domains.values()):
            raise ResourceInUseException(f"Resource Already Exists: Domain with name {name} already exists.")
        super().create_domain(*args, **kwargs)
        domain = self.domains.pop(f"d-{name}")
        domain.id = f"d-{hashlib.sha256(f'{self.account_id} {self.region_name} {name}'.encode()).hexdigest()[:12]}"
        domain.arn = arn_formatter("domain", domain.id, self.account_id, self.region_name)
        domain.url = f"https://{domain.id}.studio.{self.region_name}.sagemaker.aws"
        domain.tags = domain.tags or []
        domain.home_efs_file_system_id = self._make_home(domain)
        domain.creation_time = clock.utcnow()
        self.domains[domain.id] = domain
        self._open(domain)
        return {"DomainArn": domain.arn, "DomainId": domain.id, "Url": domain.url}

    def describe_domain(self, domain_id: str) -> dict[str, Any]:
        """DescribeDomain."""
        return self._domain(domain_id).describe()

    def delete_domain(self, domain_id: str, retention_policy: dict[str, str] | None) -> None:
        """DeleteDomain: when it has no users and spaces; its file system stays, unless it is to go too."""
        domain = self._domain(domain_id)
        for kind in ("App", "UserProfile", "Space"):
            if self.studio_in(kind, {"DomainId": domain_id}):
                raise ResourceInUseException(
                    f"Unable to delete Domain [{domain.arn}] because {kind}(s) are associated with it."
                )
        with_home = (retention_policy or {}).get("HomeEfsFileSystem") == "Delete"
        _enter(domain, "Deleting")
        course = self._domain_courses.setdefault(domain.id, Course())
        course.go((timing.DELETING_DOMAIN_S, lambda: self._close(domain, with_home)))

    def _domain(self, domain_id: str) -> Domain:
        if domain_id not in self.domains:
            raise ResourceNotFound(f"Domain [{domain_id}] does not exist.")
        return self.domains[domain_id]

    def _open(self, domain: Domain) -> None:
        _enter(domain, "Pending")
        course = self._domain_courses[domain.id] = Course()
        if not stays_in(domain.tags, "Pending"):
            course.go((timing.CREATING_DOMAIN_S, lambda: _enter(domain, "InService")))

    def _close(self, domain: Domain, with_home: bool) -> None:
        del self.domains[domain.id]
        del self._domain_courses[domain.id]
        if with_home:
            _delete_home(self._efs, domain.home_efs_file_system_id)

    @property
    def _efs(self) -> EFSBackend:
        backend: EFSBackend = efs_backends[self.account_id][self.region_name]
        return backend

    def _make_home(self, domain: Domain) -> str:
        tags = [{"Key": EFS_TAG, "Value": domain.arn}]
        key: Any = domain.home_efs_file_system_kms_key_id
        made = self._efs.create_file_system(domain.id, "generalPurpose", True, key, "bursting", 0, "", False, tags)
        _mount(self._efs, made.file_system_id, domain.subnet_ids)
        return made.file_system_id


def _enter(domain: Domain, status: str) -> None:
    domain.status, domain.last_modified_time = status, clock.utcnow()


def _mount(efs: EFSBackend, file_system: str, subnets: Iterable[str]) -> None:
    """In the subnets that are there, once in each zone: a domain may be made in others here."""
    for subnet in subnets:
        try:
            efs.create_mount_target(file_system, subnet)
        except (SubnetNotFound, MountTargetConflict):
            continue


def _delete_home(efs: EFSBackend, file_system: str) -> None:
    home = efs.file_systems_by_id.get(file_system)
    if home is None:  # somebody has deleted it already
        return
    for target in list(home.iter_mount_targets()):
        efs.delete_mount_target(target.mount_target_id)
    efs.delete_file_system(file_system)
