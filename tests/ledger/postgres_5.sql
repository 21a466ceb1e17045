-- Makes a ledger of today in PostgreSQL one of the fifth schema, the first that this store had. What a later migration
-- adds is taken out here.
ALTER TABLE capture DROP COLUMN length;
DROP TRIGGER incident_goes ON incident;
DROP FUNCTION incident_goes();
DROP TABLE incident_gone;
DROP INDEX incident_hidden;
ALTER TABLE incident DROP COLUMN admin1, DROP COLUMN place_id, DROP COLUMN place_name, DROP COLUMN place_name_ar,
    DROP COLUMN outlets, DROP COLUMN languages, DROP COLUMN waits, DROP COLUMN weight, DROP COLUMN since;
DROP TABLE source, seen, estimate;
DROP INDEX version_outlet;
ALTER TABLE voice DROP COLUMN source, DROP COLUMN base, DROP COLUMN heard, DROP COLUMN bound, DROP COLUMN claims,
    DROP COLUMN first, DROP COLUMN alone, DROP COLUMN against, DROP COLUMN sensitive, DROP COLUMN languages,
    DROP COLUMN day;
UPDATE ledger_schema SET version = 5;
