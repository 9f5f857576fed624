"""Texts that character sets can name and nobody can write down again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.domains import plain_host, unicode_host
from exward.mail.mime.words import decode_text, decode_words


def test_half_a_letter_of_utf_7_is_replaced():
    assert decode_words("=?utf-7?Q?+2AA-?= x") == "\ufffd x"
    assert decode_text(b"+2AA-", "utf7") == "\ufffd"


@pytest.mark.parametrize("charset", ["utf-7", "utf-8", "utf-16", "utf-32-le", "gb18030", "big5",
                                     "iso-2022-jp", "hz", "cp1252", "johab"])  # fmt: skip
@given(data=st.binary(max_size=40))
def test_what_is_decoded_can_be_written(charset, data):
    decode_text(data, charset).encode()


def test_a_host_is_shown_in_letters_that_cannot_be_mistaken():
    assert plain_host(unicode_host("xn--pypal-4ve.com")) == "xn--pypal-4ve.com"
    assert plain_host("www.paypal.com") == "www.paypal.com"


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", max_size=30))
def test_a_host_can_be_written(name):
    unicode_host(f"xn--{name}.example").encode()
