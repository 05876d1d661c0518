"""The routes with logs, traces and metrics around them.

Loaded with the function; what needs X-Ray's SDK, which loads botocore, waits for the first request that is
served.
"""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit

from tea_api import routes

if TYPE_CHECKING:
    from collections.abc import Callable

    Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

logger = Logger()
metrics = Metrics()

# Powertools keeps the request in the resolver. Lambda sends one at a time, a server on this machine may not.
_one_at_a_time = threading.Lock()


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@metrics.log_metrics(capture_cold_start_metric=True)
def serve(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer an HTTP request, one line in the log and one count for each; what it raises goes on."""
    status = 500
    try:
        response = _traced()(event, context)
        status = response["statusCode"]
    finally:
        logger.info("request", extra={**_summary(event), "status": status})
        metrics.add_metric(name=f"Status{status // 100}xx", unit=MetricUnit.Count, value=1)
    return response


def _summary(event: dict[str, Any]) -> dict[str, Any]:
    http = (event.get("requestContext") or {}).get("http") or {}
    return {
        "method": http.get("method", event.get("httpMethod")),
        "path": event.get("rawPath", event.get("path")),
    }


def _resolve(event: dict[str, Any], context: Any) -> dict[str, Any]:
    with _one_at_a_time:
        return routes.resolve(event, context)


@cache
def _traced() -> Handler:
    from aws_lambda_powertools import Tracer  # noqa: PLC0415 - see above

    tracer = Tracer(auto_patch=False)
    if not tracer.disabled:
        tracer.patch(modules=["botocore"])
    # A response may be an image of a megabyte, and a trace keeps 64 KB.
    handler: Handler = tracer.capture_lambda_handler(_resolve, capture_response=False)
    return handler
