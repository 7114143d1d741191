"""Runs commands of Skymark, each of whose writes can be counted, cut short by a kill, or refused as by a full disk.

Linux asks about each system call that changes a file, before it is done (seccomp, user notification); so what SQLite
writes is among them. A command is Skymark's own, in a process forked from one that has imported everything already.

Source: Linux, seccomp(2) and seccomp_unotify(2); the numbers are those of x86-64.
"""

import contextlib
import ctypes
import enum
import errno
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import platform
import secrets
import select
import signal
import socket
import struct
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

ROOT = Path(__file__).parents[2]

WRITES = {"write": 1, "pwrite64": 18, "writev": 20, "pwritev": 296, "ftruncate": 77, "fallocate": 285}
"""What is done to an open file, which is the first argument."""
SYNCS = {"fsync": 74, "fdatasync": 75, "fchmod": 91}
"""What else is done to an open file."""
NAMES = {"rename": 82, "mkdir": 83, "rmdir": 84, "link": 86, "unlink": 87, "chmod": 90, "truncate": 76, "creat": 85}
"""What is done to a name, which is the first argument."""
NAMES_AT = {"mkdirat": 258, "unlinkat": 263, "renameat": 264, "linkat": 265, "fchmodat": 268, "renameat2": 316}
OPENS = {"open": 2, "openat": 257}
"""Only with O_CREAT; the flags are the second argument of the one, the third of the other."""
CALLS = {number: name for table in (WRITES, SYNCS, NAMES, NAMES_AT, OPENS) for name, number in table.items()}
FULL_REFUSES = frozenset({*WRITES, *OPENS, "mkdir", "mkdirat", "link", "linkat"})

X86_64 = 0xC000003E
ALLOW, ASK = 0x7FFF0000, 0x7FC00000
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
NO_NEW_PRIVILEGES, SET_FILTER, WITH_LISTENER, SECCOMP = 38, 1, 1 << 3, 317
RECEIVE, ANSWER = 0xC0502100, 0xC0182101
CONTINUE = 1


class How(enum.StrEnum):
    """What comes at the write that is meant: a kill before it, a kill when half of it is done, or a full disk."""

    KILL = "kill"
    CUT = "cut"
    FULL = "full"


class Ended(NamedTuple):
    """How a command ended: its status, -9 if it was killed; what it printed; and what it asked for to be written.

    The last of `calls` is the one that was not done, if it was killed.
    """

    status: int
    out: str
    err: str
    calls: tuple[str, ...]

    @property
    def is_killed(self) -> bool:
        """Whether it did not come to its end."""
        return self.status == -signal.SIGKILL


def is_possible() -> bool:
    """Whether this system can be asked to."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    with contextlib.suppress(OSError):
        actions = Path("/proc/sys/kernel/seccomp/actions_avail").read_text().split()
        return "user_notif" in actions
    return False


class Interrupter:
    """A context manager that runs commands, one after the other."""

    def __init__(self) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
        self._process = subprocess.Popen([sys.executable, __file__], env=environment, cwd=ROOT, text=True, **pipes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()

    def warm_up(self, command: tuple[str, ...], folder: Path) -> None:
        """Run a command where all others come from: what is read and compiled by it, they need not read again."""
        self._tell({"command": command, "folder": str(folder)})
        assert json.loads(self._hear()) == {}

    def __call__(
        self,
        command: tuple[str, ...],
        folder: Path,
        at: int = 0,
        how: How = How.KILL,
        stopped: Callable[[str], object] = lambda call: None,
    ) -> Ended:
        """Run a command of Skymark's in a folder, where `at` is the write that is meant, from 1; 0: none is.

        `stopped` is called while the command waits to be killed, with what it asked for: it may look at what there is.
        """
        self._tell({"command": command, "folder": str(folder), "at": at, "how": how})
        while "status" not in (said := json.loads(self._hear())):
            stopped(said["call"])
            self._tell({})
        return Ended(said["status"], said["out"], said["err"], tuple(said["calls"]))

    def _tell(self, what: dict[str, object]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline() or "what runs the commands has ended"


class _Call(NamedTuple):
    """A system call that waits for an answer."""

    id: int
    thread: int
    name: str
    arguments: tuple[int, ...]

    @property
    def file(self) -> str:
        """The file that it is about, as far as that is known."""
        if self.name in WRITES or self.name in SYNCS:
            return os.readlink(f"/proc/{self.thread}/fd/{_signed(self.arguments[0])}")
        return self._text(self.arguments[self.name in NAMES_AT or self.name == "openat"])

    def _text(self, address: int) -> str:
        return self._memory(address, 4096).split(b"\0")[0].decode()

    def _memory(self, address: int, size: int) -> bytes:
        with open(f"/proc/{self.thread}/mem", "rb", buffering=0) as memory:
            memory.seek(address)
            return memory.read(size)

    def do_half(self) -> None:
        """Write the first half of what was to be written; nothing where it is no writing."""
        if self.name not in ("write", "pwrite64"):
            return
        descriptor, address, size, offset = self.arguments[:4]
        if self.name == "write":
            told = Path(f"/proc/{self.thread}/fdinfo/{_signed(descriptor)}").read_text().splitlines()
            offset = int(told[0].removeprefix("pos:"))
        file = os.open(f"/proc/{self.thread}/fd/{_signed(descriptor)}", os.O_WRONLY)
        os.pwrite(file, self._memory(address, size // 2), offset)
        os.close(file)


def _signed(number: int) -> int:
    return ctypes.c_int32(number & 0xFFFFFFFF).value


def _filter() -> ctypes.Array[ctypes.c_char]:
    """The program that says which calls are asked about, in BPF."""
    flags = {OPENS["open"]: 1, OPENS["openat"]: 2}
    plain = [number for number in CALLS if number not in flags]
    code = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, X86_64), (RETURN, 0, 0, ALLOW), (LOAD, 0, 0, 0)]
    for number in plain:
        code += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ASK)]
    for number, argument in flags.items():
        ask = [(LOAD, 0, 0, 16 + 8 * argument), (ANY_BIT, 0, 1, os.O_CREAT), (RETURN, 0, 0, ASK), (RETURN, 0, 0, ALLOW)]
        code += [(EQUAL, 0, len(ask), number), *ask]
    code.append((RETURN, 0, 0, ALLOW))
    return ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *one) for one in code))


def _listener() -> int:
    """From now on this process, with its threads and children, has its writes allowed by whoever reads from this."""
    libc = ctypes.CDLL(None, use_errno=True)
    code = _filter()
    program = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(code) // 8, ctypes.addressof(code)))
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    listener = int(libc.syscall(SECCOMP, SET_FILTER, WITH_LISTENER, program))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return listener


def _become(command: list[str], folder: Path, parent: socket.socket, out: int, err: int) -> None:
    """Be a command of Skymark's in this process, and end it."""
    from skymark.command_line import main

    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    _settle(command, folder)
    listener = _listener()
    socket.send_fds(parent, [b"."], [listener])
    os.close(listener)
    status: object = 0
    try:
        main()
    except SystemExit as error:
        status = error.code
    except BaseException:  # noqa: BLE001 - nothing may go on where the process was forked
        traceback.print_exc()
        status = 99
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0)


def _settle(command: list[str], folder: Path) -> None:
    """Be in the folder, with nothing of the user's own in reach; as it would be after the command was typed."""
    os.chdir(folder)
    os.environ |= {"XDG_DATA_HOME": str(folder / "data"), "HOME": str(folder), "TMPDIR": str(folder.parent)}
    sys.argv = ["grade.py", *command]


class _Run:
    """One command, as long as it runs."""

    def __init__(self, wanted: dict[str, object]) -> None:
        self._folder, self._at, self._how = str(wanted["folder"]), int(str(wanted["at"])), How(str(wanted["how"]))
        self._calls: list[str] = []
        self._out, self._err = os.memfd_create("out"), os.memfd_create("err")
        ours, theirs = socket.socketpair()
        command = wanted["command"]
        assert isinstance(command, list)
        self._process = os.fork()
        if self._process == 0:
            _become(command, Path(self._folder), theirs, self._out, self._err)
        theirs.close()
        _, (self._listener, *_), _, _ = socket.recv_fds(ours, 1, 1)
        ours.close()

    def ended(self) -> Iterator[dict[str, object]]:
        """Yields the call where it waits to be killed, and at last how it ended."""
        watched = select.poll()
        watched.register(self._listener, select.POLLIN)
        while not (watched.poll()[0][1] & select.POLLHUP):
            with contextlib.suppress(FileNotFoundError):  # who asked is gone
                yield from self._answered(self._received())
        os.close(self._listener)
        status = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        said = [os.pread(one, 1 << 24, 0).decode() for one in (self._out, self._err)]
        for one in (self._out, self._err):
            os.close(one)
        yield {"status": status, "out": said[0], "err": said[1], "calls": self._calls}

    def _received(self) -> _Call:
        asked = bytearray(80)
        fcntl.ioctl(self._listener, RECEIVE, asked)
        id, thread, _, number, _, _, *arguments = struct.unpack("<QIIiIQ6Q", asked)
        return _Call(id, thread, CALLS[number], tuple(arguments))

    def _answered(self, call: _Call) -> Iterator[dict[str, object]]:
        file = call.file
        is_meant = not file.startswith("/") or file.startswith(self._folder)
        if is_meant:
            self._calls.append(f"{call.name} {file.removeprefix(self._folder).lstrip('/')}")
        number = len(self._calls)
        if is_meant and number == self._at and self._how is not How.FULL:
            yield {"call": self._calls[-1]}
            if self._how is How.CUT:
                call.do_half()
            os.kill(self._process, signal.SIGKILL)
            return
        is_refused = is_meant and self._how is How.FULL and 0 < self._at <= number and call.name in FULL_REFUSES
        # No kill loses what the system has and the disk has not yet: nobody needs to wait for the disk.
        is_done = call.name in ("fsync", "fdatasync")
        said = (call.id, 0, -errno.ENOSPC if is_refused else 0, 0 if is_refused or is_done else CONTINUE)
        fcntl.ioctl(self._listener, ANSWER, struct.pack("<QqiI", *said))


def _import_everything() -> None:
    import skymark

    for one in pkgutil.walk_packages(skymark.__path__, "skymark."):
        if not one.name.startswith(("skymark.__main__", "skymark.board", "skymark.survey.", "skymark.judge_fixtures")):
            importlib.import_module(one.name)


def _done_here(wanted: dict[str, list[str]]) -> Iterator[dict[str, object]]:
    from skymark.command_line import main

    _settle(wanted["command"], Path(str(wanted["folder"])))
    with contextlib.suppress(SystemExit):
        main()
    yield {}


def _serve() -> None:
    """Run commands that are told on standard input, a line of JSON each.

    The key that anonymous reports are made with is always the same, so that they can be compared.
    """
    _import_everything()
    gc.disable()  # each process ends soon; to look through what is shared would be to copy it
    secrets.token_hex = lambda size: "5e" * size
    tell = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        wanted = json.loads(line)
        for said in _Run(wanted).ended() if "at" in wanted else _done_here(wanted):
            tell.write(json.dumps(said) + "\n")
            tell.flush()
            if "status" not in said and "at" in wanted:
                sys.stdin.readline()


if __name__ == "__main__":
    _serve()
