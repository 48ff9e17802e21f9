import { parseArgs } from "node:util";
import { type CloudWires, controlServer } from "./control";
import { createCore } from "./core";
import { startKubernetes } from "./kubernetes";
import type { SimWire, StartWire } from "./model";

/**
 * The simulated estate as its own process:
 * `tsx simulator/main.ts [--seed N] [--scale 1] [--port CONTROL] [--state DIR] [--now ISO] [--wires azure,aws,gcp,kubernetes]`.
 * Prints one JSON line when ready; stops on SIGTERM, SIGINT and when its parent's IPC channel closes.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    scale: { type: "string", default: "1" },
    port: { type: "string", default: "0" },
    state: { type: "string" },
    now: { type: "string" },
    anchor: { type: "string" },
    wires: { type: "string", default: "azure,aws,gcp,kubernetes" },
  },
});

const number = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < least) throw new Error(`--${name} ${text}: give a number from ${least}`);
  return value;
};
const date = (name: string, text: string): Date => {
  const value = new Date(text);
  if (Number.isNaN(value.getTime())) throw new Error(`--${name} ${text}: give a time such as 2026-01-31T00:00:00Z`);
  return value;
};

const CLOUDS = {
  azure: () => import("./azure/index"),
  aws: () => import("./aws/index"),
  gcp: () => import("./gcp/index"),
} satisfies Record<string, () => Promise<{ start: StartWire }>>;

async function main() {
  const wanted = values.wires.split(",").filter((name) => name !== "");
  const core = createCore({
    seed: number("seed", values.seed, 0),
    scale: number("scale", values.scale, 0.01),
    ...(values.state === undefined ? {} : { state: values.state }),
    ...(values.anchor === undefined ? {} : { anchor: date("anchor", values.anchor) }),
  });
  if (values.now !== undefined) core.setNow(date("now", values.now));

  const running: SimWire[] = [];
  const clouds: CloudWires = {};
  const endpoints: Record<string, string> = {};
  // The Kubernetes listeners come first: the clouds' answers hold their addresses.
  if (wanted.includes("kubernetes")) {
    const wire = await startKubernetes(core);
    running.push(wire);
    for (const [name, address] of Object.entries(wire.endpoints)) endpoints[`kubernetes/${name}`] = address;
  }
  for (const name of ["azure", "aws", "gcp"] as const) {
    if (!wanted.includes(name)) continue;
    const { start } = await CLOUDS[name]();
    const wire = await start(core);
    running.push(wire);
    clouds[name] = wire;
    Object.assign(endpoints, wire.endpoints);
  }
  const control = controlServer(core, clouds);
  // A port that was asked for is kept or refused; `listen` would move on.
  const port = await new Promise<number>((resolve, reject) => {
    const asked = number("port", values.port, 0);
    if (asked === 0) core.listen(control, "control").then(resolve, reject);
    else control.once("error", reject).listen(asked, "127.0.0.1", () => resolve(asked));
  });
  process.stdout.write(`${JSON.stringify({ ready: true, control: `http://127.0.0.1:${port}`, endpoints })}\n`);

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    control.closeAllConnections();
    control.close();
    // A wire that does not close in time must not keep the parent waiting.
    setTimeout(() => process.exit(1), 5_000).unref();
    Promise.all(running.map((wire) => wire.stop())).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`simulator: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
