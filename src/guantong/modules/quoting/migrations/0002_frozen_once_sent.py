"""What was offered never changes: the database itself refuses, whoever asks."""

from django.db import migrations

AMOUNTS = (
    "currency, entity_id, customer_id, number, version_no, quote_id, rounding, discount_percent, discount_amount, "
    "net, tax, gross, valid_until, intro, terms"
)

FORWARD = f"""
CREATE FUNCTION quoting_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (TG_OP = 'DELETE'
        OR ({", ".join("OLD." + name for name in AMOUNTS.split(", "))})
        IS DISTINCT FROM ({", ".join("NEW." + name for name in AMOUNTS.split(", "))})) THEN
        RAISE EXCEPTION 'quote version % was sent: it is frozen', OLD.number;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER quoting_frozen BEFORE UPDATE OR DELETE ON quoting_quoteversion
    FOR EACH ROW EXECUTE FUNCTION quoting_frozen();
CREATE FUNCTION quoting_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line quoting_quoteline := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    IF EXISTS (SELECT FROM quoting_quoteversion v
        WHERE v.tenant = line.tenant AND v.id = line.header_id AND v.state <> 'draft') THEN
        RAISE EXCEPTION 'a line of a sent quote version is frozen';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER quoting_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON quoting_quoteline
    FOR EACH ROW EXECUTE FUNCTION quoting_line_frozen();
"""
BACKWARD = """
DROP TRIGGER quoting_frozen ON quoting_quoteversion; DROP FUNCTION quoting_frozen();
DROP TRIGGER quoting_line_frozen ON quoting_quoteline; DROP FUNCTION quoting_line_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("quoting", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
