"""What readers and writers of an import share: values with their places, setups, and the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

_SHOWN = 72  # characters of a value


class Place(NamedTuple):
    """Where something begins in the file; both count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Unknown:
    """A value that only running the program would tell.

    `reason`: a sentence. `is_function`: it is one; `mentions`: the texts of the lists that it names.
    """

    reason: str
    is_function: bool = False
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expression:
    """A regular expression, as its language writes it."""

    source: str
    flags: str = ""


@dataclass(frozen=True)
class Value:
    """A value of the file.

    `literal`: a str, int, float, bool or None, a list of `Value`, a dict of `Value` by name, an `Expression`, or
    `Unknown`. `text`: as the file writes it.
    """

    literal: object
    place: Place
    text: str

    @property
    def shown(self) -> str:
        """The text in one line, of at most 72 characters."""
        line = " ".join(self.text.split())
        return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


class Item(NamedTuple):
    """One line of the report: a value of the file, and what became of it.

    - `setting`: what the old system calls it; `value`: as the file writes it.
    - `code`: a stable kebab-case word. Of what was carried over: `same`, `corrected` (it never worked as written, and
      does now) or `narrower`.
    - `message`: a sentence for people, "" where there is nothing to say; `fix`: what to do, or None.
    - `became`: what stands in the document instead, as the fields of a policy; None where nothing does.
    """

    place: Place
    setting: str
    value: str
    code: str
    message: str = ""
    fix: str | None = None
    became: dict[str, object] | None = None


@dataclass
class Report:
    """What became of every value."""

    carried: list[Item] = field(default_factory=list)
    not_carried: list[Item] = field(default_factory=list)
    notes: list[Item] = field(default_factory=list)

    def lose(
        self, setting: str, value: Value, code: str, message: str, fix: str | None = None, *, place: Place | None = None
    ) -> None:
        """A value that is not carried over."""
        self.not_carried.append(Item(place or value.place, setting, value.shown, code, message, fix))

    def note(self, setting: str, value: Value, code: str, message: str, fix: str | None = None) -> None:
        """Something to know about a value."""
        self.notes.append(Item(value.place, setting, value.shown, code, message, fix))

    def add(self, other: Report) -> None:
        """Take in what another report has."""
        self.carried += other.carried
        self.not_carried += other.not_carried
        self.notes += other.notes


@dataclass(frozen=True)
class Imported:
    """The outcome. `document`: None where there is none, which `not_carried` explains."""

    document: dict[str, object] | None
    carried: list[Item]
    not_carried: list[Item]
    notes: list[Item]


@dataclass(frozen=True)
class Exact:
    """An origin that the old system compared as text."""

    setting: str
    value: Value
    text: str


@dataclass(frozen=True)
class Anyone:
    """Every origin. `reflected`: the old system answered with the origin itself, so that credentials worked; else
    with `*`, with which browsers take none."""

    setting: str
    value: Value
    reflected: bool


@dataclass(frozen=True)
class Matching:
    """The origins that an expression matches. `text`: in the syntax of the engine; `searched`: the old system looked
    for it anywhere in the origin, else it had to match the whole."""

    setting: str
    value: Value
    text: str
    searched: bool


Origin = Exact | Anyone | Matching


class Setting(NamedTuple):
    """A single value, and what the old system calls it."""

    name: str
    value: Value


@dataclass
class Names:
    """A list of methods or headers: each name with the value that it stands in.

    `echoes`: the old system allowed whatever was asked for, with and without credentials. A `*` among the entries is
    what browsers make of it.
    """

    setting: str
    value: Value
    entries: list[tuple[str, Value]] = field(default_factory=list)
    echoes: bool = False


@dataclass
class Setup:
    """One configuration of the old system.

    - `system`, `what`: its name, and what it is in the file (`cors(corsOptions)`, `TeaApi`), for people.
    - `name`: a name for the policy, if the file suggests one.
    - `paths`: patterns of edgecors; empty where the file does not say, which is then taken for every path.
    - `scope`: why the paths cannot be told although the file limits them; someone has to say which they are.
    - `closed`: it lets nobody in.
    - `credentials`: true, false or `Unknown`. `max_age`: an int; None sends no header.
    - `report`: what the reader already had to say.
    """

    system: str
    place: Place
    what: str
    name: str = ""
    paths: tuple[str, ...] = ()
    scope: str = ""
    closed: bool = False
    origins: list[Origin] = field(default_factory=list)
    methods: Names | None = None
    headers: Names | None = None
    expose: Names | None = None
    credentials: Setting | None = None
    max_age: Setting | None = None
    report: Report = field(default_factory=Report)


class NotReadableError(Exception):
    """The file cannot be read as what it should be."""

    def __init__(self, message: str, place: Place = Place(1, 1), text: str = "", fix: str | None = None) -> None:  # noqa: B008
        super().__init__(message)
        self.item = Item(place, "", Value(None, place, text).shown, "not-readable", message, fix)
