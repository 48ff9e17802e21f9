import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { reasonOf } from "@/lib/log";
import { systemEnv } from "./process-env";
import { Supervisor } from "./supervise";

const root = fileURLToPath(new URL("..", import.meta.url));
const readyShape = z.object({ ready: z.literal(true), control: z.url() });
const accountsShape = z.array(
  z.object({
    provider: z.enum(["azure", "aws", "gcp"]),
    name: z.string(),
    externalId: z.string(),
    settings: z.record(z.string(), z.unknown()),
    secrets: z.record(z.string(), z.string()),
  }),
);
export type OfferedAccount = z.infer<typeof accountsShape>[number];

const TRIES = 5;
const ATTEMPTS = 60;

/** The simulated estate as a supervised process of its own: killed, it comes back on its ports with the clock it had. */
export interface Estate {
  accounts(): Promise<OfferedAccount[]>;
  /** Sets its clock, which goes on ticking; null is real time. */
  setClock(now: Date | null): Promise<void>;
  stop(): Promise<void>;
}

export async function startEstate(
  state: string,
  say: (line: string) => void,
  args: readonly string[] = [],
): Promise<Estate> {
  const supervisor = new Supervisor(say);
  let clock: Date | null = null;
  let setAt = Date.now();
  let control = "";

  const post = async (): Promise<void> => {
    const now = clock === null ? null : new Date(clock.getTime() + Date.now() - setAt).toISOString();
    const answer = await fetch(`${control}/clock`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ now }),
      signal: AbortSignal.timeout(5000),
    });
    if (!answer.ok) throw new Error(`The simulated estate refused its clock: ${await answer.text()}`);
  };
  /** It may be away for the seconds of a restart. */
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  };

  await new Promise<void>((resolve, reject) => {
    let ends = 0;
    const ready = async (line: string): Promise<void> => {
      control = readyShape.parse(JSON.parse(line)).control;
      if (clock !== null) await patiently(post);
      ends = Number.NEGATIVE_INFINITY;
      resolve();
    };
    supervisor.start({
      name: "simulated estate",
      args: ["--import", "tsx", path.join(root, "simulator/main.ts"), "--state", state, ...args],
      env: systemEnv(),
      onLine: (line) => {
        if (line.startsWith('{"ready"')) ready(line).catch(reject);
        else say(`simulated estate: ${line}`);
      },
      onEnd: (how) => {
        ends += 1;
        if (ends < TRIES) return false;
        reject(
          new Error(
            `The simulated estate ended ${ends} times before it was ready (${how}). Run npm ci and start again; its own words are above.`,
          ),
        );
        return true;
      },
    });
  }).catch(async (error: unknown) => {
    await supervisor.stop(1000);
    throw new Error(reasonOf(error), { cause: error });
  });

  return {
    accounts: () => patiently(async () => accountsShape.parse(await (await fetch(`${control}/accounts`)).json())),
    setClock: (now) => {
      clock = now;
      setAt = Date.now();
      return patiently(post);
    },
    stop: () => supervisor.stop(5000),
  };
}
