"""The function's processes: what they are given, how they fail, and that they come back."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from local.function import Function
from local.pool import SIZE, Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Make = "Callable[..., Pool]"


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Pool]]:
    """A pool for a module's text."""
    pools = []

    def of(code: str, *, timeout: int = 30, **variables: str) -> Pool:
        (tmp_path / "task").mkdir(exist_ok=True)
        (tmp_path / "layer").mkdir(exist_ok=True)
        (tmp_path / "task" / "app.py").write_text(code, "utf-8")
        function = Function(
            logical_id="F",
            name="local-F",
            handler="app.handler",
            code=tmp_path / "task",
            layers=(tmp_path / "layer",),
            variables=variables,
            timeout=timeout,
            memory=512,
            runtime="python3.13",
        )
        pools.append(Pool(function, "http://127.0.0.1:1"))
        return pools[-1]

    yield of
    for pool in pools:
        pool.close()


def result(pool: Pool, event: Any = None) -> Any:
    """What the function returns."""
    answer = pool.invoke(json.dumps(event))
    assert answer.result is not None
    return json.loads(answer.result)


def test_a_handler_gets_what_lambda_gives_it(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("SECRET_OF_MINE", "x")
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer" / "both.py").write_text("place = 'layer'")
    (tmp_path / "layer" / "only.py").write_text("")
    (tmp_path / "task").mkdir()
    (tmp_path / "task" / "both.py").write_text("place = 'task'")
    pool = make(
        "import os, sys, both, only\n"
        "def handler(event, context):\n"
        "    return {'event': event, 'env': dict(os.environ), 'cwd': os.getcwd(), 'both': both.place,\n"
        "            'stdin': sys.stdin.read(), 'local': 'local' in sys.modules, 'path': sys.path,\n"
        "            'context': [context.aws_request_id, context.function_name, context.memory_limit_in_mb,\n"
        "                        context.invoked_function_arn, context.get_remaining_time_in_millis()]}\n",
        TABLE_NAME="teas",
    )
    assert pool.start() is None
    seen = result(pool, {"ü": [1, None]})
    assert seen["event"] == {"ü": [1, None]}
    assert (seen["both"], seen["stdin"], seen["local"]) == ("task", "", False)
    assert seen["cwd"] == str(tmp_path / "task")
    assert not [folder for folder in seen["path"] if folder.endswith(("tools", "tools/local"))]
    environment = seen["env"]
    assert environment["TABLE_NAME"] == "teas"
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert environment["_HANDLER"] == "app.handler"
    assert not {"AWS_PROFILE", "SECRET_OF_MINE"} & environment.keys()
    request_id, *names, remaining = seen["context"]
    assert names == ["local-F", "512", "arn:aws:lambda:us-east-1:123456789012:function:local-F"]
    assert 0 < remaining <= 30_000
    assert result(pool)["context"][0] != request_id


def test_a_return_value_is_written_as_the_lambda_runtime_writes_it(make: Any) -> None:
    pool = make(
        "from decimal import Decimal\ndef handler(event, context): return [Decimal('2'), Decimal('2.5'), 'é']\n"
    )
    pool.start()
    assert pool.invoke("null").result == '[2, 2.5, "é"]'


def test_what_the_function_prints_is_its_log_and_not_its_answer(make: Any) -> None:
    pool = make(
        "import os, sys\n"
        "def handler(event, context):\n"
        "    print('one'); os.write(1, b'two\\n'); print('three', file=sys.stderr); return event\n"
    )
    pool.start()
    answer = pool.invoke('"x"')
    assert (answer.result, sorted(answer.log)) == ('"x"', ["one", "three", "two"])
    assert pool.invoke('"y"').log == answer.log


def test_an_exception_is_reported_as_lambda_reports_one(make: Any) -> None:
    pool = make("def handler(event, context): raise ValueError('no ' + event)\n")
    pool.start()
    answer = pool.invoke('"tea"')
    assert json.loads(answer.result) == {
        "errorMessage": "no tea",
        "errorType": "ValueError",
        "stackTrace": list(answer.failure.trace),
    }
    assert len(answer.failure.trace) == 1
    assert "app.py" in answer.failure.trace[0]


def test_what_cannot_be_written_as_json_is_an_error(make: Any) -> None:
    pool = make("def handler(event, context): return object()\n")
    pool.start()
    assert result(pool)["errorMessage"] == "Object of type object is not JSON serializable"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("def handler(:\n", "SyntaxError"),
        ("import no_such_module\n", "ModuleNotFoundError"),
        ("x = 1\n", "AttributeError"),
        ("raise SystemExit(3)\n", "SystemExit"),
        ("import os\nos._exit(3)\n", "Runtime.ExitError"),
    ],
)
def test_code_that_does_not_load_until_it_is_put_right(make: Any, tmp_path: Path, code: str, kind: str) -> None:
    pool = make(code)
    failure = pool.start()
    assert failure.type == kind
    answer = pool.invoke("null")
    assert (answer.result, answer.failure) == (None, failure)
    (tmp_path / "task" / "app.py").write_text("def handler(event, context): return 'right again'\n")
    assert pool.start() is None
    assert result(pool) == "right again"


def test_a_process_that_is_lost_is_replaced(make: Any) -> None:
    pool = make("import os\ndef handler(event, context): return event or os._exit(9)\n")
    pool.start()
    for _ in range(SIZE + 1):
        assert result(pool)["errorType"] == "Runtime.ExitError"
    assert result(pool, "still here") == "still here"


def test_the_functions_timeout_ends_it(make: Any) -> None:
    pool = make("import time\ndef handler(event, context): return event or time.sleep(600)\n", timeout=1)
    pool.start()
    assert result(pool)["errorMessage"] == "Task timed out after 1.00 seconds"
    assert result(pool, "next") == "next"


def test_requests_run_side_by_side_in_processes_of_their_own(make: Any, tmp_path: Path) -> None:
    # Each waits for the other: one after the other they would never end.
    pool = make(
        "import os, pathlib, time\n"
        "def handler(event, context):\n"
        "    pathlib.Path(f'{event}.here').touch()\n"
        "    while not pathlib.Path(f'{1 - event}.here').exists(): time.sleep(0.01)\n"
        "    return os.getpid()\n"
    )
    pool.start()
    pool.fill()
    with ThreadPoolExecutor() as threads:
        first, second = threads.map(lambda number: result(pool, number), (0, 1))
    assert first != second


def test_a_request_in_flight_ends_in_the_old_code(make: Any, tmp_path: Path) -> None:
    pool = make(
        "import pathlib, time\n"
        "def handler(event, context):\n"
        "    pathlib.Path('here').touch()\n"
        "    while not pathlib.Path('go').exists(): time.sleep(0.01)\n"
        "    return 'old'\n"
    )
    pool.start()
    task = tmp_path / "task"
    with ThreadPoolExecutor() as threads:
        old = threads.submit(result, pool)
        while not (task / "here").exists():
            threading.Event().wait(0.01)
        (task / "app.py").write_text("def handler(event, context): return 'new'\n")
        assert pool.start() is None
        assert result(pool) == "new"
        (task / "go").touch()
        assert old.result() == "old"
    assert result(pool) == "new"


def test_a_closed_pool_answers_no_more(make: Any) -> None:
    pool = make("def handler(event, context): return 1\n")
    pool.start()
    pool.close()
    assert pool.invoke("null").result is None
