"""How much goes where: demand laid on the network, shares of gateways, empty boxes, and a liner that lives by them."""
