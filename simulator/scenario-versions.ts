import type { SimDistribution, SimNodePool } from "./model";

/** What a node runs: as `status.nodeInfo` says it, and as the cloud calls its image. */
export interface NodeSystem {
  osImage: string;
  kernel: string;
  runtime: string;
  /** AKS: `nodeImageVersion`. EKS: `amiType`. GKE: `imageType`. */
  image: string;
}

/** The number of a minor version: 35 of `1.35.7-eks-3cfe0ce`. */
export const minorOf = (version: string): number => Number(version.split(".")[1]);

const system = (osImage: string, kernel: string, runtime: string, image = ""): NodeSystem => ({
  osImage,
  kernel,
  runtime: `containerd://${runtime}`,
  image,
});

const AKS = {
  new: system("Ubuntu 24.04.3 LTS", "6.8.0-1041-azure", "2.1.5-1", "AKSUbuntu-2404gen2containerd-202610.19.0"),
  old: system("Ubuntu 22.04.5 LTS", "5.15.0-1089-azure", "1.7.27-1", "AKSUbuntu-2204gen2containerd-202507.06.0"),
};
const COS = "Container-Optimized OS from Google";

/**
 * The system of a pool's nodes, which follows its version of Kubernetes: AKS gives Ubuntu 24.04 from 1.35 on (release notes of
 * 4 January 2026), EKS has kernel 6.12 from 1.33 on (amazon-eks-ami v20261012), where Amazon Linux 2 never came further than 1.32.
 */
export function nodeSystem(distribution: SimDistribution, pool: Pick<SimNodePool, "version" | "os">): NodeSystem {
  const minor = minorOf(pool.version);
  const old = pool.os === "old";
  switch (distribution) {
    case "aks":
      return minor >= 35 && !old ? AKS.new : AKS.old;
    case "eks":
      if (old) return system("Amazon Linux 2", "5.10.245-241.978.amzn2.x86_64", "1.7.27", "AL2_x86_64");
      return minor >= 33
        ? system("Amazon Linux 2023.12.20261012", "6.12.111-136.204.amzn2023.x86_64", "2.1.5", "AL2023_x86_64_STANDARD")
        : system("Amazon Linux 2023.9.20251105", "6.1.156-177.286.amzn2023.x86_64", "1.7.29", "AL2023_x86_64_STANDARD");
    case "gke":
      if (old) return system("Ubuntu 22.04.5 LTS", "5.15.0-1089-gke", "1.7.28", "UBUNTU_CONTAINERD");
      return minor >= 35
        ? system(COS, "6.12.55+", "2.1.5", "COS_CONTAINERD")
        : system(COS, "6.6.111+", "2.0.7", "COS_CONTAINERD");
    case "arc":
      return old
        ? system("Ubuntu 20.04.6 LTS", "5.4.0-216-generic", "2.0.5-k3s2")
        : system("Ubuntu 24.04.3 LTS", "6.8.0-87-generic", "2.1.5-k3s1");
  }
}

const GO: Readonly<Record<number, string>> = {
  32: "go1.23.12",
  33: "go1.24.13",
  34: "go1.24.13",
  35: "go1.25.9",
};
/** The Go that an API server was built with. */
export const goVersion = (version: string): string => GO[minorOf(version)] ?? "go1.26.2";
