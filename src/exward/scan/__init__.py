"""Plan, read, judge, report: the only place that knows the order."""
