"""One network, read once, and the desk that answers on it."""

import pytest

from corridor_net import Network
from corridor_net.programs.desk import Desk


@pytest.fixture(scope="session")
def network():
    return Network.from_folder()


@pytest.fixture(scope="session")
def desk(network):
    return Desk(network)
