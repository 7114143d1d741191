"""Where students are graded: threads of this process, processes of this machine, or a Dask cluster."""

import contextlib
import math
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Final

from skymark.cohort.processes import Processes
from skymark.errors import UsageError

DASK: Final = "dask://"
KINDS: Final = f"threads, processes, or {DASK}HOST:PORT"
CONNECT_S: Final = 10
"""How long a cluster may take to answer."""


@contextlib.contextmanager
def executor(kind: str, workers: int, at_once: int) -> Iterator[Executor]:
    """An executor for `at_once` students in all; `workers` is how many processes share them.

    When it is left, nothing that it is still at is waited for.

    Raises:
        UsageError: there is no such kind, Dask is not installed, or the cluster does not answer.
    """
    with _cluster(kind) if kind.startswith(DASK) else _here(kind, workers, at_once) as made:
        yield made


@contextlib.contextmanager
def _here(kind: str, workers: int, at_once: int) -> Iterator[Executor]:
    made: Executor
    match kind:
        case "threads":
            made = ThreadPoolExecutor(at_once, thread_name_prefix="students")
        case "processes":
            made = Processes(workers, math.ceil(at_once / workers))
        case _:
            raise UsageError(f'--executor "{kind}" is not known. There are: {KINDS}.')
    try:
        yield made
    finally:
        made.shutdown(wait=False, cancel_futures=True)


@contextlib.contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("This needs Dask. Install it with: pip install '.[cluster]'") from error
    where = address.removeprefix(DASK)
    try:
        # Dask's own functions have no types.
        client: Any = Client(f"tcp://{where}", timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise UsageError(f"No Dask scheduler answers at {where} ({error}). Start one: `dask scheduler`.") from error
    with client:
        yield client.get_executor(pure=False)  # a second look is no repetition of the first
