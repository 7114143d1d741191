"""What can go wrong with a call to AWS, each as something in between does it.

Codes and words: aws-facts, section 1.4, "Credential, region and permission errors".
"""

import functools
import json
import re
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace

import cbor2
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.paginate import PaginatorModel

from simulator.refusal import Refusal, respond
from tests.between import Answer, Exchange

Does = Callable[[Exchange], object]

QUERY = ("iam", "sts")
S3 = ("s3", "s3control")
OTHER = ("efs", "account")
"""Whose error codes are those of neither."""
DRIP_S = 0.2
"""Between two bytes: less than any silence that a client gives up on."""
MORE = "another-page"
PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Welcome to the Wi-Fi.</body></html>"
XHTML = b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>Blocked</body></html>'
BLOCKED = b'{"status": "blocked", "by": "filter"}'
NOISE = bytes(range(128, 256)) * 4
NOBODYS = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"
SIGNED = "The request signature we calculated does not match the signature you provided."
LATE = "Signature expired: 20260701T120000Z is now earlier than 20260701T125500Z (20260701T130000Z - 5 min.)"
ORGANISATION = (
    "User: arn:aws:iam::123456789012:user/student is not authorized to perform: {0}:{1} with an explicit deny in a "
    "service control policy"
)


@dataclass(frozen=True)
class Kind:
    """One thing that can go wrong: a name for tables, what happens, and whether it can be over after a moment."""

    name: str
    does: Does
    passes: bool = True
    waits: bool = False
    """Whether time goes by until somebody gives up."""


def refusing(status: int, code_of: Callable[[str], str], message: str) -> Does:
    """An error of AWS's, by the service's own code."""

    def do(exchange: Exchange) -> None:
        call = exchange.call
        refusal = Refusal(code_of(call.service), message.format(call.service, call.operation), status)
        answer = respond(call, refusal, protocol=exchange.protocol)
        exchange.send(Answer(status, dict(answer.headers), answer.get_data()))

    return do


def throttled(service: str) -> str:
    """How a service asks to go slower."""
    if service in S3:
        return "SlowDown"
    if service == "ec2":
        return "RequestLimitExceeded"
    return "Throttling" if service in (*QUERY, "cloudwatch") else "ThrottlingException"


def expired(service: str) -> str:
    """How a service says that temporary keys are over."""
    if service == "ec2":
        return "RequestExpired"
    return "ExpiredToken" if service in (*QUERY, *S3) else "ExpiredTokenException"


def unknown(service: str) -> str:
    """How a service says that nobody has such keys: deleted ones, or good ones in a region that is not enabled."""
    if service == "ec2":
        return "AuthFailure"
    if service in S3:
        return "InvalidAccessKeyId"
    return "InvalidClientTokenId" if service in QUERY else "UnrecognizedClientException"


def mistimed(service: str) -> str:
    """How a service says that the clock is wrong."""
    if service in S3:
        return "RequestTimeTooSkewed"
    return "SignatureDoesNotMatch" if service in QUERY else "InvalidSignatureException"


def unsigned(service: str) -> str:
    """How a service says that the signature is not the key's."""
    return "SignatureDoesNotMatch" if service in (*QUERY, *S3) else "InvalidSignatureException"


def forbidden(service: str) -> str:
    """How a service says that it may not be asked."""
    if service == "ec2":
        return "UnauthorizedOperation"
    return "AccessDenied" if service in (*QUERY, *S3, "cloudwatch") else "AccessDeniedException"


def always(code: str) -> Callable[[str], str]:
    """The same code of every service."""
    return lambda _: code


def hang(exchange: Exchange) -> None:
    """Take the request, and say nothing."""
    exchange.over.wait()


def drip(exchange: Exchange) -> None:
    """Answer byte by byte: there is always something, and it never ends."""
    answer = exchange.ask()
    exchange.handler.send(answer.status, answer.headers, b"", length=len(answer.body) + 1000)
    for byte in answer.body + b" " * 1000:
        if exchange.over.wait(DRIP_S):
            return
        exchange.handler.wfile.write(bytes([byte]))
        exchange.handler.wfile.flush()


def reset(exchange: Exchange) -> None:
    """Break the connection."""
    exchange.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.handler.close_connection = True
    exchange.handler.wfile.close()
    exchange.handler.connection.close()


def cut(exchange: Exchange) -> None:
    """Break the connection in the middle of the answer."""
    answer = exchange.ask()
    exchange.handler.send(answer.status, answer.headers, answer.body[: len(answer.body) // 2], length=len(answer.body))


def halve(exchange: Exchange) -> None:
    """Hand on half of the answer, as though it were the whole."""
    answer = exchange.ask()
    exchange.send(replace(answer, body=answer.body[: len(answer.body) // 2]))


def empty(exchange: Exchange) -> None:
    """AWS's headers, and nothing below them."""
    exchange.send(replace(exchange.ask(), body=b""))


def noise(exchange: Exchange) -> None:
    """AWS's headers, and below them what nobody can read."""
    exchange.send(replace(exchange.ask(), body=NOISE))


def instead(body: bytes, kind: str, status: int = 200) -> Does:
    """Another answer than AWS's, without AWS's headers."""
    return lambda exchange: exchange.send(Answer(status, {"Content-Type": kind}, body))


def nothing(exchange: Exchange) -> None:
    """An object in which nothing stands, in the service's own protocol."""
    bodies = {"rpc-v2-cbor": (cbor2.dumps({}), "application/cbor")}
    body, kind = bodies.get(exchange.protocol or "", (b"{}", "application/x-amz-json-1.1"))
    headers = {"Content-Type": kind} | ({"smithy-protocol": exchange.protocol} if exchange.protocol else {})
    exchange.send(Answer(200, headers, body))


def one_page_of_two(second: Does) -> Does:
    """Say that there is another page, and break that one."""

    firsts: dict[tuple[str, str | None, str], Answer] = {}

    def do(exchange: Exchange) -> None:
        which = (exchange.call.service, exchange.call.operation, exchange.call.region)
        if MORE.encode() in exchange.body or MORE in exchange.handler.path:
            second(replace(exchange, known=firsts[which]))
        else:
            firsts[which] = exchange.ask()
            exchange.send(_with_more(exchange, firsts[which]))

    return do


def _with_more(exchange: Exchange, answer: Answer) -> Answer:
    """The answer of a list with a token of another page; any other as it is."""
    token = _token(exchange)
    if token is None or answer.status >= 300:
        return answer
    more = {token: MORE, "Truncated": True}
    if answer.body.lstrip()[:1] == b"{":
        return replace(answer, body=json.dumps(json.loads(answer.body) | more).encode())
    if exchange.protocol:
        return replace(answer, body=cbor2.dumps(cbor2.loads(answer.body) | more))
    told = re.sub(rb"<(IsTruncated)>false</\1>", rb"<\1>true</\1>", answer.body)
    wire = token[0].lower() + token[1:] if exchange.call.service == "ec2" else token
    told = re.sub(rf"<{wire}>[^<]*</{wire}>|<{wire} ?/>".encode(), b"", told)
    inner = f"{exchange.call.operation}Result" if exchange.call.service in QUERY else r"\w+"
    end = re.search(rf"</{inner}>\s*(<ResponseMetadata>.*)?(</\w+>)?\s*$".encode(), told, re.DOTALL)
    at = end.start() if end and exchange.call.service in QUERY else told.rstrip().rfind(b"</")
    return replace(answer, body=told[:at] + f"<{wire}>{MORE}</{wire}>".encode() + told[at:])


def _token(exchange: Exchange) -> str | None:
    """Where an answer says how to ask for the next page; None for what has no pages."""
    try:
        found = _pages_of(exchange.call.service).get_paginator(str(exchange.call.operation))["output_token"]
    except (ValueError, UnknownServiceError):
        return None
    named = found[0] if isinstance(found, list) else found
    return str(named).split(" ")[0]


@functools.cache
def _pages_of(service: str) -> PaginatorModel:
    return PaginatorModel(Loader().load_service_model(service, "paginators-1"))


KINDS = (
    Kind("throttled", refusing(400, throttled, "Rate exceeded")),
    Kind("500", refusing(500, always("InternalFailure"), "An internal error.")),
    Kind("503", refusing(503, always("ServiceUnavailable"), "Try again later.")),
    Kind("502 with a web page", instead(PAGE, "text/html", 502)),
    Kind("hangs", hang, waits=True),
    Kind("drips", drip, waits=True),
    Kind("connection reset", reset),
    Kind("answer cut off", cut),
    Kind("half an answer", halve),
    Kind("second page cut off", one_page_of_two(cut), passes=False),
    Kind("second page refused", one_page_of_two(refusing(400, throttled, "Rate exceeded")), passes=False),
    Kind("empty answer", empty),
    Kind("`{}`", nothing),
    Kind("noise", noise),
    Kind("web page", instead(PAGE, "text/html"), passes=False),
    Kind("web page as XML", instead(XHTML, "application/xhtml+xml")),
    Kind("somebody's JSON", instead(BLOCKED, "application/json")),
    Kind("keys expired", refusing(403, expired, EXPIRED), passes=False),
    Kind("keys unknown", refusing(403, unknown, NOBODYS), passes=False),
    Kind("clock wrong", refusing(403, mistimed, LATE), passes=False),
    Kind("signature wrong", refusing(403, unsigned, SIGNED), passes=False),
    Kind("denied by the organisation", refusing(403, forbidden, ORGANISATION), passes=False),
)
