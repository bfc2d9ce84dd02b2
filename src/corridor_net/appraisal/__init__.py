"""Money over years, and the account of a liner: arithmetic alone, without a network, a file or a word of output."""
