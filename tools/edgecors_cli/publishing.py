"""What `plan`, `push` and `rollback` have in common: know what is in force, show what changes, ask where it matters,
say what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from edgecors import Rules, RulesError
from edgecors_cli import files, render_plan, render_problems
from edgecors_cli.render_problems import printable
from rules_analysis.differences import widens_credentials
from rules_store import history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_ssm import SSMClient

    from edgecors_cli.terminal import Terminal
    from rules_analysis.differences import Difference
    from rules_store import Entry, Publication, Published


def checked_text(terminal: Terminal, path: str) -> str:
    """The text of a document that can be published. Raises RulesError, its problems shown, and StoreError."""
    content = files.read(path)
    try:
        Rules.parse(content)
        return content.decode("utf-8")
    except RulesError as error:
        shown = content.decode("utf-8", errors="replace")
        terminal.show(
            *render_problems.render(files.shown(path), shown, error.problems, width=terminal.out.width), Text()
        )
        raise


def rules_in_force(terminal: Terminal, client: SSMClient, published: Published) -> Rules | None:
    """The rules that functions go by. The history is asked only where the current version is not valid."""
    try:
        if published.text is not None:
            return Rules.parse(published.text, strict=False)
    except RulesError:
        pass
    return in_force(terminal, published.name, history(client, published.name))


def in_force(terminal: Terminal, name: str, entries: Sequence[Entry]) -> Rules | None:
    """The rules that functions go by, of the parameter's history: those of the newest version, or, where that is not
    valid (which is said), of the newest that is. None where there are none."""
    good = next((entry for entry in entries if entry.verdict == "good"), None)
    newest = entries[0] if entries else None
    if newest is not None and newest is not good:
        count = len(newest.problems)
        why = newest.reason or f"it has {count} problem{'s' * (count != 1)}"
        instead = f"version {good.version}, with which this is compared" if good is not None else "what they have"
        terminal.tell(
            Text(
                f"Version {newest.version} of {name} is not valid ({printable(why)}), so functions go on with "
                f"{instead}.",
                "yellow",
            )
        )
    return Rules.parse(good.text, strict=False) if good is not None else None


def show_plan(terminal: Terminal, name: str, before: int, plan: tuple[Difference, ...]) -> None:
    """The plan as a table, below a line that says of what."""
    step = f"version {before} -> {before + 1}" if before else "version 1, the first"
    terminal.show(Text.assemble((name, "bold"), f"  {step}"), Text())
    terminal.show(*render_plan.render(plan))


def ask_if_widened(terminal: Terminal, plan: tuple[Difference, ...], *, yes: bool) -> None:
    """Have it confirmed that pages will be able to do more as their visitors. Raises Refused."""
    if widens_credentials(plan) and not yes:
        terminal.ask(
            "This may let pages do more with their visitors' credentials. Publish it?",
            "Add --yes if it is meant.",
        )


def show_publication(terminal: Terminal, publication: Publication, max_age: int) -> None:
    """What was published, and when it takes effect."""
    if publication.unchanged:
        terminal.show(f"{publication.name} has just these rules already, as version {publication.version}.")
        return
    where = {
        "text": "as written",
        "compact": "without white space, to fit one parameter",
        "chunks": f"compressed, in {publication.chunks} more parameter{'s' * (publication.chunks != 1)}",
    }[publication.form]
    terminal.show(
        Text.assemble(
            ("Published", "bold green"),
            f" version {publication.version} of {publication.name}: {publication.size:,} bytes, {where}.",
        ),
        "Functions take it up within their TTL (60 s by default)"
        + (f"; browsers keep an old preflight for up to {max_age} s." if max_age else "."),
    )
    for note in publication.notes:
        terminal.tell(Text(printable(note), "yellow"))


def longest_max_age(rules: Rules | None) -> int:
    """For how long, in seconds, a browser may go on by the rules' preflights. Without max_age it takes 5."""
    return (
        max((5 if policy.max_age is None else policy.max_age for _, _, policy in rules.policies), default=0)
        if rules is not None
        else 0
    )


def publication_as_json(publication: Publication, plan: tuple[Difference, ...]) -> dict[str, object]:
    """A publication as --json has it."""
    return {
        "parameter": publication.name,
        "version": publication.version,
        "previous": publication.previous,
        "unchanged": publication.unchanged,
        "form": publication.form,
        "bytes": publication.size,
        "chunks": publication.chunks,
        "tier": publication.tier,
        "changes": [render_plan.as_json(difference) for difference in plan],
        "removed_generations": list(publication.removed),
        "notes": list(publication.notes),
    }
