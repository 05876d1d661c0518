"""Sessions with `edgecors plan`, compared with what they are known to look like: tests/unit/cli/snapshots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgecors import Regex
from rules_analysis.access import Access, Names
from rules_analysis.differences import Difference
from rules_analysis.origin_rows import Origins
from unit.cli.test_transcripts import AT, MANIFEST, NAME, by_hand, failing, rules, write

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from unit.cli.transcript import Shell
    from unit.rules_store.fake_ssm import Store

    Compare = Callable[[], None]

ADMIN = {
    "name": "admin",
    "paths": ["/admin/*"],
    "allow_origins": ["https://admin.example"],
    "allow_credentials": True,
}


def two(tea: dict[str, Any], admin: dict[str, Any]) -> str:
    """A document with a policy for tea and one for its administration, but for what is changed."""
    document = json.loads(rules(**tea))
    document["policies"].append(ADMIN | admin)
    return json.dumps(document, indent=2)


def test_plan(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    write("rules.json", rules())
    shell.run(f"plan rules.json {AT}")
    assert store.parameters == {}
    by_hand(
        store,
        two(
            {"allow_origins": ["https://victoria-lo.github.io", "https://x.preview.example", "http://localhost:5173"]},
            {},
        ),
    )
    write(
        "rules.json",
        two(
            {
                "allow_origins": ["https://*.preview.example", "https://victoria-lo.github.io"],
                "allow_methods": ["DELETE", "PUT"],
                "max_age": 60,
            },
            {"allow_methods": ["*"], "allow_headers": ["X-Tea"]},
        ),
    )
    shell.run(f"plan rules.json {AT}")
    shell.run(f"plan - {AT}", typed=Path("rules.json").read_bytes())
    write(
        "rules.json",
        two({"allow_origins": ["*"], "allow_headers": ["*"], "expose_headers": ["*"]}, {"paths": ["/tea/admin/*"]}),
    )
    shell.run(f"plan rules.json {AT}")
    write("rules.json", '{"schema": "edgecors/1", "policies": []}')
    shell.run(f"plan rules.json {AT}")
    assert store.version(NAME) == 1
    transcript()


def test_plan_without_differences(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    by_hand(store, rules(allow_origins=["https://*.a.example", "https://x.a.example", "https://a.example"]))
    write(
        "rules.json",
        rules(
            name="green-tea",
            description="In other words",
            paths=["/tea/*", "/tea"],
            allow_origins=[{"regex": r"https://a\.example|https://.+\.a\.example"}],
            allow_methods=["GET", "DELETE"],
            allow_headers=["authorization"],
            expose_headers=["etag", "Content-Type"],
        ),
    )
    shell.run(f"plan rules.json {AT}")
    shell.run(f"plan rules.json {AT} --json")
    transcript()


def test_plan_against_a_file(shell: Shell, client: Any, transcript: Compare) -> None:
    write("old.json", rules())
    write(
        "new.json",
        rules(allow_origins=["https://victoria-lo.github.io", {"regex": r"https://[a-z]+\.preview\.example"}]),
    )
    shell.run("plan new.json --against old.json")
    shell.run("plan old.json --against new.json --json")
    shell.run("plan old.json --against -", typed=Path("old.json").read_bytes())
    write("wrong.json", rules(allow_origins=["https://a.example/"]))
    shell.run("plan new.json --against wrong.json")
    shell.run("plan wrong.json --against new.json")
    shell.run("plan wrong.json --against new.json --json")
    assert client.calls == []
    transcript()


def test_plan_wrong_calls(shell: Shell, client: Any, transcript: Compare) -> None:
    write("rules.json", rules())
    for command in (
        "plan",
        "plan rules.json",
        f"plan rules.json {AT} --against rules.json",
        "plan - --against -",
        "plan rules.json --against nothing.json",
        "plan nothing.json --against rules.json --json",
        "plan rules.json --parameter tea",
        f"plan rules.json {AT} --yes",
    ):
        assert shell.run(command).status == 2, command
    failing(client, "AccessDeniedException", "GetParameter")
    shell.run(f"plan rules.json {AT}")
    shell.run("plan --help")
    transcript()


def test_plan_over_what_is_not_valid(shell: Shell, client: Any, store: Store, transcript: Compare) -> None:
    write("rules.json", rules(allow_credentials=True))
    by_hand(store, MANIFEST)
    shell.run(f"plan rules.json {AT}")
    by_hand(store, rules())
    by_hand(store, "{")
    shell.run(f"plan rules.json {AT}")
    transcript()


def difference(kind: Any, *origins: Origins, **changed: Any) -> Difference:
    none = Names()
    access = Access(True, False, none, none, none)
    fields: dict[str, Any] = {"credentialed": False, "access": access, "max_age": None, "paths": ("*",)}
    return Difference(kind, origins=origins, **(fields | {"other_paths": (), "path": "/sample"} | changed))


def test_plan_that_is_long(shell: Shell, client: Any, monkeypatch: pytest.MonkeyPatch, transcript: Compare) -> None:
    """Rows, lists and paths that would fill the screen are cut, and what is not known is said not to be."""
    many = tuple(f"https://shop-{number}.example" for number in range(12_345))
    names = Names(tuple(f"X-Tea-{number}" for number in range(7)))
    odd = Origins("https://*.\x1b[2J\u202e.example", other_than=many, within=(Regex(r"https://\w+\.example"), "*"))
    plan = (
        difference("gain", *(Origins(origin, example=origin) for origin in many), credentialed=True),
        difference(
            "gain", Origins(None), access=Access(True, True, names, names, Names(all_but=True)), credentialed=True
        ),
        difference(
            "gain",
            odd,
            access=Access(False, False, Names(("PUT",), True, False), Names(), names),
            paths=tuple("abcdef"),
        ),
        *(difference("loss", Origins(origin, example=origin), other_paths=("/a", "/b/*")) for origin in many[:40]),
        difference("max-age", access=None, max_age=(5, 600)),
    )
    monkeypatch.setattr("edgecors_cli.commands.plan.compare", lambda before, after: plan)
    write("rules.json", rules())
    shell.run("plan rules.json --against rules.json")
    transcript()
