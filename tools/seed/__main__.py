"""`python -m seed`: put twelve teas with pictures into a deployed stack.

Exit status: 0 done, 1 the stack is not one with teas, 2 the call is wrong, 3 AWS could not be reached or refused.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from seed.load import BUCKET, TABLE, load_teas, seeds

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line: the exit status."""
    parser = argparse.ArgumentParser(prog="python -m seed", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--stack", required=True, help="the stack's name, such as tea")
    parser.add_argument("--profile", help="of the AWS configuration")
    parser.add_argument("--region")
    parser.add_argument("--endpoint-url", help="where AWS is, if not in AWS: http://127.0.0.1:5000")
    options = parser.parse_args(arguments)
    try:
        session = boto3.Session(profile_name=options.profile, region_name=options.region)
        resources = _resources(session, options.stack, options.endpoint_url)
        if missing := [name for name in (TABLE, BUCKET) if not resources.get(name)]:
            print(
                f"seed: the stack {options.stack} has no {' and no '.join(missing)}: is it the Tea API's?",
                file=sys.stderr,
            )
            return 1
        loaded = load_teas(resources, options.endpoint_url, session)
    except (BotoCoreError, ClientError) as error:
        print(f"seed: {error}", file=sys.stderr)
        return 3
    there = len(seeds()) - len(loaded)
    print(f"new: {', '.join(loaded) or 'none'}" + (f"; {there} were there already" if there else ""))
    return 0


def _resources(session: boto3.Session, stack: str, endpoint_url: str | None) -> dict[str, str]:
    client = session.client("cloudformation", endpoint_url=endpoint_url)
    pages = client.get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        resource["LogicalResourceId"]: resource.get("PhysicalResourceId", "")
        for page in pages
        for resource in page["StackResourceSummaries"]
    }


if __name__ == "__main__":
    sys.exit(main())
