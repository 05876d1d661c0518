"""`python -m deploy`: put the shipped rules into a deployed stack's SSM parameter if that has none, and show the stack.

`--check` looks at the shipped rules only and calls nothing: it comes before `sam deploy`, so that wrong rules stop a
deployment early. Exit status: 0 done, 1 the rules or the stack are wrong, 2 the call is wrong, 3 AWS could not be
reached or refused.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy.rules import SHIPPED, DeployError, outputs, put_if_absent, shipped_rules
from edgecors import RulesError
from rules_store import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line: the exit status."""
    parser = argparse.ArgumentParser(prog="python -m deploy", description="The rules of a deployed stack.")
    parser.add_argument("--check", action="store_true", help="only look at the shipped rules")
    parser.add_argument("--stack", default="tea", help="the stack's name")
    parser.add_argument("--profile", help="of the AWS configuration")
    parser.add_argument("--region")
    options = parser.parse_args(arguments)
    try:
        text = shipped_rules()
        if not options.check:
            session = boto3.Session(profile_name=options.profile, region_name=options.region)
            show(session, options.stack, text)
    except RulesError as error:
        print(f"deploy: {SHIPPED.name}: {error}", file=sys.stderr)
        return 1
    except DeployError as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 1
    except StoreError as error:
        print(f"deploy: {SHIPPED.name}: {error}", file=sys.stderr)
        return 3 if error.kind == "aws" else 1
    except (BotoCoreError, ClientError) as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 3
    return 0


def show(session: boto3.Session, stack: str, text: str) -> None:
    """Put the rules if there are none, and print what a person needs next."""
    found = outputs(session.client("cloudformation"), stack)
    if not (name := found.get("RulesParameterName")):
        raise DeployError(f"the stack {stack} has no output RulesParameterName: is it the Tea API's?")
    put = put_if_absent(session.client("ssm"), name, text)
    width = max(map(len, found))
    print()
    for key, value in sorted(found.items()):
        print(f"{key:{width}}  {value}")
    print()
    print(f"rules     {f'{SHIPPED.name} is in {name} now' if put else f'{name} has some, which stay as they are'}")
    print(f"teas      make seed STACK={stack}")
    secret = f"--secret-id {found.get('AdminSecretArn')} --query SecretString --output text"
    print(f"password  aws secretsmanager get-secret-value {secret}")


if __name__ == "__main__":
    sys.exit(main())
