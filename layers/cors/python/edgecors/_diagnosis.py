"""Origin patterns that are wrong: what is, and which pattern was meant. No function with right rules loads this."""

from __future__ import annotations

from edgecors._origin import is_ipv6, is_localhost, is_number, is_port, is_scheme, serialize_ipv6
from edgecors._pattern import Pattern, compile_pattern, decodes, has_subdomains
from edgecors._spec import (
    DEFAULT_PORTS,
    DIGITS,
    HEX_DIGITS,
    HOST_CHARACTERS,
    LOWER,
    MAX_HOST,
    MAX_LABEL,
    MAX_PORT,
    MAX_SCHEME,
)
from edgecors._value import Value, assign

# What UTS 46 makes of characters besides folding them: full stops, and nothing of those that nobody sees (soft
# hyphen, zero-width space, word joiner, byte order mark, variation selectors, fillers).
_FULL_STOPS = (0x3002, 0xFF0E, 0xFF61)
_IGNORED = (0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x200B, 0x2060, 0x3164, 0xFEFF, 0xFFA0)
_VARIATION_SELECTORS = (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10))
_MAPPED = {**dict.fromkeys(_FULL_STOPS, "."), **dict.fromkeys(_IGNORED + _VARIATION_SELECTORS, "")}
# Longer texts get no hint that would have to be worked out: Punycode and normalisation are quadratic.
_MAX_UNICODE = 1_000
_MAX_LIST = 100


class Fault(Value):
    """Something wrong with a pattern: a problem's `code` and the half-open range of characters it is about."""

    __slots__ = ("code", "end", "start")

    code: str
    start: int
    end: int

    def __init__(self, code: str, start: int, end: int) -> None:
        assign(self, "code", code)
        assign(self, "start", start)
        assign(self, "end", end)


def diagnose(text: str) -> tuple[list[Fault], str | list[str] | None]:
    """Everything that is wrong with `text` as a pattern, and the pattern (or patterns) that was meant.

    The second is None where that is not certain. Faults come in the order of the text.
    """
    whole = (0, len(text))
    if not text.strip():
        return [Fault("origin-empty", *whole)], None
    if text.strip().lower() == "null":
        return [Fault("origin-null", *whole)], None
    entries = text.replace(",", " ").split()
    if len(entries) > 1 and all("." in name or ":" in name for name in (entry.strip(".:") for entry in entries)):
        meant = [corrected(entry) for entry in entries] if len(entries) <= _MAX_LIST else [None]
        fixed = [entry for entry in meant if entry is not None]
        return [Fault("origin-list", *whole)], fixed if len(fixed) == len(meant) else None
    if _looks_like_regex(text):
        return [Fault("origin-looks-like-regex", *whole)], None
    diagnosis = _Diagnosis(text)
    return diagnosis.faults or [Fault("origin-invalid-character", *whole)], diagnosis.meant()


def corrected(text: str) -> str | None:
    """The pattern that was meant by `text`; `text` itself where nothing is wrong; None where it is not certain."""
    if compile_pattern(text) is not None:
        return text
    meant = diagnose(text)[1]
    return meant if isinstance(meant, str) else None


def _looks_like_regex(text: str) -> bool:
    return any(mark in text for mark in ("\\.", "\\/", "\\d", "\\w", "^", "$", "(", "/.*", ".+", "?://"))


class _Diagnosis:
    """One walk over a wrong pattern, part by part, that notes the faults and collects the corrected parts."""

    def __init__(self, text: str) -> None:
        self.faults: list[Fault] = []
        self._certain = True
        self._text = text
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        is_broken = len(text.split(None, 1)) > 1
        if end - start < len(text) or is_broken:
            self._note("origin-whitespace", 0, len(text), certain=not is_broken)
        self._any_port = self._subdomains = False
        self._port = self._host = ""
        self._scheme, after_scheme = self._read_scheme(start, end)
        authority_end = self._read_tail(after_scheme, end)
        self._read_authority(after_scheme, authority_end)
        self.faults.sort(key=lambda fault: fault.start)
        if not self._scheme:
            self._scheme = "http" if is_localhost(self._host) or self._port == "80" else "https"

    def meant(self) -> str | None:
        """The corrected pattern, if nothing had to be guessed and it is right."""
        if not self._certain:
            return None
        port = "*" if self._any_port else self._port
        if port == DEFAULT_PORTS.get(self._scheme):
            port = ""
        text = str(Pattern(self._scheme, self._host, port, self._subdomains))
        return text if compile_pattern(text) is not None else None

    def _note(self, code: str, start: int, end: int, *, certain: bool = True) -> None:
        self.faults.append(Fault(code, start, end))
        self._certain = self._certain and certain

    def _read_scheme(self, start: int, end: int) -> tuple[str, int]:
        at = self._text.find("://", start, end)
        if at < 0 or any(mark in self._text[start:at] for mark in "/?#@["):
            self._note("origin-no-scheme", start, end)
            scheme, colon, _ = self._text[start:end].lower().partition(":")
            if not colon or scheme not in ("http", "https"):
                return "", start + 2 * self._text.startswith("//", start)
            start += len(scheme) + 1  # `https:/a.example`, `https:a.example`
            return scheme, start + self._text.startswith("/", start)
        scheme = self._text[start:at].lower()
        if scheme != self._text[start:at]:
            self._note("origin-upper-case", start, at)
        if "*" in scheme:
            self._note("origin-wildcard-misplaced", start, at, certain=False)
        elif scheme == "file":
            self._note("origin-file-scheme", start, at, certain=False)
        elif len(scheme) > MAX_SCHEME:
            self._note("origin-scheme-too-long", start, at, certain=False)
        elif not is_scheme(scheme):
            self._note("origin-scheme-invalid", start, at, certain=False)
        return scheme, at + len("://")

    def _read_tail(self, start: int, end: int) -> int:
        """Notes path, query and fragment; gives where the authority ends."""
        at = min((at for mark in "/?#\\" if (at := self._text.find(mark, start, end)) >= 0), default=end)
        tail = self._text[at:end]
        if tail == "/":
            self._note("origin-trailing-slash", at, end)
        elif tail:
            kind = {"?": "origin-has-query", "#": "origin-has-fragment"}.get(tail[0], "origin-has-path")
            self._note(kind, at, end)
        return at

    def _read_authority(self, start: int, end: int) -> None:
        at = self._text.rfind("@", start, end)
        if at >= 0:
            self._note("origin-has-userinfo", start, at + 1)
            start = at + 1
        host_end = end
        if self._text.startswith(("[", "*.["), start):
            bracket = self._text.find("]", start, end)
            host_end = bracket + 1 if bracket >= 0 else end
            if host_end < end and self._text[host_end] != ":":
                self._note("origin-invalid-character", host_end, end, certain=False)
        elif self._text.count(":", start, end) > 1 and _ipv6_address(self._text[start:end]):
            # In `::1:8080` the last group may have been meant as a port.
            is_ambiguous = _ipv6_address(self._text[start:end].rpartition(":")[0]) is not None
            self._note("origin-ipv6-brackets", start, end, certain=not is_ambiguous)
            self._host = f"[{_ipv6_address(self._text[start:end])}]"
            return
        else:
            colon = self._text.find(":", start, end)
            host_end = colon if colon >= 0 else end
        if host_end < end and self._text[host_end] == ":":
            self._read_port(host_end, end)
        self._read_host(start, host_end)

    def _read_port(self, colon: int, end: int) -> None:
        port = self._text[colon + 1 : end]
        span = colon, end
        if port == "*":
            self._any_port = True
        elif not port:
            self._note("origin-port-empty", *span)
        elif "*" in port:
            self._note("origin-wildcard-misplaced", *span, certain=False)
        elif port.strip(DIGITS):
            self._note("origin-port-invalid", *span, certain=False)
        elif not port.strip("0"):
            self._note("origin-port-zero", *span, certain=False)
        elif len(port.lstrip("0")) > len("65535") or int(port.lstrip("0")) > MAX_PORT:
            self._note("origin-port-range", *span, certain=False)
        else:
            self._port = port.lstrip("0")
            if port[0] == "0":
                self._note("origin-port-zero-padded", *span)
            if self._scheme and not is_port(self._port, self._scheme):
                self._note("origin-default-port", *span)

    def _read_host(self, start: int, end: int) -> None:
        host = self._text[start:end].strip()
        if host[:2] == "*.":
            self._subdomains = True
            host, start = host[2:], start + 2
        span = start, max(end, start)
        if not host:
            self._note("origin-no-host", *span, certain=False)
            return
        if host.startswith("["):
            self._read_ipv6(host, *span)
            return
        if "*" in host:
            # `**.a.example` and `*a.example`: the nearest pattern that is safe; `a.*.example` has none.
            bare = host.lstrip("*.")
            certain = "*" not in bare and bare[:1] not in ("", "-", "_") and not self._subdomains
            self._note("origin-wildcard-misplaced", *span, certain=certain)
            if not certain:
                return
            self._subdomains, host = True, bare
        if any(letter in host for letter in LOWER.upper()):
            self._note("origin-upper-case", *span)
        mapped = host.lower() if host.isascii() else _domain_to_ascii(host)
        if not host.isascii():
            self._note("origin-unicode", *span, certain=mapped is not None)
        if mapped is None:
            return
        self._host = host = mapped
        self._check_host(host, *span)

    def _check_host(self, host: str, start: int, end: int) -> None:
        span = start, end
        name = host.removesuffix(".")
        labels = name.split(".")
        if not name or "" in labels:
            self._note("origin-empty-label", *span, certain=False)
        elif is_number(labels[-1]):
            self._read_ipv4(host, *span)
        elif host.strip(HOST_CHARACTERS):
            self._note("origin-invalid-character", *span, certain=False)
        elif any(len(label) > MAX_LABEL for label in labels):
            self._note("origin-label-too-long", *span, certain=False)
        elif len(name) > MAX_HOST:
            self._note("origin-host-too-long", *span, certain=False)
        elif self._subdomains and not has_subdomains(host):
            self._note("origin-unmatchable", *span, certain=False)
        elif not all(map(decodes, labels)):
            self._note("origin-punycode-invalid", *span, certain=False)

    def _read_ipv4(self, host: str, start: int, end: int) -> None:
        address = _ipv4_address(host.removesuffix("."))
        if address is None:
            self._note("origin-ipv4-invalid", start, end, certain=False)
        elif self._subdomains:
            self._note("origin-wildcard-ip", start, end, certain=False)
        elif address != host:
            self._note("origin-ipv4-not-dotted", start, end)
            self._host = address

    def _read_ipv6(self, host: str, start: int, end: int) -> None:
        address = _ipv6_address(host[1:-1]) if host[-1] == "]" else None
        if address is None:
            self._note("origin-ipv6-invalid", start, end, certain=False)
            return
        self._host = f"[{address}]"
        if self._subdomains:
            self._note("origin-wildcard-ip", start, end, certain=False)
        elif not is_ipv6(host[1:-1]):
            lower = host.lower()
            self._note("origin-upper-case" if is_ipv6(lower[1:-1]) else "origin-ipv6-not-compressed", start, end)


def _domain_to_ascii(host: str) -> str | None:
    """URL, "domain to ASCII", as far as the standard library goes; None where that is not sure to be right.

    This is UTS 46, non-transitional; the `idna` codec of the standard library is of 2003.
    """
    if len(host) > _MAX_UNICODE or not all(map(_is_mapped_surely, host)):
        return None
    import unicodedata  # noqa: PLC0415  (only for people's mistakes: no cold start pays for it)

    dotted = host.translate(_MAPPED)
    text = dotted
    for _ in range(2):
        text = "".join(character if character in "ßς" else character.casefold() for character in text)
        text = unicodedata.normalize("NFKC", text)
    # Where these come out of other characters, UTS 46 refuses (`⒈`) or folds (`ϲ`).
    if any(text.count(character) != dotted.count(character) for character in ".ς"):
        return None
    labels = text.split(".")
    if any(label.startswith("xn--") and not label.isascii() for label in labels):
        return None
    return ".".join(label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii") for label in labels)


def _is_mapped_surely(character: str) -> bool:
    """Whether UTS 46 takes the character, and as we do: letters, marks, digits and symbols, but no U+FFFD. (The
    capital sharp s it has mapped in two ways.)"""
    if character < "\x80" or ord(character) in _MAPPED:
        return True
    import unicodedata  # noqa: PLC0415  (as above)

    return unicodedata.category(character)[0] in "LMNS" and character not in "\u1e9e\ufffd" and character < "\U000e0000"


def _ipv4_address(text: str) -> str | None:
    """URL, "IPv4 parser": short, octal and hexadecimal forms as the dotted quad that they stand for."""
    parts = text.split(".")
    if len(parts) > 4:
        return None
    numbers = []
    for part in parts:
        digits, base, allowed = part, 10, DIGITS
        if part[:2] == "0x":
            digits, base, allowed = part[2:] or "0", 16, HEX_DIGITS
        elif len(part) > 1 and part[0] == "0":
            digits, base, allowed = part[1:], 8, DIGITS[:8]
        digits = digits.lstrip("0") or digits[:1]
        if not digits or digits.strip(allowed) or len(digits) > len("37777777777"):
            return None
        numbers.append(int(digits, base))
    last = 256 ** (5 - len(numbers))
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= last:
        return None
    value = numbers[-1] + sum(number << 8 * (3 - index) for index, number in enumerate(numbers[:-1]))
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def _ipv6_address(text: str) -> str | None:
    """The serialisation of an IPv6 address in any of its written forms, else None; a zone is no part of one."""
    import ipaddress  # noqa: PLC0415  (only for people's mistakes: no cold start pays for it)

    if "%" in text:
        return None
    try:
        packed = ipaddress.IPv6Address(text).packed
    except ValueError:
        return None
    return serialize_ipv6([packed[index] << 8 | packed[index + 1] for index in range(0, 16, 2)])
