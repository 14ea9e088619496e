"""Composite keys, forced row-level security and indexes for every model that has a TenantField.

Measured in stack.md ("tenant keys and row-level security from one field"): without composite keys
PostgreSQL accepts a foreign key to another tenant's row even under row-level security.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

from guantong.engine.tenancy.fields import tenant_field

APP_ROLE = "guantong_app"
WORKER_ROLE = "guantong_worker"
OWN_ROWS = "tenant = current_setting('guantong.tenant')::uuid"


class TenantSchemaEditor(DatabaseSchemaEditor):
    sql_create_tenant_fk = (
        "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(tenant)s, %(column)s) "
        "REFERENCES %(to_table)s (%(to_tenant)s, %(to_column)s)%(deferrable)s"
    )

    def table_sql(self, model: type[models.Model]) -> tuple[str, list[Any]]:
        sql, params = super().table_sql(model)
        if tenant_field(model) and not isinstance(model._meta.pk, models.CompositePrimaryKey):
            head, closing, tail = sql.rpartition(")")
            sql = f'{head}, PRIMARY KEY ("tenant", {self.quote_name(model._meta.pk.column)}){closing}{tail}'
        return sql, params

    def _iter_column_sql(self, column_db_type, params, model, field, field_db_params, include_default):
        for part in super()._iter_column_sql(
            column_db_type, params, model, field, field_db_params, include_default
        ):
            if part == "PRIMARY KEY" and tenant_field(model):
                continue
            yield part

    def _create_fk_sql(self, model: type[models.Model], field: Any, suffix: str) -> Statement:
        target = field.target_field.model
        if not (tenant_field(model) and tenant_field(target)):
            return super()._create_fk_sql(model, field, suffix)
        return Statement(
            self.sql_create_tenant_fk,
            table=Table(model._meta.db_table, self.quote_name),
            name=self._fk_constraint_name(model, field, suffix),
            tenant=Columns(model._meta.db_table, ["tenant"], self.quote_name),
            column=Columns(model._meta.db_table, [field.column], self.quote_name),
            to_table=Table(target._meta.db_table, self.quote_name),
            to_tenant=Columns(target._meta.db_table, ["tenant"], self.quote_name),
            to_column=Columns(target._meta.db_table, [field.target_field.column], self.quote_name),
            deferrable=self.connection.ops.deferrable_sql(),
        )

    def add_field(self, model: type[models.Model], field: Any) -> None:
        """Later migrations get the composite key too: the inline form cannot express it."""
        inline = self.sql_create_column_inline_fk
        try:
            if field.remote_field and tenant_field(model):
                self.sql_create_column_inline_fk = None
            super().add_field(model, field)
        finally:
            self.sql_create_column_inline_fk = inline

    def _field_indexes_sql(self, model: type[models.Model], field: Any) -> list[Any]:
        if tenant_field(model) and self._field_should_be_indexed(model, field):
            fields = [tenant_field(model), field]
            return [self._create_index_sql(model, fields=fields, suffix="_own")]
        return super()._field_indexes_sql(model, field)

    def create_model(self, model: type[models.Model]) -> None:
        super().create_model(model)
        if not tenant_field(model):
            return
        table = self.quote_name(model._meta.db_table)
        self.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", None)
        self.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY", None)
        self.execute(
            f"CREATE POLICY own_rows ON {table} TO {APP_ROLE} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})",
            None,
        )
        if getattr(model, "worker_columns", None):
            self.execute(
                f"CREATE POLICY where_work_waits ON {table} FOR SELECT TO {WORKER_ROLE} USING (true)", None
            )
