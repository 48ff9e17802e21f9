import { DISTRIBUTIONS } from "@/domain/inventory/schema";
import { SEVERITIES } from "@/domain/posture/schema";
import { FORMATS } from "./usage";

export const HELP = `seawall: posture of Kubernetes manifests and clusters

  seawall check PATH… [options]
      Judges manifests and dumps: YAML and JSON files, folders, or - for standard input.
  seawall check-cluster --distribution ${DISTRIBUTIONS.join("|")} FILE [options]
      Judges a managed cluster from the cloud's own JSON: the answer of az aks show, az connectedk8s show,
      aws eks describe-cluster or gcloud container clusters describe --format json, or of their APIs; - for standard input.

        --benchmark ID    apply only the controls of this benchmark: pss-baseline, pss-restricted …
        --controls A,B    apply only these, by id or name
        --distribution D  what the manifests are for: ${DISTRIBUTIONS.join(", ")}
        --kubernetes-version V
                          the release of Kubernetes that the manifests are for: 1.34 (check only)
        --params FILE     parameters: a YAML map of control id or name to its parameters
        --all             show healthy and not applicable results too
        --fail-on         lowest severity that makes the command fail: ${SEVERITIES.join(", ")} (default medium,
                          with --benchmark low)
        --fail-on-unknown fail too when something could not be judged
        --format          ${FORMATS.join(", ")} (default text)

  seawall control list
  seawall control show ID|NAME
  seawall control test [ID|NAME|FILE]
      Runs the examples of one control, of a control file that is being written, or of all.
  seawall audit verify [--expect SEQ:HASH] [--format text|json]
      Verifies the hash chain of the product's audit log and names the first broken entry. Reads the database of
      DATABASE_URL, or that of a running Seawall in SEAWALL_DATA_DIR.
        --expect    the head of the chain as noted before: it must still be part of it
  seawall access recover EMAIL [--second-factor-off]
      Prints a link, good once and for a day, with which a person sets a new password. Writes the audit log of the same database.
        --second-factor-off
                    the link takes the second factor off too
  seawall compliance export --benchmark ID [--format csv|pdf] [--account A|--cluster C]
                    [--exemptions with|without] [--out FILE]
      Writes the auditor's file of a benchmark, or its printed report, from the same database. A and C are ids or names.
  seawall --help, seawall --version

Exit code: 0 nothing found, 1 findings at or above --fail-on (or unknown ones), a failed example or a broken audit log,
2 something was unreadable or the command was wrong.
`;
