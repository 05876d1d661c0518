"""Values of a decoded template together with their paths, and what intrinsic functions say about them.

A path is what leads from the template's root to a value: keys and list indexes. Places in the text are looked up by
path (`places`), so a value that comes from Globals has the path of the resource that it was merged into.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]

_LONGEST = 1_100  # a parameter's name, its ARN included, has at most 1,011 characters
_NAME_IN_SUB = re.compile(r"\$\{([^!${}][^${}]*)\}")


class Node(NamedTuple):
    """A value, None where there is none, and its path.

    `assumed`: the conditions under which it is there, as far as `branches` went into an Fn::If, each with its outcome.
    """

    value: Any
    path: Path
    assumed: tuple[tuple[str, bool], ...] = ()

    def get(self, *keys: str) -> Node:
        """The value below these keys."""
        node = self
        for key in keys:
            value = node.value.get(key) if isinstance(node.value, dict) else None
            node = node.below(value, key)
        return node

    def below(self, value: Any, *parts: str | int) -> Node:
        """A value below this one."""
        return Node(value, (*self.path, *parts), self.assumed)

    def children(self) -> Iterator[tuple[str, Node]]:
        """The keys of a mapping that are text, and their values."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                if isinstance(key, str):
                    yield key, self.below(value, key)

    def entries(self) -> Iterator[Node]:
        """The entries of a list, in each of its branches; of anything else, that itself."""
        for branch in self.branches():
            if isinstance(branch.value, list):
                for index, value in enumerate(branch.value):
                    yield from branch.below(value, index).branches()
            else:
                yield branch

    def branches(self) -> Iterator[Node]:
        """What this may be: both sides of Fn::If; nothing where it is missing or AWS::NoValue."""
        value = self.value
        if value is None or value == {"Ref": "AWS::NoValue"}:
            return
        if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("Fn::If"), list):
            condition = str(value["Fn::If"][0]) if value["Fn::If"] else ""
            for index, outcome in ((1, True), (2, False)):
                if index < len(value["Fn::If"]) and (condition, not outcome) not in self.assumed:
                    side = self.below(value["Fn::If"][index], "Fn::If", index)
                    yield from side._replace(assumed=(*self.assumed, (condition, outcome))).branches()
            return
        yield self

    def is_together_with(self, other: Node) -> bool:
        """Whether both may be there at the same time."""
        return not any((condition, not outcome) in other.assumed for condition, outcome in self.assumed)

    @property
    def given(self) -> bool:
        """Whether there is a value at all, in at least one branch."""
        return next(self.branches(), None) is not None

    @property
    def text(self) -> str | None:
        """The value as text, if it is a text."""
        return str(self.value) if isinstance(self.value, str) else None

    @property
    def is_intrinsic(self) -> bool:
        """Whether the value is known only when the stack is deployed."""
        value = self.value
        return isinstance(value, dict) and len(value) == 1 and _is_function(next(iter(value)))

    @property
    def is_true(self) -> bool:
        """Whether it is true in one of its branches, as CloudFormation takes it; text counts."""
        return any(str(branch.value).lower() == "true" for branch in self.branches() if _is_scalar(branch.value))

    @property
    def is_false(self) -> bool:
        """Whether it is false in all of its branches."""
        values = [branch.value for branch in self.branches()]
        return bool(values) and all(_is_scalar(value) and str(value).lower() == "false" for value in values)


def _is_function(key: object) -> bool:
    return isinstance(key, str) and (key in ("Ref", "Condition") or key.startswith("Fn::"))


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | bool | int | float)


def target(value: Any) -> str | None:
    """The logical ID that a value stands for: by Ref, by Fn::GetAtt, or by an Fn::Sub of nothing else."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    (function, argument) = next(iter(value.items()))
    if function == "Fn::Sub" and isinstance(argument, str):
        match = _NAME_IN_SUB.fullmatch(argument)
        return match[1].partition(".")[0] if match else None
    if function == "Fn::GetAtt" and isinstance(argument, list) and argument:
        argument = argument[0]
    if function in ("Ref", "Fn::GetAtt") and isinstance(argument, str):
        return argument.partition(".")[0] if function == "Fn::GetAtt" else str(argument)
    return None


def mentioned(value: Any) -> set[str]:
    """Every logical ID that a value has a Ref, an Fn::GetAtt or an Fn::Sub of, anywhere in it."""
    found: set[str] = set()
    if isinstance(value, dict):
        name = target(value)
        if name is not None:
            found.add(name)
        for key, below in value.items():
            if key == "Fn::Sub":
                text = below[0] if isinstance(below, list) and below else below
                if isinstance(text, str):
                    found |= {name.partition(".")[0] for name in _NAME_IN_SUB.findall(text)}
            found |= mentioned(below)
    elif isinstance(value, list):
        for below in value:
            found |= mentioned(below)
    return found


def glob(value: Any, resolved: Any = None) -> str | None:
    """A value as a text in which `*` stands for what is not known before it is deployed; None for other types.

    `resolved`: the values of an Fn::Sub's own names. Of an intrinsic function that is no text with names, `*`.
    """
    if isinstance(value, str):
        return str(value)
    if not isinstance(value, dict) or len(value) != 1:
        return None
    argument = value.get("Fn::Sub")
    own: Any = resolved
    if isinstance(argument, list) and len(argument) == 2:
        argument, own = argument
    if isinstance(argument, str):
        names = own if isinstance(own, dict) else {}

        def part(match: re.Match[str]) -> str:
            return (glob(names[match[1]]) or "*") if match[1] in names else "*"

        return _NAME_IN_SUB.sub(part, argument).replace("${!", "${")
    join = value.get("Fn::Join")
    if isinstance(join, list) and len(join) == 2 and isinstance(join[0], str) and isinstance(join[1], list):
        return join[0].join(glob(entry) or "*" for entry in join[1])
    return "*"


def globs_meet(one: str, other: str) -> bool:
    """Whether some text fits both patterns, in which `*` is any text and `?` one character."""
    if len(one) > _LONGEST or len(other) > _LONGEST:
        return True
    # reachable[j]: the characters so far of `one` and the first j of `other` fit.
    reachable = [True]
    for character in other:
        reachable.append(reachable[-1] and character == "*")
    for mine in one:
        following = [reachable[0] and mine == "*"]
        for index, theirs in enumerate(other):
            if "*" in (mine, theirs):
                fits = following[index] or reachable[index + 1]
            else:
                fits = reachable[index] and (mine == theirs or "?" in (mine, theirs))
            following.append(fits)
        reachable = following
    return reachable[-1]
