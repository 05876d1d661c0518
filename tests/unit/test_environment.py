"""Settings from the environment: which counts, when it is read, and that nothing in it breaks a function."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from cases.reports import NOW, line, read
from cases.sources import HTTP_API
from cases.wire import A, B, get
from edgecors import Document, RulesError, cors
from edgecors.problems import MESSAGES
from edgecors.runtime import environment, freshness, sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

C = "https://c.example"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("EDGECORS_", "LAMBDA_", "AWS_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr("time.time", lambda: NOW)


def document(*origins: str, **fields: Any) -> str:
    policy = {"name": "all", "paths": ["*"], "allow_origins": list(origins), **fields}
    return json.dumps({"schema": "edgecors/1", "policies": [policy]})


def handler(event: Any, context: Any) -> Any:
    return {"statusCode": 200}


def allowed(wrapped: Callable[[Any, Any], Any]) -> list[str]:
    """Which of three origins a function allows."""
    answers = {origin: wrapped(HTTP_API.event("GET", "/", get(origin).headers), None) for origin in (A, B, C)}
    return [origin for origin, answer in answers.items() if "Access-Control-Allow-Origin" in answer["headers"]]


class Counting:
    """A Source that gives a document, or raises an error, and counts."""

    def __init__(self, given: str | Exception) -> None:
        self.given = given
        self.fetched = 0

    def fetch(self) -> Document:
        self.fetched += 1
        if isinstance(self.given, Exception):
            raise self.given
        return Document(self.given, "7")

    def __repr__(self) -> str:
        return "counting"


@pytest.fixture
def parameters(monkeypatch: pytest.MonkeyPatch) -> dict[str, Counting]:
    """Parameters in SSM by name; what stands here is fetched in place of them."""
    stored: dict[str, Counting] = {}
    monkeypatch.setattr(sources, "SsmParameter", lambda name: stored[name])
    return stored


# --- Which counts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "decorate",
    [
        lambda: cors(handler),
        lambda: cors()(handler),
        lambda: cors(handler, rules=None),
        lambda: cors(rules="")(handler),
        lambda: cors(rules=b"")(handler),
        lambda: cors(rules={})(handler),
    ],
)
@pytest.mark.parametrize("empty", [False, True])
def test_without_any_rules_the_decoration_fails(
    decorate: Callable[[], Any], empty: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if empty:
        monkeypatch.setenv("EDGECORS_RULES", "")
        monkeypatch.setenv("EDGECORS_PARAMETER", "")
    monkeypatch.setenv("EDGECORS_FALLBACK", document(A))  # for a source that fails, and no source itself
    with pytest.raises(RulesError) as caught:
        decorate()
    assert [problem.code for problem in caught.value.problems] == ["rules-missing"]
    assert "rules=" in str(caught.value)
    assert "EDGECORS_RULES" in str(caught.value)
    assert "EDGECORS_PARAMETER" in str(caught.value)


def test_the_argument_then_the_rules_then_the_parameter(
    monkeypatch: pytest.MonkeyPatch, parameters: dict[str, Counting]
) -> None:
    parameters["/tea/cors"] = Counting(document(C))
    monkeypatch.setenv("EDGECORS_PARAMETER", "/tea/cors")
    assert allowed(cors(handler)) == [C]
    monkeypatch.setenv("EDGECORS_RULES", document(B))
    assert allowed(cors(handler)) == [B]
    assert allowed(cors(handler, rules=document(A))) == [A]
    assert allowed(cors(handler, rules="")) == [B]
    assert allowed(cors(handler, rules={})) == [B]
    monkeypatch.setenv("EDGECORS_RULES", "")
    assert allowed(cors(handler)) == [C]


def test_rules_without_policies_are_rules(monkeypatch: pytest.MonkeyPatch, parameters: dict[str, Counting]) -> None:
    monkeypatch.setenv("EDGECORS_RULES", '{"schema": "edgecors/1", "policies": []}')
    monkeypatch.setenv("EDGECORS_PARAMETER", "/tea/cors")
    monkeypatch.setenv("EDGECORS_FALLBACK", document(A))
    assert allowed(cors(handler)) == []


# --- When it is read -----------------------------------------------------------------------------------------


def test_the_environment_is_read_at_decoration(
    monkeypatch: pytest.MonkeyPatch, parameters: dict[str, Counting], capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGECORS_RULES", document(A))
    inline = cors(handler)
    monkeypatch.setenv("EDGECORS_RULES", document(B))
    assert allowed(inline) == [A]

    parameters["/tea/cors"] = Counting(OSError("down"))
    monkeypatch.setenv("EDGECORS_RULES", "")
    monkeypatch.setenv("EDGECORS_PARAMETER", "/tea/cors")
    monkeypatch.setenv("EDGECORS_FALLBACK", document(B))
    fetched = cors(handler)
    for name in ("EDGECORS_PARAMETER", "EDGECORS_FALLBACK"):
        monkeypatch.setenv(name, "nothing")
    assert read(capsys.readouterr().out) == []
    assert allowed(fetched) == [B]


def test_the_source_is_asked_at_the_first_request(
    monkeypatch: pytest.MonkeyPatch, parameters: dict[str, Counting]
) -> None:
    source = parameters["/tea/cors"] = Counting(document(A))
    monkeypatch.setenv("EDGECORS_PARAMETER", "/tea/cors")
    wrapped = cors(handler)
    assert source.fetched == 0
    wrapped({"Records": []}, None)  # no HTTP request, so no rules are needed
    assert source.fetched == 0
    assert allowed(wrapped) == [A]
    assert source.fetched == 1


# --- A bad document ------------------------------------------------------------------------------------------

BAD = document(A + "/")
REJECTED = [
    {
        "code": "origin-trailing-slash",
        "field": "/policies/0/allow_origins/0",
        "message": MESSAGES["origin-trailing-slash"],
        "hint": A,
    }
]


@pytest.mark.parametrize(
    ("fallback", "origins"), [(None, []), ("", []), (document(B), [B]), (" \n" + document(B), [B])]
)
def test_a_bad_document_in_the_environment_never_raises(
    fallback: str | None, origins: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGECORS_RULES", BAD)
    # Whatever else is set: the first counts.
    monkeypatch.setenv("EDGECORS_PARAMETER", "/tea/cors")
    if fallback is not None:
        monkeypatch.setenv("EDGECORS_FALLBACK", fallback)
    wrapped = cors(handler)
    assert read(capsys.readouterr().out) == [line("ERROR", "RulesRejected", source="EDGECORS_RULES", problems=REJECTED)]
    assert allowed(wrapped) == origins
    assert read(capsys.readouterr().out) == []


@pytest.mark.parametrize("text", ["{", "[]", "null", "7", '"x"', "[" * 100_000, "{}", "\ufeff", "NaN", " "])
def test_nothing_in_the_environment_raises(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGECORS_RULES", text)
    monkeypatch.setenv("EDGECORS_FALLBACK", "{" + text)
    assert allowed(cors(handler)) == []
    reports = read(capsys.readouterr().out)
    assert [(report["message"], report["source"]) for report in reports] == [
        ("RulesRejected", "EDGECORS_RULES"),
        ("RulesRejected", "EDGECORS_FALLBACK"),
    ]


def test_the_public_suffix_list_only_warns_at_run_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGECORS_RULES", document("https://*.github.io", A, allow_credentials=True))
    assert allowed(cors(handler)) == [A]
    (report,) = read(capsys.readouterr().out)
    (warning,) = report.pop("warnings")
    assert report == line("WARNING", "RulesWarning", counted=False, source="EDGECORS_RULES")
    assert warning["code"] == "public-suffix-with-credentials"
    assert warning["field"] == "/policies/0/allow_origins/0"


# --- The fallback's file -------------------------------------------------------------------------------------


def test_a_fallback_is_a_file_relative_to_the_task_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rules.json").write_text(document(B))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("EDGECORS_RULES", "{")
    for task_root, given in ((tmp_path, "rules.json"), (tmp_path / "elsewhere", str(tmp_path / "rules.json"))):
        monkeypatch.setenv("LAMBDA_TASK_ROOT", str(task_root))
        monkeypatch.setenv("EDGECORS_FALLBACK", given)
        assert allowed(cors(handler)) == [B]
    monkeypatch.delenv("LAMBDA_TASK_ROOT")
    monkeypatch.setenv("EDGECORS_FALLBACK", "../rules.json")
    assert allowed(cors(handler)) == [B]
    assert [report["source"] for report in read(capsys.readouterr().out)] == ["EDGECORS_RULES"] * 3


@pytest.mark.parametrize(
    ("name", "content", "fields"),
    [
        ("missing.json", None, {"error": "[Errno 2] No such file or directory: '{path}'"}),
        (".", None, {"error": "[Errno 21] Is a directory: '{path}'"}),
        ("rules.json", BAD.encode(), {"problems": REJECTED}),
        (
            "rules.json",
            b"\xff",
            {
                "problems": [
                    {
                        "code": "document-not-utf-8",
                        "field": "",
                        "message": MESSAGES["document-not-utf-8"].format(detail="byte 1 is not"),
                        "hint": None,
                    }
                ]
            },
        ),
    ],
)
def test_a_fallback_that_cannot_be_read_is_none(
    name: str,
    content: bytes | None,
    fields: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = f"{tmp_path}/{name}"
    if content is not None:
        (tmp_path / name).write_bytes(content)
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(tmp_path))
    monkeypatch.setenv("EDGECORS_FALLBACK", name)
    monkeypatch.setenv("EDGECORS_RULES", BAD)
    assert allowed(cors(handler)) == []
    if "error" in fields:
        fields = {"error": fields["error"].format(path=path)}
    assert read(capsys.readouterr().out) == [
        line("ERROR", "RulesRejected", source="EDGECORS_RULES", problems=REJECTED),
        line("ERROR", "RulesRejected", source=f"EDGECORS_FALLBACK: {path}", **fields),
    ]


def test_a_fallback_is_not_read_while_it_is_not_needed(
    monkeypatch: pytest.MonkeyPatch, parameters: dict[str, Counting], capsys: pytest.CaptureFixture[str]
) -> None:
    parameters["/tea/cors"] = Counting(document(A))
    monkeypatch.setenv("EDGECORS_FALLBACK", "missing.json")
    monkeypatch.setenv("EDGECORS_PARAMETER", "/tea/cors")
    assert allowed(cors(handler)) == [A]
    monkeypatch.setenv("EDGECORS_RULES", document(B))
    assert allowed(cors(handler)) == [B]
    assert [report["message"] for report in read(capsys.readouterr().out)] == ["RulesRefreshed"]


# --- Seconds -------------------------------------------------------------------------------------------------


@pytest.fixture
def given_times(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """The times that FetchedRules is made with."""
    times: list[tuple[float, float]] = []

    class Recording(freshness.FetchedRules):
        def __init__(self, source: Any, *, ttl: float, max_stale: float, **others: Any) -> None:
            times.append((ttl, max_stale))
            super().__init__(source, ttl=ttl, max_stale=max_stale, **others)

    monkeypatch.setattr(freshness, "FetchedRules", Recording)
    return times


@pytest.mark.parametrize(
    ("ttl", "max_stale", "expected"),
    [
        (None, None, (60, 86_400)),
        ("", "", (60, 86_400)),
        ("5", "3600", (5, 3600)),
        ("0", "0", (0, 0)),
        ("0.5", "1e3", (0.5, 1000)),
        (" 5 ", "5\n", (5, 5)),
    ],
)
def test_times_are_seconds(
    ttl: str | None,
    max_stale: str | None,
    expected: tuple[float, float],
    given_times: list[tuple[float, float]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in (("EDGECORS_TTL", ttl), ("EDGECORS_MAX_STALE", max_stale)):
        if value is not None:
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("EDGECORS_PARAMETER", "/tea/cors")
    cors(handler)
    # A user's own Source has the same times.
    cors(handler, rules=Counting(document(A)))
    assert given_times == [expected, expected]
    assert read(capsys.readouterr().out) == []


@pytest.mark.parametrize("value", ["x", "-1", "nan", "inf", "-inf", "1,5", "60s", "0x10"])
@pytest.mark.parametrize(("name", "default"), [("EDGECORS_TTL", 60), ("EDGECORS_MAX_STALE", 86_400)])
def test_a_time_that_is_none_is_reported_and_the_default_counts(
    name: str,
    default: int,
    value: str,
    given_times: list[tuple[float, float]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("EDGECORS_PARAMETER", "/tea/cors")
    cors(handler)
    assert given_times == [(60, 86_400)]
    assert read(capsys.readouterr().out) == [
        line("WARNING", "SettingIgnored", counted=False, setting=name, value=value, used=default)
    ]


def test_the_function_names_itself_in_its_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "tea\r\n\x1b[31m\x7f\u2028")
    monkeypatch.setenv("EDGECORS_RULES", BAD)
    cors(handler)
    assert read(capsys.readouterr().out) == [
        line(
            "ERROR",
            "RulesRejected",
            function="tea\r\n\x1b[31m\x7f\u2028",
            source="EDGECORS_RULES",
            problems=REJECTED,
        )
    ]


def test_debug_is_on_for_1_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, on in (("1", True), ("0", False), ("true", False), ("", False), ("11", False)):
        monkeypatch.setenv("EDGECORS_DEBUG", value)
        assert environment.is_debug() is on
    monkeypatch.delenv("EDGECORS_DEBUG")
    assert environment.is_debug() is False
