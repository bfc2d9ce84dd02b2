"""Sets of upgrades as weightings of one network: what each explains, is worth, and which to buy first."""
