"""`Handler: edgecors.wrap`: a function of its own process each, as Lambda starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import edgecors
from cases.sources import HTTP_API
from cases.wire import A, B, get, preflight

PACKAGE = Path(__file__).parents[2] / "layers" / "cors" / "python"

DOCUMENT = json.dumps(
    {"schema": "edgecors/1", "policies": [{"name": "all", "paths": ["*"], "allow_origins": [A]}]},
)
APP = '''
import json
print("imported")
def handler(event, context):
    """The real one."""
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}, "body": "tea"}
'''
# What Lambda's runtime does with `Handler` (awslambdaric, bootstrap._get_handler), and then a request for each event.
RUNTIME = """
import importlib, json, sys
module = importlib.import_module("edgecors")
handler = getattr(module, "wrap")
print("ready", handler.__name__, handler.__doc__, handler is module.wrap, handler is not module.cors)
for line in sys.stdin:
    print("answer", json.dumps(handler(json.loads(line), None), sort_keys=True))
"""


def run(
    tmp_path: Path, handler: str | None, *events: dict[str, Any], app: str = APP, code: str = RUNTIME, **variables: str
) -> subprocess.CompletedProcess[str]:
    """A process whose task root has the module `app`, and `app` in a package `src`."""
    (tmp_path / "src").mkdir()
    (tmp_path / "app.py").write_text(app)
    (tmp_path / "src" / "app.py").write_text(app)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("EDGECORS_", "PYTHON"))}
    environment |= {"EDGECORS_RULES": DOCUMENT, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(PACKAGE)])}
    environment |= {} if handler is None else {"EDGECORS_HANDLER": handler}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        input="".join(json.dumps(event) + "\n" for event in events),
        env=environment | variables,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def answers(out: str) -> list[dict[str, Any]]:
    """What the handler gave; other lines are logs."""
    return [json.loads(line.removeprefix("answer ")) for line in out.splitlines() if line.startswith("answer ")]


@pytest.mark.parametrize("handler", ["app.handler", "src.app.handler", "src/app.handler"])
def test_the_real_handler_gets_cors(handler: str, tmp_path: Path) -> None:
    asked = [get(A), get(B), preflight(A)]
    events = [HTTP_API.event(request.method, "/", request.headers) for request in asked]
    done = run(tmp_path, handler, *events)
    assert (done.stderr, done.returncode) == ("", 0)
    imported, ready, *_ = done.stdout.splitlines()
    assert imported == "imported"
    assert ready == "ready handler The real one. True True"
    assert answers(done.stdout) == [
        {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": A, "Vary": "Origin"}, "body": "tea"},
        {"statusCode": 200, "headers": {"Vary": "Origin"}, "body": "tea"},
        {
            "statusCode": 204,
            "headers": {
                "Access-Control-Allow-Origin": A,
                "Access-Control-Max-Age": "600",
                "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            },
        },
    ]


def test_a_handler_with_cors_of_its_own_takes_the_environments(tmp_path: Path) -> None:
    app = (
        "from edgecors import Policy, cors\n"
        f"@cors(rules=Policy(allow_origins=[{B!r}]))\n"
        "def handler(event, context): return {'statusCode': 200}\n"
    )
    done = run(tmp_path, "app.handler", HTTP_API.event("GET", "/", get(A).headers), app=app)
    assert (done.stderr, done.returncode) == ("", 0)
    assert [answer["headers"]["Access-Control-Allow-Origin"] for answer in answers(done.stdout)] == [A]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A task root on the path of this process, with the module `wrapped_app`."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("EDGECORS_RULES", DOCUMENT)
    monkeypatch.delenv("EDGECORS_HANDLER", raising=False)
    (tmp_path / "wrapped_app.py").write_text(APP.replace("print", "str"))
    for name in ("wrapped_app", "wrapped_broken"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (None, "EDGECORS_HANDLER is '': set it to the function's own handler, as app.handler, when Handler is "),
        ("", "EDGECORS_HANDLER is '': set it"),
        ("app", "EDGECORS_HANDLER is 'app': set it"),
        (".handler", "EDGECORS_HANDLER is '.handler': set it"),
        ("app.", "EDGECORS_HANDLER is 'app.': set it"),
        ("edgecors.wrap", "EDGECORS_HANDLER names edgecors.wrap itself: set it to the function's own handler"),
        ("wrapped_app.missing", "EDGECORS_HANDLER is 'wrapped_app.missing', but the module wrapped_app has no missing"),
        (
            "wrapped_broken.handler",
            "EDGECORS_HANDLER is 'wrapped_broken.handler', and importing wrapped_broken failed: module 'json' has no",
        ),
    ],
)
def test_a_handler_that_is_not_named_is_said_so(
    handler: str | None, message: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "wrapped_broken.py").write_text("import json\njson.tea\n")
    if handler is not None:
        monkeypatch.setenv("EDGECORS_HANDLER", handler)
    with pytest.raises(RuntimeError) as caught:
        edgecors.wrap  # noqa: B018
    assert str(caught.value).startswith(message)


def test_the_handler_is_imported_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGECORS_HANDLER", "wrapped_app.handler")
    monkeypatch.setitem(vars(edgecors), "wrap", None)  # so that what is put there is taken away afterwards
    del edgecors.wrap
    wrapped = edgecors.wrap
    monkeypatch.setenv("EDGECORS_HANDLER", "nothing")
    assert edgecors.wrap is wrapped
    answer = wrapped(HTTP_API.event("GET", "/", get(A).headers), None)
    assert answer["headers"] == {"Access-Control-Allow-Origin": A, "Vary": "Origin"}


def test_a_module_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, "missing.handler")
    assert done.returncode == 1
    assert "ModuleNotFoundError: No module named 'missing'" in done.stderr


def test_an_error_while_importing_is_not_taken_for_a_missing_handler(tmp_path: Path) -> None:
    """Lambda's runtime answers an AttributeError of getattr with "Handler 'wrap' missing on module 'edgecors'"."""
    done = run(tmp_path, "app.handler", app="import json\njson.tea\n")
    assert done.returncode == 1
    assert "json.tea\n" in done.stderr
    assert (
        "RuntimeError: EDGECORS_HANDLER is 'app.handler', and importing app failed: "
        "module 'json' has no attribute 'tea'" in done.stderr
    )


def test_what_is_no_handler_is_refused(tmp_path: Path) -> None:
    for number, app in enumerate(("handler = 7", "async def handler(event, context): pass")):
        (tmp_path / str(number)).mkdir()
        done = run(tmp_path / str(number), "app.handler", app=app)
        assert done.returncode == 1
        assert "TypeError: the handler " in done.stderr


def test_without_rules_it_says_where_to_put_them(tmp_path: Path) -> None:
    done = run(tmp_path, "app.handler", EDGECORS_RULES="")
    assert done.returncode == 1
    assert "EDGECORS_PARAMETER" in done.stderr


def test_looking_at_the_module_does_not_import_the_handler(tmp_path: Path) -> None:
    code = "import edgecors; from edgecors import *; dir(edgecors); edgecors.Document; print(edgecors.cors.__name__)"
    done = run(tmp_path, "app.handler", code=code)
    assert (done.stderr, done.stdout) == ("", "cors\n")
