"""Conditional requests, credentials, images, ids, the secret, and the size of a page."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tea_api import conditional, credentials, images, problems, routes, teas
from tea_api.credentials import Credentials
from tea_api.secret import FRESH, AdminSecret
from unit.tea.attempts import ENCODABLE, steady

if TYPE_CHECKING:
    from collections.abc import Callable

TAG = conditional.etag(b"tea")


# --------------------------------------------------------------------------------------------------------- conditional


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        ("", False),
        ("*", True),
        (" * ", True),
        ("*, *", False),
        (TAG, True),
        (f"W/{TAG}", True),
        (f"w/{TAG}", False),
        (f'"a",{TAG}', True),
        (f'"a" ,\t{TAG} , "b"', True),
        (f",,{TAG},", True),
        (f'"a" {TAG}', False),
        (f"x{TAG}", False),
        (f"{TAG}x", False),
        (TAG.strip('"'), False),
        (TAG.upper(), TAG.upper() == TAG),
        (f'"x, {TAG.strip(chr(34))}"', False),
        (f'"a b", {TAG}', False),
        (f'"é", {TAG}', True),
    ],
)
def test_if_none_match(header: str | None, expected: bool) -> None:
    assert conditional.none_match(header, TAG) is expected


@steady
@given(st.binary(), st.binary())
def test_a_tag_is_strong(one: bytes, other: bytes) -> None:
    assert (conditional.etag(one) == conditional.etag(other)) == (one == other)


@pytest.mark.parametrize("header", ['"a",' * 3000 + "x", ", " * 5000 + "x", '"' * 10_000, "W/" * 5000, '"a" ' * 2500])
def test_a_hostile_header_takes_no_time(header: str) -> None:
    assert conditional.none_match(header, TAG) is False


# --------------------------------------------------------------------------------------------------------- credentials


@steady
@given(ENCODABLE.filter(lambda text: ":" not in text), ENCODABLE)
def test_credentials_are_read_back(username: str, password: str) -> None:
    header = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
    assert credentials.parse(header) == Credentials(username, password)


@steady
@given(st.none() | st.text(max_size=40) | st.text(max_size=40).map("Basic {}".format))
def test_any_header_is_credentials_or_none(header: str | None) -> None:
    parsed = credentials.parse(header)
    assert parsed is None or isinstance(parsed, Credentials)


@steady
@given(st.text(max_size=10), st.text(max_size=10), st.text(max_size=10), st.text(max_size=10))
def test_both_must_be_the_same(username: str, password: str, other_username: str, other_password: str) -> None:
    expected = (username, password) == (other_username, other_password)
    one, other = Credentials(username, password), Credentials(other_username, other_password)
    assert credentials.same(one, other) is expected
    assert credentials.same(one, one) is True


def test_a_password_is_in_no_repr() -> None:
    assert "hunter2" not in repr(Credentials("admin", "hunter2"))


# -------------------------------------------------------------------------------------------------------------- secret


class Secrets:
    """Secrets Manager, as far as it is asked."""

    def __init__(self, *texts: str | Exception) -> None:
        self.texts = list(texts)

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803
        assert SecretId == "arn"
        text = self.texts.pop(0)
        if isinstance(text, Exception):
            raise text
        return {"SecretString": text}


def secret(now: list[float], *texts: str | Exception) -> AdminSecret:
    manager: Any = Secrets(*texts)
    return AdminSecret(lambda: manager, "arn", lambda: now[0])


def document(password: str) -> str:
    return json.dumps({"username": "admin", "password": password})


def test_a_rotated_password_is_taken_within_a_minute() -> None:
    now = [1000.0]
    admin = secret(now, document("old"), document("new"))
    assert admin.credentials() == Credentials("admin", "old")
    now[0] += FRESH - 1
    assert admin.credentials() == Credentials("admin", "old")
    now[0] += 1
    assert admin.credentials() == Credentials("admin", "new")


def test_a_clock_that_was_put_back_does_not_keep_a_password() -> None:
    now = [1000.0]
    admin = secret(now, document("old"), document("new"))
    admin.credentials()
    now[0] = 10.0
    assert admin.credentials() == Credentials("admin", "new")


def test_an_old_password_does_not_outlive_a_failure() -> None:
    now = [1000.0]
    admin = secret(now, document("old"), TimeoutError("no answer"), document("new"))
    admin.credentials()
    now[0] += FRESH
    with pytest.raises(TimeoutError):
        admin.credentials()
    now[0] -= FRESH
    assert admin.credentials() == Credentials("admin", "new")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "[]",
        '"hunter2"',
        "null",
        "{}",
        '{"username": "admin"}',
        '{"password": "hunter2"}',
        '{"username": "admin", "password": ""}',
        '{"username": "", "password": "hunter2"}',
        '{"username": "admin", "password": 2}',
        '{"username": "admin", "password": null}',
    ],
)
def test_a_secret_that_is_none_lets_nobody_in_and_is_not_shown(text: str) -> None:
    with pytest.raises(ValueError, match="the admin's secret must") as raised:
        secret([0.0], text).credentials()
    assert "hunter2" not in str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


# -------------------------------------------------------------------------------------------------------------- images


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG", b"\x89PNG\r\n\x1a", b"GIF88a", b"RIFF\0\0\0\0WAVE", b"RIFFWEBP", b"\xff\xd8", b"<svg/>", b"BM"],
)
def test_no_image(data: bytes) -> None:
    assert images.recognise(data) is None


@steady
@given(st.text(max_size=12) | st.from_regex(r"[a-zA-Z0-9./-]*\.(png|jpg|svg)"))
def test_a_file_name_is_never_a_path(file: str) -> None:
    if images.media_type(file) is not None:
        assert file.isascii()
        assert file.count(".") == 1
        assert not set(file) & set("/\\%\0\n: ")
        assert not file.startswith((".", "-"))


# ------------------------------------------------------------------------------------------------------------ teas


def test_a_date_is_utc_with_milliseconds() -> None:
    moment = datetime(2026, 11, 22, 16, 45, 12, 345_999, timezone(timedelta(hours=1)))
    assert teas.new_comment("Hm.", moment).date == "2026-11-22T15:45:12.345Z"
    assert teas.new_comment("Hm.", datetime(2026, 1, 2, tzinfo=UTC)).date == "2026-01-02T00:00:00.000Z"


@steady
@given(st.lists(st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1), timezones=st.just(UTC)), max_size=8))
def test_ids_sort_by_time(moments: list[datetime]) -> None:
    made = [(int(moment.timestamp() * 1000), teas.new_id(moment)) for moment in moments]
    assert all(len(tea_id) == 24 and tea_id == tea_id.lower() and int(tea_id, 16) for _, tea_id in made)
    for one, one_id in made:
        for other, other_id in made:
            assert one >= other or one_id < other_id


def test_ids_of_the_same_moment_differ() -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    assert len({teas.new_id(moment) for _ in range(1000)}) == 1000


# ---------------------------------------------------------------------------------------------------------- whole pages


@pytest.mark.parametrize("character", ["🍵", '"', "\n", "é", "x", "\\"])
def test_a_page_fits_into_what_lambda_may_answer(character: str) -> None:
    """6 MB for the payload as the runtime writes it, in ASCII only up to Python 3.11."""
    comments = [teas.Comment("0" * 24, character * 500, "2026-11-22T15:45:12.345Z")] * teas.NEWEST
    tea = teas.Tea(
        id="0" * 24,
        name=character * 64,
        description=character * 1000,
        keywords=character * 1000,
        origin=character * 1000,
    )
    entries = [tea.as_json(comments)] * 100
    fitting = routes._fitting(entries)
    body = json.dumps(fitting, ensure_ascii=False, separators=(",", ":"))
    payload = {"statusCode": 200, "headers": {"ETag": TAG} | {"x": "x" * 10_240}, "body": body}
    for ascii_only in (True, False):
        assert len(json.dumps(payload, ensure_ascii=ascii_only).encode()) < 6 * 1024 * 1024
    one_more = json.dumps(json.dumps(entries[: len(fitting) + 1], ensure_ascii=False, separators=(",", ":")))
    assert len(fitting) == 100 or len(one_more) > routes.RESPONSE_LIMIT


def test_one_entry_is_always_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "RESPONSE_LIMIT", 1)
    assert routes._fitting([{"a": 1}, {"a": 2}]) == [{"a": 1}]
    assert routes._fitting([]) == []


# ------------------------------------------------------------------------------------------------------------- problems


def test_a_problem_can_be_sent_whatever_the_client_called_its_fields() -> None:
    error = problems.invalid(problems.FieldError("\ud800", "unknown", "What is that?"))
    assert json.loads(error.body().encode())["errors"][0]["field"] == "?"


def test_every_status_has_a_title() -> None:
    make: Callable[[int], str] = lambda status: problems.ApiError(status, "x").body()  # noqa: E731
    for status in problems.TITLES:
        assert json.loads(make(status))["status"] == status
