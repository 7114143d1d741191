"""Jupyter on a notebook instance, as far as its log tells of it: a page with the lesson's three clicks.

Source: SageMaker guide, "Monitor Jupyter Logs in Amazon CloudWatch Logs"; lines as Jupyter Server 2 writes them.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from jinja2 import Environment, FileSystemLoader
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException
from werkzeug.wrappers import Request, Response

from simulator.authorization import authorize
from simulator.authorization.callers import Caller
from simulator.call import Call
from simulator.clock import clock
from simulator.logs import write_log

LOG_GROUP = "/aws/sagemaker/NotebookInstances"
PATH = "/practice/jupyter/"
TOKEN_S = 300  # an address is good for five minutes
_TEMPLATE = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True).get_template("jupyter.html")

_open_pages: dict[str, "Jupyter"] = {}
_last_line: dict[tuple[str, str, str], dt.datetime] = {}


class Jupyter:
    """The Jupyter of one notebook instance; each click is a few lines in its log, if its role may log."""

    def __init__(
        self, account: str, region: str, instance: str, role_arn: str, is_running: Callable[[], bool] = lambda: True
    ) -> None:
        self.account, self.region, self.instance, self.role_arn = account, region, instance, role_arn
        self.is_running = is_running
        self.made_at = clock.now()

    def open(self) -> None:
        """The page is opened: the server says that it runs."""
        self._log(
            "Jupyter Server 2.14.2 is running at:", f"https://{self.instance}.notebook.{self.region}.sagemaker.aws/"
        )

    def new_notebook(self, name: str = "Untitled.ipynb") -> None:
        """A new notebook is made and saved."""
        self._log("Creating new notebook in", f"Saving file at /{_file(name)}")

    def run(self) -> None:
        """A kernel is started, to run cells."""
        self._log(f"Kernel started: {UUID(bytes=secrets.token_bytes(16), version=4)}")

    def upload(self, name: str) -> None:
        """A notebook is uploaded, and saved when it is opened."""
        self._log(f"Uploading file to /{_file(name)}", f"Saving file at /{_file(name)}")

    def _log(self, *lines: str) -> None:
        if self._may_log():
            log(self.account, self.region, self.instance, lines)

    def _may_log(self) -> bool:
        name = self.role_arn.rpartition("/")[2]
        arn = f"arn:aws:sts::{self.account}:assumed-role/{name}/SageMaker"
        caller = Caller(self.account, arn, "AssumedRole", "AROAEXAMPLE:SageMaker", name, self.role_arn, None)
        params = {"logGroupName": LOG_GROUP, "logStreamName": f"{self.instance}/jupyter.log"}
        return authorize(Call("logs", "PutLogEvents", self.region, None, params), caller, clock.now()) is None


def log(account: str, region: str, instance: str, lines: Iterable[str]) -> None:
    """Write these lines into the log of an instance's Jupyter, now; no two are of the same millisecond."""
    at = max(clock.now(), _last_line.get((account, region, instance), clock.now()))
    stamped = []
    for line in lines:
        stamped.append((at, f"[I {_stamp(at)} ServerApp] {line}"))
        at += dt.timedelta(milliseconds=1)
    _last_line[account, region, instance] = at
    write_log(account, region, LOG_GROUP, f"{instance}/jupyter.log", stamped)


def sign(jupyter: Jupyter, host_url: str) -> str:
    """An address of the practice cloud at which this Jupyter can be opened: what a presigned address is on AWS."""
    token = secrets.token_urlsafe(32)
    _open_pages[token] = jupyter
    return f"{host_url.rstrip('/')}{PATH}{jupyter.instance}?authToken={token}"


def at(address: str) -> Jupyter:
    """The Jupyter behind a signed address of this process."""
    return _open_pages[parse_qs(urlsplit(address).query)["authToken"][0]]


def forget() -> None:
    """No address is good any more, and nothing was ever logged."""
    _open_pages.clear()
    _last_line.clear()


def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a browser at such an address."""
    try:
        response: Any = _serve(Request(environ))
    except HTTPException as error:
        response = error
    answer: Iterable[bytes] = response(environ, start_response)
    return answer


def _serve(request: Request) -> Response:
    token = request.args.get("authToken", "")
    jupyter = _open_pages.get(token)
    if jupyter is None:
        raise Forbidden("This address is not good any more: ask for a new one (Open Jupyter).")
    if not jupyter.is_running():
        raise Forbidden(f"{jupyter.instance} does not run (any more), and neither does its Jupyter.")
    if request.method != "POST":
        if clock.now() - jupyter.made_at > dt.timedelta(seconds=TOKEN_S):
            raise Forbidden("This address was good for five minutes: ask for a new one (Open Jupyter).")
        jupyter.open()
        return Response(_page(jupyter, ""), mimetype="text/html")
    return Response(_page(jupyter, _click(jupyter, request.form)), mimetype="text/html")


def _click(jupyter: Jupyter, form: Any) -> str:
    action, name = form.get("action"), form.get("name") or "portfolio_planner_part_2.ipynb"
    if action == "new":
        jupyter.new_notebook()
        return "A new notebook was made: Untitled.ipynb, with the kernel conda_python3."
    if action == "run":
        jupyter.run()
        return "The kernel was started, and a cell was run."
    if action == "upload" and name.endswith(".ipynb"):
        jupyter.upload(name)
        return f"{_file(name)} was uploaded and opened."
    raise BadRequest("Nothing that can be clicked here.")


def _page(jupyter: Jupyter, said: str) -> str:
    return _TEMPLATE.render(instance=jupyter.instance, said=said)


def _stamp(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}"


def _file(name: str) -> str:
    return PurePosixPath(name).name.replace("\n", " ")
