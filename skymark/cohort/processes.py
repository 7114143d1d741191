"""Processes of this machine with several threads each, as one executor: one student at a time mostly waits for AWS.

Standard pools run one task at a time in each process, and are of no use any more when one of them dies.
"""

import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from skymark.garbage import collect_less_often
from skymark.log import log_to_file

P = ParamSpec("P")
T = TypeVar("T")
# A forked process would have the locks of threads that it does not have.
SPAWN = multiprocessing.get_context("spawn")


class Processes(Executor):
    """So many processes with so many threads each. One that dies is replaced; what it was at raises BrokenExecutor."""

    def __init__(self, workers: int, threads: int) -> None:
        self._threads = threads
        self._workers = [_Worker(threads) for _ in range(workers)]
        self._lock = threading.Lock()
        self._is_over = False

    @property
    def ids(self) -> tuple[int, ...]:
        """The processes that are alive, by the system's ids."""
        return tuple(one.process.pid for one in self._workers if one.process.pid and one.process.is_alive())

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a module's function, in the process that has least to do. It cannot be cancelled any more."""
        with self._lock:
            if self._is_over:
                raise RuntimeError("the processes were ended")
            self._workers = [one if one.is_there else _Worker(self._threads) for one in self._workers]
            return min(self._workers, key=lambda one: len(one.open)).submit(fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: with `wait` when all is done, else at once."""
        with self._lock:
            self._is_over = True
        for one in self._workers:
            one.end(wait=wait and not cancel_futures)


class _Worker:
    """One process, as seen from here. `open` is what was not answered yet, by number."""

    def __init__(self, threads: int) -> None:
        self._pipe, theirs = SPAWN.Pipe()
        self.process = SPAWN.Process(target=_serve, args=(theirs, threads), name="skymark", daemon=True)
        self.process.start()
        theirs.close()
        self.open: dict[int, Future[Any]] = {}
        self.is_there = True
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def submit(self, function: Callable[..., T], args: Any, kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        with self._lock:
            if not self.is_there:
                future.set_exception(self._broken())
                return future
            number = next(self._numbers)
            self.open[number] = future
            with contextlib.suppress(OSError):  # it has just died: the listener says so
                self._pipe.send((number, function, args, kwargs))
        return future

    def end(self, *, wait: bool) -> None:
        for future in list(self.open.values()) if wait else ():
            with contextlib.suppress(Exception):  # whoever asked is told
                future.result()
        self.process.terminate()
        self._listener.join()

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                number, result, error = self._pipe.recv()
                future = self.open.pop(number)
                if error is None:
                    future.set_result(result)
                else:
                    future.set_exception(error)
        self.process.join()
        with self._lock:
            self.is_there = False
            left = list(self.open.values())
            self.open.clear()
            self._pipe.close()
        for future in left:
            future.set_exception(self._broken())

    def _broken(self) -> BrokenExecutor:
        return BrokenExecutor(f"the process ended with {self.process.exitcode}")


def _serve(pipe: Connection, threads: int) -> None:
    """What runs in the process: it takes what is sent, and ends with whoever sends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the coordinator decides
    log_to_file()
    collect_less_often()
    pool, lock = ThreadPoolExecutor(threads), threading.Lock()

    def run(number: int, function: Callable[..., Any], args: Any, kwargs: Any) -> None:
        try:
            answer: tuple[int, Any, BaseException | None] = (number, function(*args, **kwargs), None)
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody asked
            answer = (number, None, error)
        with lock:
            try:
                pipe.send(answer)
            except OSError:
                os._exit(0)
            except Exception as error:  # noqa: BLE001 - what cannot be sent must not be waited for
                pipe.send((number, None, RuntimeError(f"{type(error).__name__}: {error}")))

    with contextlib.suppress(EOFError, OSError):
        while True:
            pool.submit(run, *pipe.recv())
    os._exit(0)  # nobody is there to hear of what still runs
