"""`Rules.explain_fetch`: what a page sees of one fetch()."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.explanations import DOCUMENT, V
from edgecors import FetchExplanation, Policy, Request, Rules
from edgecors.explain import explain
from effort import examples

RULES = Rules.parse(DOCUMENT)
API = "https://api.example"
TEA = f"{API}/tea"
NO_ACAO = "No 'Access-Control-Allow-Origin' header is present on the requested resource."


def test_a_simple_request_is_sent_at_once() -> None:
    fetched = RULES.explain_fetch(TEA, V)
    assert fetched == FetchExplanation(
        allowed=True,
        code="allowed",
        preflight=None,
        actual=RULES.explain(Request("GET", "/tea", {"origin": V})),
        readable_headers=(),
        console="",
        message=(
            "It is a simple request, so the browser sends it at once. "
            "The page can read the answer: policy tea allows it."
        ),
    )


def test_a_question_comes_first() -> None:
    fetched = RULES.explain_fetch(f"{TEA}/white", V, "DELETE", [("X-Cup", "1"), ("Content-Type", "application/json")])
    asked = {
        "origin": V,
        "access-control-request-method": "DELETE",
        "access-control-request-headers": "content-type,x-cup",
    }
    sent = {"origin": V, "x-cup": "1", "content-type": "application/json"}
    assert fetched == FetchExplanation(
        allowed=True,
        code="allowed",
        preflight=RULES.explain(Request("OPTIONS", "/tea/white", asked)),
        actual=RULES.explain(Request("DELETE", "/tea/white", sent)),
        readable_headers=(),
        console="",
        message=(
            "DELETE is not a safelisted method, and content-type and x-cup are not safelisted headers, "
            "so the browser asks first. The page can read the answer: policy tea allows it."
        ),
    )


def test_a_refused_question_ends_it() -> None:
    """The sketch of a refusal: a method that is not listed."""
    fetched = RULES.explain_fetch(f"{TEA}/white", V, "PATCH")
    asked = {"origin": V, "access-control-request-method": "PATCH"}
    assert fetched == FetchExplanation(
        allowed=False,
        code="method-not-allowed",
        preflight=RULES.explain(Request("OPTIONS", "/tea/white", asked)),
        actual=None,
        readable_headers=(),
        console=(
            f"Access to fetch at '{TEA}/white' from origin '{V}' has been blocked by CORS policy: "
            "Method PATCH is not allowed by Access-Control-Allow-Methods in preflight response."
        ),
        message=(
            "PATCH is not a safelisted method, so the browser asks first. The browser does not send the request: "
            'PATCH is not in GET, HEAD, POST, DELETE. To allow it, add "PATCH" to /policies/0/allow_methods.'
        ),
    )


def test_an_answer_that_the_page_may_not_read() -> None:
    fetched = RULES.explain_fetch(TEA, "https://other.example", response_headers=[("Content-Type", "text/plain")])
    assert (fetched.allowed, fetched.code, fetched.preflight) == (False, "origin-not-allowed", None)
    assert fetched.actual == RULES.explain(Request("GET", "/tea", {"origin": "https://other.example"}))
    assert fetched.readable_headers == ()
    assert fetched.console == (
        f"Access to fetch at '{TEA}' from origin 'https://other.example' has been blocked by CORS policy: {NO_ACAO}"
    )


@pytest.mark.parametrize(
    ("method", "headers", "why"),
    [
        ("get", [], "It is a simple request, so the browser sends it at once. "),
        ("POST", [("Content-Type", "text/plain")], "It is a simple request, so the browser sends it at once. "),
        ("put", [], "PUT is not a safelisted method, so the browser asks first. "),
        ("patch", [], "patch is not a safelisted method, so the browser asks first. "),
        ("GET", [("X-A", "1")], "x-a is not a safelisted header, so the browser asks first. "),
        (
            "GET",
            [("X-B", "1"), ("x-a", "1"), ("Range", "bytes=-1"), ("X-A", "2")],
            "range, x-a and x-b are not safelisted headers, so the browser asks first. ",
        ),
        ("GET", [("Cookie", "a=b"), ("User-Agent", "x")], "It is a simple request, so the browser sends it at once. "),
    ],
)
def test_why_the_browser_asks(method: str, headers: list[tuple[str, str]], why: str) -> None:
    assert RULES.explain_fetch(f"{API}/nope", V, method, headers).message.startswith(why)


@pytest.mark.parametrize("credentials", ["omit", "same-origin", "include"])
def test_credentials_modes(credentials: str) -> None:
    include = credentials == "include"
    assert RULES.explain_fetch(TEA, V, credentials=credentials).allowed is not include
    assert RULES.explain_fetch(f"{API}/open", V, credentials=credentials).allowed is not include
    assert RULES.explain_fetch(f"{API}/me", "https://shop.example", credentials=credentials).allowed


def test_debug_and_enforce_are_those_of_the_decorator() -> None:
    other = "https://other.example"
    plain, debug = RULES.explain_fetch(TEA, other), RULES.explain_fetch(TEA, other, debug=True)
    enforced = RULES.explain_fetch(TEA, other, enforce=True)
    assert plain.actual is not None
    assert debug.actual is not None
    assert enforced.actual is not None
    assert plain.actual.headers == enforced.actual.headers == {"Vary": "Origin"}
    assert debug.actual.headers == {"Vary": "Origin", "X-Edgecors-Reason": "origin-not-allowed"}
    assert (plain.actual.status, enforced.actual.status) == (None, 403)
    asked = RULES.explain_fetch(f"{API}/one", other, "PUT", debug=True)
    assert asked.preflight is not None
    assert asked.preflight.headers["Access-Control-Allow-Origin"] == "https://one.example"
    assert "has a value 'https://one.example' that is not equal to the supplied origin" in asked.console


# --- What the page can read ----------------------------------------------------------------------------------

FILLED = [
    ("Content-Type", "text/plain"),
    ("cache-control", "no-store"),
    ("ETAG", '"1"'),
    ("X-Tea", "1"),
    ("x-tea", "2"),
    ("Set-Cookie", "a=b"),
    ("Access-Control-Allow-Origin", "*"),
    ("ACCESS-CONTROL-EXPOSE-HEADERS", "X-Tea"),
    ("Vary", "Accept"),
]


@pytest.mark.parametrize(
    ("url", "origin", "credentials", "readable"),
    [
        (TEA, V, "omit", ("cache-control", "content-type", "etag")),
        (f"{API}/me", "https://shop.example", "include", ("cache-control", "content-type")),
        (
            f"{API}/open",
            V,
            "omit",
            (
                "access-control-allow-origin",
                "access-control-expose-headers",
                "cache-control",
                "content-type",
                "etag",
                "vary",
                "x-tea",
            ),
        ),
        (TEA, "https://other.example", "omit", ()),
    ],
)
def test_readable_headers(url: str, origin: str, credentials: str, readable: tuple[str, ...]) -> None:
    fetched = RULES.explain_fetch(url, origin, credentials=credentials, response_headers=FILLED)
    assert fetched.readable_headers == readable


def test_what_the_handler_says_of_cors_counts_for_nothing() -> None:
    fetched = RULES.explain_fetch(TEA, "https://other.example", response_headers=[("Access-Control-Allow-Origin", "*")])
    assert not fetched.allowed
    assert fetched.console.endswith(NO_ACAO)


# --- Without CORS --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize(
    "rules", [Rules([]), RULES, Rules.of(Policy(allow_origins=["*"]))], ids=["none", "some", "all"]
)
def test_the_own_origin_needs_no_cors(rules: Rules, method: str) -> None:
    headers = [("X-Anything", "1")]
    fetched = rules.explain_fetch(f"{API}:443/tea", API, method, headers, "include", response_headers=FILLED)
    assert (fetched.allowed, fetched.code, fetched.console) == (True, "same-origin", "")
    assert (fetched.preflight, fetched.actual) == (None, None)
    assert fetched.message == "The page and the URL have the same origin, so CORS has no part in it."
    own = {"cache-control", "content-type", "etag", "vary", "x-tea"}
    everyone = rules.policies and rules.policies[0][0] == "default"
    assert set(fetched.readable_headers) == own | ({"access-control-allow-origin"} if everyone else set())


@pytest.mark.parametrize(("method", "told"), [("GET", ()), ("POST", ("x-edgecors-reason",))])
def test_the_own_origin_is_told_why_others_are_refused(method: str, told: tuple[str, ...]) -> None:
    for enforce in (False, True):  # the browser says that the page is on the same origin, so nothing is refused
        fetched = RULES.explain_fetch(f"{API}/tea", API, method, debug=True, enforce=enforce)
        assert (fetched.allowed, fetched.readable_headers) == (True, ("vary", *told))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://api.example", "https://api.example"),
        ("https://api.example:8443", "https://api.example"),
        ("https://www.api.example", "https://api.example"),
        ("https://api.example.", "https://api.example"),
        ("http://localhost", "http://127.0.0.1"),
        ("https://api.example", "null"),
    ],
)
def test_other_origins_do(url: str, origin: str) -> None:
    assert Rules([]).explain_fetch(url, origin).code != "same-origin"


@pytest.mark.parametrize(
    ("url", "origin", "mixed"),
    [
        ("http://api.example/tea", V, True),
        ("http://api.example:8080/tea", V, True),
        ("http://192.0.2.1/tea", V, True),
        ("http://localhost:3000/tea", V, False),
        ("http://a.localhost/tea", V, False),
        ("http://127.0.0.1/tea", V, False),
        ("http://[::1]/tea", V, False),
        ("http://api.example/tea", "http://a.example", False),
        ("http://api.example/tea", "null", False),
        ("http://api.example/tea", "capacitor://localhost", False),
        (TEA, V, False),
    ],
)
def test_mixed_content_comes_before_cors(url: str, origin: str, mixed: bool) -> None:
    fetched = Rules.of(Policy(allow_origins=["*"])).explain_fetch(url, origin)
    assert (fetched.code == "mixed-content") == mixed
    assert fetched.allowed is not mixed
    if mixed:
        assert (fetched.preflight, fetched.actual, fetched.readable_headers) == (None, None, ())
        assert fetched.console == (
            f"Mixed Content: The page at '{origin}/' was loaded over HTTPS, but requested an insecure resource "
            f"'{url}'. This request has been blocked; the content must be served over HTTPS."
        )
        assert fetched.message == (
            "A secure page cannot call an http URL: the browser sends nothing, and CORS has no part in it."
        )


# --- URLs and paths ------------------------------------------------------------------------------------------

PATHS = Rules(
    [
        ("tea", ["/white tea", "/\u8336", "/a+b", "/tea/*", "/{id}"], Policy(allow_origins=["https://a.example"])),
        ("all", ["*"], Policy(allow_origins=["https://b.example"])),
    ]
)


@pytest.mark.parametrize(
    ("url", "policy"),
    [
        ("/white tea", "tea"),
        ("/white%20tea", "tea"),
        ("/\u8336", "tea"),
        ("/%E8%8C%B6", "tea"),
        ("/%e8%8c%b6?x#y", "tea"),
        ("/a+b", "tea"),
        ("/a%2Bb", "tea"),
        ("/a b", "all"),
        ("/{id}", "tea"),
        ("/tea/", "tea"),
        ("/tea", "all"),
        ("/x/../tea/y", "tea"),
        ("/tea/%2e%2e/x", "all"),
        ("/tea/..", "all"),
        ("\\tea\\x", "tea"),
        ("/tea%2Fx", None),
        ("/tea/%5Cx", None),
        ("/tea/%00", None),
        ("/tea/%ff", None),
        ("", "all"),
        ("?/tea/x", "all"),
    ],
)
def test_the_urls_path_is_decoded_once(url: str, policy: str | None) -> None:
    fetched = PATHS.explain_fetch(API + url, "https://a.example")
    assert fetched.actual is not None
    assert fetched.actual.policy == policy
    assert fetched.allowed == (policy == "tea")


def test_the_line_about_mixed_content_has_no_fragment() -> None:
    fetched = RULES.explain_fetch("http://api.example/tea?a=b#c", V)
    assert "insecure resource 'http://api.example/tea?a=b'. This" in fetched.console


def test_the_console_has_the_url_as_browsers_print_it() -> None:
    fetched = RULES.explain_fetch("HTTPS://API.example:443/a/../white tea?it's#\u8336", V)
    assert fetched.console.startswith(
        "Access to fetch at 'https://api.example/white%20tea?it%27s#%E8%8C%B6' from origin"
    )


# --- What nobody can fetch -----------------------------------------------------------------------------------

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"url": "api.example/tea"}, "'api.example/tea' is not the URL of an API: https://api.example/tea, say"),
    ({"url": ""}, "'' is not the URL of an API: https://api.example/tea, say"),
    ({"url": "ftp://api.example"}, "'ftp://api.example' is not the URL of an API: https://api.example/tea, say"),
    (
        {"url": "https://me:pw@api.example"},
        "'https://me:pw@api.example' has a user name or password, which fetch() refuses",
    ),
    ({"url": "https://"}, "'https://' has no host and port that a page can call"),
    ({"url": "https://a.example:99999"}, "'https://a.example:99999' has no host and port that a page can call"),
    ({"url": "https://a.example, https://b.example"}, "has no host and port that a page can call"),
    ({"url": "https://*.example\x1b"}, "'https://*.example\\x1b' has no host and port that a page can call"),
    (
        {"origin": "https://a.example/"},
        "'https://a.example/' is not the origin of a page: https://a.example, say, or null",
    ),
    ({"origin": ""}, "'' is not the origin of a page: https://a.example, say, or null"),
    ({"origin": "*"}, "'*' is not the origin of a page: https://a.example, say, or null"),
    ({"origin": "file://"}, "'file://' is not the origin of a page: https://a.example, say, or null"),
    ({"origin": "https://\x1b"}, "'https://\\x1b' is not the origin of a page: https://a.example, say, or null"),
    ({"method": "TRACE"}, "'TRACE' is not a method that fetch() sends"),
    ({"method": "connect"}, "'connect' is not a method that fetch() sends"),
    ({"method": ""}, "'' is not a method that fetch() sends"),
    ({"method": "A B"}, "'A B' is not a method that fetch() sends"),
    ({"headers": [("A B", "1")]}, "'A B' is not a header name"),
    ({"headers": [("", "1")]}, "'' is not a header name"),
    ({"headers": [("X-A", "a\nb")]}, "'a\\nb' is not a header value"),
    ({"headers": [("X-A", "\u8336")]}, "'\\u8336' is not a header value"),
    ({"response_headers": [("A B", "1")]}, "'A B' is not a header name"),
    ({"response_headers": [("X-A", "a\0b")]}, "'a\\x00b' is not a header value"),
    ({"credentials": "yes"}, 'credentials is "omit", "same-origin" or "include", not \'yes\''),
]


@pytest.mark.parametrize(("given_arguments", "message"), REFUSED, ids=lambda value: ascii(value)[:50])
def test_what_no_browser_does_is_a_value_error(given_arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        RULES.explain_fetch(**{"url": TEA, "origin": V, **given_arguments})
    assert str(caught.value).endswith(message)
    assert str(caught.value).isprintable()
    assert type(caught.value) is ValueError


TEXTS = st.text() | st.text("htps:/.@[]%?#\\ aA0-_*\u8336\ud800\0\x1b", max_size=12)


@pytest.mark.no_cover
@given(
    TEXTS | TEXTS.map(lambda text: f"https://{text}") | TEXTS.map(lambda text: f"{API}/{text}"),
    TEXTS | TEXTS.map(lambda text: f"https://{text}") | st.sampled_from([V, "null"]),
    TEXTS | st.sampled_from(["GET", "PUT"]),
    st.lists(st.tuples(TEXTS | st.sampled_from(["Range", "Content-Type", "Accept", "DPR", "X-A"]), TEXTS), max_size=3),
    st.sampled_from(["omit", "same-origin", "include"]) | TEXTS,
    st.lists(st.tuples(TEXTS | st.just("Vary"), TEXTS), max_size=2),
)
@settings(derandomize=True, max_examples=examples(40), deadline=None)
@example(f"{API}/tea", V, "GET", [("Range", "bytes=0-" + "9" * 5000)], "omit", [])
@example(f"{API}/%", V, "GET", [("Content-Type", "/"), ("Accept", "\xff" * 200)], "omit", [])
def test_any_text_is_explained_or_a_value_error(
    url: str, origin: str, method: str, headers: Any, credentials: str, response_headers: Any
) -> None:
    try:
        fetched = RULES.explain_fetch(url, origin, method, headers, credentials, response_headers=response_headers)
    except ValueError as caught:
        error = caught
    else:
        assert fetched.message.isprintable()
        assert fetched.console.isascii()
        assert fetched.console.isprintable()
        return
    assert type(error) is ValueError
    assert str(error).isascii()
    assert str(error).isprintable()


def test_fetches_are_values() -> None:
    one, other = RULES.explain_fetch(TEA, V, "DELETE"), Rules.parse(DOCUMENT).explain_fetch(TEA, V, "DELETE")
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one != RULES.explain_fetch(TEA, V, "GET")
    with pytest.raises(AttributeError, match="immutable"):
        one.allowed = False


def test_iterators_will_do() -> None:
    fetched = RULES.explain_fetch(TEA, V, headers=iter([("X-Cup", "1")]), response_headers=iter([("ETag", "1")]))
    assert fetched.preflight is not None
    assert fetched.readable_headers == ("etag",)
    assert fetched.actual == explain(RULES, Request("GET", "/tea", {"origin": V, "x-cup": "1"}))
