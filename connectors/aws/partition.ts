/** AWS partitions: separate clouds with their own ARNs, names and default region. Browser-safe. */
export const PARTITIONS = [
  "aws",
  "aws-us-gov",
  "aws-cn",
  "aws-eusc",
  "aws-iso",
  "aws-iso-b",
  "aws-iso-e",
  "aws-iso-f",
] as const;
export type Partition = (typeof PARTITIONS)[number];

/** As a person reads them. */
export const PARTITION_NAMES: Readonly<Record<Partition, string>> = {
  aws: "AWS (commercial)",
  "aws-us-gov": "AWS GovCloud (US)",
  "aws-cn": "AWS China",
  "aws-eusc": "AWS European Sovereign Cloud",
  "aws-iso": "AWS ISO (US)",
  "aws-iso-b": "AWS ISOB (US)",
  "aws-iso-e": "AWS ISOE (Europe)",
  "aws-iso-f": "AWS ISOF",
};

const FACTS: Record<Partition, { dnsSuffix: string; region: string; prefix: RegExp }> = {
  aws: { dnsSuffix: "amazonaws.com", region: "us-east-1", prefix: /^(?!cn-|us-gov-|eusc-|us-iso|eu-iso)/ },
  "aws-us-gov": { dnsSuffix: "amazonaws.com", region: "us-gov-west-1", prefix: /^us-gov-/ },
  "aws-cn": { dnsSuffix: "amazonaws.com.cn", region: "cn-north-1", prefix: /^cn-/ },
  "aws-eusc": { dnsSuffix: "amazonaws.eu", region: "eusc-de-east-1", prefix: /^eusc-/ },
  "aws-iso": { dnsSuffix: "c2s.ic.gov", region: "us-iso-east-1", prefix: /^us-iso-/ },
  "aws-iso-b": { dnsSuffix: "sc2s.sgov.gov", region: "us-isob-east-1", prefix: /^us-isob-/ },
  "aws-iso-e": { dnsSuffix: "cloud.adc-e.uk", region: "eu-isoe-west-1", prefix: /^eu-isoe-/ },
  "aws-iso-f": { dnsSuffix: "csp.hci.ic.gov", region: "us-isof-south-1", prefix: /^us-isof-/ },
};

export const regionFits = (partition: Partition, region: string): boolean => FACTS[partition].prefix.test(region);
export const defaultRegion = (partition: Partition): string => FACTS[partition].region;

/** The public name of STS in a region. An EKS token must be signed for it, whatever endpoint the account uses. */
export const stsHost = (partition: Partition, region: string): string => `sts.${region}.${FACTS[partition].dnsSuffix}`;
