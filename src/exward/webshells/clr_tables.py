"""The tables of a .NET assembly, and what is read from them (ECMA-335, partition II)."""

from __future__ import annotations

from dataclasses import dataclass, field

TYPE_REF, TYPE_DEF, FIELD, METHOD, IMPLEMENTS, MEMBER = 0x01, 0x02, 0x04, 0x06, 0x09, 0x0A
ATTRIBUTE, MODULE_REF, TYPE_SPEC, IMPORT, NESTED, METHOD_SPEC = 0x0C, 0x1A, 0x1B, 0x1C, 0x29, 0x2B
USER_STRING = 0x70
PARAMETER = 0x08
CLASS, INSTANCE_OF_GENERIC = 0x12, 0x15  # types in signatures

CODED: dict[str, tuple[int, tuple[int, ...]]] = {
    "scope": (2, (0x00, MODULE_REF, 0x23, TYPE_REF)),
    "type": (2, (TYPE_DEF, TYPE_REF, TYPE_SPEC)),
    "parent": (3, (TYPE_DEF, TYPE_REF, MODULE_REF, METHOD, TYPE_SPEC)),
    "attributed": (
        5,
        (
            METHOD,
            FIELD,
            TYPE_REF,
            TYPE_DEF,
            8,
            9,
            MEMBER,
            0,
            14,
            23,
            20,
            17,
            MODULE_REF,
            TYPE_SPEC,
            32,
            35,
            38,
            39,
            40,
            42,
            44,
            METHOD_SPEC,
        ),
    ),
    "constructor": (3, (0xFF, 0xFF, METHOD, MEMBER)),
    "forwarded": (1, (FIELD, METHOD)),
    "generic": (1, (METHOD, MEMBER)),
}
# A row's columns: a number of bytes, a heap (s: strings, b: blobs), a table, or a coded index.
COLUMNS: dict[int, tuple[str | int, ...]] = {
    TYPE_REF: ("scope", "s", "s"),
    TYPE_DEF: ("4", "s", "s", "type", FIELD, METHOD),
    FIELD: ("2", "s", "b"),
    METHOD: ("4", "2", "2", "s", "b", PARAMETER),
    IMPLEMENTS: (TYPE_DEF, "type"),
    MEMBER: ("parent", "s", "b"),
    ATTRIBUTE: ("attributed", "constructor", "b"),
    MODULE_REF: ("s",),
    TYPE_SPEC: ("b",),
    IMPORT: ("2", "forwarded", "s", MODULE_REF),
    NESTED: (TYPE_DEF, TYPE_DEF),
    METHOD_SPEC: ("generic", "b"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """How a method is called."""

    has_this: bool
    parameters: int
    returned: int  # the first byte of the returned type: 1 is void
    raw: bytes

    @property
    def arguments(self) -> int:
        """The number of values that a call takes, the object included."""
        return self.parameters + self.has_this


@dataclass(slots=True)
class Method:
    """A method of the assembly itself."""

    token: int
    owner: int
    name: str
    signature: Signature
    code: bytes = b""
    handlers: frozenset[int] = frozenset()


@dataclass(slots=True)
class Type:
    """A type of the assembly itself."""

    name: str
    base: str
    interfaces: list[str] = field(default_factory=list)
    methods: list[int] = field(default_factory=list)
