"""moto's server as a process of its own: `python -m local.moto_server`.

It prints its port as soon as it can be connected to, and answers once moto is imported, which takes far longer.
It ends when its standard input ends, that is when whoever started it is gone.
"""

from __future__ import annotations

import gc
import os
import socket
import threading
from typing import Any
from unittest import mock


def end_with_parent() -> None:
    """Wait for the end of standard input, and end the process."""
    while os.read(0, 4096):
        pass
    os._exit(0)


def main() -> None:
    """Listen, say where, import, serve for ever."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    port: int = listener.getsockname()[1]
    print(port, flush=True)

    # The imports make some 10^6 objects that all stay: collecting in between only costs time (a fifth of it).
    gc.disable()
    # EC2's module reads botocore's largest model three times to list regions; CloudFormation's needs the module, but
    # nothing here asks for a region of EC2.
    with mock.patch("boto3.session.Session.get_available_regions", return_value=["us-east-1"]):
        import moto.ec2.models  # noqa: PLC0415
    import moto.cloudformation.parsing  # noqa: F401, PLC0415  what a first stack would wait for
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415
        DomainDispatcherApplication,
        create_backend_app,
    )
    from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: PLC0415

    gc.freeze()
    gc.enable()

    class Quiet(WSGIRequestHandler):
        """Writes no line for each request; what goes wrong is still written."""

        protocol_version = "HTTP/1.1"

        def log_request(self, *_: Any) -> None:
            """Nothing: the terminal belongs to the Tea API."""

    application = DomainDispatcherApplication(create_backend_app)
    make_server(
        "127.0.0.1", port, application, threaded=True, request_handler=Quiet, fd=listener.fileno()
    ).serve_forever()


if __name__ == "__main__":
    main()
