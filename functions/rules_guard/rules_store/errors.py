"""What can go wrong between a person's rules and SSM: every failure has a stable code and its own sentence.

A sentence says what failed, why, and what to do. AWS's own words are in it only where they say more than ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from botocore import exceptions as boto

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from typing import Literal

    # "refused": the rules, or what is published, do not allow it; "call": what was asked for cannot be;
    # "aws": AWS could not be reached, or refused.
    Kind = Literal["refused", "call", "aws"]

from contextlib import contextmanager


class StoreError(Exception):
    """Rules could not be read or written. Its text is one or two sentences for people.

    - `code`: a stable kebab-case word.
    - `message`: what failed and why; `fix`: what to do about it.
    - `kind`: "refused", "call" or "aws"; see `Kind`.
    - `uncertain`: whether a write that failed so may have been done all the same.
    """

    def __init__(self, code: str, message: str, fix: str, *, kind: Kind = "aws", uncertain: bool = False) -> None:
        super().__init__(f"{message} {fix}".rstrip())
        self.code = code
        self.message = message
        self.fix = fix
        self.kind: Kind = kind
        self.uncertain = uncertain


class ConflictError(StoreError):
    """Someone else wrote the parameter: it is not at the version that was planned on.

    `planned` and `found` are versions, 0 for none; `written` tells whether ours was written (as `found`).
    """

    def __init__(self, message: str, fix: str, *, planned: int, found: int, written: bool) -> None:
        super().__init__("conflict", message, fix, kind="refused")
        self.planned = planned
        self.found = found
        self.written = written


class LockedError(StoreError):
    """Someone else is publishing right now. `holder` names them; `free_in` is in seconds, at most."""

    def __init__(self, message: str, *, holder: str, free_in: int) -> None:
        again = f"Run it again in {free_in} s: a lock counts as abandoned then." if free_in else "Run it again."
        super().__init__("locked", message, again, kind="refused")
        self.holder = holder
        self.free_in = free_in


class Sentence(NamedTuple):
    """`why` and `fix` are sentences; `quote` tells whether AWS's own message belongs to `why`."""

    code: str
    why: str
    fix: str
    kind: Kind = "aws"
    quote: bool = False
    uncertain: bool = False


_THROTTLED = Sentence(
    "throttled",
    "SSM is asked more often than it allows this account in this Region (by default 40 reads and about 3 writes a "
    "second).",
    "Run it again in a minute.",
)
_DENIED = Sentence(
    "access-denied",
    "AWS does not allow it to these credentials.",
    "docs/publishing.md has the policies for readers, publishers and on-call.",
    quote=True,
)
_EXPIRED = Sentence(
    "credentials-expired", "The credentials have expired.", "Log in again (aws sso login, for example)."
)
_UNKNOWN_CREDENTIALS = Sentence(
    "credentials-invalid",
    "AWS does not know these credentials.",
    "Check AWS_PROFILE, --profile and the AWS_ACCESS_KEY_ID of the environment.",
    quote=True,
)
_SIGNATURE = Sentence(
    "credentials-invalid",
    "AWS does not take the signature: the secret key is not that of the access key, or this machine's clock is wrong.",
    "Check the credentials and the clock.",
    quote=True,
)
_SERVER = Sentence("aws-unavailable", "SSM itself is in trouble.", "Run it again in a minute.", uncertain=True)
_KEY = Sentence(
    "key-invalid",
    "The parameter is a SecureString, and its KMS key is missing, disabled or not for these credentials.",
    "Rules are no secret: publish them as a String under another name, or repair the key.",
    quote=True,
)
_POLICY = Sentence(
    "parameter-policy",
    "The parameter has a parameter policy (of the advanced tier) that does not allow it.",
    "Remove or correct the policy in the console.",
    quote=True,
)

# AWS's error codes (SSM's service model, and those common to all services) -> the sentence.
AWS_ERRORS: dict[str, Sentence] = {
    "ThrottlingException": _THROTTLED,
    "Throttling": _THROTTLED,
    "TooManyRequestsException": _THROTTLED,
    "RequestLimitExceeded": _THROTTLED,
    "AccessDeniedException": _DENIED,
    "AccessDenied": _DENIED,
    "UnauthorizedOperation": _DENIED,
    "ExpiredTokenException": _EXPIRED,
    "ExpiredToken": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "UnrecognizedClientException": _UNKNOWN_CREDENTIALS,
    "InvalidClientTokenId": _UNKNOWN_CREDENTIALS,
    "MissingAuthenticationToken": _UNKNOWN_CREDENTIALS,
    "OptInRequired": _UNKNOWN_CREDENTIALS,
    "InvalidSignatureException": _SIGNATURE,
    "SignatureDoesNotMatch": _SIGNATURE,
    "IncompleteSignature": _SIGNATURE,
    "InternalServerError": _SERVER,
    "InternalFailure": _SERVER,
    "ServiceUnavailable": _SERVER,
    "ServiceUnavailableException": _SERVER,
    "RequestTimeout": _SERVER,
    "InvalidKeyId": _KEY,
    "TooManyUpdates": Sentence(
        "too-many-updates",
        "Someone else is writing the same parameter at this moment.",
        "Run it again; edgecors history shows who wrote what.",
    ),
    "ParameterMaxVersionLimitExceeded": Sentence(
        "version-limit",
        "The parameter has its 100 versions, and the oldest carries a label, so that SSM may not drop it.",
        "Move the label to a newer version: aws ssm label-parameter-version.",
    ),
    "ParameterPatternMismatchException": Sentence(
        "pattern-mismatch",
        "The parameter was created with an AllowedPattern that this value does not match.",
        "Change or remove the pattern (aws ssm put-parameter --allowed-pattern, or the template that made it).",
    ),
    "InvalidAllowedPatternException": Sentence(
        "pattern-mismatch",
        "The parameter's AllowedPattern is no valid expression.",
        "Change or remove the pattern (aws ssm put-parameter --allowed-pattern, or the template that made it).",
    ),
    "ParameterLimitExceeded": Sentence(
        "parameter-limit",
        "The account has as many parameters in this Region as it may (10,000 of the standard tier).",
        "Delete some that nobody uses, or ask AWS for more.",
    ),
    "HierarchyLevelLimitExceededException": Sentence(
        "name-levels",
        "The name has more levels than SSM's 15.",
        "Use a shorter name: rules of more than 4,096 bytes need two levels below it.",
        "call",
    ),
    "HierarchyTypeMismatchException": Sentence(
        "parameter-type",
        "A parameter keeps its type, and this one is not a String.",
        "Publish under another name, or delete the parameter first.",
        "call",
    ),
    "UnsupportedParameterType": Sentence(
        "parameter-type",
        "SSM does not take the parameter's type.",
        "Publish under another name, or delete the parameter first.",
        "call",
        quote=True,
    ),
    "ParameterNotFound": Sentence(
        "not-found",
        "There is no such parameter in this account and Region.",
        "Check the name, --profile and --region; edgecors push creates it.",
    ),
    "ParameterVersionNotFound": Sentence(
        "version-not-found",
        "The parameter has no such version (SSM keeps 100).",
        "edgecors history lists what there is.",
    ),
    "ParameterAlreadyExists": Sentence(
        "already-exists", "Someone created it at this moment.", "Look at it (edgecors pull), then run this again."
    ),
    "ValidationException": Sentence(
        "validation", "SSM does not take the request.", "Correct what it names.", quote=True
    ),
    "PoliciesLimitExceededException": _POLICY,
    "InvalidPolicyTypeException": _POLICY,
    "InvalidPolicyAttributeException": _POLICY,
    "IncompatiblePolicyException": _POLICY,
}

# What SSM says, as a ValidationException, to a Tier=Standard for an advanced parameter.
_ADVANCED_STAYS = Sentence(
    "advanced-stays",
    "The parameter is of the advanced tier, and SSM never makes it standard again.",
    "Publish with --tier advanced, or delete the parameter and publish anew.",
    "call",
)

# botocore's own exceptions; the first that fits counts.
_CLIENT_ERRORS: tuple[tuple[type[Exception], Sentence], ...] = (
    (
        boto.ProfileNotFound,
        Sentence(
            "profile-unknown", "There is no such profile.", "aws configure list-profiles lists them.", "call", True
        ),
    ),
    (
        boto.NoRegionError,
        Sentence("no-region", "No Region is set.", "Set AWS_REGION, or pass --region eu-west-1, for example."),
    ),
    (
        boto.InvalidRegionError,
        Sentence("region-invalid", "This is no Region's name.", "A Region is written like eu-west-1.", "call", True),
    ),
    (
        boto.PartialCredentialsError,
        Sentence("no-credentials", "The credentials are incomplete.", "Set all of them, or use --profile.", quote=True),
    ),
    (
        boto.NoCredentialsError,
        Sentence(
            "no-credentials",
            "No credentials were found.",
            "Set AWS_PROFILE or pass --profile; aws configure sets one up.",
        ),
    ),
    (
        boto.SSOError,
        Sentence("sso-login", "The single sign-on session is over.", "aws sso login, then run this again.", quote=True),
    ),
    (
        boto.TokenRetrievalError,
        Sentence("sso-login", "The single sign-on session is over.", "aws sso login, then run this again.", quote=True),
    ),
    (
        boto.CredentialRetrievalError,
        Sentence("no-credentials", "The credentials could not be fetched.", "Check the profile's source.", quote=True),
    ),
    (
        boto.ConnectTimeoutError,
        Sentence(
            "timeout",
            "No connection came about in time.",
            "Check the network and the proxy; in a VPC SSM needs an endpoint or a route out.",
        ),
    ),
    (
        boto.ReadTimeoutError,
        Sentence("timeout", "SSM did not answer in time.", "Run it again in a minute.", uncertain=True),
    ),
    (
        boto.SSLError,
        Sentence(
            "tls",
            "The TLS connection failed.",
            "Check the proxy's certificate (AWS_CA_BUNDLE) and the endpoint.",
            quote=True,
        ),
    ),
    (
        boto.ProxyConnectionError,
        Sentence("unreachable", "The proxy does not answer.", "Check HTTPS_PROXY and NO_PROXY.", quote=True),
    ),
    (
        boto.EndpointConnectionError,
        Sentence(
            "unreachable",
            "The endpoint cannot be reached.",
            "Check the Region, --endpoint-url, AWS_ENDPOINT_URL and the network.",
            quote=True,
        ),
    ),
    (
        boto.HTTPClientError,
        Sentence(
            "connection", "The connection broke.", "Run it again; if it goes on, check the network.", uncertain=True
        ),
    ),
    (
        boto.ParamValidationError,
        Sentence("validation", "The request is not one that SSM takes.", "Correct what it names.", "call", True),
    ),
)
_UNKNOWN_CLIENT_ERROR = Sentence("aws-client", "The AWS library gave up.", "Check the AWS settings.", quote=True)


def translate(error: boto.ClientError | boto.BotoCoreError, what: str) -> StoreError:
    """The StoreError for an error of AWS or botocore; `what` failed: "ssm:GetParameter on /a/b"."""
    if isinstance(error, boto.ClientError):
        sentence, words = _of_aws(error)
    else:
        sentence = next((s for kind, s in _CLIENT_ERRORS if isinstance(error, kind)), _UNKNOWN_CLIENT_ERROR)
        words = first_line(error)
    why = f"{sentence.why} ({words})" if sentence.quote and words else sentence.why
    return StoreError(sentence.code, f"{what}: {why}", sentence.fix, kind=sentence.kind, uncertain=sentence.uncertain)


def _of_aws(error: boto.ClientError) -> tuple[Sentence, str]:
    details = error.response.get("Error", {})
    code, words = str(details.get("Code", "")), first_line(details.get("Message", ""))
    if code == "ValidationException" and "advanced-parameter tier" in words:
        return _ADVANCED_STAYS, words
    if code in AWS_ERRORS:
        return AWS_ERRORS[code], words
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= 500:
        return _SERVER, words
    return Sentence("aws-error", f"AWS refuses it with {first_line(code) or status}.", "", quote=True), words


@contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except (boto.ClientError, boto.BotoCoreError) as error:
        raise translate(error, what) from error


def translated(what: str) -> AbstractContextManager[None]:
    """Within it, errors of AWS and botocore are raised as StoreError."""
    return _translated(what)


def first_line(text: object, limit: int = 300) -> str:
    """The first line of another's message, without what a terminal would act upon."""
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    line = " ".join(lines[: 2 if lines[0].endswith(":") else 1]) if lines else ""
    return "".join(character if character.isprintable() else " " for character in line)[:limit]
