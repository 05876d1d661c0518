"""The rules, one a module. A module's name begins with its rule's ID."""

from __future__ import annotations

from edgecors_doctor.rules.e9801_http_api_overrides import HttpApiOverrides
from edgecors_doctor.rules.e9802_cors_twice import CorsTwice
from edgecors_doctor.rules.e9803_preflight_authorizer import PreflightAuthorizer
from edgecors_doctor.rules.e9804_options_guarded import OptionsGuarded
from edgecors_doctor.rules.e9805_any_guarded import AnyGuarded
from edgecors_doctor.rules.e9806_gateway_responses import GatewayResponses
from edgecors_doctor.rules.e9807_any_with_credentials import AnyWithCredentials
from edgecors_doctor.rules.e9808_cache_without_origin import CacheWithoutOrigin
from edgecors_doctor.rules.e9809_origin_list import OriginList
from edgecors_doctor.rules.e9810_origin_never_sent import OriginNeverSent
from edgecors_doctor.rules.e9811_quotes_missing import QuotesMissing
from edgecors_doctor.rules.e9812_parameter_unreadable import ParameterUnreadable
from edgecors_doctor.rules.e9816_settings import Settings
from edgecors_doctor.rules.w9813_authorization_not_covered import AuthorizationNotCovered
from edgecors_doctor.rules.w9814_options_not_routed import OptionsNotRouted
from edgecors_doctor.rules.w9815_base_path import BasePath

RULES = (
    HttpApiOverrides,
    CorsTwice,
    PreflightAuthorizer,
    OptionsGuarded,
    AnyGuarded,
    GatewayResponses,
    AnyWithCredentials,
    CacheWithoutOrigin,
    OriginList,
    OriginNeverSent,
    QuotesMissing,
    ParameterUnreadable,
    AuthorizationNotCovered,
    OptionsNotRouted,
    BasePath,
    Settings,
)
