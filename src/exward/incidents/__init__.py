"""Correlates findings along the attack chain and gives the verdict per server."""
