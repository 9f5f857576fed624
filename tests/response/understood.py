"""PowerShell in the words that the grammar of the tests knows.

It lacks two things that PowerShell takes: lists of bare words (`fl Name, Used`) and digits in the
name of a parameter (`-EnableSMB1Protocol`). Used only on texts of our own.
"""

import re

_WORD = r"(?:'[^']*'|[\w*./=-]*[A-Za-z*][\w*./=-]*)"
_LIST = re.compile(rf"(?<=[ (]){_WORD}(?:, ?{_WORD})+(?=[ );]|\Z)")
_PARAMETER = re.compile(r"(?<= )-[A-Za-z]+\d\w*")


def understood(text: str) -> str:
    """The same with quoted words and without those digits."""
    listed = _LIST.sub(lambda match: ", ".join(f"'{one}'" for one in _words(match[0])), text)
    return _PARAMETER.sub(lambda match: re.sub(r"\d", "", match[0]), listed)


def _words(text: str) -> list[str]:
    return [one.strip(" '") for one in text.split(",")]
