-- A route's mails may wait for a digest, so that an owner's mailbox outside Seawall can have one, too.
ALTER TABLE "NotificationRoute" ADD COLUMN "pace" TEXT NOT NULL DEFAULT 'now';
