"""From an event's path to the API's own path: stages, base paths, decoding, and paths that have no policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cases.names import plain
from cases.sources import (
    ALB,
    ALB_MULTIPLE,
    FUNCTION_URL,
    HTTP_API,
    HTTP_API_V1,
    ORIGIN_REQUEST,
    REST_API,
    SOURCES,
    VIEWER_REQUEST,
    Source,
)
from cases.wire import A, get
from edgecors import Policy, Request, Rules, cors
from tables import each

# Each policy shows itself by the header that it exposes.
RULES = Rules(
    [
        (f"p{number}", [path], Policy(allow_origins=[A], expose_headers=[f"P-{number}"]))
        for number, path in enumerate(
            [
                "*",
                "/tea",
                "/tea/*",
                "/tea/white",
                "/tea/green/*",
                "/admin",
                "/a b/c+d",
                "/\xfc/*",
                "/",
                "/prod/tea",
                "/v1/tea",
                "/percent/*",
            ]
        )
    ]
)
PATHS = [paths[0] for _, paths, _ in RULES.policies]
NOTHING = "none"

DECODING = [FUNCTION_URL, REST_API, ALB, ALB_MULTIPLE, VIEWER_REQUEST, ORIGIN_REQUEST]
DECODED = [HTTP_API, HTTP_API_V1]


def name(source: Source) -> str:
    return source.name


def policy_path(source: Source, event: dict[str, Any], rules: Rules = RULES, **arguments: Any) -> str:
    """The path of the policy that an event gets, "none" where it gets none."""
    handler = cors(lambda event, context: source.answer(200, {}, ""), rules=rules, **arguments)
    _, headers, _ = source.response(handler(event, None))
    exposed = dict(headers).get("access-control-expose-headers")
    return NOTHING if exposed is None else PATHS[int(exposed.removeprefix("P-"))]


def event_of(source: Source, path: str, stage: str | None = None) -> dict[str, Any]:
    event = source.event("GET", path, get(A).headers)
    if stage is not None:
        event["requestContext"]["stage"] = stage
    return event


# --- Which policy --------------------------------------------------------------------------------------------

EVERYWHERE = [
    ("/tea", "/tea"),
    ("/tea/", "/tea/*"),
    ("/tea/black", "/tea/*"),
    ("/tea/white", "/tea/white"),
    ("/tea/white/", "/tea/*"),
    ("/tea/green", "/tea/*"),
    ("/tea/green/", "/tea/green/*"),
    ("/tea/green/a/b", "/tea/green/*"),
    ("/tea//white", "/tea/*"),
    ("/teapot", "*"),
    ("/", "/"),
    ("", "*"),
    ("*", "*"),
    # CVE-2024-6866: another case of a path matched.
    ("/TEA", "*"),
    ("/Tea/white", "*"),
    ("/ADMIN", "*"),
    ("/admin", "/admin"),
    ("/admin/", "*"),
    # CVE-2024-6844: a plus was read as a space.
    ("/a+b/c+d", "*"),
    # CVE-2020-25032: dot segments let a path in under another's rules.
    ("/tea/../admin", NOTHING),
    ("/tea/..", NOTHING),
    ("/tea/.", NOTHING),
    ("/./tea", NOTHING),
    ("/..", NOTHING),
    ("../tea", NOTHING),
    ("./tea", NOTHING),
    (".", NOTHING),
    ("..", NOTHING),
    ("//../tea", NOTHING),
    ("/tea/...", "/tea/*"),
    ("/tea/.white", "/tea/*"),
    ("/tea/white.", "/tea/*"),
    ("/tea/..white", "/tea/*"),
    (".tea", "*"),
    ("/tea\\white", NOTHING),
    ("/tea/\\..\\admin", NOTHING),
    ("/tea/\0", NOTHING),
    ("/tea\0", NOTHING),
    ("/tea/\ud800", NOTHING),
    ("/\xfc/x", "/\xfc/*"),
    ("/tea/\U0001f375", "/tea/*"),
    ("/tea/" + "x" * 8192, "/tea/*"),
    ("/tea/" + "../" * 2000, NOTHING),
]


@each(("path", "expected"), EVERYWHERE, ids=plain)
@each("source", SOURCES, ids=name)
def test_the_most_specific_policy_of_a_path(source: Source, path: str, expected: str) -> None:
    assert policy_path(source, event_of(source, path)) == expected


ENCODED = [
    ("/te%61", "/tea", "*"),
    ("/a%20b/c+d", "/a b/c+d", "*"),
    ("/a%20b/c%2Bd", "/a b/c+d", "*"),
    ("/a+b/c+d", "*", "*"),
    ("/%C3%BC/x", "/\xfc/*", "*"),
    ("/%c3%bc/x", "/\xfc/*", "*"),
    ("/\xfc/%C3%BC", "/\xfc/*", "/\xfc/*"),
    # An encoded slash, whatever comes of it.
    ("/tea%2Fwhite", NOTHING, "*"),
    ("/tea%2fwhite", NOTHING, "*"),
    ("/tea/%2F", NOTHING, "/tea/*"),
    ("/tea/..%2fadmin", NOTHING, "/tea/*"),
    # Dot segments, backslashes and NUL that appear by decoding.
    ("/tea/%2e%2e/admin", NOTHING, "/tea/*"),
    ("/tea/%2E./admin", NOTHING, "/tea/*"),
    ("/tea/.%2e", NOTHING, "/tea/*"),
    ("/tea/%2e", NOTHING, "/tea/*"),
    ("/%2e/tea", NOTHING, "*"),
    ("/tea/%2e%2e%2e", "/tea/*", "/tea/*"),
    ("/tea%5Cwhite", NOTHING, "*"),
    ("/tea/%5c..%5c", NOTHING, "/tea/*"),
    ("/tea/%00", NOTHING, "/tea/*"),
    # Invalid UTF-8.
    ("/tea/%FF", NOTHING, "/tea/*"),
    ("/tea/%C3", NOTHING, "/tea/*"),
    ("/tea/%C0%AE%C0%AE/admin", NOTHING, "/tea/*"),
    ("/tea/%ED%A0%80", NOTHING, "/tea/*"),
    ("/tea/%41\ud800", NOTHING, NOTHING),
    # Once, and no more.
    ("/tea/%252e%252e/admin", "/tea/*", "/tea/*"),
    ("/tea%252Fwhite", "*", "*"),
    ("/percent/%25", "/percent/*", "/percent/*"),
    # A percent sign without two hexadecimal digits stays one.
    ("/percent/%", "/percent/*", "/percent/*"),
    ("/percent/%4", "/percent/*", "/percent/*"),
    ("/percent/%zz", "/percent/*", "/percent/*"),
    ("/percent/%%41", "/percent/*", "/percent/*"),
    ("/te%6", "*", "*"),
    ("/te% 61", "*", "*"),
    ("/te%+61", "*", "*"),
    ("/te%\u0661\u0661", "*", "*"),
    ("%2Ftea", NOTHING, "*"),
]


@each(("path", "decoded", "as_is"), ENCODED, ids=plain)
@each("source", DECODING, ids=name)
def test_paths_are_decoded_once(source: Source, path: str, decoded: str, as_is: str) -> None:
    assert policy_path(source, event_of(source, path)) == decoded


@each(("path", "decoded", "as_is"), ENCODED, ids=plain)
@each("source", DECODED, ids=name)
def test_paths_of_http_apis_come_decoded(source: Source, path: str, decoded: str, as_is: str) -> None:
    assert policy_path(source, event_of(source, path)) == as_is


ANY_PATH = Rules([("p0", ["*"], Policy(allow_origins=[A], expose_headers=["P-0"]))])


@each("path", ["/tea", "/tea/../admin", "/%2F", "/%FF", "\\", "\0", "\ud800", "", None, 7, ["/tea"]])
@each("source", SOURCES, ids=name)
def test_where_every_path_has_the_same_policy_the_path_is_not_read(source: Source, path: Any) -> None:
    assert policy_path(source, event_of(source, path), ANY_PATH) == "*"


@each("path", [None, 7, ["/tea"], {"path": "/tea"}, True], ids=plain)
@each("source", SOURCES, ids=name)
def test_a_path_that_is_no_text_has_no_policy(source: Source, path: Any) -> None:
    assert policy_path(source, event_of(source, path)) == NOTHING


@each("source", SOURCES, ids=name)
def test_a_missing_path_has_no_policy(source: Source) -> None:
    event = event_of(source, "/tea")
    for where in (event, event.get("Records", [{}])[0].get("cf", {}).get("request", {})):
        for key in ("path", "rawPath", "uri"):
            where.pop(key, None)
    assert policy_path(source, event) == NOTHING


# --- Stages ------------------------------------------------------------------------------------------------------

STAGES = [
    ("prod", "/prod/tea", "/tea"),
    ("prod", "/prod/tea/white", "/tea/white"),
    ("prod", "/prod", "/"),
    ("prod", "/prod/", "/"),
    ("prod", "/tea", "/tea"),
    ("prod", "/production", "*"),
    ("prod", "/Prod/tea", "*"),
    ("prod", "/prod/prod/tea", "/prod/tea"),
    ("prod", "/x/prod/tea", "*"),
    ("prod", "/prod/../tea", NOTHING),
    ("$default", "/prod/tea", "/prod/tea"),
    ("$default", "/$default/tea", "*"),
    ("v1", "/v1/tea", "/tea"),
    ("", "/tea", "/tea"),
    (None, "/prod/tea", "/prod/tea"),
]


@each(("stage", "path", "expected"), STAGES, ids=plain)
@each("source", [HTTP_API, HTTP_API_V1], ids=name)
def test_http_apis_put_a_named_stage_first(source: Source, stage: str, path: str, expected: str) -> None:
    assert policy_path(source, event_of(source, path, stage)) == expected


@pytest.mark.parametrize("source", [REST_API, FUNCTION_URL], ids=name)
def test_other_paths_have_no_stage(source: Source) -> None:
    assert policy_path(source, event_of(source, "/prod/tea", "prod")) == "/prod/tea"


@each("stage", [None, 7, ["prod"], {}], ids=plain)
@each("source", [HTTP_API, HTTP_API_V1], ids=name)
def test_a_stage_that_is_no_text_is_none(source: Source, stage: Any) -> None:
    event = event_of(source, "/prod/tea")
    event["requestContext"]["stage"] = stage
    assert policy_path(source, event) == "/prod/tea"


@pytest.mark.parametrize("context", [None, 7, [], {}], ids=plain)
def test_payload_1_without_a_context_has_no_stage(context: Any) -> None:
    for source in (HTTP_API_V1, REST_API):
        event = event_of(source, "/prod/tea")
        event["requestContext"] = context
        assert policy_path(source, event) == "/prod/tea"


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("x.lambda-url.eu-central-1.on.aws", "/tea"),
        ("x.lambda-url.cn-north-1.on.amazonaws.com.cn", "/tea"),
        ("x.execute-api.eu-central-1.amazonaws.com", "*"),
        ("api.example", "*"),
        (None, "*"),
        (7, "*"),
    ],
    ids=plain,
)
def test_a_function_url_is_known_by_its_domain(domain: Any, expected: str) -> None:
    event = event_of(FUNCTION_URL, "/te%61")
    event["requestContext"]["domainName"] = domain
    assert policy_path(FUNCTION_URL, event) == expected


# --- Base paths --------------------------------------------------------------------------------------------------

BASE_PATHS: list[tuple[Any, str, str]] = [
    ("v1", "/v1/tea", "/tea"),
    ("/v1", "/v1/tea", "/tea"),
    ("v1/", "/v1/tea", "/tea"),
    ("/v1/", "/v1/tea", "/tea"),
    (" /v1 ", "/v1/tea", "/tea"),
    ("v1", "/tea", "/tea"),
    ("v1", "/v1", "/"),
    ("v1", "/v1/", "/"),
    ("v1", "/v1tea", "*"),
    ("v1", "/V1/tea", "*"),
    ("v1", "/x/v1/tea", "*"),
    ("v1", "/v1/v1/tea", "/v1/tea"),
    ("v1", "/v1//tea", "*"),
    ("v1", "/v1/../tea", NOTHING),
    ("v1/api", "/v1/api/tea", "/tea"),
    ("v1/api", "/v1/tea", "/v1/tea"),
    ("v1/api", "/v1/apis/tea", "*"),
    ("", "/v1/tea", "/v1/tea"),
    ("/", "/v1/tea", "/v1/tea"),
    (",,", "/v1/tea", "/v1/tea"),
    ((), "/v1/tea", "/v1/tea"),
    ("v1,v2", "/v2/tea", "/tea"),
    (" v1 , v2 ", "/v2/tea", "/tea"),
    (["v1", "v2"], "/v2/tea", "/tea"),
    (("/v1", "/v2/"), "/v1/tea", "/tea"),
    ({"v1"}, "/v1/tea", "/tea"),
    # The longest that fits.
    (["v1", "v1/api"], "/v1/api/tea", "/tea"),
    (["v1/api", "v1"], "/v1/api/tea", "/tea"),
    (["v1", "v1/api"], "/v1/tea", "/tea"),
    # One of them, and once.
    (["v1", "v2"], "/v1/v2/tea", "*"),
]


@each(("base_path", "path", "expected"), BASE_PATHS, ids=plain)
@each("source", SOURCES, ids=name)
def test_base_paths_are_taken_off(source: Source, base_path: Any, path: str, expected: str) -> None:
    assert policy_path(source, event_of(source, path), base_path=base_path) == expected


@pytest.mark.parametrize(
    ("base_path", "path", "expected"), [row for row in BASE_PATHS if isinstance(row[0], str)], ids=plain
)
def test_base_paths_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, base_path: str, path: str, expected: str
) -> None:
    monkeypatch.setenv("EDGECORS_BASE_PATH", base_path)
    assert policy_path(HTTP_API, event_of(HTTP_API, path)) == expected


def test_an_argument_counts_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGECORS_BASE_PATH", "v1")
    assert policy_path(HTTP_API, event_of(HTTP_API, "/v2/tea"), base_path="v2") == "/tea"
    assert policy_path(HTTP_API, event_of(HTTP_API, "/v1/tea"), base_path="v2") == "/v1/tea"
    assert policy_path(HTTP_API, event_of(HTTP_API, "/v1/tea"), base_path=()) == "/v1/tea"


def test_a_stage_comes_before_a_base_path() -> None:
    for source in (HTTP_API, HTTP_API_V1):
        assert policy_path(source, event_of(source, "/prod/v1/tea", "prod"), base_path="v1") == "/tea"
        assert policy_path(source, event_of(source, "/v1/tea", "prod"), base_path="v1") == "/tea"


def test_a_base_path_is_compared_decoded() -> None:
    for source in DECODING:
        assert policy_path(source, event_of(source, "/%761/tea"), base_path="v1") == "/tea"


@pytest.mark.parametrize("base_path", [7, [7], [None], b"v1"], ids=plain)
def test_a_base_path_that_is_no_text_is_a_type_error(base_path: Any) -> None:
    with pytest.raises(TypeError, match="base_path is text, or several texts, not a value of type "):
        cors(lambda event, context: None, rules=RULES, base_path=base_path)


# --- The path that others are shown ------------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_an_origin_check_sees_the_apis_own_path(source: Source) -> None:
    seen: list[Request] = []

    def check(origin: str, request: Request) -> bool:
        seen.append(request)
        return False

    handler = cors(lambda event, context: source.answer(200, {}, ""), rules=RULES, origin_check=check, base_path="v1")
    handler(source.event("GET", "/v1/tea", get("https://b.example").headers), None)
    handler(source.event("DELETE", "/tea", get("https://c.example").headers), None)
    assert [(request.method, request.path) for request in seen] == [("GET", "/tea"), ("DELETE", "/tea")]


def test_a_path_that_is_not_read_is_empty_to_an_origin_check() -> None:
    seen: list[str] = []

    def check(origin: str, request: Request) -> bool:
        seen.append(request.path)
        return False

    handler = cors(lambda event, context: REST_API.answer(200, {}, ""), rules=ANY_PATH, origin_check=check)
    for path in ("/%FF", "/%2F", None, "/tea/../admin"):
        handler(REST_API.event("GET", path, get("https://b.example").headers), None)  # type: ignore[arg-type]
    assert seen == ["", "", "", "/tea/../admin"]


def test_rules_and_events_agree_on_every_path() -> None:
    for path, expected in EVERYWHERE:
        policy = RULES.policy_for(path)
        found = NOTHING if policy is None else PATHS[int(policy.expose_headers[0].removeprefix("P-"))]
        assert found == expected, json.dumps(path)
