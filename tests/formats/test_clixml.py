"""PowerShell's serialised objects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import clixml

NS = "http://schemas.microsoft.com/powershell/2004/04"


def read(body: str) -> list[object]:
    document = f'<Objs Version="1.1.0.1" xmlns="{NS}">{body}</Objs>'
    return [one.reason or one.value for one in clixml.objects([document.encode()])]


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("<S>a &amp; b</S>", "a & b"),
        ("<S> x </S>", " x "),
        ("<S>a_x000A_b_x005F_x0041__xD83D__xDE00__xD800_</S>", "a\nb_x0041_\U0001f600?"),
        ("<I32>-7</I32>", -7),
        ("<U64>18446744073709551615</U64>", 2**64 - 1),
        ("<I32>x</I32>", "x"),
        ("<Db>1.5</Db>", 1.5),
        ("<B>true</B>", True),
        ("<C>65</C>", "A"),
        ("<Nil />", None),
        ("<DT>2026-01-05T02:42:16.1+09:00</DT>", "2026-01-05T02:42:16.1+09:00"),
        ("<G>9ba6e3b6-7b3a-4a39-9d6b-6a5d1c8a2f01</G>", "9ba6e3b6-7b3a-4a39-9d6b-6a5d1c8a2f01"),
        ("<Obj><TN RefId='0'><T>X</T></TN><LST><S>a</S><I32>1</I32></LST></Obj>", ["a", 1]),
        ("<Obj><IE /></Obj>", []),
        ("<Obj><DCT><En><S N='Key'>k</S><I32 N='Value'>1</I32></En></DCT></Obj>", {"k": 1}),
        ("<Obj><Props><S N='A'>1</S></Props><MS><S N='A'>2</S><S N='B'>3</S></MS></Obj>",
         {"A": "1", "B": "3"}),
        ("<Obj><ToString>shown</ToString><MS><S N='A'>1</S></MS></Obj>",
         {"A": "1", "ToString": "shown"}),
        ("<Obj><TN><T>E</T></TN><ToString>Admin</ToString><I32>1</I32></Obj>", "Admin"),
        ("<Obj><ToString>x</ToString></Obj>", "x"),
        ("<Obj><S>boxed</S></Obj>", "boxed"),
        ("<Obj />", {}),
        ("<Obj><MS><S N='a_x002E_b'>1</S></MS></Obj>", {"a.b": "1"}),
    ],
)  # fmt: skip
def test_values(body, value):
    assert read(body) == [value]


def test_references():
    body = (
        "<Obj RefId='1'><MS><Obj N='A' RefId='2'><MS><S N='x'>y</S></MS></Obj>"
        "<Ref N='B' RefId='2'/><Ref N='C' RefId='1'/><Ref N='D' RefId='9'/></MS></Obj>"
        "<Ref RefId='2'/>"
    )
    inner = {"x": "y"}
    assert read(body) == [{"A": inner, "B": inner, "C": None, "D": None}, inner]


def test_lines_and_what_is_around():
    items = list(clixml.objects([b"#< CLIXML\r\n<Objs>\n<S>a</S>\n<S>b</S></Objs>"]))
    assert [(one.line, one.value) for one in items] == [(3, "a"), (4, "b")]


class TestDamage:
    def test_torn(self):
        items = list(clixml.objects([b"<Objs><S>a</S><Obj><MS><S N='x'>y</S>"]))
        assert [one.reason or one.value for one in items] == ["a", "this object does not end"]

    def test_a_bad_tag_costs_itself(self):
        assert read("<Obj><MS><S N=x>1</S><S N='y'>2</S></MS></Obj>")[-1] == {"y": "2"}

    def test_deep(self):
        found = read("<Obj><LST>" * 100 + "</LST></Obj>" * 100)
        assert found[-1] == "some of this object is nested too deeply to read"

    def test_large(self, monkeypatch):
        monkeypatch.setattr(clixml, "MAX_ELEMENTS", 10)
        monkeypatch.setattr(clixml, "MAX_CHARS", 100)
        many = "<Obj><LST>" + "<S>x</S>" * 20 + "</LST></Obj>"
        reason = "this object has too many elements or too much text"
        assert read(many + "<S>a</S>" + f"<S>{'x' * 200}</S>") == [reason, "a", reason]


PIECES = st.sampled_from(
    [
        *("<Obj RefId='1'>", "</Obj>", "<MS>", "</MS>", "<S N='a'>", "</S>", "<Ref RefId='1'/>"),
        *("<DCT>", "<En>", "<LST>", "x_x0041_", "<", "&#0;", "<Nil/>", "</Objs>", "<I32>"),
        "<C>-1</C>",
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join), st.integers(1, 9))
def test_never_raises(text, size):
    data = ("<Objs>" + text).encode()
    for item in clixml.objects(data[i : i + size] for i in range(0, len(data), size)):
        assert item.line >= 1
