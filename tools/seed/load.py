"""Put the seed teas into a stack's table and bucket."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import boto3

from seed import FOLDER
from tea_api import images, validation
from tea_api.bucket import FOLDER as UPLOADS
from tea_api.bucket import ImageBucket
from tea_api.table import NameTakenError, TeaTable
from tea_api.teas import Tea, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = "TeaTable"
BUCKET = "TeaBucket"
"""Logical ids in template.yaml."""


@dataclass(frozen=True)
class Seed:
    """A tea that can be put into a stack; `key` is its image's in the bucket."""

    new: validation.NewTea
    image: images.Image
    key: str


def seeds() -> list[Seed]:
    """The teas of teas.json. Raises ApiError if the API itself would not take one of them."""
    rows: list[dict[str, Any]] = json.loads(
        (FOLDER / "teas.json").read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal
    )
    return [_seed(**row) for row in rows]


def load_teas(
    resources: Mapping[str, str], endpoint_url: str | None = None, session: boto3.Session | None = None
) -> list[str]:
    """Put in every seed tea whose name is free, its image first: the names of those.

    `resources` are a stack's, logical id to physical id. It can be called again: a tea that is there stays as it is,
    whoever made it. Raises what botocore raises.
    """
    session = session or boto3.Session()
    table = TeaTable(session.client("dynamodb", endpoint_url=endpoint_url), resources[TABLE])
    bucket = ImageBucket(session.client("s3", endpoint_url=endpoint_url), resources[BUCKET])
    teas = seeds()
    with ThreadPoolExecutor(8) as threads:
        loaded = threads.map(lambda seed: _load(seed, table, bucket), teas)
        return [seed.new.name for seed, is_new in zip(teas, loaded, strict=True) if is_new]


def _seed(*, picture: str, **fields: object) -> Seed:
    image = images.recognise((FOLDER / "pictures" / picture).read_bytes())
    if image is None or images.media_type(picture) != images.TYPES[image.extension]:
        raise ValueError(f"{picture} is no image that the Tea API serves")
    return Seed(validation.tea_of_json(fields), image, UPLOADS + picture)


def _load(seed: Seed, table: TeaTable, bucket: ImageBucket) -> bool:
    if table.tea(seed.new.name) is not None:
        return False
    bucket.put(seed.key, seed.image)
    new = seed.new
    tea = Tea(
        id=new_id(datetime.now(UTC)),
        name=new.name,
        image=seed.key,
        description=new.description,
        keywords=new.keywords,
        origin=new.origin,
        brew_time=new.brew_time,
        temperature=new.temperature,
    )
    try:
        table.create(tea)
    except NameTakenError:  # by somebody else, just now
        return False
    return True
