"""The cache behaviors of CloudFront distributions, and what they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from edgecors_doctor.nodes import Node, target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts
    from edgecors_doctor.functions import Function


class Behavior(NamedTuple):
    """A cache behavior. `shown`: how messages name it; `origin`: the logical IDs that its origin's domain names."""

    shown: str
    node: Node
    origin: frozenset[str]

    def function(self, facts: Facts) -> Function | None:
        """The function behind it that answers CORS itself."""
        for name in sorted(self.origin):
            function = facts.functions.get(name)
            if function is None and name in facts.apis:
                function = facts.answering(facts.apis[name])
            if function is not None and function.answers:
                return function
        return None

    def headers_policy(self, facts: Facts) -> Node | None:
        """Its response headers policy, if that is in the template."""
        name = target(self.node.get("ResponseHeadersPolicyId").value)
        properties = facts.resources.properties(name, "AWS::CloudFront::ResponseHeadersPolicy")
        return None if properties is None else properties.get("ResponseHeadersPolicyConfig")


def behaviors(facts: Facts) -> Iterator[Behavior]:
    """Those of every distribution."""
    for name, properties in facts.resources.of("AWS::CloudFront::Distribution"):
        config = properties.get("DistributionConfig")
        origins: dict[str, frozenset[str]] = {}
        for origin in config.get("Origins").entries():
            identifier = origin.get("Id").text
            if identifier is not None:
                origins[identifier] = frozenset(facts.origins_behind(origin.get("DomainName").value))
        named = [
            (f"the default cache behavior of {name}", node) for node in config.get("DefaultCacheBehavior").branches()
        ]
        named += [
            (f"the cache behavior for {node.get('PathPattern').text or '?'} of {name}", node)
            for node in config.get("CacheBehaviors").entries()
        ]
        for shown, node in named:
            yield Behavior(shown, node, origins.get(node.get("TargetOriginId").text or "", frozenset()))


def bucket_with_cors(facts: Facts, names: frozenset[str]) -> str | None:
    """The first of these that is a bucket with CORS settings."""
    for name in sorted(names):
        properties = facts.resources.properties(name, "AWS::S3::Bucket")
        if properties is not None and properties.get("CorsConfiguration").given:
            return name
    return None
