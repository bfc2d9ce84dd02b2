"""Laws that right numbers obey, whatever the figures are: on small networks made at random and on the shipped one."""
