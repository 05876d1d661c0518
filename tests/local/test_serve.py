"""`make serve` as a person, a page and a terminal meet it: real processes, real sockets, moto's real server."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from edgecors import Rules
from edgecors_cli.probe.asking import Report, ask
from edgecors_cli.question import Question
from local.rulebook import with_origins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KNOWN = "https://victoria-lo.github.io"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@pytest.fixture
def rules(served: Any) -> Iterator[Path]:
    """The shipped rules, put back afterwards."""
    file: Path = served.project / "functions" / "tea" / "rules.json"
    before = file.read_bytes()
    yield file
    begin = len(served.lines)
    file.write_bytes(before)
    served.line(r" rules +\S+ +(the same as )?version \d+", begin)


def edit(file: Path, change: Any) -> None:
    """Change a rules document in place."""
    document = json.loads(file.read_text("utf-8"))
    change(document["policies"][0])
    file.write_text(json.dumps(document), "utf-8")


class TestWelcome:
    def test_it_says_where_things_are_and_how_to_change_them(self, served: Any) -> None:
        text = "\n".join(served.lines)
        assert "rules      /edgecors/tea/local, version 1 (SSM, local)" in text
        assert f"look-alike {served.look_alike}" in text
        assert f"console    http://console.localhost:{served.app_port}" in text
        assert "edit functions/tea/rules.json" in text
        assert re.search(r"admin +[a-z]+-[a-z]+-\d{4} ", text)
        assert "\x1b" not in text  # no colours: this is no terminal

    def test_the_three_commands_do_what_they_announce(self, served: Any) -> None:
        served.line(rf"curl -i -H 'Origin: {KNOWN}\.evil\.example'")  # the last of them
        announced = [line for line in served.lines if "curl -i -H" in line]
        outcomes = []
        for line in announced:
            found = re.search(r"-H '(Origin): (\S+)' http://127\.0\.0\.1:\d+(/tea) +(\w+)$", line)
            assert found
            reply = served.api("GET", found[3], {found[1]: found[2]})
            outcomes.append((found[2], found[4], reply.headers.get("access-control-allow-origin")))
        assert outcomes == [
            (KNOWN, "allowed", KNOWN),
            ("https://evil.example", "refused", None),
            (f"{KNOWN}.evil.example", "refused", None),
        ]


class TestApi:
    def test_the_tea_apps_flow_list_picture_comment(self, served: Any) -> None:
        page = {"Origin": served.origin}
        teas = served.api("GET", "/tea", page).json()
        assert len(teas) == 12
        picture = served.api("GET", f"/{teas[0]['image']}", page)
        assert (picture.status, picture.headers["content-type"]) == (200, "image/png")
        assert picture.body.startswith(b"\x89PNG\r\n")
        assert picture.headers["access-control-allow-origin"] == served.origin

        path = f"/tea/{teas[0]['name']}"
        asked = served.api("OPTIONS", path, page | PREFLIGHT)
        assert (asked.status, asked.body) == (204, b"")
        assert {name: value for name, value in asked.headers.items() if name.startswith("access-control-")} == {
            "access-control-allow-origin": served.origin,
            "access-control-allow-methods": "DELETE",
            "access-control-allow-headers": "Authorization, Content-Type, If-None-Match",
            "access-control-max-age": "600",
        }
        body = json.dumps({"comment": "schön"}).encode()
        said = served.api("POST", path, page | {"Content-Type": "application/json"}, body)
        assert said.status == 201
        assert said.headers["access-control-allow-origin"] == served.origin
        assert [comment["text"] for comment in served.api("GET", path).json()["comments"]] == ["schön"]

    def test_the_look_alike_is_refused_by_the_function_itself(self, served: Any) -> None:
        begin = len(served.lines)
        reply = served.api("GET", "/tea", {"Origin": served.look_alike})
        assert reply.status == 403
        assert "access-control-allow-origin" not in reply.headers
        assert served.line(re.escape(served.look_alike) + r" +✗ refused +origin-not-allowed +403 +[\d.]+ ms$", begin)
        asked = served.api("OPTIONS", "/tea/white", {"Origin": served.look_alike} | PREFLIGHT)
        assert (asked.status, asked.body) == (403, b"")

    def test_the_printed_password_is_the_admins(self, served: Any) -> None:
        password = served.match(r"admin +(\S+)")
        picture = (served.project / "tools" / "seed" / "pictures" / "white.png").read_bytes()
        body = (
            b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nK\xc3\xb6nig\r\n'
            b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
            + picture
            + b"\r\n--x--\r\n"
        )
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        assert served.api("POST", "/tea", headers | basic("wrong"), body).status == 401
        made = served.api("POST", "/tea", headers | basic(password), body)
        assert (made.status, made.json()["name"]) == (201, "König")
        assert served.api("GET", f"/{made.json()['image']}").body == picture
        assert served.api("DELETE", "/tea/K%C3%B6nig", basic(password)).json() == {"deleted": 1}

    def test_preflights_are_never_redirected(self, served: Any) -> None:
        asked = served.api("OPTIONS", "/tea//white/", {"Origin": KNOWN} | PREFLIGHT)
        assert asked.status == 204

    def test_a_body_that_api_gateway_would_not_take(self, served: Any) -> None:
        reply = served.api("POST", "/tea/white", {"Content-Type": "application/json"}, b" " * (10 * 1024 * 1024 + 1))
        assert (reply.status, reply.json()) == (413, {"message": "Request Entity Too Large"})


def basic(password: str) -> dict[str, str]:
    """HTTP Basic credentials of the admin."""
    return {"Authorization": "Basic " + base64.b64encode(f"admin:{password}".encode()).decode()}


class TestTerminal:
    def test_one_line_for_each_request(self, served: Any, until: Any) -> None:
        def lines() -> list[str]:
            """Of a tea that no other test asks for: on a busy machine their lines may still come."""
            return [line for line in served.lines if " /tea/oolong " in line]

        shown: list[str] = []
        for method, headers in (
            ("OPTIONS", {"Origin": KNOWN} | PREFLIGHT),
            ("OPTIONS", {"Origin": KNOWN, "Access-Control-Request-Method": "PUT"}),
            ("GET", {"Origin": KNOWN}),
            ("GET", {}),
        ):
            served.api(method, "/tea/oolong", headers)
            wanted = len(shown) + 1
            assert until(lambda wanted=wanted: len(lines()) == wanted)
            shown = [re.sub(r" +", " ", line)[9:] for line in lines()]
        assert [re.sub(r" [\d.]+ ms", "", line) for line in shown] == [
            f"OPTIONS /tea/oolong {KNOWN} ✓ preflight tea 204",
            f"OPTIONS /tea/oolong {KNOWN} ✗ refused method-not-allowed 204",
            f"GET /tea/oolong {KNOWN} ✓ allowed tea 200",
            "GET /tea/oolong – · no origin 200",
        ]

    def test_nothing_of_a_request_reaches_it_raw(self, served: Any) -> None:
        begin = len(served.lines)
        served.api(
            "GET", "/tea/%1b%5b31m%0d%0a%c2%9b%e2%80%ae%00%ff" + "a" * 300, {"Origin": "https://\x1b]0;x\x07\x9b"}
        )
        line = served.line(r"/tea/\\x1b.* ms$", begin)
        assert r"/tea/\x1b[31m\r\n\x9b\u202e\x00" in line
        assert r"https://\x1b]0;x\x07\x9b" in line
        assert line.isprintable()
        assert len(line) < 250


class TestRules:
    def test_an_edit_is_published_and_taken_up(self, served: Any, rules: Path, until: Any) -> None:
        begin = len(served.lines)
        new = {"Origin": "https://preview.example"}
        assert served.api("GET", "/tea", new).status == 403
        edit(rules, lambda policy: policy["allow_origins"].append("https://preview.example"))
        served.line(r"rules +/edgecors/tea/local +version \d+ +\+ https://preview\.example$", begin)
        # The function keeps what it has for its TTL; then the new rules hold, the pages' own origin among them.
        assert until(lambda: served.api("GET", "/tea", new).status == 200)
        assert served.api("GET", "/tea", {"Origin": served.origin}).status == 200

    def test_a_wrong_edit_is_shown_and_not_published(self, served: Any, rules: Path) -> None:
        begin = len(served.lines)
        edit(rules, lambda policy: policy.update(allow_origins=[f"{KNOWN}/Hashtag-TEA/", "*.example.com"]))
        served.line(r"rules +functions/tea/rules\.json +not put, version \d+ still serves:", begin)
        served.line(
            r'^ +/policies/0/allow_origins/0 "https://victoria-lo\.github\.io/Hashtag-TEA/": .+ '
            r'Fix: "https://victoria-lo\.github\.io" \(origin-has-path\)$',
            begin,
        )
        served.line(r"^ +/policies/0/allow_origins/1 ", begin)
        assert served.api("GET", "/tea", {"Origin": KNOWN}).status == 200
        rules.write_text("{", "utf-8")
        served.line(r"\(json-invalid\)$", begin)
        rules.unlink()
        served.line(r"rules\.json +cannot be read: No such file or directory", begin)
        assert served.api("GET", "/tea", {"Origin": KNOWN}).status == 200

    def test_rules_put_by_somebody_else_are_noticed_too(self, served: Any, until: Any) -> None:
        begin = len(served.lines)
        ssm = boto3.client(
            "ssm",
            endpoint_url=served.match(r"AWS_ENDPOINT_URL=(\S+)"),
            region_name="us-east-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )
        held = ssm.get_parameter(Name="/edgecors/tea/local")["Parameter"]["Value"]
        document = json.loads(held)
        document["policies"][0]["allow_origins"].append("https://console.example")
        ssm.put_parameter(Name="/edgecors/tea/local", Value=json.dumps(document), Overwrite=True)
        served.line(r"\+ https://console\.example$", begin)
        ssm.put_parameter(Name="/edgecors/tea/local", Value=held, Overwrite=True)
        served.line(r"- https://console\.example$", begin)

        # What nobody can use is put right by the guard, here not before it was shown.
        assert until(lambda: sum("guard " in line for line in served.lines[begin:]) == 2)
        begin = len(served.lines)
        ssm.put_parameter(Name="/edgecors/tea/local", Value=held.replace(KNOWN, f"{KNOWN}/"), Overwrite=True)
        served.line(r"rules +/edgecors/tea/local +version \d+ +/policies/0.*origin-trailing-slash", begin)
        served.line(r"guard +/edgecors/tea/local +version \d+ +the last good rules, put back", begin)
        served.line(r"rules +/edgecors/tea/local +version \d+ +the same rules as before$", begin)
        served.line(r"guard +/edgecors/tea/local +version \d+ +in order$", begin)
        assert ssm.get_parameter(Name="/edgecors/tea/local")["Parameter"]["Value"] == held
        assert served.api("GET", "/tea", {"Origin": KNOWN}).headers["access-control-allow-origin"] == KNOWN


class TestCode:
    def test_an_edit_takes_effect_and_a_syntax_error_is_shown_until_it_is_put_right(self, served: Any) -> None:
        file: Path = served.project / "functions" / "tea" / "app.py"
        before = file.read_text("utf-8")
        try:
            begin = len(served.lines)
            file.write_text(before + "\n\ndef handler(event, context:\n", "utf-8")
            served.line(r"code +functions/tea/app\.py +TeaFunction does not load; every answer is 502", begin)
            served.line(r"SyntaxError: '\(' was never closed", begin)
            assert served.api("GET", "/tea").status == 502

            begin = len(served.lines)
            changed = (
                'handler = lambda event, context: {"statusCode": 218, "body": event["requestContext"]["requestId"]}'
            )
            file.write_text(f"{before}\n\n{changed}\n", "utf-8")
            served.line(r"code +functions/tea/app\.py +TeaFunction reloaded", begin)
            first, second = (served.api("GET", "/tea") for _ in range(2))
            assert (first.status, second.status) == (218, 218)
            assert first.body != second.body  # each request has an id of its own, as in AWS

            begin = len(served.lines)
            file.write_text(f"{before}\n\ndef handler(event, context):\n    raise KeyError('boom')\n", "utf-8")
            served.line(r"TeaFunction reloaded", begin)
            assert served.api("GET", "/tea").status == 500
            served.line(r"· failed +KeyError +500", begin)
            served.line(r"^ +KeyError: 'boom'$", begin)
        finally:
            begin = len(served.lines)
            file.write_text(before, "utf-8")
            served.line(r"TeaFunction reloaded", begin)
        assert served.api("GET", "/tea").status == 200

    def test_an_edit_of_the_layer_takes_effect(self, served: Any) -> None:
        begin = len(served.lines)
        file: Path = served.project / "layers" / "cors" / "python" / "edgecors" / "__init__.py"
        file.write_text(file.read_text("utf-8") + "\n", "utf-8")
        served.line(r"code +layers/cors/python/edgecors/__init__\.py +TeaFunction reloaded", begin)

    def test_an_edit_of_the_template_asks_for_a_restart(self, served: Any) -> None:
        begin = len(served.lines)
        file: Path = served.project / "template.yaml"
        file.write_text(file.read_text("utf-8") + "\n", "utf-8")
        served.line(r"template +template\.yaml +changed: Ctrl-C and make serve again", begin)


class TestPages:
    def test_both_names_have_the_same_page_and_no_other_name_has_any(self, served: Any, send: Any) -> None:
        port = served.app_port
        names = (f"app.localhost:{port}", f"app.localhost.evil.localhost:{port}", "APP.localhost")
        pages = [send(port, "GET", "/", {"Host": name}) for name in names]
        assert [page.status for page in pages] == [200, 200, 200]
        assert len({page.body for page in pages}) == 1
        assert pages[0].headers["content-type"] == "text/html; charset=utf-8"
        for name in (f"127.0.0.1:{port}", "localhost", "evil.example", "app.localhost.evil.localhost.example", ""):
            assert send(port, "GET", "/", {"Host": name}).status == 403

    def test_the_page_is_told_where_the_api_is_and_may_reach_nothing_else(self, served: Any, send: Any) -> None:
        config = send(served.app_port, "GET", "/config.js", {"Host": "app.localhost"})
        api = f"http://127.0.0.1:{served.port}"
        assert f'export const api = "{api}";' in config.body.decode()
        assert served.look_alike in config.body.decode()
        assert f"connect-src {api};" in config.headers["content-security-policy"]

    @pytest.mark.parametrize("path", ["/../local/serve.py", "/%2e%2e/local/serve.py", "//etc/passwd", "/no.html", "/."])
    def test_there_is_nothing_but_the_page(self, served: Any, send: Any, path: str) -> None:
        assert send(served.app_port, "GET", path, {"Host": "app.localhost"}).status == 404

    def test_every_file_that_the_page_names_is_there(self, served: Any, send: Any) -> None:
        page = send(served.app_port, "GET", "/", {"Host": "app.localhost"}).body.decode()
        named = set(re.findall(r'(?:src|href)="([a-z.]+)"', page))
        assert named == {"app.css", "app.js", "tea.svg"}
        script = send(served.app_port, "GET", "/app.js", {"Host": "app.localhost"}).body.decode()
        named |= set(re.findall(r'from "\./([a-z.]+)"', script))
        for name in sorted(named):
            reply = send(served.app_port, "HEAD", f"/{name}", {"Host": "app.localhost"})
            assert (reply.status, reply.body) == (200, b"")


# --- What edgecors probe finds there --------------------------------------------------------------------------------


@pytest.fixture
def promised(served: Any) -> Rules:
    """The shipped rules, with the local pages let in."""
    shipped = json.loads((served.project / "functions" / "tea" / "rules.json").read_text("utf-8"))
    return Rules.parse(with_origins(shipped, (served.origin,)))


def probe(served: Any, promised: Rules, path: str, origin: str, method: str, *headers: tuple[str, str]) -> Report:
    url = f"http://127.0.0.1:{served.port}{path}"
    question = Question(url, origin, method, headers, "same-origin")
    return ask(question, promised, "the rules", base_path="", send_unsafe=False, seconds=60, tell=lambda sent: None)


JSON = ("Content-Type", "application/json")


@pytest.mark.parametrize(
    ("path", "method", "headers", "code"),
    [
        ("/tea", "GET", (), "allowed"),
        ("/tea", "GET", (("If-None-Match", '"1"'),), "allowed"),
        ("/tea/no-such-tea", "GET", (), "allowed"),
        ("/nowhere", "GET", (), "allowed"),
        ("/tea/white", "POST", (JSON,), "not-sent"),
        ("/tea/white", "DELETE", (("Authorization", "Bearer x"),), "not-sent"),
        ("/tea/white", "PATCH", (), "method-not-allowed"),
        ("/tea", "GET", (("X-Cup", "1"),), "header-not-allowed"),
    ],
)
def test_its_own_pages(
    served: Any, promised: Rules, path: str, method: str, headers: tuple[tuple[str, str], ...], code: str
) -> None:
    report = probe(served, promised, path, served.origin, method, *headers)
    assert (report.outcome.code, report.findings, report.differences) == (code, (), ())
    assert report.is_fine == (code in ("allowed", "not-sent"))
    assert len(report.controls) >= 4


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_look_alike(served: Any, promised: Rules, method: str) -> None:
    report = probe(served, promised, "/tea", served.look_alike, method)
    assert (report.outcome.code, report.findings, report.differences) == ("origin-missing", (), ())
    assert not report.is_fine
