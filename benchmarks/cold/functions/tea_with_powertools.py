"""The Tea API with Powertools' CORS in place of the layer."""

from functools import partial

from aws_lambda_powertools import event_handler

event_handler.APIGatewayHttpResolver = partial(  # type: ignore[assignment,misc]
    event_handler.APIGatewayHttpResolver,
    cors=event_handler.CORSConfig(
        allow_origin="https://victoria-lo.github.io",
        extra_origins=["http://localhost:8080"],
        allow_headers=["Authorization", "Content-Type"],
    ),
)

from tea_api.service import serve  # noqa: E402

handler = serve
