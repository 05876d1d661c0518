"""Which values of a header Chromium 156 sends without asking first: recorded as tools/chromium_console records."""

from __future__ import annotations

# (name, value, whether a fetch() with it sends a preflight)
HEADERS: tuple[tuple[str, str, bool], ...] = (
    *(("dpr", value, False) for value in ("1", "1.5", "0", "01", " 1 ")),
    *(("dpr", value, True) for value in ("", "-1", "1e3", "+1", "1.", ".5", "inf", "0x1", "1,2", "a")),
    *(("device-memory", value, False) for value in ("1.5", "0")),
    ("device-memory", "a", True),
    *(("downlink", value, False) for value in ("1.5", "0")),
    ("downlink", "a", True),
    *(("width", value, False) for value in ("1", "0")),
    *(("width", value, True) for value in ("1.5", "-1", "a")),
    ("viewport-width", "0", False),
    *(("viewport-width", value, True) for value in ("1.5", "a")),
    *(("rtt", value, False) for value in ("0", "1")),
    *(("rtt", value, True) for value in ("1.5", "-1", "a")),
    *(("ect", value, False) for value in ("2g", "slow-2g", "3g", "4g")),
    *(("ect", value, True) for value in ("5g", "4G", "", "a", "4g, 4g")),
    *(("save-data", value, False) for value in ("on", "ON", "On", " on ")),
    *(("save-data", value, True) for value in ("off", "", "on, on")),
    *(
        ("range", f"bytes={value}", False)
        for value in (
            "0-0",
            "00000000000000000000000000001-",
            "2147483648-",
            "0-2147483648",
            "1-999999999999999999",
            "9223372036854775806-",
            "0-9223372036854775806",
            "9223372036854775805-9223372036854775806",
        )
    ),
    *(
        ("range", f"bytes={value}", True)
        for value in (
            " 0-1",
            "0 -1",
            "\t0-",
            "9223372036854775807-",
            "0-9223372036854775807",
            "9223372036854775808-",
            "0-9223372036854775808",
            "18446744073709551615-",
        )
    ),
)
