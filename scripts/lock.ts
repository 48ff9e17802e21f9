import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** When a process began, in the kernel's own ticks, so that a pid that was given to another process is not mistaken for ours. */
function beganAt(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return null; // no such process
  }
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return "unknown"; // not Linux: a live pid must do
  return (
    readFileSync(stat, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")[19] ?? "unknown"
  );
}

/** Another Seawall runs on this data folder. */
export class AlreadyRunning extends Error {
  override name = "AlreadyRunning";
}

/** Takes the data folder for this process; throws AlreadyRunning when a live one has it. A dead one's lock is taken over. */
export function takeLock(dataDir: string): { release: () => void } {
  const file = path.join(dataDir, "seawall.lock");
  mkdirSync(dataDir, { recursive: true });
  const mine = `${process.pid} ${beganAt(process.pid)}`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, mine, { flag: "wx" });
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const [pid, began] = readFileSync(file, "utf8").split(" ");
      if (beganAt(Number(pid)) === began && Number(pid) !== process.pid) {
        throw new AlreadyRunning(
          `Seawall already runs on ${dataDir} (process ${pid}). It was left alone. Stop it first, or set SEAWALL_DATA_DIR to another folder.`,
        );
      }
      rmSync(file, { force: true });
    }
  }
  throw new AlreadyRunning(`Another start took ${file} at the same moment. It was left alone.`);
}
