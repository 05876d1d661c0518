"""The evaluator of policies says what IAM would: a table of documents and calls."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.policies import Call, Decision, decide

ALLOWED, REFUSED, DENIED = Decision.ALLOWED, Decision.REFUSED, Decision.DENIED
TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/teas"
BUCKET = "arn:aws:s3:::teas"
GET = Call("s3:GetObject", f"{BUCKET}/a")


def allow(action: Any = "s3:GetObject", resource: Any = f"{BUCKET}/*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "s3:GetObject", resource: Any = f"{BUCKET}/*", **more: Any) -> dict[str, Any]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


TLS = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
PLAIN, SECURE = ({"aws:SecureTransport": value} for value in ("false", "true"))

CASES: list[tuple[str, list[dict[str, Any]], Call, Decision]] = [
    ("nothing allows it", [], GET, REFUSED),
    ("an allow", [allow()], GET, ALLOWED),
    ("a deny wins", [deny(), allow()], GET, DENIED),
    ("whatever the order", [allow(), deny()], GET, DENIED),
    ("a deny of something else", [allow(), deny("s3:PutObject")], GET, ALLOWED),
    ("one of several actions", [allow(["s3:PutObject", "s3:GetObject"])], GET, ALLOWED),
    ("actions are compared without case", [allow("S3:getobject")], GET, ALLOWED),
    ("another action", [allow("s3:PutObject")], GET, REFUSED),
    ("an action is no prefix", [allow("s3:GetObject")], Call("s3:GetObjectAcl", GET.resource), REFUSED),
    ("* in an action", [allow("s3:Get*")], GET, ALLOWED),
    ("* alone", [allow("*", "*")], GET, ALLOWED),
    ("? is one character", [allow("s3:GetObjec?")], GET, ALLOWED),
    ("? is not none", [allow("s3:GetObject?")], GET, REFUSED),
    ("another service", [allow("s3:*", "*")], Call("ssm:GetParameter", "*"), REFUSED),
    ("NotAction leaves the rest", [{"Effect": "Allow", "NotAction": "s3:PutObject", "Resource": "*"}], GET, ALLOWED),
    ("NotAction takes out", [{"Effect": "Allow", "NotAction": ["s3:Get*"], "Resource": "*"}], GET, REFUSED),
    ("resources are compared by case", [allow(resource=f"{BUCKET}/A")], GET, REFUSED),
    ("one of several resources", [allow(resource=["arn:aws:s3:::other/*", f"{BUCKET}/*"])], GET, ALLOWED),
    ("a bucket is not its objects", [allow(resource=BUCKET)], GET, REFUSED),
    ("nor its objects the bucket", [allow("s3:*")], Call("s3:ListBucket", BUCKET), REFUSED),
    ("* reaches over slashes", [allow(resource=f"{BUCKET}/*")], Call("s3:GetObject", f"{BUCKET}/a/b"), ALLOWED),
    ("a name is no prefix", [allow("dynamodb:*", TABLE)], Call("dynamodb:GetItem", f"{TABLE}-2"), REFUSED),
    ("nor has it indexes", [allow("dynamodb:*", TABLE)], Call("dynamodb:Query", f"{TABLE}/index/a"), REFUSED),
    (
        "* does not reach into the next part",
        [allow("dynamodb:*", "arn:aws:dynamodb:*:table/teas")],
        Call("dynamodb:GetItem", TABLE),
        REFUSED,
    ),
    (
        "but within the last one it does",
        [allow("logs:*", "arn:aws:logs:eu-central-1:123456789012:log-group:/tea:*")],
        Call("logs:PutLogEvents", "arn:aws:logs:eu-central-1:123456789012:log-group:/tea:log-stream:a:b"),
        ALLOWED,
    ),
    ("NotResource", [{"Effect": "Allow", "Action": "s3:*", "NotResource": f"{BUCKET}/a"}], GET, REFUSED),
    ("a dot is a dot", [allow(resource="arn:aws:s3:::te.s/a")], GET, REFUSED),
    ("a condition that holds", [allow(**TLS)], Call(GET.action, GET.resource, PLAIN), ALLOWED),
    ("one that does not", [allow(**TLS)], Call(GET.action, GET.resource, SECURE), REFUSED),
    ("one whose key is missing", [allow(**TLS)], GET, REFUSED),
    ("a deny without TLS", [allow(), deny("s3:*", **TLS)], Call(GET.action, GET.resource, PLAIN), DENIED),
    ("and with it", [allow(), deny("s3:*", **TLS)], Call(GET.action, GET.resource, SECURE), ALLOWED),
    (
        "two conditions have to hold both",
        [allow(Condition={"StringEquals": {"aws:a": "1"}, "StringLike": {"aws:b": "2*"}})],
        Call(GET.action, GET.resource, {"AWS:A": "1", "aws:b": "3"}),
        REFUSED,
    ),
    (
        "their keys are compared without case, several values are alternatives",
        [allow(Condition={"StringEquals": {"aws:a": ["0", "1"]}, "StringLike": {"aws:b": "2*"}})],
        Call(GET.action, GET.resource, {"AWS:A": "1", "aws:b": "22"}),
        ALLOWED,
    ),
    (
        "an ARN in a condition",
        [allow(Condition={"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:eu-central-1:123456789012:api/*/*"}})],
        Call(
            GET.action, GET.resource, {"aws:SourceArn": "arn:aws:execute-api:eu-central-1:123456789012:api/$default/x"}
        ),
        ALLOWED,
    ),
    (
        "of somebody else",
        [allow(Condition={"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:eu-central-1:123456789012:api/*/*"}})],
        Call(
            GET.action, GET.resource, {"aws:SourceArn": "arn:aws:execute-api:eu-central-1:999999999999:api/$default/x"}
        ),
        REFUSED,
    ),
    ("everyone", [allow(Principal="*")], GET, ALLOWED),
    (
        "a service",
        [allow(Principal={"Service": ["events.amazonaws.com"]})],
        Call(GET.action, GET.resource, principal={"Service": "events.amazonaws.com"}),
        ALLOWED,
    ),
    (
        "another service",
        [allow(Principal={"Service": "events.amazonaws.com"})],
        Call(GET.action, GET.resource, principal={"Service": "sns.amazonaws.com"}),
        REFUSED,
    ),
    (
        "an account is no service",
        [allow(Principal={"Service": "a"})],
        Call(*("x", "y"), principal={"AWS": "a"}),
        REFUSED,
    ),
]


@pytest.mark.parametrize(("name", "statements", "call", "decision"), CASES, ids=[case[0] for case in CASES])
def test_a_call_is_decided(name: str, statements: list[dict[str, Any]], call: Call, decision: Decision) -> None:
    assert decide([document(*statements)], call) is decision
    # Several policies count together, and a statement alone needs no list.
    assert decide([{"Version": "2012-10-17", "Statement": statement} for statement in statements], call) is decision


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (allow(Condition={"NumericLessThan": {"aws:a": "1"}}), "unknown condition operator: NumericLessThan"),
        (allow(Condition={"BoolIfExists": {"aws:a": "1"}}), "unknown condition operator: BoolIfExists"),
        (allow(NotPrincipal="*"), "unknown elements: NotPrincipal"),
        (allow(resource="arn:aws:s3:::${aws:username}/*"), r"a policy variable: \$\{aws:username\}/\*"),
        (allow(NotAction="s3:*"), "a statement has either Action or NotAction"),
        ({"Effect": "Allow", "Resource": "*"}, "a statement has either Action or NotAction"),
        (allow() | {"Effect": "allow"}, r"an effect is Allow or Deny: \['allow'\]"),
    ],
)
def test_what_it_does_not_know_is_an_error(statement: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decide([document(statement)], GET)
    with pytest.raises(ValueError, match="a policy of the version 2008-10-17"):
        decide([document(statement) | {"Version": "2008-10-17"}], GET)
