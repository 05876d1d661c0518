"""Images in S3, below `uploads/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tea_api.images import TYPES

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from tea_api.images import Image

FOLDER = "uploads/"


class ImageBucket:
    """The bucket named `name`. Errors of AWS come as botocore raises them."""

    def __init__(self, client: S3Client, name: str) -> None:
        self._client = client
        self._bucket = name

    def put(self, key: str, image: Image) -> None:
        """Keep an image under `key`, which begins with `FOLDER`."""
        self._client.put_object(Bucket=self._bucket, Key=key, Body=image.data, ContentType=TYPES[image.extension])

    def get(self, key: str) -> bytes | None:
        """An image's bytes; None if there is none.

        Needs s3:ListBucket too: who may not list a bucket is told 403 for what is not in it, which is raised.
        """
        try:
            response = self._client.get_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.NoSuchKey:
            return None
        return response["Body"].read()

    def delete(self, key: str) -> None:
        """Delete an image, if it is there."""
        self._client.delete_object(Bucket=self._bucket, Key=key)
