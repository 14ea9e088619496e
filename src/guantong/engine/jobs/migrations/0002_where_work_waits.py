"""The policy behind `Outbox.worker_columns`: migrations know no class attributes, so the schema editor cannot see them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("events", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """DROP POLICY IF EXISTS where_work_waits ON events_outbox;
            CREATE POLICY where_work_waits ON events_outbox FOR SELECT TO guantong_worker USING (true);""",
            "DROP POLICY where_work_waits ON events_outbox;",
        )
    ]
