"""README's section on `sam local`: none of its commands is left out by the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.sources import samples
from runtime.account import Teas
from sam_local import readme

if TYPE_CHECKING:
    from runtime.account import Account


def test_every_command_is_run() -> None:
    run = [
        # By `make sam-local`, and by CI before.
        *readme.beginning("sam", "build"),
        # test_invoke.py, with the variables that are exported
        *readme.beginning("sam", "local", "invoke"),
        *readme.beginning("export"),
        # test_api.py
        *readme.beginning("sam", "local", "start-api"),
        *readme.beginning("curl"),
    ]
    assert sorted(command.text for command in run) == sorted(command.text for command in readme.commands())
    assert [len(readme.beginning(*words)) for words in (("sam", "build"), ("sam", "local", "start-api"))] == [1, 1]


def test_the_events_are_there() -> None:
    assert {command.words[-1].removeprefix("events/") for command in readme.beginning("sam", "local", "invoke")} < set(
        samples()
    )


def test_what_is_exported_are_outputs_of_the_stack(account: Account) -> None:
    exported = [word.partition("=")[0] for command in readme.beginning("export") for word in command.words[1:]]
    assert set(exported) < set(Teas(account, "exported").variables)
    assert exported == ["TABLE_NAME", "BUCKET_NAME", "ADMIN_SECRET_ARN"]
