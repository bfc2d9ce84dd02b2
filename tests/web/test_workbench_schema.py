"""Requests made up from the OpenAPI description: none makes the server fail."""

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error

from corridor_net import Network
from corridor_net.workbench.answers import Workbench
from corridor_net.workbench.app import application

from .conftest import Here

schema = schemathesis.openapi.from_asgi(
    "/openapi.json", application(Here(Workbench(Network.from_folder())), hosts=("testserver", "localhost"))
)


@schema.exclude(path_regex="^/api/(report$|questions/)").parametrize()
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_no_request_makes_the_server_fail(case):
    case.call_and_validate(checks=[not_a_server_error])
