"""Where students are graded: threads of this process, processes of this machine, or a Dask cluster."""

import asyncio
import contextlib
import logging
import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, InvalidStateError, ThreadPoolExecutor
from typing import Any, Final, ParamSpec, TypeVar

import skymark
from skymark import program
from skymark.cohort.processes import Processes
from skymark.errors import UsageError
from skymark.log import LOG
from skymark.render.words import counted

P = ParamSpec("P")
T = TypeVar("T")
DASK: Final = "dask://"
KINDS: Final = f"threads, processes, or {DASK}HOST:PORT"
CONNECT_S: Final = 10
"""How long a cluster may take to answer."""
WATCH_S: Final = 0.5
"""How often one looks whether the cluster is still there."""
DASK_LOGS: Final = ("distributed", "distributed.client", "tornado", "tornado.application")


@contextlib.contextmanager
def executor(kind: str, workers: int, at_once: int) -> Iterator[Executor]:
    """An executor for `at_once` students in all; `workers` is how many processes share them.

    When it is left, nothing that it is still at is waited for.

    Raises:
        UsageError: there is no such kind, Dask is not installed, or the cluster does not answer or is another Skymark.
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
        raise UsageError(f"This needs Dask. Install it with: {program.to_install('cluster')}") from error
    where = address.removeprefix(DASK)
    try:
        asyncio.run(_answer(f"tcp://{where}"))
        # Dask's own functions have no types.
        client: Any = Client(f"tcp://{where}", timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, ImportError) as error:  # TimeoutError is an OSError; ImportError: of another version
        why = str(error) or "something else listens there"
        raise UsageError(f"No Dask scheduler answers at {where} ({why}). Start one: `dask scheduler`.") from error
    with _logged(), client:
        _refuse_others(client)
        with _Cluster(client) as cluster:
            yield cluster


def _refuse_others(client: Any) -> None:
    """Make sure that all workers are this Skymark: without it they end, and another one may judge otherwise.

    Raises:
        UsageError: some are not.
    """
    own = skymark.__version__

    def version() -> str | None:  # inside, so that it travels as it is: a worker need not know this module
        try:
            from skymark import __version__ as theirs
        except ImportError:
            return None
        return theirs

    found = client.run(version)
    others = sum(one != own for one in found.values())
    if others:
        raise UsageError(
            f"There is no Skymark {own} on {others} of {counted(len(found), 'worker')} of the cluster. Install it "
            f"there, and where the scheduler is, with: {program.to_install('cluster')}"
        )


@contextlib.contextmanager
def _logged() -> Iterator[None]:
    """Send what Dask tells of its troubles to Skymark's log, if there is one, instead of to the terminal."""
    loggers = [logging.getLogger(name) for name in DASK_LOGS]
    before = [(one, one.handlers) for one in loggers]
    for one in loggers if LOG.handlers else ():
        one.handlers = LOG.handlers[:]
    try:
        yield
    finally:
        for one, handlers in before:
            one.handlers = handlers


class _Cluster(Executor):
    """A Dask client's executor; what its scheduler takes with it raises BrokenExecutor. Dask's own then never ends."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)  # a second look is no repetition of the first
        self._open: set[Future[Any]] = set()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a module's function on the cluster."""
        if self._client.status == "closed":
            raise RuntimeError("the cluster's scheduler does not answer any more")
        theirs, ours = self._executor.submit(fn, *args, **kwargs), Future[T]()
        self._open.add(ours)
        ours.add_done_callback(self._open.discard)
        ours.add_done_callback(lambda one: _drop(theirs, one))
        theirs.add_done_callback(lambda one: _pass_on(one, ours))
        return ours

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop watching; the client's end is its owner's."""
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        """A scheduler that is lost has lost all that it was given, though another one may come in its place."""
        connection = self._client.scheduler_comm
        while not self._over.wait(WATCH_S):
            now = self._client.scheduler_comm
            if self._client.status == "closed" or (connection is not None and now is not connection):
                for one in tuple(self._open):
                    _fail(one, BrokenExecutor("the cluster's scheduler was lost"))
            connection = now


def _drop(theirs: "Future[T]", ours: "Future[T]") -> None:
    if ours.cancelled():
        ours.set_running_or_notify_cancel()  # else who waits for it is not told
        theirs.cancel()


def _pass_on(theirs: "Future[T]", ours: "Future[T]") -> None:
    if theirs.cancelled():
        _fail(ours, BrokenExecutor("the cluster dropped it"))
    elif error := theirs.exception():
        _fail(ours, error)
    else:
        with contextlib.suppress(InvalidStateError):  # it was given up meanwhile
            ours.set_result(theirs.result())


def _fail(future: "Future[Any]", error: BaseException) -> None:
    with contextlib.suppress(InvalidStateError):
        future.set_exception(error)


async def _answer(address: str) -> None:
    """Wait for a Dask program to answer there. A client waits forever for one that listens and says nothing.

    Raises:
        OSError: none does.
        ValueError: this is no address.
    """
    from distributed.comm.core import connect

    async with asyncio.timeout(2 * CONNECT_S):  # the second half is for what can be reached
        comm = await connect(address, timeout=CONNECT_S)  # type: ignore[no-untyped-call]
        await comm.close()
