"""The journal guards itself, against the application and against the owner (trust.md M2, M10).

Statement-level AFTER triggers with transition tables: docs/decisions/journal-checks-fire-per-statement.md.
Every table is named with its schema: a temporary table of the same name must not answer instead.
"""

from django.db import migrations

CHECKS = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'journal_is_append_only: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'check_violation', HINT = 'Reverse the entry instead.';
END $$;

CREATE FUNCTION ledger_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry record;
    stands text;
BEGIN
    FOR entry IN SELECT DISTINCT f.tenant, f.entity_id, f.month FROM fresh f ORDER BY 1, 2, 3 LOOP
        SELECT p.state INTO stands FROM public.ledger_period p
            WHERE p.tenant = entry.tenant AND p.entity_id = entry.entity_id AND p.month = entry.month FOR SHARE;
        IF stands IS DISTINCT FROM 'open' THEN
            RAISE EXCEPTION 'period_closed: %', entry.month USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    FOR entry IN SELECT f.number, f.month, f."on", f.reverses_id, f.line_count, r."on" AS reversed_on,
            r.entity_id = f.entity_id AS same_entity, r.line_count AS reversed_lines, e.base_currency,
            f.base_currency AS own_currency,
            (SELECT count(*) FROM public.ledger_journalline l WHERE l.tenant = f.tenant AND l.header_id = f.id) AS found
            FROM fresh f LEFT JOIN public.ledger_journalentry r ON r.tenant = f.tenant AND r.id = f.reverses_id
            JOIN public.org_entity e ON e.tenant = f.tenant AND e.id = f.entity_id LOOP
        IF entry.found < 2 OR entry.found <> entry.line_count THEN
            RAISE EXCEPTION 'entry_incomplete: % has % of % lines', entry.number, entry.found, entry.line_count
                USING ERRCODE = 'check_violation';
        END IF;
        IF entry.month <> to_char(entry."on", 'YYYY-MM') THEN
            RAISE EXCEPTION 'entry_in_wrong_period: % of % in %', entry.number, entry."on", entry.month
                USING ERRCODE = 'check_violation';
        END IF;
        IF entry.own_currency <> entry.base_currency THEN
            RAISE EXCEPTION 'entry_in_wrong_base_currency: %', entry.number USING ERRCODE = 'check_violation';
        END IF;
        IF entry.reverses_id IS NOT NULL AND (entry.same_entity IS NOT TRUE
                OR entry.reversed_lines <> entry.line_count OR entry."on" < entry.reversed_on) THEN
            RAISE EXCEPTION 'not_a_reversal: %', entry.number USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_check_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT n.number, n.line_count, n.base_currency, count(*) AS found, sum(l.base_amount) AS rest,
            bool_and(l.entity = n.entity_id AND l."on" = n."on") AS same,
            bool_and(l.currency <> n.base_currency OR l.amount = l.base_amount) AS plain
            FROM (SELECT DISTINCT f.tenant, f.header_id FROM fresh f) t
            JOIN public.ledger_journalentry n ON n.tenant = t.tenant AND n.id = t.header_id
            JOIN public.ledger_journalline l ON l.tenant = n.tenant AND l.header_id = n.id
            GROUP BY n.tenant, n.id, n.number, n.line_count, n.base_currency LOOP
        IF entry.found <> entry.line_count THEN
            RAISE EXCEPTION 'entry_incomplete: % has % of % lines', entry.number, entry.found, entry.line_count
                USING ERRCODE = 'check_violation';
        END IF;
        IF entry.rest <> 0 THEN
            RAISE EXCEPTION 'entry_unbalanced: % by % %', entry.number, entry.rest, entry.base_currency
                USING ERRCODE = 'check_violation';
        END IF;
        IF NOT (entry.same AND entry.plain) THEN
            RAISE EXCEPTION 'lines_differ_from_entry: %', entry.number USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    FOR entry IN SELECT n.number, l.currency, sum(l.amount) AS rest
            FROM (SELECT DISTINCT f.tenant, f.header_id FROM fresh f) t
            JOIN public.ledger_journalentry n ON n.tenant = t.tenant AND n.id = t.header_id
            JOIN public.ledger_journalline l ON l.tenant = n.tenant AND l.header_id = n.id
            WHERE l.currency <> n.base_currency
            GROUP BY n.tenant, n.id, n.number, l.currency HAVING sum(l.amount) <> 0 LOOP
        RAISE EXCEPTION 'entry_unbalanced: % by % %', entry.number, entry.rest, entry.currency
            USING ERRCODE = 'check_violation';
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER check_entries AFTER INSERT ON ledger_journalentry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_entries();
CREATE TRIGGER check_lines AFTER INSERT ON ledger_journalline
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_lines();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journalline
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
ALTER TABLE ledger_journalline ADD CONSTRAINT ledger_line_side CHECK (amount * base_amount >= 0 OR role = 'clearing'),
    ADD CONSTRAINT ledger_line_number CHECK (amount <> 'NaN' AND base_amount <> 'NaN');
"""

UNDO = """
ALTER TABLE ledger_journalline DROP CONSTRAINT ledger_line_side, DROP CONSTRAINT ledger_line_number;
DROP TRIGGER check_entries ON ledger_journalentry;
DROP TRIGGER only_added ON ledger_journalentry;
DROP TRIGGER check_lines ON ledger_journalline;
DROP TRIGGER only_added ON ledger_journalline;
DROP FUNCTION ledger_check_entries();
DROP FUNCTION ledger_check_lines();
DROP FUNCTION ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("org", "0001_initial")]
    operations = [migrations.RunSQL(CHECKS, UNDO)]
