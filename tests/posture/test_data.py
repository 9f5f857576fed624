"""What is made of data is made once, and what is kept has a bound."""

from exward.posture.data import Data, Kept

MADE: list[object] = []


def count(data: Data) -> int:
    MADE.append(data)
    return len(data.rows)


def test_what_a_function_makes_is_made_once_for_each_data():
    one, other = Data([{"a": 1}, {"a": 2}]), Data({"a": 1})
    assert [one.once(count), other.once(count), one.once(count)] == [2, 1, 2]
    assert [one, other] == MADE


def test_a_list_is_known_whole_only_if_all_of_it_are_objects():
    assert [row.number("A") for row in Data([{"a": 1}, {"a": 2}]).objects or ()] == [1, 2]
    assert Data([{"a": 1}, "x"]).objects is None
    assert len(Data([{"a": 1}, "x"]).rows) == 1
    assert Data(None).objects == ()


def test_the_latest_texts_are_kept_within_the_bound():
    asked: list[bytes] = []

    def make(text: bytes) -> tuple[str, int]:
        asked.append(text)
        return text.decode(), len(text)

    kept: Kept[str] = Kept(5)
    for text in (b"aa", b"bb", b"aa", b"cc", b"aa", b"bb"):
        assert kept.made(text, make) == text.decode()
    assert asked == [b"aa", b"bb", b"cc", b"bb"]
    assert kept.made(b"longer", make) == "longer"
    assert kept.made(b"aa", make) == "aa"
    assert asked[-2:] == [b"longer", b"aa"]


def test_a_text_may_mean_something_else_under_another_name():
    kept: Kept[str] = Kept(50)
    assert kept.made(b"x", lambda _: ("one", 1), "a") == "one"
    assert kept.made(b"x", lambda _: ("other", 1), "b") == "other"
    assert kept.made(b"x", lambda _: ("again", 1), "a") == "one"
