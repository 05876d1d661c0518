"""The Tea API with Powertools' CORS in place of the layer: its origins here, or in a parameter where one is named."""

import os
from functools import partial

from aws_lambda_powertools import event_handler

_parameter = os.environ["EDGECORS_PARAMETER"]
if _parameter:
    from aws_lambda_powertools.utilities import parameters

    [_policy] = parameters.get_parameter(_parameter, transform="json", decrypt=True)["policies"]
    _cors = event_handler.CORSConfig(
        allow_origin=_policy["allow_origins"][0],
        extra_origins=_policy["allow_origins"][1:],
        allow_headers=_policy["allow_headers"],
    )
else:
    _cors = event_handler.CORSConfig(
        allow_origin="https://victoria-lo.github.io",
        extra_origins=["http://localhost:8080"],
        allow_headers=["Authorization", "Content-Type"],
    )

event_handler.APIGatewayHttpResolver = partial(event_handler.APIGatewayHttpResolver, cors=_cors)  # type: ignore[assignment,misc]

from tea_api.service import serve  # noqa: E402

handler = serve
