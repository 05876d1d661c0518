"""An AWS account to rehearse on, as a process of its own: `python -m rehearsal.server`.

moto's server, with what its CloudFormation lacks of AWS's put in (rehearsal.cloudformation, rehearsal.resources). It
prints its port, and ends when its standard input does, that is when whoever started it is gone.
"""

from __future__ import annotations

import logging
import sys

from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from rehearsal import cloudformation, resources


def main() -> None:
    """Serve until standard input ends."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # no line for each request
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    resources.register(f"http://localhost:{port}")
    cloudformation.correct()
    print(port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
