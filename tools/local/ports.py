"""The two ports: checked and taken first of all, so that a port in use costs nobody a wait."""

from __future__ import annotations

import os
import socket

from local.errors import StartError


def number(name: str, text: str) -> int:
    """A port number, 0 for any free port. Raises StartError for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= 65535):
        raise StartError(f"{name} is {text[:40]!r}, and a port is a number up to 65535.")
    return int(text)


def listen(name: str, port: int) -> socket.socket:
    """A socket that listens on loopback; connections wait until somebody serves them.

    Raises StartError where the port cannot be had.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # A port whose last connections still linger is free; one where somebody listens is not.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        why = os.strerror(error.errno or 0).lower()
        free = {"PORT": 3001, "APP_PORT": 8081}[name]
        raise StartError(f"port {port} cannot be had ({why}); choose another: make serve {name}={free}.") from error
    return listener
