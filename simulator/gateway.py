"""The way into the practice cloud: every request is read, judged, answered by moto, and recorded, as AWS does it."""

import datetime as dt
import functools
import io
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.parsers import ResponseParserError, create_parser
from moto.moto_server.werkzeug_app import BackendRequest, DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from simulator import cbor, cloudtrail, jupyter, s3
from simulator.authorization import authorize
from simulator.authorization.callers import Caller, ExpiredToken, UnknownKey, WrongToken, caller_of
from simulator.call import Call, read_call
from simulator.clock import clock
from simulator.cloudtrail.events import Answered
from simulator.refusal import Refusal, respond
from simulator.regions import is_closed

log = logging.getLogger(__name__)

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

# What is no part of AWS's API: moto's own interface, and what browsers ask for by themselves.
_BESIDE = ("/moto-api/", "/favicon.ico")
_READS = ("Get", "List", "Describe", "Head", "Lookup", "Search", "Filter", "Invoke")
_BROKEN = Refusal("InternalFailure", "The request processing has failed because of an unknown error.", 500)
_NO_REQUEST = Refusal("BadRequest", "Insufficient information. Could not read the request.", 400)
_QUERY = ("iam", "sts")
_S3 = ("s3", "s3control")


class _Moto(DomainDispatcherApplication):
    """moto's application, which would look through its folder for every request."""

    def get_backend_for_host(self, host: str | None) -> Any:
        """The service of a host."""
        return _backend_of(super().get_backend_for_host, host)


@functools.cache
def _backend_of(find: Callable[[str | None], Any], host: str | None) -> Any:
    return find(host)


class Gateway:
    """A WSGI application around moto's."""

    def __init__(self, default_region: str, *, moto_api: bool = True) -> None:
        self._moto: WsgiApp = _Moto(create_backend_app)
        self._default_region = default_region
        self._moto_api = moto_api

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        if self._moto_api and path.startswith(_BESIDE):
            return self._moto(environ, start_response)
        if path.startswith(jupyter.PATH):
            return jupyter.serve(environ, start_response)
        try:
            environ["wsgi.input"] = io.BytesIO(_body(environ))
        except (ValueError, OSError):  # a length that is none, a chunk that is none
            return respond(Call("s3", None, self._default_region, None), _NO_REQUEST)(environ, start_response)
        request = BackendRequest(environ)
        spoken = cbor.PROTOCOL if cbor.is_spoken(request) else None
        if spoken:
            request = BackendRequest(cbor.as_json(request))
        request.get_data(cache=True)
        call = read_call(request, self._default_region)
        try:
            response = self._answer(call, request, spoken)
        except Exception:  # whatever breaks here is AWS's own trouble to the caller
            log.exception("%s %s broke", call.service, call.operation)
            response = respond(call, _BROKEN, protocol=spoken)
        return response(environ, start_response)

    def _answer(self, call: Call, request: BackendRequest, spoken: str | None) -> Response:
        clock.catch_up()
        refusal = _unsigned(call, request) or _unreadable(call) or _presigned_in_vain(request)
        if refusal:
            return respond(call, refusal, protocol=spoken)
        if call.service == "s3":
            s3.put_samples(str(call.params.get("Bucket", "")))
        caller = self._caller(call, request)
        refusal = caller if isinstance(caller, Refusal) else authorize(call, caller, clock.now())
        response = respond(call, refusal, protocol=spoken) if refusal else self._pass_on(call, request, spoken)
        if isinstance(caller, Caller):
            cloudtrail.record(call, caller, _answered(call, response, refusal), clock.now())
        clock.catch_up()  # what takes no time has happened before the answer is read
        return response

    def _caller(self, call: Call, request: BackendRequest) -> Caller | Refusal:
        if call.access_key is None and call.service == "sts":
            return _nobody(call)
        if is_closed(call.region):
            return _unknown(call)  # that is how AWS answers there, whoever asks
        token = request.headers.get("X-Amz-Security-Token") or request.args.get("X-Amz-Security-Token")
        try:
            return caller_of(call.access_key, token)
        except (UnknownKey, WrongToken):
            return _unknown(call)
        except ExpiredToken:
            return _expired(call)

    def _pass_on(self, call: Call, request: BackendRequest, spoken: str | None) -> Response:
        """moto's answer; what it cannot answer is an error of AWS's, never a page for people."""
        environ = request.environ
        environ["wsgi.input"] = io.BytesIO(request.get_data())
        try:
            response = Response.from_app(self._moto, environ, buffered=True)
        except NotImplementedError:
            return respond(call, _not_simulated(call), protocol=spoken)
        if _is_page(response):
            return respond(call, _not_simulated(call), protocol=spoken)
        return cbor.from_json(call, response) if spoken else response


def _body(environ: Mapping[str, Any]) -> bytes:
    if environ.get("wsgi.input_terminated"):
        chunked: bytes = environ["wsgi.input"].read()
        return chunked
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return body


def _unsigned(call: Call, request: BackendRequest) -> Refusal | None:
    """Nobody but S3 answers whoever did not sign, and S3 knows no targets."""
    if call.access_key is None and "X-Amz-Target" in request.headers:
        return Refusal("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
    return None


def _unreadable(call: Call) -> Refusal | None:
    """What is no request of AWS's: no service's operation, or a body that is none of the operation's."""
    if call.is_malformed:
        return Refusal("SerializationException", "The request's body cannot be read.", 400)
    if call.operation is None and call.service == "s3":
        return Refusal("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
    return _not_simulated(call) if call.operation_model is None else None


def _presigned_in_vain(request: BackendRequest) -> Refusal | None:
    """A signed address is good for as long as it says. Source: S3 API reference, "Authenticating requests"."""
    signed, seconds = request.args.get("X-Amz-Date"), request.args.get("X-Amz-Expires")
    until = request.args.get("Expires", "")
    now = clock.now()
    try:
        if signed and seconds:
            begun = dt.datetime.strptime(signed, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
            over = now > begun + dt.timedelta(seconds=int(seconds))
        else:
            over = until.isdecimal() and now.timestamp() > int(until)
    except (ValueError, OverflowError):
        over = True
    return Refusal("AccessDenied", "Request has expired", 403) if over else None


def _nobody(call: Call) -> Refusal:
    """STS's words for whoever did not sign; some of its operations are for those who cannot yet."""
    if (call.operation or "").startswith("AssumeRoleWith"):
        return Refusal("InvalidIdentityToken", "No OpenIDConnect or SAML provider is known to the practice cloud.", 400)
    return Refusal("MissingAuthenticationToken", "Request is missing Authentication Token", 403)


def _unknown(call: Call) -> Refusal:
    """The words for keys that nobody has. Source: aws-facts, section 1.4."""
    invalid = "The security token included in the request is invalid."
    if call.service in _S3:
        return Refusal("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403)
    if call.service == "ec2":
        return Refusal("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    if call.service in _QUERY:
        return Refusal("InvalidClientTokenId", invalid, 403)
    return Refusal("UnrecognizedClientException", invalid, 400)


def _expired(call: Call) -> Refusal:
    if call.service in _S3:
        return Refusal("ExpiredToken", "The provided token has expired.", 400)
    if call.service == "ec2":
        return Refusal("RequestExpired", "Request has expired.", 400)
    code = "ExpiredToken" if call.service in _QUERY else "ExpiredTokenException"
    return Refusal(
        code, "The security token included in the request is expired", 403 if call.service in _QUERY else 400
    )


def _not_simulated(call: Call) -> Refusal:
    what = f"{call.service} {call.operation or 'request'}"
    message = f"The practice cloud does not simulate this operation: {what}."
    if call.service in _S3:
        return Refusal("NotImplemented", message, 501)
    if call.service in (*_QUERY, "ec2"):
        return Refusal("InvalidAction", message, 400)
    return Refusal("UnknownOperationException", message, 400)


def _is_page(response: Response) -> bool:
    return response.status_code >= 400 and response.mimetype == "text/html" and bool(response.get_data())


def _answered(call: Call, response: Response, refusal: Refusal | None) -> Answered:
    status, request_id = response.status_code, _request_id(response)
    if refusal is not None:
        return Answered(status, refusal.code, refusal.message, None, request_id)
    if status < 300 and (call.operation or "").startswith(_READS):
        return Answered(status, None, None, None, request_id)
    parsed = _parsed(call, response)
    error = parsed.pop("Error", {}) if status >= 300 else {}
    parsed.pop("ResponseMetadata", None)
    return Answered(status, error.get("Code"), error.get("Message"), None if status >= 300 else parsed, request_id)


def _request_id(response: Response) -> str:
    return response.headers.get("x-amzn-RequestId") or response.headers.get("x-amz-request-id") or ""


def _parsed(call: Call, response: Response) -> dict[str, Any]:
    """What boto3 would make of the response; empty where it could make nothing of it."""
    operation = call.operation_model
    if operation is None or (operation.output_shape is None and response.status_code < 300):
        return {}
    shape: Any = operation.output_shape  # an error is read without one
    raw = {
        "body": response.get_data(),
        "headers": {name.lower(): value for name, value in response.headers.items()},
        "status_code": response.status_code,
    }
    try:
        parsed: dict[str, Any] = create_parser(_answer_protocol(call)).parse(raw, shape)
    except (ResponseParserError, ValueError, KeyError):
        return {}
    return parsed


def _answer_protocol(call: Call) -> str:
    protocol = str(call.model.protocol)
    return "json" if protocol == cbor.MODELLED else protocol
