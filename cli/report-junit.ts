import { SEVERITY_RANK, type Severity } from "@/domain/posture/schema";
import { byResource, type Format, placeOf, plain } from "./report";
import type { Kept, Result } from "./result";
import type { Tally } from "./tally";

const NOT_APPLICABLE = "not applicable";

/** Names that are told apart by their order where they are the same: of cases that are called alike GitLab reads the first alone. */
class Names {
  readonly #seen = new Map<string, number>();

  of(name: string): string {
    const nth = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, nth);
    return nth === 1 ? name : `${name} #${nth}`;
  }
}

/**
 * JUnit XML: a suite for each resource, a case for each control. What reaches `failOn` is a failure, what is below it passes and
 * says so, what was not evaluated is skipped with the reason, what could not be read is an error. Reasons stand in the elements and in
 * their attributes: GitLab reads the former, others the latter.
 */
export const junitFormat = (): Format<Evident> => ({ lines: true, write: evident, report: junitReport });

/** Evidence of a result: where it stands first, what that says, and all of it, as lines. */
interface Evident {
  line: number;
  message: string;
  lines: readonly string[];
}

function evident({ evidence, source, lineOf }: Result): Evident {
  const [first] = evidence;
  return {
    line: lineOf(first?.path ?? ""),
    message: plain(first?.message ?? ""),
    lines: evidence.map(({ path, message }) =>
      plain(path === "" ? message : `${source.file}:${lineOf(path)} ${path}: ${message}`),
    ),
  };
}

async function* junitReport(tally: Tally<Evident>, failOn: Severity): AsyncGenerator<string> {
  // Loaded here: the other formats do not need it.
  const { create } = await import("xmlbuilder2");
  const fails = ({ outcome, control }: Kept<Evident>): boolean =>
    outcome === "unhealthy" && SEVERITY_RANK[control.severity] >= SEVERITY_RANK[failOn];
  const { problems, results } = tally;
  const root = create({ version: "1.0", encoding: "UTF-8" }).ele("testsuites", {
    name: "seawall check",
    tests: results.length + problems.length,
    failures: results.filter(fails).length,
    errors: problems.length,
    skipped: results.filter(({ outcome }) => outcome === "not_evaluated").length,
  });
  const distinct = new Names();
  if (problems.length > 0) {
    const suite = root.ele("testsuite", { name: "unreadable", tests: problems.length, errors: problems.length });
    for (const { file, line, message } of problems) {
      const name = distinct.of(plain(line === undefined ? file : `${file}:${line}`));
      suite
        .ele("testcase", { name, classname: "unreadable", file: plain(file) })
        .ele("error", { message: plain(message), type: "unreadable" })
        .txt(plain(message));
    }
  }
  for (const group of byResource(results)) {
    const [first] = group;
    if (first === undefined) continue;
    const { resource, source } = first.place;
    const { kind, namespace, name } = resource;
    const file = plain(source.file);
    const title = plain(`${kind} ${namespace === "" ? name : `${namespace}/${name}`}`);
    // Without its line: a case that is called otherwise is a new one to who compares this report with the last.
    const classname = distinct.of(`${title} (${file})`);
    const suite = root.ele("testsuite", {
      name: `${title} (${plain(placeOf(first.place))})`,
      tests: group.length,
      failures: group.filter(fails).length,
      errors: 0,
      skipped: group.filter(({ outcome }) => outcome === "not_evaluated").length,
    });
    for (const result of group) {
      const { control, outcome, written } = result;
      const { line, message, lines } = written;
      const test = suite.ele("testcase", { name: `${control.id} ${control.name}`, classname, file, line });
      if (fails(result)) test.ele("failure", { message, type: control.severity }).txt(lines.join("\n"));
      else if (outcome === "unhealthy")
        test.ele("system-out").txt([`${control.severity}, below ${failOn}:`, ...lines].join("\n"));
      else if (outcome === "not_evaluated" || outcome === "not_applicable")
        test.ele("skipped", { message: message || NOT_APPLICABLE }).txt(message || NOT_APPLICABLE);
    }
  }
  yield `${root.end({ prettyPrint: true })}\n`;
}
