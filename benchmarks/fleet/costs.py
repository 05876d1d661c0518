"""What the reads of rules cost a month, in US dollars, by the list prices of us-east-1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.fleet.store import STANDARD_QUOTA

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS_A_MONTH = 730 * 3_600
# Parameter Store with higher throughput, for each API interaction; with standard throughput there is no charge.
# Source: AWS Systems Manager pricing.
READ = 0.05 / 10_000
# CloudWatch Logs, for each GB taken in, and a `RulesStale` line of the engine with Lambda's own, in GB.
# Source: Amazon CloudWatch pricing.
LOGS, LINE = 0.50, 600 / 1e9


def a_month(row: Mapping[str, Any]) -> dict[str, float]:
    """Dollars for the reads and for the log lines of those that were refused, at the rates of a calm fleet."""
    charged = row["quota"] > STANDARD_QUOTA
    reads = row["reads_a_second_calm"] * SECONDS_A_MONTH * READ if charged else 0.0
    lines = row["refused_a_second_calm"] * SECONDS_A_MONTH * LINE * LOGS
    return {"usd_reads": round(reads, 2), "usd_log_lines": round(lines, 2)}
