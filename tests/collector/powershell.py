"""Reads PowerShell with a grammar, where no PowerShell is to be had."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter
import tree_sitter_powershell

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def nodes(text: str) -> Iterator[tree_sitter.Node]:
    """All nodes of the syntax tree."""
    waiting = [_PARSER.parse(text.encode()).root_node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def text_of(node: tree_sitter.Node) -> str:
    assert node.text is not None
    return node.text.decode()


def errors(text: str) -> list[str]:
    """What does not parse: line and beginning."""
    return [
        f"line {node.start_point.row + 1}: {text_of(node)[:60]}"
        for node in nodes(text)
        if node.type == "ERROR" or node.is_missing
    ]


def commands(text: str) -> set[str]:
    """Names of all commands that are called."""
    return {text_of(node) for node in nodes(text) if node.type == "command_name"}


def called_by_value(text: str) -> set[str]:
    """What is called with `&`."""
    return {
        text_of(node)
        for node in nodes(text)
        if node.type == "command_name_expr" or node.type == "foreach_command"
    }


def functions(text: str) -> list[str]:
    """Names of all functions that are defined."""
    return [text_of(node) for node in nodes(text) if node.type == "function_name"]


def methods(text: str) -> set[str]:
    """All method calls: `Name` of an object, `[Type]::Name` of a type."""
    found = set()
    for node in nodes(text):
        if node.type == "invokation_expression":
            names = [text_of(one) for one in node.children if one.type == "member_name"]
            owner = node.children[0]
            kind = f"{text_of(owner)}::" if owner.type == "type_literal" else ""
            found |= {kind + name for name in names}
    return found


def made(text: str) -> set[str]:
    """The types of New-Object."""
    found = set()
    for node in nodes(text):
        if node.type == "command" and text_of(node).startswith("New-Object"):
            found.add(text_of(node).split()[1].partition("(")[0].strip("'"))
    return found


def assigned(text: str) -> set[str]:
    """Names of all variables that get a value: by assignment, as parameter or in a loop."""
    found = set()
    for node in nodes(text):
        if node.type == "left_assignment_expression" or node.type == "script_parameter":
            found |= {_bare(one) for one in _below(node) if one.type == "variable"}
        elif node.type == "foreach_statement":
            variable = next(one for one in node.children if one.type == "variable")
            found.add(_bare(variable))
    return found


def used(text: str) -> set[str]:
    """Names of all variables, without scope; those of the environment are left out."""
    found = {_bare(node) for node in nodes(text) if node.type == "variable"}
    return {name for name in found if not name.startswith("env:")}


def parameters(text: str) -> dict[str, set[str]]:
    """By function: the names of its parameters, in lower case."""
    found = {}
    for node in nodes(text):
        if node.type == "function_statement":
            name = next(text_of(one) for one in node.children if one.type == "function_name")
            found[name] = {
                _bare(next(inner for inner in _below(one) if inner.type == "variable"))
                for one in _below(node)
                if one.type == "script_parameter"
            }
    return found


def given(text: str) -> set[tuple[str, str]]:
    """Command and named parameter, of all calls; parameters in lower case."""
    found = set()
    for node in nodes(text):
        if node.type == "command":
            names = [text_of(one) for one in node.children if one.type == "command_name"]
            elements = [one for one in node.children if one.type == "command_elements"]
            for one in (inner for element in elements for inner in element.children):
                if names and one.type == "command_parameter":
                    found.add((names[0], text_of(one).strip("-:").lower()))
    return found


def _below(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(one.children)


def _bare(variable: tree_sitter.Node) -> str:
    name = text_of(variable).lstrip("$@").strip("{}").lower()
    return name.removeprefix("script:")
