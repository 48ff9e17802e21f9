-- A person's views go with the person; until now they stayed behind.
DELETE FROM "SavedView" v WHERE NOT EXISTS (SELECT 1 FROM "User" u WHERE u."id" = v."userId");

-- AddForeignKey
ALTER TABLE "SavedView" ADD CONSTRAINT "SavedView_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
