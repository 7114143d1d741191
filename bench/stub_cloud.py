"""AWS as far as a survey asks it: answers that were recorded, after a wait, from 127.0.0.1.

Run: python bench/stub_cloud.py RECORDING [--latency SECONDS] [--certificates FOLDER] [--upstream ADDRESS KEY ACCOUNT].
It prints its address and serves until standard input ends; with certificates, by TLS and under all of AWS's names.
AssumeRole gives keys that tell the role's account, and whoever asks with them is answered as if the recorded account
were theirs; so one recording does for a class. With `--upstream`, the practice cloud, what was not recorded yet is
asked there (by this key, of this account) and kept; without, it is a miss, which counts. `GET /-/calls` tells how often
what was asked, and forgets it.
"""

import argparse
import asyncio
import base64
import datetime as dt
import http.client
import json
import re
import sys
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

from certificates import contexts

HOST = "127.0.0.1"
GRADER = "210987654321"
KEY_OF = "ASIASKYM"  # and the account's 12 digits
CALLS = "/-/calls"
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")
BUCKET_OR_ACCOUNT = re.compile(r"(.+)\.s3(-control)?(?:\.[a-z0-9-]+)?\.amazonaws\.com")
TIME = re.compile(rb"\d{10,}|\d{4}-\d\d-\d\dT[\d:.%A]+")
KEPT = ("content-type", "x-amz-bucket-region", "smithy-protocol", "x-amzn-invoked-production-variant")


class Asked(NamedTuple):
    """One request, as it came; `headers` have lower-case names."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def signer(self) -> tuple[str, str, str]:
        """The access key, region and service that it is signed with; blank where it is not."""
        found = CREDENTIAL.search(self.headers.get("authorization", ""))
        return (found[1], found[2], found[3]) if found else ("", "", "")

    @property
    def operation(self) -> str:
        """A name of what is asked, good enough to count by."""
        target = self.headers.get("x-amz-target", "").rpartition(".")[2]
        action = re.match(rb"Action=(\w+)", self.body)
        return target or (action[1].decode() if action else f"{self.method} {self.path}")

    @property
    def key(self) -> tuple[str, ...]:
        """The same for each account and at each time. In CBOR times are not text: its operation must do."""
        body = b"" if "cbor" in self.headers.get("content-type", "") else self.body
        return (*self.signer[1:], self.method, self.path, self.operation, TIME.sub(b"#", body).decode("latin-1"))


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Recording:
    """What is answered, and every request by which it was found out, in order."""

    account: str = ""
    answers: dict[tuple[str, ...], Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @classmethod
    def load(cls, file: Path) -> "Recording":
        """The recording in a file; an empty one where there is none."""
        if not file.exists():
            return cls()
        told = json.loads(file.read_text("ascii"))
        answers = {tuple(key): Answer(status, headers, _bytes(body)) for key, status, headers, body in told["answers"]}
        asked = [Asked(method, path, headers, _bytes(body)) for method, path, headers, body in told["asked"]]
        return cls(told["account"], answers, asked)

    def save(self, file: Path) -> None:
        """Keep it: as JSON, bytes as base64."""
        answers = [(key, one.status, one.headers, _text(one.body)) for key, one in self.answers.items()]
        asked = [(*one[:3], _text(one.body)) for one in self.asked]
        file.write_text(json.dumps({"account": self.account, "answers": answers, "asked": asked}), "ascii")


def _text(body: bytes) -> str:
    return base64.b64encode(body).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


class Upstream(NamedTuple):
    """A practice cloud to ask what was not recorded, by a key of it."""

    address: str
    key: str

    def ask(self, asked: Asked, account: str) -> Answer:
        """Ask as its own student; it does not check signatures."""
        mine, *_ = asked.signer
        headers = {name: value.replace(mine, self.key) for name, value in asked.headers.items()}
        headers.pop("x-amz-security-token", None)
        body = asked.body.replace(_account_of(mine).encode(), account.encode())
        headers["content-length"] = str(len(body))
        there = http.client.HTTPConnection(self.address, timeout=60)
        there.request(asked.method, asked.path, body, headers)
        got = there.getresponse()
        kept = {name: value for name, value in got.headers.items() if name.lower() in KEPT}
        answer = Answer(got.status, kept, got.read())
        there.close()
        return answer


class Cloud:
    """All that is known, and how often what was asked."""

    def __init__(self, recording: Recording, latency_s: float, upstream: Upstream | None = None) -> None:
        self.recording = recording
        self.latency_s = latency_s
        self.upstream = upstream
        self.calls: Counter[str] = Counter()

    async def answer(self, asked: Asked) -> Answer:
        """After the wait, if it is a call of AWS's."""
        if asked.path == CALLS:
            told, self.calls = self.calls, Counter()
            return Answer(200, {"content-type": "application/json"}, json.dumps(told).encode())
        self.calls[f"{asked.signer[2]} {asked.operation}"] += 1
        known, _ = await asyncio.gather(self._known(asked), asyncio.sleep(self.latency_s))
        return known

    async def _known(self, asked: Asked) -> Answer:
        if self.upstream:
            self.recording.asked.append(asked)
        if asked.signer[2] == "sts" and asked.operation in ("AssumeRole", "GetCallerIdentity"):
            return _identity(asked)
        account = _account_of(asked.signer[0])
        found = self.recording.answers.get(asked.key)
        if self.upstream and found is None:
            found = await asyncio.to_thread(self.upstream.ask, asked, self.recording.account)
            self.recording.answers[asked.key] = found
        if found is None:
            self.calls["missed"] += 1
            return Answer(404, {"content-type": "text/plain"}, f"not recorded: {asked.key}".encode())
        return found._replace(body=found.body.replace(self.recording.account.encode(), account.encode()))


def _identity(asked: Asked) -> Answer:
    """Keys of a role, or whose they are. Source: STS API reference, AssumeRole and GetCallerIdentity."""
    if asked.operation == "AssumeRole":
        role = urllib.parse.parse_qs(asked.body.decode())["RoleArn"][0]
        until = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        account, name = role.split(":")[4], role.rpartition("/")[2]
        inner = (
            f"<AssumedRoleUser><AssumedRoleId>AROASKYMARKBENCH:s</AssumedRoleId>"
            f"<Arn>arn:aws:sts::{account}:assumed-role/{name}/s</Arn></AssumedRoleUser>"
            f"<Credentials><AccessKeyId>{KEY_OF}{account}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
            f"<SessionToken>token</SessionToken><Expiration>{until}</Expiration></Credentials>"
        )
    else:
        account = _account_of(asked.signer[0])
        arn = f"arn:aws:sts::{account}:assumed-role/SkymarkGrader/s"
        inner = f"<Arn>{arn}</Arn><UserId>A</UserId><Account>{account}</Account>"
    name = asked.operation
    body = (
        f'<{name}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{name}Result>{inner}</{name}Result>'
        f"<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{name}Response>"
    )
    return Answer(200, {"content-type": "text/xml"}, body.encode())


def _account_of(key: str) -> str:
    return key[len(KEY_OF) :] if key.startswith(KEY_OF) else GRADER


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with kept connections, as little of it as botocore and urllib3 speak."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.buffer = b""
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: Any) -> None:
        """Remember where to answer."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what is complete."""
        self.buffer += data
        head, end, rest = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self.buffer = rest[length:]
        method, path, _ = first.split(" ", 2)
        path = _with_bucket(path, headers.get("host", ""))
        task = asyncio.get_running_loop().create_task(self._answer(Asked(method, path, headers, rest[:length])))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _answer(self, asked: Asked) -> None:
        answer = await self.cloud.answer(asked)
        headers = {**answer.headers, "content-length": str(len(answer.body)), "x-amzn-requestid": "r"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        body = b"" if asked.method == "HEAD" else answer.body
        self.transport.write(f"HTTP/1.1 {answer.status} -\r\n{lines}\r\n".encode("latin-1") + body)


def _with_bucket(path: str, host: str) -> str:
    """The path as it is where buckets are not in the host's name, which is how it was recorded."""
    found = BUCKET_OR_ACCOUNT.fullmatch(host)
    if not found or found[2]:
        return path
    return f"/{found[1]}{path.removeprefix('/') if path.partition('?')[0] == '/' else path}"


async def serve(cloud: Cloud, file: Path, certificates: Path | None) -> None:
    """Serve until standard input ends; then keep what was recorded."""
    loop = asyncio.get_running_loop()
    context = contexts(certificates) if certificates else None
    server = await loop.create_server(lambda: _Connection(cloud), HOST, 0, backlog=512, ssl=context)
    print(f"http{'s' if context else ''}://{HOST}:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    server.close()
    if cloud.upstream:
        cloud.recording.save(file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording", type=Path)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--upstream", nargs=3, metavar=("ADDRESS", "KEY", "ACCOUNT"))
    parser.add_argument("--certificates", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    kept = Recording.load(given.recording)
    asks = None
    if given.upstream:
        address, access_key, kept.account = given.upstream
        asks = Upstream(address, access_key)
    asyncio.run(serve(Cloud(kept, given.latency, asks), given.recording, given.certificates))
