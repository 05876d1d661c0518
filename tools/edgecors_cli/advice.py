"""What to change in rules so that a page gets its answer: tried on the rules before it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from edgecors import Rules, RulesError
from edgecors._browser import missing_headers
from edgecors._explain_origin import shown
from edgecors._origin import is_localhost, parse
from edgecors._path import percent_decode
from edgecors._safelist import normalized_method, settable, unsafe_names
from edgecors._url import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from edgecors import Explanation, FetchExplanation
    from edgecors_cli.question import Question

# An origin, credentials, a method, headers: more than these a fetch() cannot lack.
_MOST_EDITS = 4
# Where the engine has nothing to advise, by its code.
_NOTHING_TO_DO = {
    "origin-null": (
        "No rule lets null in: every sandboxed frame on the web sends it. Give the page an origin of its own."
    ),
    "no-policy": "No policy can have such a path. Have the page call it without what is odd in it.",
    "mixed-content": "Have the page call the API over https.",
    "origin-not-allowed": "No rule can name such an origin.",
}
_INSECURE = "Anyone on the way can change a page that comes over http: better serve it over https, and let that in."
_STAGE = "If /{stage} is the API's stage or base path, leave it out of the URL: paths in rules do not have it."
_STRANGER = "It is not one of yours, so there is nothing to add."


class Edit(NamedTuple):
    """A change at a JSON pointer: these entries added to a list, or, with none, a switch set to true."""

    pointer: str
    entries: tuple[str, ...]

    def __str__(self) -> str:
        if not self.entries:
            return f"set {self.pointer} to true"
        names = ", ".join(f'"{entry}"' for entry in self.entries)
        return f"add {names} to {self.pointer}"


class Advice(NamedTuple):
    """`edits`: what to change, in order. `sentence`: what else there is to do, or why there is nothing; "" where the
    edits are all it takes."""

    edits: tuple[Edit, ...]
    sentence: str


def advise(rules: Rules, question: Question) -> Advice:
    """What makes an answer readable that is not."""
    document: Any = rules.document()
    edits: list[Edit] = []
    for _ in range(_MOST_EDITS + 1):
        fetched = question.explain(rules)
        if fetched.allowed:
            break
        edit = _edit(fetched, question)
        if edit is None:
            stage = _stage(rules, question) if fetched.code == "no-policy" else ""
            return Advice(tuple(edits), _STAGE.format(stage=stage) if stage else _remedy(fetched))
        try:
            rules = Rules.parse(_edited(document, edit))
        except RulesError as error:
            return Advice(tuple(edits), f"Not as the rules are: {error.problems[0].message}")
        edits.append(edit)
    insecure = any(question.origin in edit.entries for edit in edits) and _is_insecure(question.origin)
    return Advice(tuple(edits), _INSECURE if insecure else "")


def _is_insecure(origin: str) -> bool:
    parts = parse(origin)
    return parts is not None and parts[0] == "http" and not is_localhost(parts[1])


def _stage(rules: Rules, question: Question) -> str:
    """The first segment of the path, if a policy has the path without it; else ""."""
    first, slash, rest = parse_url(question.url).path[1:].partition("/")
    path = percent_decode(f"/{rest}") if slash else None
    return shown(first) if path is not None and rules.policy_for(path) is not None else ""


def _edit(fetched: FetchExplanation, question: Question) -> Edit | None:
    """What the engine's remedy says, as an edit; None where that is none."""
    last = fetched.actual or fetched.preflight
    if last is None:
        return None
    # Why credentials cannot be allowed is found by trying; with all else the engine knows what not to advise.
    if "To allow it, " not in last.message and fetched.code != "credentials-not-allowed":
        return None
    pointer = last.steps[-1].pointer
    entries = {
        "origin-not-allowed": (question.origin,),
        "method-not-allowed": (normalized_method(question.method),),
        "header-not-allowed": tuple(_missing(last, question)),
        "credentials-not-allowed": (),
    }
    return Edit(pointer, entries[fetched.code]) if fetched.code in entries else None


def _missing(preflight: Explanation, question: Question) -> Iterator[str]:
    names = unsafe_names(settable(question.headers))
    yield from missing_headers(preflight.headers, names, include=question.credentials == "include")


def _edited(document: Any, edit: Edit) -> Any:
    """The document, changed in place."""
    _, _, index, key = edit.pointer.split("/")
    policy = document["policies"][int(index)]
    policy[key] = [*policy.get(key, []), *edit.entries] if edit.entries else True
    return document


def _remedy(fetched: FetchExplanation) -> str:
    """The engine's advice, which follows what failed, or why there is none."""
    last = fetched.actual or fetched.preflight
    detail = last.steps[-1].detail if last is not None else ""
    sentence = last.message.partition(f": {detail}.")[2].strip() if last is not None else ""
    if not sentence and "belongs to someone else" in detail:
        return _STRANGER
    return sentence or _NOTHING_TO_DO.get(fetched.code, "")
