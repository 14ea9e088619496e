"""The database wrapper: only the schema editor and the deferral of foreign keys differ from Django's."""

from __future__ import annotations

from django.db.backends.postgresql import base, features, operations

from guantong.engine.tenancy.backend.schema import TenantSchemaEditor


class DatabaseOperations(operations.DatabaseOperations):
    def deferrable_sql(self) -> str:
        """Errors come before the reply, not at COMMIT (house.md 7)."""
        return " DEFERRABLE INITIALLY IMMEDIATE"


class DatabaseFeatures(features.DatabaseFeatures):
    can_defer_constraint_checks = False


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = TenantSchemaEditor
    ops_class = DatabaseOperations
    features_class = DatabaseFeatures
