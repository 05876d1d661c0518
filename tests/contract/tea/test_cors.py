"""The engine around the API: who may call, who may read, and what a refused request costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from contract.tea.support import ADMIN, CORS, JSON, PAGE, PNG, ROOT, Answer, Context, done, event, found, refused

if TYPE_CHECKING:
    from contract.tea.support import Api

LOOK_ALIKE = "https://victoria-lo.github.io.evil.example"
PREFLIGHT = {
    "Access-Control-Allow-Origin": PAGE,
    "Access-Control-Allow-Methods": "DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "600",
    "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
}


@pytest.mark.parametrize("path", ["/", "/tea", "/tea/white", "/tea/white/comments/x", "/uploads/white.png", "/nope"])
def test_a_preflight_is_answered_without_the_api(api: Api, path: str) -> None:
    headers = {
        "origin": PAGE,
        "access-control-request-method": "DELETE",
        "access-control-request-headers": "authorization",
    }
    payload = api.handler(event("OPTIONS", path, headers=headers), Context())
    assert payload == {"statusCode": 204, "headers": PREFLIGHT}
    assert api.calls == []


def test_the_page_reads_answers_and_errors(api: Api) -> None:
    headers = {"origin": PAGE, **JSON, **ADMIN}
    made = api.request("POST", "/tea", headers=headers, body='{"name": "white"}')
    assert made == done(201, made.body, {"Location": "/tea/white"}, CORS)
    assert api.get("/tea/white", origin=PAGE) == found(made.body, cors=CORS)
    assert api.get("/tea/green", origin=PAGE) == refused(404, "There is no tea named 'green'.", cors=CORS)
    assert api.get("/nope", origin=PAGE) == refused(404, "There is nothing under this path.", cors=CORS)
    assert api.request("PUT", "/tea", headers={"origin": PAGE}).headers["Access-Control-Allow-Origin"] == PAGE
    not_modified = api.get("/tea/white", origin=PAGE, if_none_match="*")
    assert not_modified == Answer(304, {"ETag": made_tag(made), "Cache-Control": "no-cache", **CORS}, None)
    sub = "https://preview.victoria-lo.github.io"
    assert api.get("/tea", origin=sub) == found([made.body], cors={**CORS, "Access-Control-Allow-Origin": sub})


def made_tag(made: Answer) -> str:
    return found(made.body).headers["ETag"]


@pytest.mark.parametrize("origin", [LOOK_ALIKE, "http://victoria-lo.github.io", "null", "https://evil.example"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", "/tea", None), ("POST", "/tea", '{"name": "x"}'), ("DELETE", "/tea", None), ("POST", "/tea/white", "{}")],
)
def test_a_forged_request_does_nothing_although_it_has_the_admins_credentials(
    api: Api, origin: str, method: str, path: str, body: str | None
) -> None:
    api.create({"name": "white"})
    api.calls.clear()
    payload = api.handler(event(method, path, headers={"origin": origin, **JSON, **ADMIN}, body=body), Context())
    assert payload["statusCode"] == 403
    assert payload["headers"] == {"Content-Type": "application/problem+json", "Vary": "Origin"}
    assert json.loads(payload["body"])["title"] == "Forbidden"
    assert api.calls == []
    assert len(api.items()) == 1


def test_an_image_in_a_page_of_anybodys_sends_no_origin(api: Api) -> None:
    image = api.upload({"name": "white"}, PNG).body["image"]
    assert api.get(f"/{image}", sec_fetch_mode="no-cors", sec_fetch_site="cross-site").body == PNG


@pytest.mark.parametrize("origin", [None, PAGE])
def test_a_bug_is_a_500_that_the_page_can_read_and_that_tells_nothing(
    api: Api, origin: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TABLE_NAME", "a table that is not there")
    payload = api.handler(event("GET", "/tea", headers={"origin": origin} if origin else {}), Context())
    assert payload["statusCode"] == 500
    assert payload["headers"] == {
        "Content-Type": "application/problem+json",
        **(CORS if origin else {"Vary": "Origin"}),
    }
    body = json.loads(payload["body"])
    assert body["status"] == 500
    assert Context.aws_request_id in payload["body"]
    for inside in ("a table", "botocore", "dynamo", "Traceback", "Exception"):
        assert inside not in payload["body"]
    told = [line for line in capsys.readouterr().out.splitlines() if "Traceback" in line]
    assert len(told) == 1
    assert Context.aws_request_id in told[0]


EVENTS = sorted((ROOT / "events").glob("httpapi-*.json"))


@pytest.mark.parametrize("file", EVENTS, ids=lambda file: file.stem)
def test_the_events_that_a_user_tries_with_sam_local(api: Api, file: Any) -> None:
    api.create({"name": "white"})
    sent = json.loads(file.read_text(encoding="utf-8"))
    if "authorization" in sent["headers"]:
        sent["headers"].update(ADMIN)
    status = api.handler(sent, Context())["statusCode"]
    refused = "refused" in file.stem or "lookalike" in file.stem
    preflight, write = "preflight" in file.stem, "post" in file.stem
    assert status == (403 if refused else 204 if preflight else 201 if write else 200)


COLD = """
import json, sys
import app

class Context:
    function_name, memory_limit_in_mb, aws_request_id = "tea", 512, "r"
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:tea"

statuses = [app.handler(event, Context())["statusCode"] for event in json.load(sys.stdin)]
slow = ("boto3", "botocore.session", "botocore.client", "aws_xray_sdk", "multipart")
print(json.dumps([statuses, [name for name in slow if name in sys.modules]]))
"""


def test_a_cold_start_for_a_preflight_or_a_refusal_loads_no_sdk() -> None:
    names = ("httpapi-preflight-allowed", "httpapi-preflight-refused", "httpapi-get-refused")
    events = [json.loads((ROOT / f"events/{name}.json").read_text(encoding="utf-8")) for name in names]
    assert cold(events) == [[204, 403, 403], []]


def test_a_request_is_traced_in_lambda() -> None:
    statuses, loaded = cold([event("GET", "/")])
    assert (statuses, "aws_xray_sdk" in loaded, "boto3" in loaded) == ([200], True, False)


def cold(events: list[dict[str, Any]]) -> Any:
    """The statuses that a new process like Lambda's answers with, and which slow modules it loaded for that."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(ROOT / "layers/cors/python"), str(ROOT / "functions/tea")]),
        "EDGECORS_RULES": (ROOT / "functions/tea/rules.json").read_text(encoding="utf-8"),
        "LAMBDA_TASK_ROOT": "/var/task",
        "_X_AMZN_TRACE_ID": "Root=1-6b02f5e3-2f4b8a5d6c7e8f9012345678;Parent=53995c3f42cd8ad8;Sampled=0",
        "POWERTOOLS_SERVICE_NAME": "tea",
        "POWERTOOLS_METRICS_NAMESPACE": "TeaApi",
    }
    run = subprocess.run(
        [sys.executable, "-c", COLD],
        input=json.dumps(events),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    return json.loads(run.stdout.splitlines()[-1])
