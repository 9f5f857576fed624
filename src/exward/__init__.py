"""exward: supplementary protection for Microsoft Exchange servers."""

__version__ = "0.1.0"
