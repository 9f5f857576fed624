"""One module for each area of a collection (docs/collector.md) that says who may do what."""
