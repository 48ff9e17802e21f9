import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const accountSchema = z.object({
  provider: z.enum(["azure", "aws", "gcp", "self"]),
  name: z.string(),
  externalId: z.string(),
  settings: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.string()),
});
export type EstateAccount = z.infer<typeof accountSchema>;

const clusterSchema = z.object({
  id: z.string(),
  distribution: z.enum(["aks", "eks", "gke", "arc"]),
  accountId: z.string(),
  alsoArcIn: z.string().optional(),
  version: z.string(),
  uid: z.string(),
});
export type EstateCluster = z.infer<typeof clusterSchema>;

const logSchema = z.object({
  next: z.number(),
  requests: z.array(z.object({ service: z.string(), action: z.string(), target: z.string(), status: z.number() })),
});
export type EstateRequest = z.infer<typeof logSchema>["requests"][number];

export interface EstateFault {
  service: string;
  action: string;
  kind: string;
  target?: string;
  skip?: number;
  times?: number;
}

/** A simulated estate in a process of its own, spoken to as an operator would. */
export class Estate {
  private constructor(
    private readonly child: ChildProcess,
    private readonly control: string,
  ) {}

  /** Starts one with few workloads. Rejects when it ends before it is ready. */
  static async start(): Promise<Estate> {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const args = ["--import", "tsx", "simulator/main.ts", "--scale", "0.05"];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit", "ipc"] });
    const control = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stdout?.on("data", (chunk) => {
        text += String(chunk);
        const line = text.split("\n").find((each) => each.includes('"ready":true'));
        if (line !== undefined && text.includes("\n"))
          resolve(z.object({ control: z.string() }).parse(JSON.parse(line)).control);
      });
      child.once("exit", (code) => reject(new Error(`the simulator ended with ${code} before it was ready`)));
    });
    return new Estate(child, control);
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.control + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  accounts = async (): Promise<EstateAccount[]> => z.array(accountSchema).parse(await this.call("GET", "/accounts"));
  clusters = async (): Promise<EstateCluster[]> => z.array(clusterSchema).parse(await this.call("GET", "/clusters"));
  private log = async (since: number) => logSchema.parse(await this.call("GET", `/log?since=${since}`));

  /** Stops the estate's clock at the real now, so that nothing changes but what a test does. */
  async freeze(): Promise<void> {
    await this.call("POST", "/clock", { now: new Date().toISOString(), frozen: true });
  }

  /** Runs `work` and gives what was asked of the estate meanwhile. */
  async during(work: () => Promise<unknown>): Promise<EstateRequest[]> {
    const { next } = await this.log(Number.MAX_SAFE_INTEGER);
    await work();
    return (await this.log(next)).requests;
  }

  /** Runs `work` while the fault hits every matching request. Others may be set meanwhile: each ends only its own. */
  async withFault<T>(fault: EstateFault, work: () => Promise<T>): Promise<T> {
    const { id } = z.object({ id: z.string() }).parse(await this.call("POST", "/faults", fault));
    try {
      return await work();
    } finally {
      await this.call("DELETE", `/faults/${id}`);
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await ended;
  }
}
