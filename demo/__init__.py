"""A small council that lives on this machine, to try the program on and to test it against."""
