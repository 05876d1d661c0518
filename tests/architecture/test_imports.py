"""What a cold start loads. Names, not times: a module that creeps in costs every function that attaches the layer."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from cases.sources import HTTP_API
from cases.wire import A, B, get, preflight

PACKAGE = Path(__file__).parents[2] / "layers" / "cors" / "python"

# Without `site` nothing is there yet that another machine may lack: what is loaded, we load.
RUN = f"""
import sys
sys.path.insert(0, {str(PACKAGE)!r})
seen = set(sys.modules)
def loaded(step):
    global seen
    new, seen = set(sys.modules) - seen, set(sys.modules)
    print(step, *sorted(new))
"""

IMPORTED = {
    "edgecors",
    "edgecors._checks",
    "edgecors._document",
    "edgecors._match",
    "edgecors._origin",
    "edgecors._path",
    "edgecors._pattern",
    "edgecors._spec",
    "edgecors._value",
    "edgecors.aws",
    "edgecors.aws.alb",
    "edgecors.aws.cloudfront",
    "edgecors.aws.payload_v1",
    "edgecors.aws.payload_v2",
    "edgecors.decision",
    "edgecors.policy",
    "edgecors.request",
    "edgecors.response",
    "edgecors.rules",
    "edgecors.runtime",
    "edgecors.runtime.decorator",
    "edgecors.runtime.events",
    "edgecors.runtime.fast_path",
    "edgecors.runtime.middleware",
}
SMALL = {"__future__"}
# `os`, which `site` loads on any machine.
OS = {"os", "os.path", "posixpath", "genericpath", "stat", "_stat", "posix", "errno", "_collections_abc", "abc", "_abc"}

EXPENSIVE = {
    "asyncio",
    "base64",
    "boto3",
    "botocore",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "functools",
    "hashlib",
    "importlib.metadata",
    "inspect",
    "ipaddress",
    "json",
    "logging",
    "random",
    "re",
    "socket",
    "threading",
    "traceback",
    "typing",
    "unicodedata",
    "urllib",
    "urllib.parse",
    "zlib",
}


@cache
def steps(code: str, *variables: str) -> dict[str, set[str]]:
    """What each step of a program in a bare interpreter loads."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", "-c", RUN + code],
        env=dict(variable.split("=", 1) for variable in variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    lines = [line.split() for line in done.stdout.splitlines()]
    return {line[0]: set(line[1:]) for line in lines}


def ours(modules: set[str]) -> set[str]:
    return {module for module in modules if module.split(".")[0] == "edgecors"}


EVENTS = {
    "allowed-preflight": preflight(A, "PUT", "x-tea"),
    "refused-preflight": preflight(B),
    "allowed": get(A),
    "subdomain": get("https://x.b.example"),
    "refused": get(B),
    "malformed": get("https://x/\r\n"),
    "no-origin": get(),
}

SERVE = f"""
import builtins
import edgecors
loaded("import")
policy = edgecors.Policy(
    allow_origins=[{A!r}, "https://*.b.example", "http://localhost:*", "http://localhost:8080"],
    allow_methods=["PUT"],
    allow_headers=["X-Tea"],
    expose_headers=["ETag"],
)
loaded("policy")
@edgecors.cors(rules=policy, enforce=True, on_error="respond", debug=True)
def handler(event, context):
    return {{"statusCode": 200, "headers": {{}}}}
loaded("decorated")
for name, event in { ({name: HTTP_API.event(a.method, a.path, a.headers) for name, a in EVENTS.items()})!r}.items():
    builtins.print, kept = (lambda *a, **k: None), print
    assert handler(event, None)["headers"]["Vary"].startswith("Origin")
    builtins.print = kept
    loaded(name)
"""


def test_importing_loads_what_serving_needs_and_nothing_else() -> None:
    modules = steps(SERVE)["import"]
    assert ours(modules) == IMPORTED
    assert modules - IMPORTED <= SMALL


def test_a_policy_loads_nothing() -> None:
    assert steps(SERVE)["policy"] == set()


def test_decorating_reads_the_environment() -> None:
    modules = steps(SERVE)["decorated"]
    assert ours(modules) == {"edgecors.runtime.environment"}
    assert modules - ours(modules) <= OS


@pytest.mark.parametrize("name", EVENTS)
def test_a_request_loads_nothing(name: str) -> None:
    found = steps(SERVE)[name]
    if name == "refused-preflight":  # the first one refused: what writes the line about it
        assert ours(found) == {"edgecors.runtime.refusals"}
        assert found & EXPENSIVE <= {"json", "re", "enum", "functools", "collections"}
    else:
        assert found == set()


INLINE = json.dumps({"schema": "edgecors/1", "policies": [{"name": "x", "paths": ["*"], "allow_origins": [A]}]})


def test_rules_of_the_environment_load_json_and_no_source() -> None:
    code = f"""
import edgecors
loaded("import")
handler = edgecors.cors(lambda event, context: {{"statusCode": 200}})
loaded("decorated")
handler({HTTP_API.event("OPTIONS", "/", preflight(A).headers)!r}, None)
loaded("request")
"""
    found = steps(code, f"EDGECORS_RULES={INLINE}")
    assert ours(found["decorated"]) == {"edgecors.runtime.environment"}
    assert "json" in found["decorated"]
    # What json itself is made of, and nothing beyond.
    assert found["decorated"] & EXPENSIVE <= {"json", "re", "enum", "functools", "collections"}
    assert found["request"] == set()


def test_rules_of_ssm_load_boto3_at_the_first_request() -> None:
    code = f"""
import edgecors
loaded("import")
handler = edgecors.cors(lambda event, context: {{"statusCode": 200}})
loaded("decorated")
sys.modules["boto3"] = None
import builtins
builtins.print, kept = (lambda *a, **k: None), print
handler({HTTP_API.event("GET", "/", get(A).headers)!r}, None)
builtins.print = kept
loaded("request")
"""
    found = steps(code, "EDGECORS_PARAMETER=/tea/cors")
    assert ours(found["decorated"]) == {
        "edgecors.manifest",
        "edgecors.runtime.attempt",
        "edgecors.runtime.environment",
        "edgecors.runtime.freshness",
        "edgecors.runtime.sources",
    }
    assert not {"boto3", "botocore", "json", "logging"} & found["decorated"]
    assert "boto3" in found["request"]


def test_rules_through_the_extension_load_no_http_client() -> None:
    document = json.dumps({"Parameter": {"Value": INLINE, "Version": 1}})
    code = f"""
import edgecors
loaded("import")
handler = edgecors.cors(lambda event, context: {{"statusCode": 200}})
from edgecors.runtime import local_http
local_http.get = lambda *arguments, **limits: (200, {document.encode()!r})
import builtins
builtins.print, kept = (lambda *a, **k: None), print
answer = handler({HTTP_API.event("GET", "/", get(A).headers)!r}, None)
builtins.print = kept
assert answer["headers"]["Access-Control-Allow-Origin"] == {A!r}
loaded("served")
"""
    found = steps(code, "EDGECORS_PARAMETER=/tea/cors", "EDGECORS_SOURCE=extension")["served"]
    assert "socket" in found
    assert not {"boto3", "http", "http.client", "email", "ssl", "typing", "urllib"} & found


def test_what_can_be_wrong_is_loaded_with_the_first_mistake() -> None:
    code = """
import edgecors
loaded("import")
try:
    edgecors.Policy(allow_origins=["https://a.example/"])
except ValueError as error:
    loaded("mistake")
    assert type(error) is edgecors.PolicyError
"""
    assert ours(steps(code)["mistake"]) == {"edgecors.problems", "edgecors._diagnosis"}


def test_explaining_is_loaded_when_it_is_asked_for() -> None:
    code = """
import edgecors
loaded("import")
rules = edgecors.Rules([("x", ["*"], edgecors.Policy(allow_origins=["*"]))])
loaded("rules")
rules.explain(edgecors.Request("GET", "/"))
loaded("explain")
"""
    found = steps(code)
    assert found["rules"] == set()
    assert "edgecors.explain" in found["explain"]


def test_the_suffix_list_is_loaded_when_a_wildcard_meets_credentials() -> None:
    code = """
import edgecors
loaded("import")
edgecors.Policy(allow_origins=["https://a.example"], allow_credentials=True)
edgecors.Policy(allow_origins=["https://*.a.example"])
loaded("without")
edgecors.Policy(allow_origins=["https://*.a.example"], allow_credentials=True)
loaded("with")
"""
    found = steps(code)
    assert found["without"] == set()
    assert ours(found["with"]) == {"edgecors._suffixes", "edgecors._suffix_data"}
