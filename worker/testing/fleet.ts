import { Estate, type EstateFault, type EstateRequest } from "@/connectors/testing/estate";
import type { Gap } from "@/domain/inventory/schema";
import { createQueues, jobClient } from "@/lib/jobs";
import { testDatabase } from "@/lib/testing/database";
import { discoverClusters } from "../handlers/discover-account";
import { scanOneCluster } from "../handlers/scan-cluster";
import type { World } from "../world";
import { connect, newKey, type Patience, setPatience } from "./connect";

/** One account of each cloud: AKS and Arc, EKS, GKE; all of their clusters may be read whole. */
const ACCOUNTS = ["Harbour Payments", "harbour-data", "Harbour Storefront"];

export interface FleetCluster {
  id: string;
  name: string;
  distribution: string;
  accountId: string;
}
export interface FleetAccount {
  id: string;
  provider: string;
  clusters: FleetCluster[];
}
/** What a look at an account or a cluster said of itself. */
export interface Said {
  status: string;
  reasons: Gap[];
  stats: { gone?: number; resolved?: number };
}

/** A small estate and a database that its accounts are connected to; looked at as the worker does, by a clock of its own. */
export class Fleet {
  accounts: FleetAccount[] = [];
  #clock = Date.now();

  private constructor(
    readonly estate: Estate,
    readonly db: Awaited<ReturnType<typeof testDatabase>>,
    private readonly world: World,
  ) {}

  static async start(): Promise<Fleet> {
    process.env.SEAWALL_ALLOW_PRIVATE_NETWORKS = "true"; // read at the first look
    const [estate, db] = await Promise.all([Estate.start(), testDatabase()]);
    await estate.freeze();
    const { ring } = newKey();
    const boss = jobClient(db.url, "worker");
    await boss.start();
    await createQueues(boss);
    await boss.stop({ graceful: false });
    const world = { pool: db.pool, boss, ring, clock: () => new Date() };
    const fleet = new Fleet(estate, db, world);
    const offered = (await estate.accounts()).filter(({ name }) => ACCOUNTS.includes(name));
    for (const account of offered) {
      const id = await connect(db.pool, ring, account);
      fleet.accounts.push({ id, provider: account.provider, clusters: [] });
    }
    return fleet;
  }

  async stop(): Promise<void> {
    await this.estate.stop();
    await this.db.drop();
  }

  get clusters(): FleetCluster[] {
    return this.accounts.flatMap(({ clusters }) => clusters);
  }

  /** Ten seconds after the last look: a thousand are three hours, in which no version's support ends and no score moves by itself. */
  #at(): { world: World; now: Date } {
    this.#clock += 10_000;
    const now = new Date(this.#clock);
    return { world: { ...this.world, clock: () => now }, now };
  }

  /** How patient the looks from now on are; a `look` at all is as patient as the product by default. */
  patience = (patience: Patience): Promise<void> => setPatience(this.db.pool, patience);

  /** Discovers every account and scans every cluster, as patiently as the product does by default. */
  async look(): Promise<Said[]> {
    await this.patience({});
    const said = await Promise.all(
      this.accounts.map(async (account) => {
        const discovered = await this.discover(account);
        const { rows } = await this.db.pool.query<FleetCluster>(
          `SELECT "id", "name", "distribution", "accountId" FROM "Cluster" WHERE "accountId" = $1 AND "goneAt" IS NULL ORDER BY "distribution", "name"`,
          [account.id],
        );
        account.clusters = rows;
        return [discovered, ...(await Promise.all(rows.map((cluster) => this.scan(cluster))))];
      }),
    );
    return said.flat();
  }

  async discover(account: FleetAccount): Promise<Said> {
    const { world, now } = this.#at();
    await discoverClusters(
      world,
      { accountId: account.id, trigger: "schedule" },
      { signal: AbortSignal.timeout(60_000) },
    );
    return this.#said(account.id, now);
  }

  async scan(cluster: FleetCluster): Promise<Said> {
    const { world, now } = this.#at();
    await scanOneCluster(
      world,
      { clusterId: cluster.id, trigger: "schedule" },
      { signal: AbortSignal.timeout(60_000) },
    );
    return this.#said(cluster.id, now);
  }

  async #said(of: string, now: Date): Promise<Said> {
    const { rows } = await this.db.pool.query<Said>(
      `SELECT "status", "reasons", "stats" FROM "Scan" WHERE coalesce("clusterId", "accountId") = $1 AND "startedAt" = $2`,
      [of, now],
    );
    const [said] = rows;
    if (said === undefined) throw new Error(`no scan of ${of} at ${now.toISOString()}`);
    return said;
  }

  during = (work: () => Promise<unknown>): Promise<EstateRequest[]> => this.estate.during(work);
  under = <T>(fault: EstateFault, work: () => Promise<T>): Promise<T> => this.estate.withFault(fault, work);
}
