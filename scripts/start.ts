import { boot, runMain, say } from "./boot";
import { setupLink } from "./links";

runMain(async () => {
  const seawall = await boot();
  await Promise.all([seawall.startWorker(), seawall.startWeb()]);
  const link = await setupLink(seawall.url);
  say(
    link === null
      ? `Seawall runs at ${seawall.url}`
      : `Seawall runs. Make the first Owner here (once, within a day):\n\n          ${link}\n`,
  );
});
