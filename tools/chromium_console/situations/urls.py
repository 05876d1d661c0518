"""How URLs and origins are printed, and the URLs that never get as far as CORS."""

from __future__ import annotations

from chromium_console.shapes import Answer, Case, Hop
from chromium_console.situations.common import PAGE, ok, origin

_URLS = (
    Case("url-query", url="https://api.example/tea?a=b&c=%20d"),
    Case("url-fragment", url="https://api.example/tea?a#b"),
    Case("url-no-path", url="https://api.example", hops=(Hop("https://api.example/"),)),
    Case("url-upper-case-host", url="HTTPS://API.example/Tea", hops=(Hop("https://api.example/Tea"),)),
    Case("url-default-port", url="https://api.example:443/tea", hops=(Hop("https://api.example/tea"),)),
    Case("url-dot-segments", url="https://api.example/a/../tea", hops=(Hop("https://api.example/tea"),)),
    Case("url-space", url="https://api.example/white tea", hops=(Hop("https://api.example/white%20tea"),)),
    Case(
        "url-non-ascii",
        url="https://api.example/t\xe9?t\xe9",
        hops=(Hop("https://api.example/t%C3%A9?t%C3%A9"),),
    ),
    Case("url-port", url="https://api.example:8443/tea"),
    Case("url-quote", url="https://api.example/tea?it's", hops=(Hop("https://api.example/tea?it%27s"),)),
    Case("url-long", url="https://api.example/" + "a" * 2000),
    Case("url-idn", url="https://b\xfccher.example/tea", hops=(Hop("https://xn--bcher-kva.example/tea"),)),
    Case("url-percent-path", url="https://api.example/t%C3%A9"),
    Case("url-ip", url="https://192.0.2.1/tea"),
    Case("url-ipv6", url="https://[2001:db8::1]/tea"),
    Case("page-port", page=f"{PAGE}:8443", answer=Answer(200, (origin(PAGE),))),
    Case("page-idn", page="https://xn--bcher-kva.example"),
    Case("page-trailing-dot", page="https://page.example."),
    Case("page-underscore", page="https://my_page.example"),
    Case("page-http", page="http://page.example"),
    Case("page-localhost", page="http://a.localhost:3000", url="http://b.localhost:3000/tea"),
    Case("page-ip", page="http://127.0.0.1:3000", url="http://localhost:3000/tea"),
    Case("page-ipv6", page="http://[::1]:3000", url="http://localhost:3000/tea"),
)

_NEVER = (
    Case("mixed-content", url="http://api.example/tea", answer=ok()),
    Case("mixed-content-preflight", url="http://api.example/tea", method="DELETE"),
    Case("public-page-to-localhost", url="http://localhost:3000/tea", answer=ok()),
    Case("public-page-to-localhost-no-acao", url="http://localhost:3000/tea"),
    Case("insecure-page-to-localhost", page="http://page.example", url="http://localhost:3000/tea"),
    Case("url-user-info", url="https://user:secret@api.example/tea"),
    Case("url-ftp", url="ftp://api.example/tea"),
    Case("url-file", url="file:///etc/hostname"),
    Case("url-unknown-scheme", url="tea://api.example/tea"),
    Case("url-invalid", url="https://"),
    Case("url-blocked-port", url="https://api.example:25/tea"),
    Case("url-data", url="data:text/plain,x"),
    Case("name-not-resolved", url="https://nowhere.invalid:444/tea"),
    Case("connection-refused", url="http://127.0.0.1:444/tea", page="http://a.localhost:3000"),
)

CASES = (*_URLS, *_NEVER)
