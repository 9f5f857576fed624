"""The instructions of a method's code, with dncil's table of them."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from dncil.cil.enums import OperandType, StackBehaviour
from dncil.cil.opcode import OpCode, OpCodes

_SIZES = {
    OperandType.InlineBrTarget: 4,
    OperandType.InlineField: 4,
    OperandType.InlineI: 4,
    OperandType.InlineMethod: 4,
    OperandType.InlineSig: 4,
    OperandType.InlineString: 4,
    OperandType.InlineSwitch: 4,
    OperandType.InlineTok: 4,
    OperandType.InlineType: 4,
    OperandType.ShortInlineR: 4,
    OperandType.InlineI8: 8,
    OperandType.InlineR: 8,
    OperandType.InlineVar: 2,
    OperandType.ShortInlineBrTarget: 1,
    OperandType.ShortInlineI: 1,
    OperandType.ShortInlineVar: 1,
}
_BRANCHES = {OperandType.InlineBrTarget, OperandType.ShortInlineBrTarget}
_INT32 = Struct("<i")
SWITCH = "switch"

# An instruction: its name, its operand's size, how much it pops and pushes, whether it branches.
_Known = tuple[str, int, int, int, bool]


def _known(code: OpCode) -> _Known:
    pops, pushes = (
        0 if name in {"Pop0", "Push0"} else name.lower().count(word)
        for name, word in (
            (StackBehaviour(code.stack_pop).name, "pop"),
            (StackBehaviour(code.stack_push).name, "push"),
        )
    )
    name = code.name
    for suffix in (".s", ".m1"):
        name = name.removesuffix(suffix)
    return name, _SIZES.get(code.operand_type, 0), pops, pushes, code.operand_type in _BRANCHES


_TABLE = OpCodes()
_ONE = [_known(code) for code in _TABLE.one_byte_op_codes]
_TWO = [_known(code) for code in _TABLE.two_byte_op_codes]


def instructions(code: bytes) -> Iterator[tuple[int, _Known, int, tuple[int, ...]]]:
    """Each instruction: where the next one begins, what it is, its operand, where it may go on.

    Ends at the first one that is cut off.
    """
    place, end = 0, len(code)
    while place < end:
        first = code[place]
        place += 1
        if first == 0xFE and place < end:
            known = _TWO[code[place]]
            place += 1
        else:
            known = _ONE[first]
        name, size, _, _, branches = known
        if place + size > end:
            return
        operand = int.from_bytes(code[place : place + size], "little", signed=branches)
        place += size
        if branches:
            yield place, known, operand, (place + operand,)
        elif name == SWITCH:
            if place + 4 * operand > end:
                return
            base = place + 4 * operand
            targets = tuple(base + item for (item,) in _INT32.iter_unpack(code[place:base]))
            place = base
            yield place, known, operand, targets
        else:
            yield place, known, operand, ()
