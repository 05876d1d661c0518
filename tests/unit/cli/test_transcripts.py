"""Whole sessions, compared with what they are known to look like: tests/unit/cli/snapshots."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgecors.manifest import Manifest
from unit.rules_store.fake_ssm import FakeSsm, failure
from unit.rules_store.support import document, long_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.cli.transcript import Shell
    from unit.rules_store.fake_ssm import Store

    Compare = Callable[[], None]

NAME = "/edgecors/tea/production"
AT = f"--parameter {NAME}"
# Of chunks that are not there.
MANIFEST = Manifest("a", 1, "0" * 64, 9).text()


def rules(**changed: Any) -> str:
    """A document with one policy of every field, but for what is changed (None: left out)."""
    policy = {
        "name": "tea",
        "paths": ["/tea", "/tea/*"],
        "allow_origins": ["https://victoria-lo.github.io", "https://*.victoria-lo.github.io"],
        "allow_methods": ["DELETE"],
        "allow_headers": ["Authorization"],
        "expose_headers": ["ETag"],
        "max_age": 600,
    } | changed
    policies = [{key: value for key, value in policy.items() if value is not None}]
    return json.dumps({"schema": "edgecors/1", "policies": policies}, indent=2)


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def by_hand(store: Store, value: str, **more: Any) -> None:
    bob = FakeSsm(store, "arn:aws:sts::123456789012:assumed-role/Admin/bob")
    bob.put_parameter(Name=NAME, Value=value, Type="String", Tier="Standard", Overwrite=True, **more)


def failing(client: Any, code: str, operation: str = "PutParameter") -> None:
    def fail(called: str, arguments: dict[str, Any]) -> None:
        if called == operation:
            raise failure(code, called, "User: arn:aws:iam::123456789012:user/alice is not authorized")

    client.before = fail


def test_help(shell: Shell, transcript: Compare) -> None:
    for command in ("", "--help", "push --help", "pull --help", "history --help", "rollback --help", "--version"):
        shell.run(command)
    transcript()


def test_wrong_calls(shell: Shell, client: Any, transcript: Compare) -> None:
    write("rules.json", rules())
    Path("folder").mkdir()
    for command in (
        "publish rules.json",
        "push",
        "push rules.json",
        f"push rules.json {AT} --teir advanced",
        f"push rules.json {AT} --tier gold",
        f"push rules.json {AT} --expect-version -1",
        f"push rules.json {AT} --expect-version x",
        f"push nothing.json {AT}",
        f"push folder {AT}",
        f"push rules.json {AT} --fallback nothing.json",
        "push rules.json --parameter tea",
        "push rules.json --parameter /aws/tea",
        "pull --parameter /a//b",
        f"rollback {AT} --to 0",
        f"pull {AT} --output folder/nowhere/rules.json",
        f"push rules.json {AT} -m {'x' * 1_025}",
        "push nothing.json --parameter tea --json",
    ):
        assert shell.run(command).status in (2, 3), command
    shell.transcript = [line.replace("x" * 1_025, "xxx...") for line in shell.transcript]
    assert client.store.parameters == {}
    transcript()


def test_push(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    write("rules.json", rules())
    shell.run(f'push rules.json {AT} -m "the first"')
    shell.run(f"push rules.json {AT}")
    shell.run(f"push rules.json {AT} --if-absent")
    write("rules.json", rules(allow_origins=["https://*.victoria-lo.github.io"], allow_methods=["PUT"], max_age=60))
    shell.run(f"push rules.json {AT} --expect-version 0")
    shell.run(f"push rules.json {AT} --expect-version 1 -m 'no DELETE'")
    write("rules.json", rules(allow_origins=["https://*.victoria-lo.github.io"], allow_methods=["PUT"], max_age=None))
    shell.run(f"push - {AT}", typed=Path("rules.json").read_bytes())
    write("rules.json", '{"schema": "edgecors/1", "policies": []}')
    shell.run(f"push rules.json {AT}")
    assert store.version(NAME) == 4
    transcript()


def test_push_as_json(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    write("rules.json", rules())
    shell.run(f"push rules.json {AT} --json")
    shell.run(f"push rules.json {AT} --json")
    shell.run(f"push rules.json {AT} --json --if-absent")
    write("rules.json", rules(allow_credentials=True))
    shell.run(f"push rules.json {AT} --json")
    shell.run(f"push rules.json {AT} --json --expect-version 7")
    write("rules.json", rules(allow_origins=["https://a.example/"]))
    shell.run(f"push rules.json {AT} --json")
    failing(client, "AccessDeniedException")
    write("rules.json", rules(max_age=5))
    shell.run(f"push rules.json {AT} --json")
    transcript()


def test_push_wrong_rules(shell: Shell, client: Any, transcript: Compare) -> None:
    write("one-line.json", json.dumps(json.loads(rules(allow_origins=["https://a.example/", "https://b.example"]))))
    write(
        "rules.json",
        """{
  "schema": "edgecors/1",
  "policies": [
    {
      "name": "tea",
      "paths": ["/tea", "/tea/*", "tea"],
      "allow_origins": [
        "https://victoria-lo.github.io/Hashtag-TEA/",
        "HTTPS://münchen.example:443", "\\u0068ttps://a.example/path",
        "https://*.example.*",
        {"regex": "https://(.*\\\\.)?victoria-lo\\\\.github\\\\.io.*"}
      ],
      "methods": ["DELETE"],
      "allow_headers": "Authorization",
\t\t\t"max_age": 999999,\r
      "expose_headers": ["Set-Cookie"]
    },
    {"name": "tea", "paths": ["/tea"]}
  ]
}
""",
    )
    write("cut-off.json", rules()[:-40])
    Path("latin.json").write_bytes(rules().replace("tea", "té").encode("latin-1"))
    write("number.json", "17")
    write("empty.json", "")
    for name in ("rules", "one-line", "cut-off", "latin", "number", "empty"):
        assert shell.run(f"push {name}.json {AT}").status == 1
    assert shell.run(f"push - {AT}", typed=b"[").status == 1
    assert client.calls == []
    transcript()


def test_push_credentials(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    write("rules.json", rules())
    shell.run(f"push rules.json {AT}")
    write("rules.json", rules(allow_credentials=True))
    shell.run(f"push rules.json {AT}")
    assert store.version(NAME) == 1
    shell.run(f"push rules.json {AT}", typed=b"n\n", terminal=True)
    shell.run(f"push rules.json {AT}", typed=b"", terminal=True)
    assert store.version(NAME) == 1
    shell.run(f"push rules.json {AT}", typed=b"y\n", terminal=True)
    assert store.version(NAME) == 2
    write("rules.json", rules(allow_credentials=True, allow_origins=["https://victoria-lo.github.io"]))
    shell.run(f"push rules.json {AT}")
    write("rules.json", rules(allow_credentials=True, allow_headers=["Authorization", "X-Tea"]))
    shell.run(f"push rules.json {AT} --yes")
    assert store.version(NAME) == 4
    shell.transcript = _without_spinner(shell.transcript)
    transcript()


def _without_spinner(lines: list[str]) -> list[str]:
    """What a terminal is told to draw and to wipe while something takes its time is not compared."""
    kept = []
    for line in lines:
        plain = line
        for mark in ("\x1b[?25l", "\x1b[?25h", "\x1b[2K", "\x1b[1A", "\r"):
            plain = plain.replace(mark, "")
        if not any(character in plain for character in "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"):
            kept.append(plain.replace("\x1b", "ESC"))
    return kept


def test_push_fallback(shell: Shell, client: Any, transcript: Compare) -> None:
    write("shipped.json", rules())
    write("rules.json", rules())
    shell.run(f"push rules.json {AT} --fallback shipped.json")
    write("rules.json", rules(allow_origins=["https://app.victoria-lo.github.io"]))
    shell.run(f"push rules.json {AT} --fallback shipped.json")
    write("shipped.json", rules(allow_origins=["https://app.victoria-lo.github.io/"]))
    write("rules.json", rules())
    shell.run(f"push rules.json {AT} --fallback shipped.json")
    transcript()


def test_push_advanced(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    write("rules.json", rules(description="x" * 5_000))
    shell.run(f"push rules.json {AT} --tier advanced")
    assert store.parameters == {}
    shell.run(f"push rules.json {AT} --tier advanced --yes")
    write("rules.json", rules())
    shell.run(f"push rules.json {AT} --tier advanced")
    shell.run(f"push rules.json {AT}")
    assert {version.tier for version in store.parameters[NAME].values()} == {"Advanced"}
    transcript()


def test_push_over_what_is_not_valid(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    write("rules.json", rules())
    by_hand(store, '{"schema": "edgecors/1"}')
    shell.run(f"push rules.json {AT}")
    by_hand(store, MANIFEST)
    write("rules.json", rules(max_age=5, allow_credentials=True))
    shell.run(f"push rules.json {AT}")
    shell.run(f"push rules.json {AT} --yes")
    by_hand(store, "{")
    write("rules.json", rules(max_age=6, allow_credentials=True))
    shell.run(f"push rules.json {AT}")
    transcript()


def test_push_in_trouble(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    write("rules.json", rules())
    write("long.json", long_document(1))
    for code in ("AccessDeniedException", "ThrottlingException", "TooManyUpdates", "ParameterPatternMismatchException"):
        failing(client, code)
        assert shell.run(f"push rules.json {AT}").status == 3
    failing(client, "AccessDeniedException", "GetParametersByPath")
    shell.run(f"push rules.json {AT}")

    def edit(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "PutParameter" and arguments["Name"] == NAME:
            client.before = lambda operation, arguments: None
            by_hand(store, document("https://bob.example"))

    client.before = edit
    write("rules.json", rules(max_age=5))
    shell.run(f"push rules.json {AT}")
    client.put_parameter(Name=f"{NAME}/.lock", Value="x", Type="String", Tier="Standard", Overwrite=True)
    store.clock.now += timedelta(seconds=18)
    shell.run(f"push long.json {AT} --json")
    text = rules(max_age=6).replace("\n", '\n  "description": "{{tea}}",\n', 1)
    write("rules.json", text)
    shell.run(f"push rules.json {AT}")
    transcript()


def test_pull(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    shell.run(f"pull {AT}")
    shell.run(f"pull {AT} --json")
    write("rules.json", rules())
    shell.run(f"push rules.json {AT} --json")
    shell.run(f"pull {AT}")
    shell.run(f"pull {AT} --json")
    shell.run(f"pull {AT} --output there.json")
    assert Path("there.json").read_text(encoding="utf-8") == rules()
    by_hand(store, rules(allow_origins=["https://a.example/"]).replace("\n", ""))
    shell.run(f"pull {AT}")
    by_hand(store, MANIFEST)
    shell.run(f"pull {AT}")
    transcript()


def test_history(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    shell.run(f"history {AT}")
    write("long.json", long_document(1))
    shell.run(f"push long.json {AT} --json")
    store.clock.now += timedelta(hours=19, minutes=3)
    by_hand(store, rules(allow_origins=["https://a.example/", "null"]), Description="I know what I am doing \x1b[2J")
    by_hand(store, document("https://*.github.io", credentials=True), Description="")
    write("rules.json", rules())
    shell.run(f'push rules.json {AT} --json -m "{"Back to what is known to work, since the shop was down. " * 2}"')
    client.label_parameter_version(Name=NAME, ParameterVersion=4, Labels=["last-good"])
    for name in list(store.parameters):
        if name.endswith("/1"):
            del store.parameters[name]
    shell.transcript.clear()
    shell.run(f"history {AT}")
    shell.run(f"history {AT} --json")
    transcript()


def test_rollback(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    shell.run(f"rollback {AT}")
    for text in (rules(allow_credentials=True), rules(), rules(max_age=5)):
        by_hand(store, text)
    shell.run(f"rollback {AT}")
    shell.run(f"rollback {AT} --to 1")
    assert store.version(NAME) == 4
    shell.run(f"rollback {AT} --to 1 --yes -m 'the shop needs its cookies'")
    shell.run(f"rollback {AT} --to 5")
    shell.run(f"rollback {AT} --to 9")
    by_hand(store, "not rules")
    shell.run(f"rollback {AT} --to 6")
    shell.run(f"rollback {AT} --json")
    by_hand(store, document("https://*.github.io", credentials=True))
    by_hand(store, document("https://a.example"))
    shell.run(f"rollback {AT} --to 8 --yes")
    transcript()
