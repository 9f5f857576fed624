import pytest

from exward.model.everybody import is_all, is_everybody


@pytest.mark.parametrize(
    ("reference", "nearly", "all_of_them"),
    [
        ("S-1-1-0", True, True),
        ("s-1-5-11", True, True),
        ("Everyone", True, True),
        ("NT AUTHORITY\\Authenticated Users", True, True),
        ("NT-AUTORITÄT\\Authentifizierte Benutzer", True, True),
        ("S-1-5-21-1-2-3-513", True, False),
        ("CONTOSO\\Domain Users", True, False),
        ("BUILTIN\\Users", False, False),  # by its SID only: every server has a group Users
        ("S-1-5-32-545", True, False),
        ("S-1-5-4", True, False),
        ("S-1-5-2", True, False),
        ("S-1-5-15", True, False),
        ("CONTOSO\\Usuarios del dominio", True, False),
        ("S-1-5-21-1-2-3-1513", False, False),
        # An account may have any name: it rings the alarm, and its denials do not count for all.
        ("CONTOSO\\Everyone", True, False),
        ("CONTOSO\\j.doe", False, False),
        ("", False, False),
    ],
)
def test_who_stands_for_everybody(reference, nearly, all_of_them):
    assert (is_everybody(reference), is_all(reference)) == (nearly, all_of_them)


def test_where_the_sid_is_known_the_name_does_not_count():
    assert not is_everybody("Everyone", "S-1-5-21-1-2-3-1101")
    assert is_everybody("Utilisateurs du domaine", "S-1-5-21-1-2-3-513")
