"""What a page's fetch() would get of the Tea API, and why: `edgecors explain` for the page of the console."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from edgecors._diagnosis import corrected
from edgecors._origin import parse
from edgecors._safelist import normalized_method, settable, unsafe_names
from edgecors._url import parse_url
from edgecors_cli.advice import Advice, advise
from edgecors_cli.json_places import Places
from edgecors_cli.question import Question, reason
from edgecors_cli.render_explanation import as_json, readable
from local.console.problems import WrongCallError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from edgecors import FetchExplanation
    from local.rulebook import Published

# As functions/tea/app.py has it.
ENFORCE = True
MAX_HEADERS = 50
Pairs = list[tuple[str, str]]


def explained(asked: Mapping[str, Any], api: str, published: Published, answer: Mapping[str, str] | None) -> Any:
    """What `edgecors explain --json` says, and what a picture of it needs besides.

    `asked`: origin, method, path, headers and credentials; `api`: the API's origin; `answer`: the headers that the
    function sent in truth, where the question has been asked for real. Raises WrongCallError.
    """
    question = question_of(asked, api)
    # The engine's own headers are explained, whatever was sent.
    sent = tuple((n, v) for n, v in (answer or {}).items() if not n.startswith("access-control-") and n != "vary")
    try:
        fetched = question.explain(published.rules, enforce=ENFORCE, response_headers=sent)
    except ValueError as error:
        raise wrong(error, question) from error
    advice = Advice((), "") if fetched.allowed else advise(published.rules, question)
    found = as_json(fetched, question, advice)
    found["advice"] = [*(f"To allow it, {edit}." for edit in advice.edits), *filter(None, [advice.sentence])]
    return found | {
        "path": parse_url(question.url).path,
        "reason": reason(fetched),
        "gets": readable(fetched, question, answered=answer is not None) if fetched.allowed else "",
        "sent": requests(question, fetched),
        "rules": rules_of(fetched, published),
        "version": published.version,
        "command": command(question),
    }


def question_of(asked: Mapping[str, Any], api: str) -> Question:
    """The question that a page asks. Raises WrongCallError for what is none."""
    texts = {name: asked.get(name) for name in ("origin", "method", "path", "credentials")}
    headers = asked.get("headers")
    if not all(isinstance(text, str) for text in texts.values()) or not isinstance(headers, list):
        raise WrongCallError("A question has an origin, a method, a path, headers and credentials.")
    pairs: Pairs = []
    for header in headers[:MAX_HEADERS]:
        if not (isinstance(header, list) and len(header) == 2 and all(isinstance(part, str) for part in header)):
            raise WrongCallError("A header is a name and a value.", "headers")
        pairs.append((header[0], header[1]))
    path = str(texts["path"])
    if not path.startswith("/"):
        raise WrongCallError("A path begins with a slash.", "path")
    # What is forbidden is not sent: explain leaves it out too.
    return Question(
        api + path,
        str(texts["origin"]),
        normalized_method(str(texts["method"])),
        tuple(pairs),
        str(texts["credentials"]),
    )


def wrong(error: ValueError, question: Question) -> WrongCallError:
    """What no page can ask, by the field of the form that it is in."""
    text = str(error)
    sentence = f"{text[0].upper()}{text[1:]}."
    if question.origin != "null" and parse(question.origin) is None:
        meant = corrected(question.origin)
        fix = f" Did you mean {meant}?" if meant is not None and parse(meant) is not None else ""
        return WrongCallError(sentence + fix, "origin")
    try:
        parse_url(question.url)
    except ValueError:
        return WrongCallError(sentence, "path")
    try:
        settable(question.headers)
    except ValueError:
        return WrongCallError(sentence, "headers")
    return WrongCallError(sentence, "method")


def requests(question: Question, fetched: FetchExplanation) -> dict[str, Pairs]:
    """The headers that decide, of the preflight and of the request, as a browser sends them."""
    given = settable(question.headers)
    origin: Pairs = [("Origin", question.origin)]
    found: dict[str, Pairs] = {"actual": [*origin, *given.items()]}
    if fetched.preflight is not None:
        found["preflight"] = [*origin, ("Access-Control-Request-Method", question.method)]
        if names := unsafe_names(given):
            found["preflight"].append(("Access-Control-Request-Headers", ",".join(names)))
    return found


def rules_of(fetched: FetchExplanation, published: Published) -> dict[str, dict[str, object]]:
    """Of each pointer that a step names: what stands there in the published document, and in which line."""
    places = Places(published.text)
    found = {}
    for explanation in filter(None, (fetched.preflight, fetched.actual)):
        for step in explanation.steps:
            span = places.value(step.pointer) if step.pointer else None
            if span is not None:
                text = " ".join(published.text[span.start : span.end].split())
                found[step.pointer] = {"text": text, "line": places.place(span).line, "start": span.start}
    return found


def command(question: Question) -> str:
    """The same question on the command line."""
    words = ["edgecors", "explain", "rules.json", question.url, "--origin", question.origin]
    words += ["--method", question.method] if question.method != "GET" else []
    for name, value in question.headers:
        words += ["--header", f"{name}: {value}"]
    words += ["--credentials", question.credentials] if question.credentials != "same-origin" else []
    return shlex.join([*words, "--enforce"])
