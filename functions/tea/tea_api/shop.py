"""What can be done with teas, comments and images, without a word of HTTP but its errors."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tea_api.bucket import FOLDER
from tea_api.clients import CONNECTIONS
from tea_api.problems import ApiError, no_such_tea
from tea_api.table import TOGETHER, NameTakenError
from tea_api.teas import NEWEST, Comment, Tea, new_comment, new_id

if TYPE_CHECKING:
    from tea_api.bucket import ImageBucket
    from tea_api.table import TeaTable
    from tea_api.validation import NewTea

# A child of Powertools' logger, so that its lines are JSON and carry the request's id.
_log = logging.getLogger("tea.shop")


class Shop:
    """Teas with their comments and images. Raises ApiError 404 and 409; what AWS raises goes on."""

    def __init__(self, table: TeaTable, bucket: ImageBucket) -> None:
        self._table = table
        self._bucket = bucket

    def tea(self, name: str) -> Tea:
        """The tea of that name. Raises ApiError 404."""
        tea = self._table.tea(name)
        if tea is None:
            raise no_such_tea(name)
        return tea

    def shown(self, tea: Tea) -> dict[str, object]:
        """A tea as clients get it, with its newest comments."""
        return tea.as_json(self._table.newest_comments(tea.id, NEWEST))

    def page(self, after: str | None, limit: int) -> tuple[list[dict[str, object]], bool]:
        """Up to `limit` teas as clients get them, those after the name `after`; whether there are more."""
        teas = self._table.teas(after, limit + 1)
        page = teas[:limit]
        # A query for each tea: side by side, a page of a hundred takes about as long as one of seven.
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            return list(pool.map(self.shown, page)), len(teas) > limit

    def create(self, new: NewTea) -> Tea:
        """Make a tea. Raises ApiError 409.

        The image goes first, so that no tea is ever seen without its image; then the conditional write
        decides, and the image of a tea that did not come to be is deleted again. Only where the process dies
        in between, or AWS fails the deletion as well (which is logged), an image is left that nothing points
        to.
        """
        if self._table.tea(new.name) is not None:
            raise _taken(new.name)
        tea_id = new_id(datetime.now(UTC))
        key = f"{FOLDER}{tea_id}.{new.image.extension}" if new.image else None
        tea = Tea(
            id=tea_id,
            name=new.name,
            image=key,
            description=new.description,
            keywords=new.keywords,
            origin=new.origin,
            brew_time=new.brew_time,
            temperature=new.temperature,
        )
        if key and new.image:
            try:
                self._bucket.put(key, new.image)
            except Exception:
                self._take_back(key)
                raise
        try:
            self._table.create(tea)
        except NameTakenError:
            self._take_back(key)
            raise _taken(new.name) from None
        except Exception:
            # The answer is lost, and maybe not the write. Where this cannot be found out either, the image
            # stays: better one that nothing points to than a tea that points to nothing.
            if self._table.tea(tea.name) == tea:
                return tea
            self._take_back(key)
            raise
        return tea

    def comment(self, name: str, text: str) -> Tea:
        """Add a comment. Raises ApiError 404.

        The tea is looked up again afterwards: `delete` takes the tea away before it clears the comments, so
        either its clearing sees this comment, or this second look sees that the tea is gone and takes the
        comment back.
        """
        tea = self.tea(name)
        comment = new_comment(text)
        self._table.add_comment(tea.id, comment)
        now = self._table.tea(name)
        if now is None or now.id != tea.id:
            self._table.delete_comment(tea.id, comment.id)
            raise no_such_tea(name)
        return now

    def comments(self, tea: Tea, after: str | None, limit: int) -> tuple[list[Comment], bool]:
        """Up to `limit` comments, the oldest first, those after the id `after`; whether there are more."""
        comments = self._table.comments(tea.id, after, limit + 1)
        return comments[:limit], len(comments) > limit

    def delete_comment(self, name: str, comment_id: str) -> None:
        """Delete a comment. Raises ApiError 404."""
        if not self._table.delete_comment(self.tea(name).id, comment_id):
            raise ApiError(404, f"There is no comment {comment_id!r} on the tea {name!r}.")

    def delete(self, name: str) -> None:
        """Delete a tea, its comments and its image. Raises ApiError 404.

        Whatever an earlier deletion had to leave behind is cleared away as well, found or not.
        """
        try:
            if not self._table.discard(self.tea(name)):
                raise no_such_tea(name)
        finally:
            self._clear()

    def delete_all(self) -> int:
        """Delete all teas, comments and images: how many teas."""
        deleted = 0
        try:
            teas = self._table.teas()
            while teas:
                batch, teas = teas[:TOGETHER], teas[TOGETHER:]
                # Where somebody else deletes at the same time, each is tried by itself.
                deleted += len(batch) if self._table.discard(*batch) else sum(map(self._table.discard, batch))
        finally:
            self._clear()
        return deleted

    def _clear(self) -> None:
        trash = self._table.trash()
        if trash:
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                # list, so that an error of any thread is raised.
                list(pool.map(self._clear_away, trash))

    def _clear_away(self, discarded: tuple[str, str | None]) -> None:
        tea_id, image = discarded
        self._table.delete_comments(tea_id)
        if image:
            self._bucket.delete(image)
        self._table.cleared(tea_id)

    def _take_back(self, key: str | None) -> None:
        if key is None:
            return
        try:
            self._bucket.delete(key)
        except Exception:  # noqa: BLE001 - the error that led here is the one to answer; this one costs storage
            _log.exception("image left behind", extra={"image": key})


def _taken(name: str) -> ApiError:
    return ApiError(409, f"There is a tea named {name!r} already.")
