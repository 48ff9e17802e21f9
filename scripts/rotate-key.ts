import { rewrapSecrets } from "@/domain/accounts/secret/store";
import { rewrapMailSecret } from "@/domain/notifications/mail-server/store";
import { loadKeyRing, rotateKeyFile } from "@/lib/crypto-key";
import { inTransaction, pool } from "@/lib/db";
import { dataDir, env } from "@/lib/env";
import { boot, runMain, say } from "./boot";

// Makes a new key-encryption key and wraps every stored credential with it. With SEAWALL_KEY set, that key is the new one, and the keys
// of the key file stay readable. Seawall must be stopped: the data folder's lock sees to it.
runMain(async () => {
  const seawall = await boot({}, { listens: false });
  const given = env().SEAWALL_KEY;
  const ring = given === undefined ? rotateKeyFile(dataDir()) : loadKeyRing({ key: given, dataDir: dataDir() });
  const count = await inTransaction(
    pool(),
    async (tx) => (await rewrapMailSecret(tx, ring)) + (await rewrapSecrets(tx, ring)),
  );
  say(`${count} credentials are now wrapped by key ${ring.current.kid}. Old keys stay in the key file; back it up.`);
  await seawall.stop(0);
});
