"""The triggers by which the database itself notes what a row said before its lock moved, so that no door can forget,
and by which PostgreSQL, which has many writers, refuses what would point to a row that was merged meanwhile.

They are made from the models after each ``migrate``: SQLite drops them with a table that a migration remakes.
Which revision a change belongs to is set for the length of a transaction: on PostgreSQL by a setting, on SQLite, which
has one writer at a time, by the one row of a table.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.models import ManyToManyField

from articles.models import Change, Locked, Mergeable
from articles.models.history import recorded_models, typed_fields

WRITING = "articles_writing"
"""On SQLite: the revision that is being written, and whether it tells of new rows too."""

SQLITE_FORMS = {
    "JSONField": "json({})",
    "DecimalField": "CAST({} AS TEXT)",
    "FloatField": "CASE WHEN {0} IS NOT NULL THEN printf('%!.17g', {0}) END",
}
"""How a column is noted where JSON would not hold it as it is: a decimal would be read as a float, and of a float
SQLite would write 15 digits."""

NOTED = f'INSERT INTO "{Change._meta.db_table}" (kind, "row", lock, was, revision_id)'


def install(using: str = "default") -> None:
    """Make the triggers of every model whose table is there; those that stand as they should are left."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if Change._meta.db_table not in tables:
        return
    models = [model for model in recorded_models().values() if model._meta.db_table in tables]
    with connection.cursor() as cursor:
        for statement in _postgresql(cursor, models) if connection.vendor == "postgresql" else _sqlite(cursor, models):
            cursor.execute(statement)


def _sqlite(cursor: Any, models: Iterable[type[Locked]]) -> Iterable[str]:
    yield f'CREATE TABLE IF NOT EXISTS "{WRITING}" (id integer PRIMARY KEY, revision bigint, creations bool)'
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    stored = dict(cursor.fetchall())
    for model in models:
        for name, sql in _sqlite_triggers(model).items():
            if stored.get(name) != sql:
                yield f'DROP TRIGGER IF EXISTS "{name}"'
                yield sql


def _sqlite_triggers(model: type[Locked]) -> dict[str, str]:
    table, kind = model._meta.db_table, model._meta.model_name
    said = []
    for field in typed_fields(model):
        form = SQLITE_FORMS.get(field.get_internal_type(), "{}")
        said.append(f"'{field.column}', " + form.format(f'OLD."{field.column}"'))
    for field in model._meta.many_to_many:
        near, far, through = _through(field)
        ordered = f'SELECT "{far}" AS id FROM "{through}" WHERE "{near}" = OLD.id ORDER BY 1'  # nosec B608 # names of our own models
        said.append(f"'{field.name}', (SELECT json_group_array(id) FROM ({ordered}))")  # nosec B608 # names of our own models
    revision = f"(SELECT revision FROM {WRITING})"  # nosec B608 # names of our own models
    return {
        f"{table}_changed": (
            f'CREATE TRIGGER "{table}_changed" AFTER UPDATE OF lock ON "{table}" WHEN OLD.lock <> NEW.lock BEGIN'
            f" {NOTED} VALUES ('{kind}', OLD.id, NEW.lock, json_object({', '.join(said)}), {revision}); END"
        ),
        f"{table}_created": (
            f'CREATE TRIGGER "{table}_created" AFTER INSERT ON "{table}"'  # nosec B608 # names of our own models
            f" WHEN EXISTS (SELECT 1 FROM {WRITING} WHERE creations) BEGIN"
            f" {NOTED} VALUES ('{kind}', NEW.id, NEW.lock, NULL, {revision}); END"
        ),
    }


def _postgresql(cursor: Any, models: Iterable[type[Locked]]) -> Iterable[str]:
    cursor.execute(
        "SELECT p.proname, obj_description(p.oid) FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = current_schema()"
        " WHERE p.prorettype = 'trigger'::regtype"
    )
    stored = dict(cursor.fetchall())
    cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    standing = {name for (name,) in cursor.fetchall()}
    named = [(f"{model._meta.db_table}_noted", _postgresql_triggers(model)) for model in models]
    named += [(f"{table}_led", _refusing_merged(table, ways)) for table, ways in _ways_to_mergeable(models)]
    for name, statements in named:
        mark = hashlib.sha256("".join(statements).encode()).hexdigest()
        if stored.get(name) != mark or name not in standing:
            yield from statements
            yield f"COMMENT ON FUNCTION \"{name}\"() IS '{mark}'"


def _postgresql_triggers(model: type[Locked]) -> list[str]:
    table, kind = model._meta.db_table, model._meta.model_name
    name = f"{table}_noted"
    told = {field.column for field in typed_fields(model)}
    untold = ", ".join(f"'{field.column}'" for field in model._meta.concrete_fields if field.column not in told)
    said = f"to_jsonb(OLD) - ARRAY[{untold}]"
    for field in typed_fields(model):
        if field.get_internal_type() == "DecimalField":
            # As text: a number in JSON is read as a float.
            said += f" || jsonb_build_object('{field.column}', OLD.\"{field.column}\"::text)"
    for field in model._meta.many_to_many:
        near, far, through = _through(field)
        ids = f'SELECT jsonb_agg("{far}" ORDER BY "{far}") FROM "{through}" WHERE "{near}" = OLD.id'  # nosec B608 # names of our own models
        said += f" || jsonb_build_object('{field.name}', COALESCE(({ids}), '[]'::jsonb))"
    revision = "NULLIF(current_setting('hearsay.revision', true), '')::bigint"
    return [
        f"CREATE OR REPLACE FUNCTION \"{name}\"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN"
        f" {NOTED} VALUES ('{kind}', NEW.id, NEW.lock, NULL, {revision});"
        f" ELSE {NOTED} VALUES ('{kind}', OLD.id, NEW.lock, {said}, {revision});"
        " END IF; RETURN NULL; END $$",
        f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
        f'DROP TRIGGER IF EXISTS "{name}_new" ON "{table}"',
        f'CREATE TRIGGER "{name}" AFTER UPDATE OF lock ON "{table}" FOR EACH ROW'
        f' WHEN (OLD.lock IS DISTINCT FROM NEW.lock) EXECUTE FUNCTION "{name}"()',
        f'CREATE TRIGGER "{name}_new" AFTER INSERT ON "{table}" FOR EACH ROW'
        f" WHEN (current_setting('hearsay.creations', true) = 'on') EXECUTE FUNCTION \"{name}\"()",
    ]


def _ways_to_mergeable(models: Iterable[type[Locked]]) -> Iterable[tuple[str, dict[str, str]]]:
    """The tables whose rows point to what can be merged, with the columns that do and the tables they lead to."""
    for model in models:
        linked: list[Any] = [field.remote_field.through for field in model._meta.many_to_many]
        for each in (model, *linked):
            ways = {
                field.column: field.related_model._meta.db_table
                for field in each._meta.concrete_fields
                if field.name != "merged_into" and field.is_relation and issubclass(field.related_model, Mergeable)
            }
            if ways:
                yield each._meta.db_table, ways


def _refusing_merged(table: str, ways: dict[str, str]) -> list[str]:
    """Refuse, when a save is committed, a row that it let point to what somebody merged meanwhile: as a save that
    would have had to come first, so that the door tries again and is told. The database's own check of the foreign
    key, before this one, has waited for the merge to end. A row that was withdrawn may point there."""
    name = f"{table}_led"
    merged = " OR ".join(
        f't."{column}" = NEW."{column}" AND EXISTS'
        f' (SELECT 1 FROM "{led_to}" m WHERE m.id = NEW."{column}" AND m.merged_into_id IS NOT NULL)'  # nosec B608 # names of our own models
        for column, led_to in ways.items()
    )
    stands = "to_jsonb(t) ->> 'withdrawn_at' IS NULL"
    moved = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in ways)
    by_door = "current_setting('hearsay.creations', true) = 'on'"
    return [
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
        f' IF EXISTS (SELECT 1 FROM "{table}" t WHERE t.id = NEW.id AND {stands} AND ({merged})) THEN'  # nosec B608 # names of our own models
        " RAISE EXCEPTION 'it points to what was merged meanwhile' USING ERRCODE = 'serialization_failure';"
        " END IF; RETURN NULL; END $$",
        f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
        f'DROP TRIGGER IF EXISTS "{name}_moved" ON "{table}"',
        f'CREATE CONSTRAINT TRIGGER "{name}" AFTER INSERT ON "{table}" DEFERRABLE INITIALLY DEFERRED'
        f' FOR EACH ROW WHEN ({by_door}) EXECUTE FUNCTION "{name}"()',
        f'CREATE CONSTRAINT TRIGGER "{name}_moved" AFTER UPDATE ON "{table}" DEFERRABLE INITIALLY DEFERRED'
        f' FOR EACH ROW WHEN ({by_door} AND ({moved})) EXECUTE FUNCTION "{name}"()',
    ]


def _through(field: "ManyToManyField[Any, Any]") -> tuple[str, str, str]:
    """The columns of a many-to-many table that name the near and the far row, and the table."""
    return field.m2m_column_name(), field.m2m_reverse_name(), field.m2m_db_table()
