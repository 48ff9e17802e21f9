import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // there, but another user's
  }
};

/**
 * Stops a server that a killed parent left running in this data folder. Only a process that is that postgres is touched; who
 * calls this holds the data folder's lock, so the server is nobody else's.
 */
export async function stopOrphan(dir: string): Promise<void> {
  const file = path.join(dir, "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !alive(pid)) return;
  const command = existsSync(`/proc/${pid}/cmdline`)
    ? readFileSync(`/proc/${pid}/cmdline`, "utf8")
    : execFileSync("ps", ["-o", "command=", "-p", String(pid)]).toString();
  if (!command.includes("postgres") || !command.includes(dir)) return; // the pid was given to somebody else since
  process.kill(pid, "SIGINT");
  for (let i = 0; i < 200 && alive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  if (alive(pid))
    throw new Error(`A PostgreSQL left by an earlier run (process ${pid}) does not stop. End it, then start again.`);
}
