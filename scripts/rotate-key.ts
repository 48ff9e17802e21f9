import { countSecrets, rewrapSecrets } from "@/domain/accounts/secret/store";
import { rewrapMailSecret } from "@/domain/notifications/mail-server/store";
import { keyRing, rotateKeyFile } from "@/lib/crypto-key";
import { inTransaction, pool } from "@/lib/db";
import { dataDir, env } from "@/lib/env";
import { boot, runMain, say } from "./boot";

// Makes a new key-encryption key and wraps every stored credential with it. With SEAWALL_KEY set, that key is the new one; the keys of
// SEAWALL_KEY_PREVIOUS and of the key file are read. Seawall must be stopped: the data folder's lock sees to it.
runMain(async () => {
  const seawall = await boot({}, { listens: false });
  const given = env().SEAWALL_KEY;
  const ring = given === undefined ? rotateKeyFile(dataDir()) : keyRing();
  const count = await inTransaction(
    pool(),
    async (tx) => (await rewrapMailSecret(tx, ring)) + (await rewrapSecrets(tx, ring)),
  );
  const { kid } = ring.current;
  if (given === undefined) {
    say(`${count} credentials are now wrapped by key ${kid}. Old keys stay in the key file; back it up.`);
  } else if (count === 0 && (await countSecrets(pool())) > 0) {
    say(
      `Nothing was to be done: every credential is wrapped by key ${kid}, which SEAWALL_KEY holds. To change it, set SEAWALL_KEY to a new key (openssl rand -base64 32) and SEAWALL_KEY_PREVIOUS to the present one, then run this again.`,
    );
  } else {
    say(
      `${count} credentials are now wrapped by key ${kid}, which SEAWALL_KEY holds. SEAWALL_KEY_PREVIOUS is needed no longer; a key file still is for backups of before.`,
    );
  }
  await seawall.stop(0);
});
