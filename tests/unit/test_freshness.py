"""Fetched rules: when they are fetched, and what serves while that fails. Never an error, never wider."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

from cases.reports import NOW, line, read
from edgecors import Document, Rules
from edgecors.problems import MESSAGES
from edgecors.runtime.freshness import FetchedRules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def document(*origins: str) -> str:
    policy = {"name": "all", "paths": ["*"], "allow_origins": list(origins)}
    return json.dumps({"schema": "edgecors/1", "policies": [policy]})


ONE, TWO, FALLBACK = (document(f"https://{name}.example") for name in ("one", "two", "fallback"))
BAD = document("https://one.example/")
RULES = {Rules.parse(text): name for name, text in (("one", ONE), ("two", TWO), ("fallback", FALLBACK))}
PROBLEMS = [
    {
        "code": "origin-trailing-slash",
        "field": "/policies/0/allow_origins/0",
        "message": MESSAGES["origin-trailing-slash"],
        "hint": "https://one.example",
    }
]


class Clock:
    """Seconds since the epoch, set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class Script:
    """A Source that plays what it is given, the last one again and again."""

    def __init__(self, *given: Any) -> None:
        self.given = list(given)
        self.fetched = 0

    def fetch(self) -> Document:
        self.fetched += 1
        now = self.given.pop(0) if len(self.given) > 1 else self.given[0]
        if isinstance(now, BaseException):
            raise now
        if isinstance(now, str):
            return Document(now, "7")
        document: Document = now
        return document

    def __repr__(self) -> str:
        return "script"


DOWN = OSError("down\r\n")
DOWN_TEXT = "OSError('down\\r\\n')"
NO_RULES = "no rules: no origin is allowed"


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without jitter, at a time of our own."""
    monkeypatch.setattr("random.random", lambda: 0.0)
    monkeypatch.setattr("time.time", lambda: NOW)


def fetched_rules(source: Any, clock: Clock, **settings: Any) -> FetchedRules:
    return FetchedRules(source, clock=clock, **settings)


def named(rules: Rules | None) -> str | None:
    return None if rules is None else RULES[rules]


def timeline(
    rules: FetchedRules, clock: Clock, source: Script, moments: Sequence[float]
) -> Iterator[tuple[float, str | None, int]]:
    """At each moment (seconds from the start): what serves, and how often the source has been asked."""
    start = clock.now
    for moment in moments:
        clock.now = start + moment
        yield moment, named(rules.current()), source.fetched


def test_rules_are_fresh_for_the_ttl() -> None:
    clock, source = Clock(), Script(ONE, TWO)
    rules = fetched_rules(source, clock, ttl=60)
    assert source.fetched == 0
    assert list(timeline(rules, clock, source, [0, 0, 1, 59.9, 60, 60, 119, 121])) == [
        (0, "one", 1),
        (0, "one", 1),
        (1, "one", 1),
        (59.9, "one", 1),
        (60, "two", 2),
        (60, "two", 2),
        (119, "two", 2),
        (121, "two", 3),
    ]


@pytest.mark.parametrize(("jitter", "due"), [(0.0, 60), (0.5, 57), (0.999999, 54.0001)])
def test_the_ttl_is_jittered_down_by_up_to_a_tenth(jitter: float, due: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.random", lambda: jitter)
    clock, source = Clock(), Script(ONE)
    rules = fetched_rules(source, clock, ttl=60)
    assert [fetched for _, _, fetched in timeline(rules, clock, source, [0, due - 0.001, due])] == [1, 1, 2]


def test_a_ttl_of_0_asks_every_time() -> None:
    clock, source = Clock(), Script(ONE, TWO, ONE)
    rules = fetched_rules(source, clock, ttl=0, max_stale=0)
    assert [named(rules.current()) for _ in range(3)] == ["one", "two", "one"]


def test_the_last_good_rules_serve_while_they_are_young_enough() -> None:
    clock, source = Clock(), Script(ONE, DOWN)
    rules = fetched_rules(source, clock, ttl=60, max_stale=200, fallback=lambda: Rules.parse(FALLBACK))
    assert list(timeline(rules, clock, source, [0, 60, 65.9, 66, 77.9, 78, 102, 200, 200.1, 10_000])) == [
        (0, "one", 1),
        (60, "one", 2),  # fails, and is tried again after 6, 12, 24, ... seconds
        (65.9, "one", 2),
        (66, "one", 3),
        (77.9, "one", 3),
        (78, "one", 4),
        (102, "one", 5),
        (200, "one", 6),
        (200.1, None, 6),
        # Then none, and not the fallback: it may allow what has been taken back since.
        (10_000, None, 7),
    ]


@pytest.mark.parametrize(
    ("ttl", "moments"),
    [
        # A tenth of the TTL, then twice that, and so on, up to the TTL.
        (60, [0, 60, 66, 78, 102, 150, 210, 270, 330]),
        (300, [0, 300, 330]),
        (30, [0, 30, 33, 39, 51, 75, 105, 135, 165, 195, 225, 255, 285, 315, 345]),
        # A second at least, where the TTL is no shorter.
        (10, [0, 10, 11, 13, 17, 25, *range(35, 360, 10)]),
        (3, [0, 3, 4, 6, *range(9, 360, 3)]),
        (1, list(range(360))),
        (0, list(range(360))),
    ],
)
def test_failures_back_off_up_to_the_ttl(ttl: float, moments: list[int]) -> None:
    clock, source = Clock(), Script(ONE, DOWN)
    rules = fetched_rules(source, clock, ttl=ttl, max_stale=1000)
    asked = []
    for second in range(360):
        clock.now = NOW + second
        before = source.fetched
        rules.current()
        if source.fetched > before:
            asked.append(second)
    assert asked == moments


def test_a_single_failed_fetch_makes_rules_a_tenth_of_the_ttl_older() -> None:
    clock, source = Clock(), Script(ONE, DOWN, TWO)
    rules = fetched_rules(source, clock, ttl=60)
    assert [served for _, served, _ in timeline(rules, clock, source, [0, 60, 65.9, 66])] == ["one"] * 3 + ["two"]


def test_after_a_success_failures_start_again() -> None:
    clock, source = Clock(), Script(ONE, DOWN, DOWN, TWO, DOWN)
    rules = fetched_rules(source, clock, ttl=10)
    moments = [0, 10, 11, 13, 23, 24, 26]
    assert [served for _, served, _ in timeline(rules, clock, source, moments)] == ["one"] * 3 + ["two"] * 4
    assert source.fetched == 7


@pytest.mark.parametrize("has_fallback", [False, True])
def test_a_process_without_good_rules_tries_again_soon(has_fallback: bool) -> None:
    clock, source = Clock(), Script(DOWN, DOWN, DOWN, DOWN, DOWN, ONE)
    asked = []

    def fallback() -> Rules | None:
        asked.append(1)
        return Rules.parse(FALLBACK) if has_fallback else None

    rules = fetched_rules(source, clock, ttl=60, fallback=fallback)
    serving = "fallback" if has_fallback else None
    assert list(timeline(rules, clock, source, [0, 0.9, 1, 2.9, 3, 5, 7, 9])) == [
        (0, serving, 1),
        (0.9, serving, 1),
        (1, serving, 2),
        (2.9, serving, 2),
        (3, serving, 3),
        (5, serving, 4),
        (7, serving, 5),
        (9, "one", 6),
    ]
    assert asked == [1]


def test_the_fallback_is_not_asked_for_where_it_is_not_needed() -> None:
    def fallback() -> Rules | None:
        raise AssertionError

    clock, source = Clock(), Script(ONE, DOWN)
    rules = fetched_rules(source, clock, fallback=fallback)
    assert [served for _, served, _ in timeline(rules, clock, source, [0, 60, 90_000])] == ["one", "one", None]


def test_rules_that_allow_nobody_are_good_rules() -> None:
    clock, source = Clock(), Script(ONE, '{"schema": "edgecors/1", "policies": []}', DOWN)
    rules = fetched_rules(source, clock, ttl=10, fallback=lambda: Rules.parse(FALLBACK))
    assert named(rules.current()) == "one"
    for moment in (10, 20, 30):
        clock.now = NOW + moment
        assert rules.current() == Rules([])


# --- Waiting -----------------------------------------------------------------------------------------------------


class Patience:
    """In place of `Attempt`: one that has not answered until it is told to, and whose waits are kept."""

    def __init__(self, source: Script, clock: Clock) -> None:
        self.began = clock()
        self.document = source.fetch()
        self.is_done = False
        self.waits: list[float] = []

    def result(self, wait: float) -> Document:
        self.waits.append(wait)
        if not self.is_done:
            raise TimeoutError
        return self.document


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[Patience]:
    """The attempts so far."""
    made: list[Patience] = []

    def attempt(source: Script, clock: Clock) -> Patience:
        made.append(Patience(source, clock))
        return made[-1]

    monkeypatch.setattr("edgecors.runtime.freshness.Attempt", attempt)
    return made


@pytest.mark.parametrize("has_fallback", [False, True])
def test_whoever_has_something_to_go_on_with_waits_half_a_second(has_fallback: bool, attempts: list[Patience]) -> None:
    clock, source = Clock(), Script(ONE)
    fallback = Rules.parse(FALLBACK) if has_fallback else None
    rules = fetched_rules(source, clock, ttl=60, fallback=lambda: fallback)
    serving = "fallback" if has_fallback else None
    assert [served for _, served, _ in timeline(rules, clock, source, [0, 1, 3])] == [serving] * 3
    # Not the first time: that fetch opens the connection, which takes a small function more than half a second.
    assert attempts[0].waits == ([2.0, 0.5, 0.5] if has_fallback else [2.0, 2.0, 2.0])
    attempts[0].is_done = True
    clock.now = NOW + 5
    assert named(rules.current()) == "one"
    clock.now = NOW + 65
    assert named(rules.current()) == "one"
    assert attempts[1].waits == [0.5]


def test_a_late_answer_is_as_old_as_its_question(attempts: list[Patience]) -> None:
    clock, source = Clock(), Script(ONE, TWO, ONE)
    rules = fetched_rules(source, clock, ttl=60)
    seen = []
    for moment, answered in (
        (0, 0),
        (1, 1),  # the answer of 0, fresh until 60
        (59.9, 1),
        (60, 1),  # asked, and not answered in time
        (65.9, 2),
        (66, 2),  # the answer of 60, fresh until 120
        (119.9, 2),
        (120, 3),
    ):
        clock.now = NOW + moment
        for attempt in attempts[:answered]:
            attempt.is_done = True
        seen.append((moment, named(rules.current()), source.fetched))
    assert seen == [
        (0, None, 1),
        (1, "one", 1),
        (59.9, "one", 1),
        (60, "one", 2),
        (65.9, "one", 2),
        (66, "two", 2),
        (119.9, "two", 2),
        (120, "two", 3),
    ]


# --- Clocks ------------------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_forward_asks_again() -> None:
    clock, source = Clock(), Script(ONE, TWO)
    rules = fetched_rules(source, clock, ttl=60)
    assert [served for _, served, _ in timeline(rules, clock, source, [0, 10**9])] == ["one", "two"]


def test_a_clock_that_is_set_back_makes_an_age_that_nobody_knows() -> None:
    clock, source = Clock(), Script(ONE, TWO, DOWN)
    rules = fetched_rules(source, clock, ttl=60)
    assert [served for _, served, _ in timeline(rules, clock, source, [0, -1])] == ["one", "two"]
    clock.now = NOW - 10**6
    assert rules.current() is None
    # Once the clock is right again, so are the rules.
    clock.now = NOW + 1
    assert named(rules.current()) == "two"


# --- Lines and metrics -------------------------------------------------------------------------------------------


def reports(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return read(capsys.readouterr().out)


def test_a_change_is_a_line_and_a_metric_and_no_change_is_neither(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    source = Script(Document(ONE, "1"), Document(ONE, "2"), Document(" " + ONE, "3"), Document(TWO, "4"))
    rules = fetched_rules(source, clock, ttl=10)
    expected: list[list[dict[str, Any]]] = [
        [line("INFO", "RulesRefreshed", source="script", version="1", warnings=[])],
        [],
        [],
        [line("INFO", "RulesRefreshed", source="script", version="4", warnings=[])],
        [],
    ]
    for number, lines in enumerate(expected):
        clock.now = NOW + 10 * number
        rules.current()
        assert reports(capsys) == lines


def test_warnings_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = json.dumps(
        {
            "schema": "edgecors/1",
            "policies": [
                {"name": "x", "paths": ["*"], "allow_origins": ["https://*.github.io"], "allow_credentials": True}
            ],
        }
    )
    rules = fetched_rules(Script(text), Clock())
    assert rules.current() == Rules.parse(text, strict=False)
    (report,) = reports(capsys)
    assert [warning["code"] for warning in report.pop("warnings")] == ["public-suffix-with-credentials"]
    assert report == line("WARNING", "RulesRefreshed", source="script", version="7")


def test_each_failure_is_a_line_and_a_metric(capsys: pytest.CaptureFixture[str]) -> None:
    clock, source = Clock(), Script(DOWN, ONE, DOWN)
    rules = fetched_rules(source, clock, ttl=10, max_stale=15)
    expected = {
        0.0: line("ERROR", "RulesMissing", source="script", serving=NO_RULES, error=DOWN_TEXT),
        1.0: line("INFO", "RulesRefreshed", source="script", version="7", warnings=[]),
        11.0: line("ERROR", "RulesStale", source="script", serving="the last good rules", age=10, error=DOWN_TEXT),
        12.0: line("ERROR", "RulesStale", source="script", serving="the last good rules", age=11, error=DOWN_TEXT),
        17.0: line("ERROR", "RulesStale", source="script", serving=NO_RULES, age=16, error=DOWN_TEXT),
    }
    for moment, report in expected.items():
        clock.now = NOW + moment
        rules.current()
        rules.current()
        assert reports(capsys) == [report]


def test_a_fallback_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    rules = fetched_rules(Script(DOWN), Clock(), fallback=lambda: Rules.parse(FALLBACK))
    assert named(rules.current()) == "fallback"
    assert reports(capsys) == [line("ERROR", "RulesMissing", source="script", serving="the fallback", error=DOWN_TEXT)]


@pytest.mark.parametrize("first", [True, False])
def test_a_bad_document_is_rejected_as_a_whole_and_told_once(first: bool, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    bad = [Document(BAD, "1"), Document(BAD, "1"), Document("{", "2"), Document(BAD, "1")]
    source = Script(*([] if first else [ONE]), *bad, TWO, Document(BAD, "1"))
    rules = fetched_rules(source, clock, ttl=1)
    if not first:
        rules.current()
        reports(capsys)
    told = []
    for moment in range(1, 7):
        clock.now = NOW + moment
        told.append(
            (named(rules.current()), [(report["message"], report.get("version")) for report in reports(capsys)])
        )
    serving = None if first else "one"
    assert told == [
        (serving, [("RulesRejected", "1")]),
        (serving, []),  # the same version again
        (serving, [("RulesRejected", "2")]),
        (serving, [("RulesRejected", "1")]),
        ("two", [("RulesRefreshed", "7")]),
        ("two", [("RulesRejected", "1")]),
    ]


def test_a_rejection_names_every_problem(capsys: pytest.CaptureFixture[str]) -> None:
    rules = fetched_rules(Script(BAD), Clock())
    assert rules.current() is None
    assert reports(capsys) == [
        line("ERROR", "RulesRejected", source="script", serving=NO_RULES, version="7", problems=PROBLEMS)
    ]


class Silent:
    """An object that cannot be shown, in place of a source, a document or an error."""

    def __repr__(self) -> str:
        raise ValueError("no")


class SilentError(Exception):
    def __repr__(self) -> str:
        raise ValueError("no")


class Moody:
    """A document whose parts cannot be had."""

    def __init__(self, bad: str) -> None:
        self.bad = bad

    def __getattr__(self, name: str) -> str:
        if name == self.bad:
            raise LookupError(name)
        return "{"


@pytest.mark.parametrize(
    ("given", "message", "version", "error"),
    [
        (None, "RulesRejected", None, "AttributeError(\"'NoneType' object has no attribute 'version'\")"),
        (ONE.encode(), "RulesRejected", None, "AttributeError(\"'bytes' object has no attribute 'version'\")"),
        (Moody("version"), "RulesRejected", None, "LookupError('version')"),
        (Moody("text"), "RulesRejected", "{", "LookupError('text')"),
        (SilentError(), "RulesMissing", ..., "a value of type SilentError"),
        (RecursionError("deep"), "RulesMissing", ..., "RecursionError('deep')"),
    ],
)
def test_whatever_a_source_gives_is_no_error(
    given: Any, message: str, version: Any, error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = fetched_rules(Script(given), Clock())
    assert rules.current() is None
    fields = {} if version is ... else {"version": version}
    assert reports(capsys) == [line("ERROR", message, source="script", serving=NO_RULES, error=error, **fields)]


@pytest.mark.parametrize("text", [None, 7, [], Silent()], ids=type)
def test_a_text_that_is_none_is_rejected(text: Any, capsys: pytest.CaptureFixture[str]) -> None:
    rules = fetched_rules(Script(Document(text, "1")), Clock())
    assert rules.current() is None
    assert [report["message"] for report in reports(capsys)] == ["RulesRejected"]


def test_a_version_that_is_none_is_told_once_too(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    rules = fetched_rules(Script(Document(BAD, None)), clock, ttl=1)  # type: ignore[arg-type]
    for moment in range(3):
        clock.now = NOW + moment
        assert rules.current() is None
    assert [report["version"] for report in reports(capsys)] == [None]


def test_a_source_and_a_version_that_cannot_be_shown_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    class Source(Silent):
        def fetch(self) -> Document:
            return Document(ONE, Silent())  # type: ignore[arg-type]

    assert named(fetched_rules(Source(), Clock()).current()) == "one"
    assert reports(capsys) == [
        line(
            "INFO",
            "RulesRefreshed",
            source="a value of type Source",
            version="a value of type Silent",
            warnings=[],
        )
    ]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_process_goes_on_and_leaves_no_lock(error: type[BaseException]) -> None:
    source = Script(error(), ONE)
    rules = fetched_rules(source, Clock())
    with pytest.raises(error):
        rules.current()
    assert named(rules.current()) == "one"


# --- Threads -----------------------------------------------------------------------------------------------------


class Gate:
    """A Source whose fetches wait to be let through."""

    def __init__(self, *given: str | Exception) -> None:
        self.given = list(given)
        self.entered, self.open = threading.Event(), threading.Event()
        self.fetched = 0

    def fetch(self) -> Document:
        self.fetched += 1
        self.entered.set()
        if not self.open.wait(10):
            raise TimeoutError
        given = self.given.pop(0)
        if isinstance(given, Exception):
            raise given
        return Document(given, "1")


def in_threads(count: int, function: Callable[[], Any]) -> tuple[list[threading.Thread], list[Any]]:
    results: list[Any] = []
    threads = [threading.Thread(target=lambda: results.append(function()), daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, results


def test_one_thread_fetches_and_those_without_anything_wait() -> None:
    source = Gate(ONE)
    rules = fetched_rules(source, Clock())
    threads, results = in_threads(5, rules.current)
    assert source.entered.wait(10)
    assert results == []
    source.open.set()
    for thread in threads:
        thread.join(10)
    assert [named(result) for result in results] == ["one"] * 5
    assert source.fetched == 1


@pytest.mark.parametrize("serving", ["one", "fallback"])
def test_whoever_has_rules_does_not_wait_for_a_refresh(serving: str) -> None:
    clock = Clock()
    source = Gate(ONE if serving == "one" else DOWN, TWO)
    source.open.set()
    rules = fetched_rules(source, clock, ttl=60, fallback=lambda: Rules.parse(FALLBACK))
    assert named(rules.current()) == serving
    clock.now = NOW + 60
    source.open.clear()
    source.entered.clear()
    (thread,), results = in_threads(1, rules.current)
    assert source.entered.wait(10)
    assert [named(rules.current()) for _ in range(3)] == [serving] * 3
    assert results == []
    source.open.set()
    thread.join(10)
    assert [named(result) for result in results] == ["two"]
    assert named(rules.current()) == "two"
    assert source.fetched == 2


def test_after_a_failure_those_who_waited_do_not_fetch_again() -> None:
    source = Gate(DOWN)
    rules = fetched_rules(source, Clock())
    threads, results = in_threads(4, rules.current)
    assert source.entered.wait(10)
    source.open.set()
    for thread in threads:
        thread.join(10)
    assert results == [None] * 4
    assert source.fetched == 1
