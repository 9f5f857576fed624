"""AD's "Log on to": the hosts that an account may sign in from.

Names of source hosts come from whoever signs in, so only those are proposed that are names, were
there for weeks, and make up a real part of the sign-ins.
"""

from __future__ import annotations

import re

from exward.accounts.model import WARM_UP_HOURS
from exward.accounts.profile import DIMENSIONS, Profile

MIN_SHARE = 0.01
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,14}")
"""NetBIOS names, which the attribute holds (Microsoft Learn: User-Workstations)."""


def usual_hosts(profile: Profile) -> tuple[str, ...]:
    """The source hosts that are usual, by name."""
    one = profile.dimensions[DIMENSIONS.index("source_host")]
    return tuple(
        sorted(
            name
            for name, value in one.values.items()
            if _NAME.fullmatch(name)
            and value.last - value.first >= WARM_UP_HOURS
            and value.weight >= MIN_SHARE * one.total
        )
    )
