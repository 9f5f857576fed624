"""A day on which nobody attacks: monitoring, people, administrators, services, and the internet.

Shares as measured in one organisation of 4,000 users: 13.5 % of HttpProxy's lines are people, the
rest is Exchange's own monitoring.
"""
