"""What members of .NET ask of which database."""

from __future__ import annotations

from collections.abc import Callable

from exward.webshells.clr_call import Call


def _connection(call: Call) -> None:
    target = call.result if call.name.endswith("::.ctor") else call.at(0)
    target.put("database", call.at(1).mask)
    call.emit("database", call.at(1).mask)


def _query(call: Call) -> None:
    """A command's text and the connection it goes to, in either order of calls."""
    target = call.result if call.name.endswith("::.ctor") else call.at(0)
    if call.name.endswith("Adapter::.ctor") and call.at(2).mask and call.at(2).parts is None:
        target.put("database", call.at(2).mask)
    for value in call.arguments[1:]:
        if value.parts and "database" in value.parts:
            target.put("database", value.parts["database"])
        elif not call.name.endswith("Connection"):
            target.put("query", value.mask)
    parts = target.parts or {}
    call.emit("database", parts.get("database", 0), parts.get("query", 0))


def _same_parts(call: Call) -> None:
    call.result.parts = call.at(0).parts


SINKS: dict[str, Callable[[Call], None]] = {
    **{
        f"System.Data.{name}::{member}": _connection
        for name in (
            "SqlClient.SqlConnection",
            "OleDb.OleDbConnection",
            "Odbc.OdbcConnection",
            "Common.DbConnection",
        )
        for member in (".ctor", "set_ConnectionString")
    },
    **{
        f"System.Data.{name}::{member}": _query
        for name in (
            *(
                f"{space}{kind}"
                for space in ("SqlClient.Sql", "OleDb.OleDb", "Odbc.Odbc")
                for kind in ("Command", "DataAdapter")
            ),
            "Common.DbCommand",
        )
        for member in (".ctor", "set_CommandText", "set_Connection")
    },
    **{
        f"System.Data.{name}::CreateCommand": _same_parts
        for name in ("SqlClient.SqlConnection", "OleDb.OleDbConnection", "Odbc.OdbcConnection")
    },
}
