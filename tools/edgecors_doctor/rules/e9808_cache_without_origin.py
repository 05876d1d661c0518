"""E9808: CloudFront caches answers that depend on the Origin without having it in the cache key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgecors_doctor.cloudfront import behaviors, bucket_with_cors
from edgecors_doctor.nodes import Node, target
from edgecors_doctor.rule import CorsRule, Finding
from edgecors_doctor.settings import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.cloudfront import Behavior
    from edgecors_doctor.facts import Facts

# AWS's own policies, by their IDs (CloudFront guide, "Use managed cache policies"). Others than these have the Origin
# in the key, cache nothing, or are not known.
_WITHOUT_ORIGIN = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": "CachingOptimized",
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": "CachingOptimizedForUncompressedObjects",
}
# Origin request policies that hand the Origin on, which is AWS's documented way for S3.
_HANDS_ON = (
    "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",  # CORS-S3Origin
    "59781a5b-3903-41f3-afcb-af62929ccde1",  # CORS-CustomOrigin
    "216adef6-5c7f-47e4-b989-5492eafa07d3",  # AllViewer
    "33f36d7e-f396-46d9-90e0-52428a34d9dc",  # AllViewerAndCloudFrontHeaders-2022-06
    "b689b0a8-53d0-40ab-baf2-68738e2966ac",  # AllViewerExceptHostHeader
)
_HEADERS = ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]


class CacheWithoutOrigin(CorsRule):
    """CloudFront goes by its policies, not by the answer's Vary."""

    id = "E9808"
    shortdesc = "CloudFront's cache key lacks the Origin"
    description = "The answer to one origin is served to another, whose browser then refuses it"
    tags = ("cors", "cloudfront")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each cache behavior whose origin's answers depend on the Origin."""
        for behavior in behaviors(facts):
            answerer = _answerer(facts, behavior)
            place = _place(facts, behavior) if answerer is not None else None
            if place is None or behavior.node.get("ResponseHeadersPolicyId").given:
                continue
            node, fix = place
            bucket = bucket_with_cors(facts, behavior.origin)
            if bucket is not None and _hands_on(facts, behavior):
                continue
            yield Finding(
                node.path,
                f"What {answerer} answers depends on the Origin, which is not in the cache key of {behavior.shown}: "
                "CloudFront serves the answer to one origin to another. Add Origin to the key.",
                fix,
            )


def _answerer(facts: Facts, behavior: Behavior) -> str | None:
    bucket = bucket_with_cors(facts, behavior.origin)
    if bucket is not None:
        return f"bucket {bucket}"
    function = behavior.function(facts)
    if function is not None:
        return f"function {function.name}"
    for setting in facts.settings:
        # A bare `*` is the same for everyone.
        depends = any(plain(origin, quoted=False) != "*" for origin in setting.origins)
        if depends and setting.kind == "http-api" and setting.api in behavior.origin:
            return f"API {setting.api}"
    return None


def _place(facts: Facts, behavior: Behavior) -> tuple[Node, Any] | None:
    """Where the cache key is told, if it has no Origin and something is cached; and how it should be."""
    policy = behavior.node.get("CachePolicyId")
    if policy.given:
        properties = facts.resources.properties(target(policy.value), "AWS::CloudFront::CachePolicy")
        if properties is not None:
            return _custom(properties.get("CachePolicyConfig"))
        return (policy, _policy()) if policy.text in _WITHOUT_ORIGIN else None
    forwarded = behavior.node.get("ForwardedValues")
    if not isinstance(forwarded.value, dict) or forwarded.is_intrinsic or _is_zero(behavior.node.get("MaxTTL")):
        return None
    headers = forwarded.get("Headers")
    if _has_origin(headers):
        return None
    listed = [entry.value for entry in headers.entries()]
    fix = {"ForwardedValues": {**forwarded.value, "Headers": [*listed, "Origin"]}}
    return (headers if headers.given else forwarded), fix


def _custom(config: Node) -> tuple[Node, Any] | None:
    parameters = config.get("ParametersInCacheKeyAndForwardedToOrigin")
    headers = parameters.get("HeadersConfig")
    if _is_zero(config.get("MaxTTL")) or headers.is_intrinsic or _has_origin(headers.get("Headers")):
        return None
    listed = [entry.value for entry in headers.get("Headers").entries()]
    wanted = [*listed, "Origin"] if listed else _HEADERS
    at = next(
        (node for node in (headers.get("Headers"), headers.get("HeaderBehavior"), headers, parameters) if node.given),
        config,
    )
    return at, {"HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": wanted}}


def _has_origin(headers: Node) -> bool:
    names = [entry.text for entry in headers.entries()]
    return any(name is None or name.lower() in ("origin", "*") for name in names)


def _is_zero(ttl: Node) -> bool:
    return ttl.value in (0, "0")


def _hands_on(facts: Facts, behavior: Behavior) -> bool:
    policy = behavior.node.get("OriginRequestPolicyId")
    properties = facts.resources.properties(target(policy.value), "AWS::CloudFront::OriginRequestPolicy")
    if properties is not None:
        config = properties.get("OriginRequestPolicyConfig", "HeadersConfig")
        return config.get("HeaderBehavior").text in ("allViewer", None) or _has_origin(config.get("Headers"))
    return policy.given and (policy.text is None or policy.text in _HANDS_ON)


def _policy() -> Any:
    return {
        "CorsCachePolicy": {
            "Type": "AWS::CloudFront::CachePolicy",
            "Properties": {
                "CachePolicyConfig": {
                    "Name": "cors",
                    "MinTTL": 0,
                    "DefaultTTL": 86400,
                    "MaxTTL": 31536000,
                    "ParametersInCacheKeyAndForwardedToOrigin": {
                        "EnableAcceptEncodingGzip": True,
                        "CookiesConfig": {"CookieBehavior": "none"},
                        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": _HEADERS},
                        "QueryStringsConfig": {"QueryStringBehavior": "none"},
                    },
                }
            },
        }
    }
