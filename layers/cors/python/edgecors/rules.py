"""Rules: named policies for the paths of an API, and the document that they are read from and written to."""

from __future__ import annotations

from edgecors._checks import Report, check_description
from edgecors._document import check_name, check_paths, read_document
from edgecors._path import is_plain_path
from edgecors._value import Value, assign
from edgecors.policy import Policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from edgecors.explain import Explanation
    from edgecors.explain_fetch import FetchExplanation
    from edgecors.problems import Problem
    from edgecors.request import Request

SCHEMA = "edgecors/1"


class Rules(Value):
    """The policies of an API by path: exact paths, prefixes that end in `/*`, or `*` for every path.

    Made of `(name, paths, policy)` triples, or by `Rules.parse` of a document. Immutable, hashable, compared by
    their policies. Raises RulesError with every problem at once.

    `warnings` has the problems that only warn when rules are read at run time (`parse(..., strict=False)`).
    """

    __slots__ = (
        "_everywhere",
        "_exact",
        "_lengths",
        "_only",
        "_prefixes",
        "description",
        "policies",
        "warnings",
    )

    policies: tuple[tuple[str, tuple[str, ...], Policy], ...]
    description: str | None
    warnings: tuple[Problem, ...]
    _exact: dict[str, Policy]
    _prefixes: dict[str, Policy]
    _lengths: tuple[int, ...]
    _everywhere: Policy | None
    _only: Policy | None  # the policy of every path, where that is all there is: the path is not even read

    def __init__(
        self, policies: Iterable[tuple[str, Sequence[str], Policy]] = (), *, description: str | None = None
    ) -> None:
        report = Report("")
        checked = []
        names: set[str] = set()
        taken: set[str] = set()
        for index, triple in enumerate(policies):
            if not isinstance(triple, tuple | list) or len(triple) != 3 or not isinstance(triple[2], Policy):
                raise TypeError(f"policies[{index}]: a triple (name, paths, Policy) is expected, not {triple!r:.200}")
            name, paths, policy = triple
            pointer = f"policies/{index}"
            checked.append(
                (check_name(name, names, pointer, report), check_paths(paths, taken, pointer, report), policy)
            )
        checked_description = check_description(description, report)
        if report.problems:
            from edgecors.problems import RulesError  # noqa: PLC0415  (only for people's mistakes)

            raise RulesError(report.problems)
        self._fill(tuple(checked), checked_description, ())

    @classmethod
    def parse(cls, document: Mapping[str, object] | str | bytes, *, strict: bool = True) -> Rules:
        """The rules of a document: a dict, or JSON as text or UTF-8.

        `strict` is for what a person writes now; without it, problems that depend on data that changes (the
        Public Suffix List) are `warnings` only. Raises RulesError; `field` of its problems is a JSON pointer.
        """
        report = Report("", strict=strict)
        description, triples = read_document(document, SCHEMA, report)
        if report.problems:
            from edgecors.problems import RulesError  # noqa: PLC0415  (only for people's mistakes)

            raise RulesError(report.problems)
        rules = cls.__new__(cls)
        rules._fill(triples, description, tuple(report.warnings))
        return rules

    @classmethod
    def of(cls, policy: Policy) -> Rules:
        """The rules by which a policy is that of every path."""
        return cls([("default", ["*"], policy)])

    def _fill(
        self,
        policies: tuple[tuple[str, tuple[str, ...], Policy], ...],
        description: str | None,
        warnings: tuple[Problem, ...],
    ) -> None:
        by_path = {path: policy for _, paths, policy in policies for path in paths}
        everywhere = by_path.get("*")
        prefixes = {path[:-1]: policy for path, policy in by_path.items() if path.endswith("/*")}
        exact = {path: policy for path, policy in by_path.items() if path[-1] != "*"}
        assign(self, "policies", policies)
        assign(self, "description", description)
        assign(self, "warnings", warnings)
        assign(self, "_exact", exact)
        assign(self, "_prefixes", prefixes)
        assign(self, "_lengths", tuple(sorted({len(prefix) for prefix in prefixes}, reverse=True)))
        assign(self, "_everywhere", everywhere)
        assign(self, "_only", everywhere if len(by_path) == 1 else None)

    def _fields(self) -> dict[str, object]:
        return {"policies": self.policies, "description": self.description}

    def policy_for(self, path: str | None) -> Policy | None:
        """The policy of a decoded path: exact, else of the longest prefix, else of `*`.

        None where there is none, and for a path that means something else to whoever resolves it: with a dot
        segment, a backslash or NUL (CVE-2020-25032). `None` is a path that could not be decoded.
        """
        if self._only is not None:
            return self._only
        if path is None:
            return None
        # No path of a rule is one of those.
        policy = self._exact.get(path)
        if policy is not None:
            return policy
        if not is_plain_path(path):
            return None
        # As many look-ups as prefixes differ in length, whatever the request sends.
        for length in self._lengths:
            policy = self._prefixes.get(path[:length])
            if policy is not None:
                return policy
        return self._everywhere

    def document(self) -> dict[str, object]:
        """The rules as a document, which parses back to equal rules."""
        document: dict[str, object] = {"schema": SCHEMA}
        if self.description is not None:
            document["description"] = self.description
        document["policies"] = [
            {"name": name, "paths": list(paths), **policy._document()} for name, paths, policy in self.policies
        ]
        return document

    def explain(self, request: Request) -> Explanation:
        """What becomes of one HTTP request, step by step as the Fetch standard has them."""
        from edgecors.explain import explain  # noqa: PLC0415  (nothing that serves requests needs it)

        return explain(self, request)

    def explain_fetch(
        self,
        url: str,
        origin: str,
        method: str = "GET",
        headers: Iterable[tuple[str, str]] = (),
        credentials: str = "same-origin",
        *,
        debug: bool = False,
        enforce: bool = False,
        response_headers: Iterable[tuple[str, str]] = (),
    ) -> FetchExplanation:
        """What a page of `origin` would see of `fetch(url, {method, headers, credentials})`.

        `headers` and `response_headers` (those that the handler sends) are pairs of name and value; `credentials`
        is the mode: omit, same-origin or include. Raises ValueError for a URL, origin, method or mode that no
        browser has.
        """
        from edgecors.explain_fetch import explain_fetch  # noqa: PLC0415

        return explain_fetch(
            self,
            url,
            origin,
            method,
            tuple(headers),
            credentials,
            debug=debug,
            enforce=enforce,
            response_headers=tuple(response_headers),
        )
