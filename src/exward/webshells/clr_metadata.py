"""The metadata of a .NET assembly: its types, its methods, and what they refer to.

dnfile finds the streams and the tables; their rows are unpacked here, all of a table at once.
A token is a table's number in the high byte and a row, counted from 1, in the other three.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from exward.webshells.clr_tables import (
    ATTRIBUTE,
    CLASS,
    CODED,
    COLUMNS,
    IMPLEMENTS,
    IMPORT,
    INSTANCE_OF_GENERIC,
    MEMBER,
    METHOD,
    METHOD_SPEC,
    TYPE_DEF,
    TYPE_REF,
    TYPE_SPEC,
    Method,
    Signature,
    Type,
)
from exward.webshells.pe_files import CLR, DAMAGED, NotAnAssembly, open_file

MOST_ROWS = 150_000  # in one table; the largest assemblies of .NET itself have a third
MOST_CODE = 6 << 20  # of all methods, whose bodies may lie over each other in a hostile file
LONGEST_TEXT = 4096  # of a constant; more is cut off
_LONGEST_NAME = 512


_NO_SIGNATURE = Signature(False, 0, 1, b"")


class Assembly:
    """What the metadata says. Raises NotAnAssembly."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._code_left = MOST_CODE
        try:
            self._read_tables(data)
            self._names: dict[int, str] = {}
            self._signatures: dict[int, Signature] = {}
            self._own_names: dict[tuple[int, str, int], int] = {}
            self.types = self._read_types()
            self.methods = self._read_methods()
            self.imports = {
                self._token("forwarded", row[1]): self.string(row[2]) for row in self._rows[IMPORT]
            }
        except DAMAGED as error:
            raise NotAnAssembly from error

    def _read_tables(self, data: bytes) -> None:
        file = open_file(data, CLR)
        net = file.net
        if net is None or net.mdtables is None or net.strings is None or net.blobs is None:
            raise NotAnAssembly
        self._sections = [
            (part.VirtualAddress, part.SizeOfRawData, part.PointerToRawData)
            for part in file.sections
        ]
        self._strings: bytes = net.strings.get_data_at_offset(0, net.strings.sizeof())
        self._blobs: bytes = net.blobs.get_data_at_offset(0, net.blobs.sizeof())
        texts = net.user_strings
        self._texts = texts.get_data_at_offset(0, texts.sizeof()) if texts is not None else b""
        tables = net.mdtables.tables
        self._counts = {number: table.num_rows for number, table in tables.items()}
        self._heaps = {"s": net.mdtables.strings_offset_size, "b": net.mdtables.blobs_offset_size}
        self._rows: dict[int, list[tuple[int, ...]]] = {}
        for number, columns in COLUMNS.items():
            table = tables.get(number)
            self._rows[number] = []
            if table is None or not table.num_rows:
                continue
            layout = struct.Struct("<" + "".join(self._width(column) for column in columns))
            if table.num_rows > MOST_ROWS or layout.size != table.row_size:
                raise NotAnAssembly
            raw = net.mdtables.get_data_at_rva(table.rva, table.num_rows * layout.size)
            self._rows[number] = list(layout.iter_unpack(raw))

    def _width(self, column: str | int) -> str:
        if isinstance(column, int):
            return "H" if self._counts.get(column, 0) < 0x10000 else "I"
        if column in CODED:
            bits, tables = CODED[column]
            most = max(self._counts.get(table, 0) for table in tables)
            return "H" if most <= 1 << (16 - bits) else "I"  # the same bound as dnfile's
        return "H" if self._heaps.get(column, 4 if column == "4" else 2) == 2 else "I"

    @staticmethod
    def _token(kind: str, value: int) -> int:
        bits, tables = CODED[kind]
        kind_of_table = value & ((1 << bits) - 1)
        return tables[kind_of_table] << 24 | value >> bits if kind_of_table < len(tables) else 0

    def string(self, offset: int) -> str:
        """The name at an offset of the strings' heap."""
        end = self._strings.find(b"\0", offset, offset + _LONGEST_NAME)
        return self._strings[offset : max(end, offset)].decode("utf-8", "replace")

    def _blob(self, heap: bytes, offset: int) -> bytes:
        size, start = _compressed(heap, offset)
        return heap[start : start + size]

    def text(self, token: int) -> str:
        """The constant that `ldstr` loads."""
        size, start = _compressed(self._texts, token & 0xFFFFFF)
        raw = self._texts[start : start + min(size, 2 * LONGEST_TEXT)]
        return raw[: len(raw) & ~1].decode("utf-16-le", "replace")

    def texts(self) -> bytes:
        """All constants, as stored."""
        return self._texts

    def _row(self, token: int) -> tuple[int, ...] | None:
        rows, index = self._rows.get(token >> 24, []), (token & 0xFFFFFF) - 1
        return rows[index] if 0 <= index < len(rows) else None

    def name(self, token: int) -> str:
        """The full name of a type, or of a method or field as `Type::Name`; or nothing."""
        if token not in self._names:
            self._names[token] = self._name(token)
        return self._names[token]

    def _name(self, token: int) -> str:
        row, table = self._row(token), token >> 24
        if row is None:
            return ""
        if table in {TYPE_REF, TYPE_DEF}:
            space, name = self.string(row[2]), self.string(row[1])
            return f"{space}.{name}" if space else name
        if table == MEMBER:
            return f"{self.name(self._token('parent', row[0]))}::{self.string(row[1])}"
        if table == METHOD_SPEC:
            target = self._token("generic", row[0])
            return self.name(target) if target >> 24 != METHOD_SPEC else ""
        if table == TYPE_SPEC:
            return self.name(self._generic_of(row[0]))
        return ""

    def _generic_of(self, offset: int) -> int:
        """The token of the type that a TypeSpec is an instance of; 0 for arrays and the like."""
        raw = self._blob(self._blobs, offset)
        if len(raw) < 3 or raw[0] != INSTANCE_OF_GENERIC:
            return 0
        token = self._token("type", _compressed(raw, 2)[0])
        return token if token >> 24 != TYPE_SPEC else 0

    def _read_types(self) -> dict[int, Type]:
        types: dict[int, Type] = {}
        rows = self._rows[TYPE_DEF]
        for index, row in enumerate(rows, 1):
            base = self.name(self._token("type", row[3])) if row[3] else ""
            types[index] = Type(self.name(TYPE_DEF << 24 | index), base)
        for owner, interface in self._rows[IMPLEMENTS]:
            if owner in types:
                types[owner].interfaces.append(self.name(self._token("type", interface)))
        return types

    def _read_methods(self) -> dict[int, Method]:
        rows, types = self._rows[METHOD], self._rows[TYPE_DEF]
        methods: dict[int, Method] = {}
        for owner, row in enumerate(types, 1):
            end = types[owner][5] if owner < len(types) else len(rows) + 1
            for index in range(max(1, row[5]), min(end, len(rows) + 1)):
                token, (rva, _, _, name, signature, _) = METHOD << 24 | index, rows[index - 1]
                if token in methods:
                    continue
                method = Method(token, owner, self.string(name), self._signature(signature))
                method.code, method.handlers = self._body(rva)
                methods[token] = method
                self._own_names.setdefault((owner, method.name, method.signature.parameters), token)
                self.types[owner].methods.append(token)
        return methods

    def signature(self, token: int) -> Signature:
        """How the method of this token is called."""
        if token not in self._signatures:
            self._signatures[token] = self._signature_of(token)
        return self._signatures[token]

    def _signature_of(self, token: int) -> Signature:
        row, table = self._row(token), token >> 24
        if row is None:
            return _NO_SIGNATURE
        if table == METHOD_SPEC:
            target = self._token("generic", row[0])
            return self.signature(target) if target >> 24 != METHOD_SPEC else _NO_SIGNATURE
        if table == METHOD:
            return self._signature(row[4])
        return self._signature(row[2]) if table == MEMBER else _NO_SIGNATURE

    def _signature(self, offset: int) -> Signature:
        raw = self._blob(self._blobs, offset)
        try:
            place = _compressed(raw, 1)[1] if raw[0] & 0x10 else 1  # generic: the count of types
            count, place = _compressed(raw, place)
            while raw[place] in {0x1F, 0x20}:  # modifiers
                place = _compressed(raw, place + 1)[1]
            return Signature(bool(raw[0] & 0x20), min(count, 255), raw[place], raw)
        except IndexError:
            return _NO_SIGNATURE

    def returned_type(self, signature: Signature) -> str:
        """The name of the class that a method gives back, where that is plain."""
        if signature.returned != CLASS:
            return ""
        return self.name(self._token("type", _compressed(signature.raw, 3)[0]))

    def target(self, token: int) -> int:
        """The assembly's own method behind a token; 0 for another assembly's."""
        row, table = self._row(token), token >> 24
        if row is None:
            return 0
        if table == METHOD:
            return token if token in self.methods else 0
        if table == METHOD_SPEC:
            inner = self._token("generic", row[0])
            return self.target(inner) if inner >> 24 != METHOD_SPEC else 0
        return self._target_of_member(token, row) if table == MEMBER else 0

    def _target_of_member(self, token: int, row: tuple[int, ...]) -> int:
        parent = self._token("parent", row[0])
        if parent >> 24 == TYPE_SPEC:
            spec = self._row(parent)
            parent = self._generic_of(spec[0]) if spec is not None else 0
        owner = self.types.get(parent & 0xFFFFFF) if parent >> 24 == TYPE_DEF else None
        if owner is None:
            return 0
        key = (parent & 0xFFFFFF, self.string(row[1]), self.signature(token).parameters)
        return self._own_names.get(key, 0)

    def members(self) -> Iterator[tuple[int, str]]:
        """The tokens and names of what other assemblies have and this one uses."""
        for index in range(1, len(self._rows[MEMBER]) + 1):
            yield MEMBER << 24 | index, self.name(MEMBER << 24 | index)

    def attributed(self, names: frozenset[str]) -> set[int]:
        """The methods that bear one of these attributes."""
        found = set()
        for bearer, constructor, _ in self._rows[ATTRIBUTE]:
            if bearer & 31 == 0:
                token = self._token("constructor", constructor)
                if self.name(token).removesuffix("::.ctor") in names:
                    found.add(self._token("attributed", bearer))
        return found

    def _body(self, rva: int) -> tuple[bytes, frozenset[int]]:
        """A method's code, and where in it the handlers of exceptions begin."""
        start = self._offset(rva)
        if not start or start >= len(self._data):
            return b"", frozenset()
        first = self._data[start]
        if first & 3 == 2:
            return self._data[start + 1 : start + 1 + (first >> 2)], frozenset()
        if first & 3 != 3 or start + 12 > len(self._data):
            return b"", frozenset()
        flags, _, size, _ = struct.unpack_from("<HHII", self._data, start)
        begin = start + 4 * (flags >> 12)
        if size > min(len(self._data) - begin, self._code_left):
            return b"", frozenset()
        self._code_left -= size
        return self._data[begin : begin + size], (
            self._handlers((begin + size + 3) & ~3) if flags & 8 else frozenset()
        )

    def _handlers(self, place: int) -> frozenset[int]:
        if place + 4 > len(self._data):
            return frozenset()
        kind, size = self._data[place], int.from_bytes(self._data[place + 1 : place + 4], "little")
        fat = bool(kind & 0x40)
        layout, width = ("<IIIIII", 24) if fat else ("<HHBHBI", 12)
        count = min((size if fat else size & 0xFF) // width, 1000, self._code_left // width)
        self._code_left -= count * width
        starts = set()
        for index in range(count):
            if place + 4 + (index + 1) * width > len(self._data):
                break
            clause = struct.unpack_from(layout, self._data, place + 4 + index * width)
            if clause[0] in {0, 1}:
                starts.add(clause[3])
        return frozenset(starts)

    def _offset(self, rva: int) -> int:
        if not rva:
            return 0
        for address, size, pointer in self._sections:
            if address <= rva < address + size:
                return int(rva - address + pointer)
        return 0


def _compressed(raw: bytes, place: int) -> tuple[int, int]:
    """A number in the heaps' own form, and the place behind it."""
    four = raw[place : place + 4].ljust(4, b"\0")
    if four[0] < 0x80:
        return four[0], place + 1
    if four[0] < 0xC0:
        return (four[0] & 0x3F) << 8 | four[1], place + 2
    return int.from_bytes(four, "big") & 0x1FFFFFFF, place + 4
