"""The process's environment: who changes it and who walks through it take turns."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import botocore.session
import pytest

from skymark.environment import ENVIRONMENT
from skymark.survey.clients import Clients

PATIENCE_S = 10


def test_whoever_has_it_may_take_it_again():
    """A client is built while its session is."""
    with ENVIRONMENT:
        assert ENVIRONMENT.acquire(blocking=False)
        ENVIRONMENT.release()


def test_nobody_else_has_it_meanwhile():
    """Until it is given back."""
    with ThreadPoolExecutor(1) as other:
        with ENVIRONMENT:
            taken_meanwhile = other.submit(ENVIRONMENT.acquire, blocking=False).result()
        taken_afterwards = other.submit(ENVIRONMENT.acquire, timeout=PATIENCE_S).result()
        other.submit(ENVIRONMENT.release).result()

    assert (taken_meanwhile, taken_afterwards) == (False, True)


def test_it_is_given_back_when_something_goes_wrong():
    """Else no student could be looked at any more."""
    with pytest.raises(ValueError, match="no"), ENVIRONMENT:
        raise ValueError("no")

    with ThreadPoolExecutor(1) as other:
        assert other.submit(ENVIRONMENT.acquire, timeout=PATIENCE_S).result()
        other.submit(ENVIRONMENT.release).result()


def test_no_client_is_built_while_somebody_changes_it():
    """A judge's pytest session sets and removes variables."""
    clients, wanted = Clients(), threading.Event()

    def build():
        wanted.set()
        return clients.client("sts", "us-east-1")

    with ThreadPoolExecutor(1) as other:
        with ENVIRONMENT:
            built = other.submit(build)
            wanted.wait(PATIENCE_S)
            with pytest.raises(TimeoutError):
                built.result(timeout=0.3)
        assert built.result(timeout=PATIENCE_S).meta.region_name == "us-east-1"


def test_clients_are_built_though_variables_come_and_go(monkeypatch):
    """As many as a class needs, beside a judge who changes hundreds of variables at a time."""
    over = threading.Event()

    def judge():
        rounds = 0
        while not over.is_set():
            with ENVIRONMENT:
                names = [f"SKYMARK_TEST_{number}" for number in range(300)]
                os.environ.update(dict.fromkeys(names, "x"))
                for name in names:
                    del os.environ[name]
            rounds += 1
        return rounds

    clients = Clients()
    regions = botocore.session.Session().get_available_regions("sts")[:12]
    with ThreadPoolExecutor(5) as pool:
        judging = pool.submit(judge)
        try:
            built = list(pool.map(lambda region: clients.client("sts", region), regions))
        finally:
            over.set()

    assert [one.meta.region_name for one in built] == regions
    assert judging.result() > 0
