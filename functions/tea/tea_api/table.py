"""Teas and comments in DynamoDB: one table, string keys `pk` and `sk`, no index.

| what | pk | sk | attributes |
| --- | --- | --- | --- |
| a tea | `TEA` | its name | `_id`, `image`, `description`, `keywords`, `origin`, `brew_time`, `temperature` |
| a comment | `COMMENTS#` and the tea's id | its id | `text`, `date` |
| what a deleted tea leaves to be cleared away | `TRASH` | the tea's id | `image` |

Teas sort by name (by code point: DynamoDB compares UTF-8 bytes), comments by the time of their writing.
Comments are kept under the tea's id and not its name, so that a tea made anew under an old name never
inherits any. Every read is strongly consistent: what was answered once is seen from then on.
"""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tea_api.teas import Comment, Tea

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        DeleteTypeDef,
        TransactWriteItemTypeDef,
        WriteRequestUnionTypeDef,
    )

    Item = dict[str, AttributeValueTypeDef]

TOGETHER = 50
"""Teas in one transaction, which has at most 100 actions."""

_TEAS = "TEA"
_TRASH = "TRASH"
_BATCH = 25
_ATTEMPTS = 6


class NameTakenError(Exception):
    """There is a tea of that name already."""


class TeaTable:
    """The table named `name`. Errors of AWS come as botocore raises them, unless a method says otherwise."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._table = name

    def tea(self, name: str) -> Tea | None:
        """The tea of that name."""
        response = self._client.get_item(TableName=self._table, Key=_key(_TEAS, name), ConsistentRead=True)
        item = response.get("Item")
        return _tea(item) if item else None

    def teas(self, after: str | None = None, limit: int | None = None) -> list[Tea]:
        """Up to `limit` teas by name (all without it), those after the name `after`."""
        return [_tea(item) for item in self._query(_TEAS, after=after, limit=limit)]

    def create(self, tea: Tea) -> None:
        """Put a tea under its name. Raises NameTakenError if there is one.

        A second attempt of the SDK, after an answer that was lost, finds the first one's tea: that is no
        conflict.
        """
        try:
            self._client.put_item(
                TableName=self._table,
                Item=_tea_item(tea),
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            there: Item = error.response.get("Item", {})  # type: ignore[assignment]  # not in botocore's general type
            if there.get("_id") != {"S": tea.id}:
                raise NameTakenError(tea.name) from None

    def discard(self, *teas: Tea) -> bool:
        """Take teas away, and note in the trash, in the same transaction, what they leave behind: all or none.

        At most `TOGETHER`. False, and nothing is done, if one was not there any more, or is another one of the same
        name by now.
        """
        actions: list[TransactWriteItemTypeDef] = []
        for tea in teas:
            trash: Item = {**_key(_TRASH, tea.id), **({"image": {"S": tea.image}} if tea.image else {})}
            condition: DeleteTypeDef = {
                "TableName": self._table,
                "Key": _key(_TEAS, tea.name),
                "ConditionExpression": "#id = :id",
                "ExpressionAttributeNames": {"#id": "_id"},
                "ExpressionAttributeValues": {":id": {"S": tea.id}},
            }
            actions += [{"Delete": condition}, {"Put": {"TableName": self._table, "Item": trash}}]
        attempt = 0
        while True:
            try:
                self._client.transact_write_items(TransactItems=actions)
            except self._client.exceptions.TransactionCanceledException as error:
                reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
                if "ConditionalCheckFailed" in reasons:
                    return False
                # Another transaction has one of these items: the SDK leaves the second try to its caller.
                attempt += 1
                if "TransactionConflict" not in reasons or attempt == _ATTEMPTS:
                    raise
                _wait(attempt)
            else:
                return True

    def trash(self) -> list[tuple[str, str | None]]:
        """The ids of the teas that were discarded and not yet cleared away, each with its image."""
        return [(item["sk"]["S"], item.get("image", {}).get("S")) for item in self._query(_TRASH)]

    def cleared(self, tea_id: str) -> None:
        """Nothing is left of a discarded tea: forget it."""
        self._client.delete_item(TableName=self._table, Key=_key(_TRASH, tea_id))

    def add_comment(self, tea_id: str, comment: Comment) -> None:
        """Keep a comment, an item of its own: whatever else is written at the same time, none is lost."""
        item: Item = {
            **_key(_comments(tea_id), comment.id),
            "text": {"S": comment.text},
            "date": {"S": comment.date},
        }
        self._client.put_item(TableName=self._table, Item=item)

    def delete_comment(self, tea_id: str, comment_id: str) -> bool:
        """Whether there was such a comment; there is none now."""
        response = self._client.delete_item(
            TableName=self._table, Key=_key(_comments(tea_id), comment_id), ReturnValues="ALL_OLD"
        )
        return bool(response.get("Attributes"))

    def comments(self, tea_id: str, after: str | None = None, limit: int | None = None) -> list[Comment]:
        """Up to `limit` comments, the oldest first, those after the comment whose id is `after`."""
        return [_comment(item) for item in self._query(_comments(tea_id), after=after, limit=limit)]

    def newest_comments(self, tea_id: str, count: int) -> list[Comment]:
        """The newest `count` comments, the oldest of them first."""
        items = self._query(_comments(tea_id), limit=count, newest=True)
        return [_comment(item) for item in reversed(items)]

    def delete_comments(self, tea_id: str) -> None:
        """Delete all comments of a tea. It can be called again where it was interrupted."""
        keys = (_key(item["pk"]["S"], item["sk"]["S"]) for item in self._items(_comments(tea_id), keys_only=True))
        batch: list[WriteRequestUnionTypeDef] = []
        for key in keys:
            batch.append({"DeleteRequest": {"Key": key}})
            if len(batch) == _BATCH:
                self._write(batch)
                batch = []
        self._write(batch)

    def _write(self, batch: list[WriteRequestUnionTypeDef]) -> None:
        attempt = 0
        while batch:
            if attempt == _ATTEMPTS:
                raise TimeoutError(f"DynamoDB left {len(batch)} deletions undone")
            if attempt:
                _wait(attempt)
            response = self._client.batch_write_item(RequestItems={self._table: batch})
            batch = [*response.get("UnprocessedItems", {}).get(self._table, [])]
            attempt += 1

    def _query(
        self, pk: str, *, after: str | None = None, limit: int | None = None, newest: bool = False
    ) -> list[Item]:
        result: list[Item] = []
        for item in self._items(pk, after=after, limit=limit, newest=newest):
            result.append(item)
            if len(result) == limit:
                break
        return result

    def _items(
        self,
        pk: str,
        *,
        after: str | None = None,
        limit: int | None = None,
        newest: bool = False,
        keys_only: bool = False,
    ) -> Iterator[Item]:
        values: Item = {":pk": {"S": pk}}
        condition = "pk = :pk"
        if after is not None:
            values[":after"] = {"S": after}
            condition = "pk = :pk AND sk > :after"
        options: dict[str, Any] = {}
        if limit is not None:
            options["Limit"] = limit
        if keys_only:
            options["ProjectionExpression"] = "pk, sk"
        while True:
            response = self._client.query(
                TableName=self._table,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=values,
                ConsistentRead=True,
                ScanIndexForward=not newest,
                **options,
            )
            yield from response["Items"]
            # A page of DynamoDB's ends at 1 MB too.
            if "LastEvaluatedKey" not in response:
                return
            options["ExclusiveStartKey"] = response["LastEvaluatedKey"]


def _wait(attempt: int) -> None:
    time.sleep(0.02 * 2**attempt)


def _key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _comments(tea_id: str) -> str:
    return f"COMMENTS#{tea_id}"


def _tea_item(tea: Tea) -> Item:
    item: Item = {
        **_key(_TEAS, tea.name),
        "_id": {"S": tea.id},
        "description": {"S": tea.description},
        "keywords": {"S": tea.keywords},
        "origin": {"S": tea.origin},
    }
    if tea.image is not None:
        item["image"] = {"S": tea.image}
    if tea.brew_time is not None:
        item["brew_time"] = {"N": f"{tea.brew_time:f}"}
    if tea.temperature is not None:
        item["temperature"] = {"N": f"{tea.temperature:f}"}
    return item


def _tea(item: Mapping[str, AttributeValueTypeDef]) -> Tea:
    return Tea(
        id=item["_id"]["S"],
        name=item["sk"]["S"],
        image=item["image"]["S"] if "image" in item else None,
        description=item["description"]["S"],
        keywords=item["keywords"]["S"],
        origin=item["origin"]["S"],
        brew_time=Decimal(item["brew_time"]["N"]) if "brew_time" in item else None,
        temperature=Decimal(item["temperature"]["N"]) if "temperature" in item else None,
    )


def _comment(item: Mapping[str, AttributeValueTypeDef]) -> Comment:
    return Comment(item["sk"]["S"], item["text"]["S"], item["date"]["S"])
