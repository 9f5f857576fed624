"""The file of a campaign, whatever the evidence calls accounts."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from exward.access.campaign import Campaign, Item, parse, rendered

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(who=NAMES, what=NAMES, where=NAMES, why=NAMES)
def test_what_is_written_is_read_back(who, what, where, why):
    one = Item(who=who, what=what, where=where, why=why)
    made = Campaign(owner="boss", due=datetime.date(2027, 1, 1), every_days=90, items=(one,))
    assert parse(rendered(made).encode(), "q.yml") == made


def test_who_has_no_name_is_decided_on_as_well():
    made = Campaign(
        owner="boss", due=datetime.date(2027, 1, 1), every_days=90, items=(Item(who="", what=""),)
    )
    assert parse(rendered(made).encode(), "q.yml") == made
