"""All that the rules ask of a template, read once for all of them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from edgecors_doctor.apis import Api, Route, read_apis, read_routes
from edgecors_doctor.functions import Function, read_functions
from edgecors_doctor.nodes import Node, mentioned, target
from edgecors_doctor.resources import Resources
from edgecors_doctor.settings import Setting, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator


class Facts:
    """The template's resources, functions, APIs and routes."""

    def __init__(self, template: Any, folder: FilePath | None = None) -> None:
        self.resources = Resources(template)
        self.functions: dict[str, Function] = read_functions(self.resources, folder)
        self.apis: dict[str, Api] = read_apis(self.resources)
        self.routes: list[Route] = list(read_routes(self.resources, self.functions, self.apis))

    @cached_property
    def settings(self) -> list[Setting]:
        """Where the template itself says what is answered to pages of other origins."""
        return list(read_settings(self))

    def routes_of(self, api: Api) -> list[Route]:
        """The routes of an API; all of them only if the API is not `opaque`."""
        return [route for route in self.routes if route.api == api.name]

    def functions_behind(self, api: Api) -> Iterator[Function]:
        """The functions that an API's routes lead to, each once."""
        names = dict.fromkeys(route.function for route in self.routes_of(api) if route.function is not None)
        yield from (self.functions[name] for name in names if name in self.functions)

    def answering(self, api: Api) -> Function | None:
        """The first function behind an API that answers CORS itself."""
        return next((function for function in self.functions_behind(api) if function.answers), None)

    def uses_cors(self, api: Api) -> bool:
        """Whether anything in the template says that pages of other origins call the API."""
        return bool(api.cors) or self.answering(api) is not None

    def urls(self) -> Iterator[tuple[Function | None, Node]]:
        """Function URLs: the function, if it is of this template, and the URL's properties."""
        for function in self.functions.values():
            for properties in function.properties.get("FunctionUrlConfig").branches():
                yield function, properties
        for _, properties in self.resources.of("AWS::Lambda::Url"):
            name = target(properties.get("TargetFunctionArn").value)
            yield (self.functions.get(name) if name is not None else None), properties

    def origins_behind(self, domain: Any) -> set[str]:
        """The logical IDs of what a domain name of a CloudFront origin leads to, function URLs as their functions."""
        found = mentioned(domain)
        for name in list(found):
            properties = self.resources.properties(name, "AWS::Lambda::Url")
            if properties is not None:
                found |= mentioned(properties.get("TargetFunctionArn").value)
            # What SAM calls the URL that it makes of FunctionUrlConfig.
            function = name.removesuffix("Url")
            if name not in self.resources.types and function in self.functions:
                found.add(function)
        return found


_FACTS: WeakKeyDictionary[Any, Facts] = WeakKeyDictionary()


def facts_of(cfn: Any) -> Facts:
    """The facts of cfn-lint's template, after its transforms."""
    facts = _FACTS.get(cfn)
    if facts is None:
        folder = FilePath(cfn.filename).parent if isinstance(cfn.filename, str) and cfn.filename != "-" else None
        facts = _FACTS[cfn] = Facts(cfn.template, folder)
    return facts
