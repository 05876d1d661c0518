"""What Chromium asks: which headers need a preflight, which it drops, which methods it refuses to send."""

from __future__ import annotations

import dataclasses

from chromium_console.shapes import Answer, Case, Hop
from chromium_console.situations.common import HASH_ORDER, Header, headers, methods, ok, origin
from chromium_console.situations.common import PAGE as _HOME

_ALL = "Accept, Accept-Language, Content-Language, Content-Type, Range, X-Tea, X-Cup, X-HTTP-Method-Override"
_PREFLIGHT = ok(methods("GET, PUT"), headers(_ALL))
_LONG = "a" * 129
_AT_LIMIT = "a" * 128
_NUMBER = "1" * 128
_EIGHT: tuple[Header, ...] = (
    ("Accept", _AT_LIMIT),
    ("Accept-Language", _AT_LIMIT),
    ("Content-Language", _AT_LIMIT),
    ("Content-Type", "text/plain;a=" + "b" * 115),
    ("DPR", _NUMBER),
    ("Width", _NUMBER),
    ("Viewport-Width", _NUMBER),
    ("Device-Memory", _NUMBER),
)
"""1,024 bytes of values, all of which Chromium holds safe."""


def _headers(name: str, *given: Header) -> Case:
    return Case(name, headers=given, preflight=_PREFLIGHT, answer=ok())


def _content_type(name: str, value: str) -> Case:
    given = (("Content-Type", value),)
    return Case(f"content-type-{name}", method="POST", headers=given, body="x", preflight=_PREFLIGHT, answer=ok())


_SAFELIST = (
    Case("body-no-content-type", method="POST", body="x", preflight=_PREFLIGHT, answer=ok()),
    _content_type("json", "application/json"),
    _content_type("json-charset", "application/json; charset=utf-8"),
    _content_type("text", "text/plain"),
    _content_type("text-charset", "text/plain;charset=utf-8"),
    _content_type("text-upper-case", "TEXT/PLAIN"),
    _content_type("text-and-json", "text/plain; application/json"),
    _content_type("text-comma-json", "text/plain, application/json"),
    _content_type("urlencoded", "application/x-www-form-urlencoded"),
    _content_type("multipart", "multipart/form-data; boundary=x"),
    _content_type("html", "text/html"),
    _content_type("octets", "application/octet-stream"),
    _content_type("empty", ""),
    _content_type("word", "plain"),
    _content_type("space-before-semicolon", "text/plain ;charset=utf-8"),
    _content_type("semicolon-at-end", "text/plain;"),
    _content_type("parameter-without-value", "text/plain; charset"),
    _content_type("semicolon-first", ";text/plain"),
    _content_type("no-subtype", "text/"),
    _content_type("spaces-around", "  text/plain  "),
    _content_type("tab", "text/plain;\tcharset=utf-8"),
    _content_type("non-ascii", "text/plain; a=\xe9"),
    _content_type("colon", "text/plain; a=b:c"),
    _content_type("unsafe-byte", 'text/plain; a="(b)"'),
    _content_type("quotes", 'text/plain; charset="utf-8"'),
    _content_type("128-bytes", "text/plain;a=" + "b" * 115),
    _content_type("129-bytes", "text/plain;a=" + "b" * 116),
    Case(
        "content-type-twice",
        method="POST",
        headers=(("Content-Type", "text/plain"), ("content-type", "text/plain")),
        body="x",
        preflight=_PREFLIGHT,
        answer=ok(),
    ),
    _headers("content-type-json-on-get", ("Content-Type", "application/json")),
    _headers("accept-json", ("Accept", "application/json")),
    _headers("accept-128-bytes", ("Accept", _AT_LIMIT)),
    _headers("accept-129-bytes", ("Accept", _LONG)),
    _headers("accept-unsafe-byte", ("Accept", "text/plain; a=(b)")),
    _headers("accept-twice-together-129", ("Accept", "a" * 63), ("Accept", "b" * 64)),
    _headers("accept-empty", ("Accept", "")),
    _headers("accept-non-ascii", ("Accept", "\xe9")),
    _headers("accept-tab", ("Accept", "a\tb")),
    _headers("accept-delete-byte", ("Accept", "a\x7fb")),
    *(
        _headers(f"accept-byte-{ord(byte):02x}", ("Accept", f"a{byte}b"))
        for byte in "\"(),/:;<=>?@[\\]{}!#$%&'*+-.^_`|~ "
    ),
    *(_headers(f"accept-language-byte-{ord(byte):02x}", ("Accept-Language", f"a{byte}b")) for byte in ' *,-.;=_+/:"()'),
    _headers("accept-language-empty", ("Accept-Language", "")),
    _headers("accept-language", ("Accept-Language", "de-CH, en;q=0.5")),
    _headers("accept-language-unsafe-byte", ("Accept-Language", "de_CH")),
    _headers("content-language", ("Content-Language", "de")),
    _headers("content-language-unsafe-byte", ("Content-Language", "de(CH)")),
    _headers("total-1024", *_EIGHT),
    dataclasses.replace(_headers("total-1025", *_EIGHT, ("RTT", "1")), note=HASH_ORDER),
    dataclasses.replace(_headers("total-1025-and-x-tea", *_EIGHT, ("RTT", "1"), ("X-Tea", "1")), note=HASH_ORDER),
    *(
        _headers(f"range-{name}", ("Range", value))
        for name, value in (
            ("from", "bytes=100-"),
            ("from-to", "bytes=0-99"),
            ("suffix", "bytes=-100"),
            ("two", "bytes=0-1, 3-4"),
            ("backwards", "bytes=99-0"),
            ("other-unit", "items=0-1"),
            ("space", "bytes= 0-1"),
            ("upper-case", "BYTES=0-1"),
            ("zeros", "bytes=000-009"),
            ("no-numbers", "bytes=-"),
            ("nothing", "bytes="),
            ("empty", ""),
            ("space-before-equals", "bytes =0-1"),
            ("space-around-dash", "bytes=0 - 1"),
            ("equal-ends", "bytes=5-5"),
            ("large", "bytes=0-99999999999999999999"),
            ("129-bytes", "bytes=" + "1" * 61 + "-" + "2" * 61),
        )
    ),
    _headers("content-type-text-and-x-tea", ("Content-Type", "text/plain"), ("X-Tea", "1")),
    _headers("content-type-json-and-long-accept", ("Content-Type", "application/json"), ("Accept", _LONG)),
    _headers("if-none-match", ("If-None-Match", '"a"')),
    _headers("cache-control", ("Cache-Control", "no-cache")),
    _headers("pragma", ("Pragma", "no-cache")),
    _headers("dpr", ("DPR", "2")),
    _headers("dpr-word", ("DPR", "high")),
    _headers("save-data", ("Save-Data", "on")),
    _headers("save-data-off", ("Save-Data", "off")),
    _headers("viewport-width", ("Viewport-Width", "320")),
    _headers("width", ("Width", "320")),
    _headers("downlink", ("Downlink", "1.7")),
    _headers("device-memory", ("Device-Memory", "8")),
    _headers("rtt", ("RTT", "50")),
    _headers("ect", ("ECT", "4g")),
    _headers("last-event-id", ("Last-Event-ID", "1")),
    _headers("user-agent", ("User-Agent", "tea/1")),
    _headers("upgrade-insecure-requests", ("Upgrade-Insecure-Requests", "1")),
    _headers("x-requested-with", ("X-Requested-With", "XMLHttpRequest")),
    _headers("purpose", ("Purpose", "prefetch")),
)

_FORBIDDEN = (
    *(
        _headers(f"forbidden-{name.lower()}", (name, value), ("X-Tea", "1"))
        for name, value in (
            ("Accept-Charset", "utf-8"),
            ("Accept-Encoding", "gzip"),
            ("Access-Control-Request-Headers", "x-evil"),
            ("Access-Control-Request-Method", "EVIL"),
            ("Connection", "close"),
            ("Content-Length", "5"),
            ("Cookie", "a=b"),
            ("Cookie2", "a=b"),
            ("Date", "Tue, 15 Nov 1994 08:12:31 GMT"),
            ("DNT", "1"),
            ("Expect", "100-continue"),
            ("Host", "evil.example"),
            ("Keep-Alive", "5"),
            ("Origin", "https://evil.example"),
            ("Referer", "https://evil.example/"),
            ("Set-Cookie", "a=b"),
            ("TE", "trailers"),
            ("Trailer", "x"),
            ("Transfer-Encoding", "chunked"),
            ("Upgrade", "h2c"),
            ("Via", "1.1 x"),
            ("Proxy-Foo", "1"),
            ("Sec-Foo", "1"),
            ("Access-Control-Request-Private-Network", "true"),
            ("Access-Control-Request-Local-Network", "true"),
            ("Access-Control-Allow-Origin", "*"),
        )
    ),
    *(
        _headers(f"override-{slug}", (name, value))
        for slug, name, value in (
            ("trace", "X-HTTP-Method-Override", "TRACE"),
            ("trace-lower-case", "x-http-method-override", "trace"),
            ("trace-in-list", "X-HTTP-Method-Override", "GET, TRACE"),
            ("connect", "X-HTTP-Method", "CONNECT"),
            ("track", "X-Method-Override", "track"),
            ("delete", "X-HTTP-Method-Override", "DELETE"),
        )
    ),
    _headers("only-forbidden", ("Cookie", "a=b"), ("Origin", "https://evil.example")),
    _headers("bad-header-name", ("X Tea", "1")),
    _headers("empty-header-name", ("", "1")),
    _headers("bad-header-value", ("X-Tea", "a\nb")),
    _headers("non-latin-header-value", ("X-Tea", "茶")),
    *(
        Case(f"method-{name}", method=method)
        for name, method in (
            ("trace", "TRACE"),
            ("connect", "CONNECT"),
            ("track", "TRACK"),
            ("trace-lower-case", "trace"),
            ("with-space", "A B"),
            ("empty", ""),
        )
    ),
    Case("get-with-body", body="x"),
    Case("head-with-body", method="HEAD", body="x"),
)

_SAME_ORIGIN = (
    Case("same-origin-get", url=f"{_HOME}/tea"),
    Case("same-origin-post", url=f"{_HOME}/tea", method="POST", body="x"),
    Case("same-origin-delete", url=f"{_HOME}/tea", method="DELETE", headers=(("X-Tea", "1"),)),
    Case("same-origin-head", url=f"{_HOME}/tea", method="HEAD"),
    Case("same-origin-options", url=f"{_HOME}/tea", method="OPTIONS"),
    Case(
        "same-origin-default-port",
        url=f"{_HOME}:443/tea",
        answer=Answer(200, (origin("x"),)),
        hops=(Hop(f"{_HOME}/tea"),),
    ),
    Case("same-site-other-port", url=f"{_HOME}:8443/tea"),
    Case("other-scheme-same-host", url=f"{_HOME}/tea", page="http://page.example"),
)

_MODES = (
    Case("no-cors", init=(("mode", "no-cors"),)),
    Case("no-cors-delete", method="DELETE", init=(("mode", "no-cors"),)),
    Case("no-cors-header", headers=(("X-Tea", "1"),), init=(("mode", "no-cors"),)),
    Case("mode-same-origin", init=(("mode", "same-origin"),)),
    Case("keepalive-preflight", method="DELETE", init=(("keepalive", "true"),)),
)

CASES = (*_SAFELIST, *_FORBIDDEN, *_SAME_ORIGIN, *_MODES)
