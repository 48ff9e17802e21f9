-- Nothing sorts by it: an unchanged finding was last seen by its cluster's newest scan, not when its row was last written.
-- DropIndex
DROP INDEX "Finding_lastSeenAt_id_idx";
