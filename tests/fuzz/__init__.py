"""Made-up and damaged web files, to find what the analysis fails on or works on without bound.

`benchmarks/fuzz_webshells.py` runs as many as are wanted. At one commit an input is told by its
seed and number alone: what fails once can be made again.
"""
