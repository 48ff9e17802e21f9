-- AlterTable
ALTER TABLE "AuditEntry" ADD COLUMN     "after" JSONB,
ADD COLUMN     "before" JSONB,
ADD COLUMN     "digest" BYTEA,
ADD COLUMN     "hash" BYTEA,
ADD COLUMN     "seq" BIGINT,
ADD COLUMN     "tokenId" UUID,
ADD COLUMN     "userAgent" TEXT;

-- CreateTable
CREATE TABLE "AuditHead" (
    "id" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "AuditHead_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "AuditEntry_seq_key" ON "AuditEntry"("seq");

-- CreateIndex
CREATE INDEX "AuditEntry_accountId_seq_idx" ON "AuditEntry"("accountId", "seq");

-- CreateIndex
CREATE INDEX "AuditEntry_actorId_seq_idx" ON "AuditEntry"("actorId", "seq");

-- CreateIndex
CREATE INDEX "AuditEntry_action_seq_idx" ON "AuditEntry"("action", "seq");



-- The chain begins with 32 zero bytes.
INSERT INTO "AuditHead" ("id", "seq", "hash") VALUES (1, 0, decode(repeat('00', 32), 'hex'));

-- Entries from before the chain enter it with the digest that domain/access/audit-log/canonical.ts makes: RFC 8785 over the columns.
CREATE FUNCTION pg_temp.canonical(value JSONB) RETURNS TEXT LANGUAGE sql STRICT AS $$
  SELECT CASE jsonb_typeof(value)
    WHEN 'object' THEN '{' || coalesce((SELECT string_agg(to_json(e.key)::text || ':' || pg_temp.canonical(e.value), ',' ORDER BY e.key COLLATE "C") FROM jsonb_each(value) e), '') || '}'
    WHEN 'array' THEN '[' || coalesce((SELECT string_agg(pg_temp.canonical(e.value), ',' ORDER BY e.at) FROM jsonb_array_elements(value) WITH ORDINALITY e(value, at)), '') || ']'
    ELSE value::text
  END
$$;
WITH digested AS (
  SELECT e."id", sha256(convert_to(pg_temp.canonical(jsonb_build_object(
    'id', e."id", 'at', to_char(e."at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'actorId', e."actorId", 'actor', e."actor", 'tokenId', e."tokenId",
    'action', e."action", 'target', e."target", 'accountId', e."accountId", 'address', e."address", 'userAgent', e."userAgent",
    'before', e."before", 'after', e."after", 'detail', e."detail")), 'UTF8')) AS digest
  FROM "AuditEntry" e
)
UPDATE "AuditEntry" e SET "digest" = d.digest FROM digested d WHERE d."id" = e."id";
DO $$
DECLARE
  entry RECORD;
  link BYTEA := decode(repeat('00', 32), 'hex');
  place BIGINT := 0;
BEGIN
  FOR entry IN SELECT "id", "digest" FROM "AuditEntry" ORDER BY "at", "id" LOOP
    place := place + 1;
    link := sha256(link || entry."digest");
    UPDATE "AuditEntry" SET "seq" = place, "hash" = link WHERE "id" = entry."id";
  END LOOP;
  UPDATE "AuditHead" SET "seq" = place, "hash" = link;
END $$;
ALTER TABLE "AuditEntry" ALTER COLUMN "digest" SET NOT NULL;

-- At commit, so that a transaction holds the head of the chain for its last moment only, and entries stand in the order of commits.
CREATE FUNCTION "AuditEntry_chain"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  head "AuditHead"%ROWTYPE;
BEGIN
  SELECT * INTO STRICT head FROM "AuditHead" WHERE "id" = 1 FOR UPDATE;
  head."seq" := head."seq" + 1;
  head."hash" := sha256(head."hash" || NEW."digest");
  UPDATE "AuditEntry" SET "seq" = head."seq", "hash" = head."hash" WHERE "id" = NEW."id";
  UPDATE "AuditHead" SET "seq" = head."seq", "hash" = head."hash" WHERE "id" = 1;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "AuditEntry_chain" AFTER INSERT ON "AuditEntry" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "AuditEntry_chain"();

-- An entry is inserted without a place, gets it once, and never changes again. Depth 1 is a statement of a client, 2 the trigger above.
CREATE FUNCTION "AuditEntry_append_only"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW."seq" := NULL;
    NEW."hash" := NULL;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND OLD."seq" IS NULL
     AND to_jsonb(NEW) - 'seq' - 'hash' = to_jsonb(OLD) - 'seq' - 'hash' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER "AuditEntry_append_only" BEFORE INSERT OR UPDATE OR DELETE ON "AuditEntry" FOR EACH ROW EXECUTE FUNCTION "AuditEntry_append_only"();
CREATE FUNCTION "AuditHead_chain_only"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND NEW."seq" = OLD."seq" + 1 THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the head of the audit log follows its entries: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER "AuditHead_chain_only" BEFORE INSERT OR UPDATE OR DELETE ON "AuditHead" FOR EACH ROW EXECUTE FUNCTION "AuditHead_chain_only"();
CREATE FUNCTION "Audit_no_truncate"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only: TRUNCATE refused' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER "AuditEntry_no_truncate" BEFORE TRUNCATE ON "AuditEntry" FOR EACH STATEMENT EXECUTE FUNCTION "Audit_no_truncate"();
CREATE TRIGGER "AuditHead_no_truncate" BEFORE TRUNCATE ON "AuditHead" FOR EACH STATEMENT EXECUTE FUNCTION "Audit_no_truncate"();
