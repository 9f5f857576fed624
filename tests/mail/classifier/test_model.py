"""Learning, keeping and explaining, on words made up for it."""

from __future__ import annotations

import numpy as np
import pytest

from exward.mail.classifier.features import SLOTS, features, slot
from exward.mail.classifier.model import Model, model_bytes, parse_model, shipped_model
from exward.mail.classifier.structure import direction, structure_features
from exward.mail.classifier.training import MIN_COUNT, pack, train
from exward.mail.classifier.words import text_features, words
from exward.model.errors import ContentError
from tests.mail.letters import facts, html, letter

BAD, GOOD = {"word: win": 1.0, "word: the": 1.0}, {"word: minutes": 1.0, "word: the": 1.0}


def both(plain: str, page: str) -> bytes:
    """A message as plain text and as a page."""
    body = (
        f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{page}\n--b--\n"
    )
    return letter(body, Content_Type='multipart/alternative; boundary="b"')


def learned(messages, bad):
    labels = np.array(bad, float)
    return train(pack(messages), labels, np.ones(len(bad)))


def test_words_that_tell_are_learned():
    weights = learned([BAD] * 5 + [GOOD] * 5, [1] * 5 + [0] * 5)
    assert weights[slot("word: win")] > 1
    assert weights[slot("word: minutes")] < -1
    assert abs(weights[slot("word: the")]) < 0.2


def test_rare_words_are_not():
    rare = {"word: name": 1.0}
    messages = [BAD | rare] * (MIN_COUNT - 1) + [BAD] * 3 + [GOOD] * 5
    weights = learned(messages, [1] * (MIN_COUNT + 2) + [0] * 5)
    assert weights[slot("word: name")] == 0


def test_a_feature_never_speaks_in_the_direction_that_is_closed_to_it():
    traps = ({"unsubscribe header": 0.5}, {"answers go elsewhere": 0.5})
    assert [direction(name) for trap in traps for name in trap] == [-1, 1]
    weights = learned([BAD | traps[0]] * 5 + [GOOD | traps[1]] * 5, [1] * 5 + [0] * 5)
    assert weights[slot("unsubscribe header")] == 0
    assert weights[slot("answers go elsewhere")] == 0


def test_a_model_is_kept_and_read_back():
    weights = np.zeros(SLOTS, np.float32)
    weights[slot("word: win")] = 1.5
    model = Model(weights, -0.5, 2.0, 0.25)
    again = parse_model(model_bytes(model), "m")
    assert again.margin({"word: win": 2.0}) == model.margin({"word: win": 2.0}) == 2.5
    assert again.log_odds(2.5) == 5.25
    assert again.top({"word: win": 1.0, "word: a": 1.0}, 3, 1) == ["word: win"]
    assert model_bytes(model) == model_bytes(again)


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04", b"x" * 100])
def test_junk_is_no_model(junk):
    with pytest.raises(ContentError):
        parse_model(junk, "m")


def test_the_shipped_model_tells_the_obvious_apart():
    model = shipped_model()
    spam = letter(
        "CONGRATULATIONS!!! You have won $1,000,000 in the lottery. Dear friend, claim your prize "
        "now: http://win.claim-prize.top/a\n", From="Lottery <win777@prize.top>",
        Subject="You WON $1,000,000!!!", Message_ID="")  # fmt: skip
    good = letter("Hi Bob, the patch applies and the test passes now. I will look at the driver "
                  "on Monday. Thanks, Ann\n", Subject="Re: patch for the driver")  # fmt: skip
    assert model.probability(features(facts(spam))) > 0.8
    assert model.probability(features(facts(good))) < 0.2


def test_words_hold_no_numbers_addresses_or_hosts():
    found = words("Pay 1,250 to ann@contoso.example at http://contoso.example/x, 50% NOW!!")
    assert found == ["pay", "0", "0", "to", "at", "0%", "now", "!"]
    assert words("ご本人確認") == ["ご本", "本人", "人確", "確認"]


def test_words_are_read_as_people_see_them():
    assert words("Vál\u200bidate your wállet") == ["validate", "your", "wallet"]
    assert words("パスワード") == words("パスワード".encode().decode())
    assert "パス" in words("パスワード")


def test_words_of_links_name_and_start_are_features_of_their_own():
    page = html('<p>Parcels waiting here</p><a href="http://a.net/x">Pay the fee</a>',
                From="Post Service <a@fabrikam.com>")  # fmt: skip
    found = dict(text_features(facts(page)))
    assert {"word at start: parcels", "word stem: parce", "word in link: the fee",
            "word in name: service"} <= set(found)  # fmt: skip
    assert direction("word in name: service") == 1  # anybody can have any name
    assert direction("word in link: the fee") == 0


def test_numbers_alone_are_no_words():
    found = dict(text_features(facts(letter("12 400 7712 parcels 3\n"))))
    assert not {"word: 0", "word: 0 0"} & set(found)
    assert "word: 0 parcels" in found


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a?aff_id=12", "links: counter of advertisers"),
        ("cl/49_md/2010/4/24/4/38", "links: many numbers in the path"),
        ("MNEBt7X8KYWWeJDFH0u5", "links: nothing but a code"),
        ("wp-content/a/login.php", "links: inside a blog's own files"),
        ("a/login.php", "links: path speaks of accounts"),
    ],
)
def test_paths(path, name):
    assert name in set(structure_features(facts(html(f'<a href="http://a.net/{path}">x</a>'))))
    assert name not in set(structure_features(facts(html('<a href="http://a.net/news/7">x</a>'))))


def test_a_plain_text_about_something_else_than_the_page():
    page = " ".join(f"parcel{chr(97 + n)}word" for n in range(20))
    other = " ".join(f"story{chr(97 + n)}word" for n in range(20))
    name = "text: another than in the page"
    assert name in set(structure_features(facts(both(other * 2, page))))
    assert name not in set(structure_features(facts(both(page + " more", page))))


def test_a_domain_that_costs_nothing_vouches_for_nothing():
    def found(host):
        links = f'<a href="https://www.{host}/news">Read</a>'
        page = html(links, From=f"Harbor <a@news.{host}>", Message_ID=f"<1@{host}>",
                    DKIM_Signature=f"v=1; d={host}; b=AAAA")  # fmt: skip
        return {name for name in structure_features(facts(page)) if direction(name) == -1}

    own = {
        "links: all agree with the sender",
        "links: to the sender 90+",
        "sender: usual subdomain",
        "signed for its domain",
        "message id of its domain",
        "sender: name fits domain",
    }
    assert own <= found("harbor.com")
    assert not own & found("harbor.click")


@pytest.mark.parametrize(
    ("headers", "page", "name"),
    [
        ({"Subject": "We miss you, {First Name}"}, "x", "subject: unfilled form"),
        ({}, '<a href="http://[unsubscribe_link]/">x</a>', "links: unfilled form"),
        ({}, "Get $1OO for your opinion", "text: letters in numbers"),
    ],
)
def test_marks_of_careless_mass_mailers(headers, page, name):
    assert name in set(structure_features(facts(html(page, **headers))))
    honest = facts(html("We get 100 H2O <a href='http://a.net/'>[name]</a>", Subject="[PATCH] x"))
    assert name not in set(structure_features(honest))


def test_structure_is_named_for_people():
    page = html('<a href="http://192.0.2.1/x">here</a>', From="PayPal <a1b2c3@mail.top>")
    found = set(structure_features(facts(page)))
    assert {
        "sender: cheap ending",
        "links: all elsewhere, one owner",
        "sender: digits in address",
    } <= found
