import { celEnv, parse, plan } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import { Environment } from "@marcbachmann/cel-js";
import { compile } from "@/cel/compile";
import { conformanceTable } from "@/cel/conformance/table";
import { type BenchControl, CONTROLS, type Input, type Read, readWithHas, readWithOptional } from "./cel-controls";
import { estate, PODS } from "./estate";
import { median } from "./figure";

/** One engine's controls, ready to be asked. */
interface Engine {
  readonly name: string;
  /** Slow engines judge every so-manieth pod; their times are multiplied. */
  readonly share: number;
  readonly container: readonly Predicate[];
  readonly pod: readonly Predicate[];
  readonly compileMs: number;
}
type Predicate = (input: Input) => unknown;

/** What the engines are asked about, made once: none of them pays for it. */
interface Question {
  readonly pod: Input;
  readonly containers: readonly Input[];
}

const ROUNDS = 21;

function questions(): readonly Question[] {
  return (estate("bare").Pod ?? []).map((one) => {
    // Parsed, as a scan has it. The estate is ours, and its pods are pods.
    const object = JSON.parse(JSON.stringify(one)) as Input["object"] & {
      spec: Input["spec"] & { initContainers?: Input["container"][] };
    };
    const { spec } = object;
    const containers = [...spec.containers, ...(spec.initContainers ?? [])].map((container) => ({
      container,
      spec,
      object,
    }));
    return { pod: { container: containers[0]?.container ?? spec.containers[0], spec, object } as Input, containers };
  });
}

function engine(name: string, share: number, make: (control: BenchControl) => Predicate): Engine {
  const started = performance.now();
  const of = (kind: BenchControl["of"]): Predicate[] => CONTROLS.filter((control) => control.of === kind).map(make);
  const [container, pod] = [of("container"), of("pod")];
  return { name, share, container, pod, compileMs: performance.now() - started };
}

const ours =
  (read: Read) =>
  (control: BenchControl): Predicate =>
    // The function itself, as the hand-written one: through a function between, each verdict would take two calls.
    compile(control.cel(read)).judge as unknown as Predicate;

function engines(): readonly Engine[] {
  const theirs = new Environment({
    unlistedVariablesAreDyn: true,
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
  });
  const env = celEnv({ funcs: strings });
  return [
    engine("hand-written TypeScript", 1, (control) => control.hand),
    engine("ours", 1, ours(readWithHas)),
    engine("ours, written with .? and orValue", 1, ours(readWithOptional)),
    engine("@marcbachmann/cel-js", 10, (control) => {
      const parsed = theirs.parse(control.cel(readWithHas));
      return (input) => parsed(input);
    }),
    engine("@bufbuild/cel", 50, (control) => {
      const planned = plan(env, parse(control.cel(readWithHas)));
      return (input) => planned(input as never);
    }),
  ];
}

/** Asks everything once; the number of violations. */
function pass(one: Engine, asked: readonly Question[]): number {
  let violations = 0;
  for (let index = 0; index < asked.length; index += one.share) {
    const question = asked[index];
    if (question === undefined) break;
    for (const input of question.containers) for (const judge of one.container) if (judge(input) === true) violations++;
    for (const judge of one.pod) if (judge(question.pod) === true) violations++;
  }
  return violations;
}

/** Where an engine's verdicts differ from the hand-written ones, among every 50th pod. */
function differences(hand: Engine, other: Engine, asked: readonly Question[]): number {
  let count = 0;
  const compare = (a: readonly Predicate[], b: readonly Predicate[], input: Input): void => {
    for (const [index, judge] of a.entries()) if (judge(input) !== b[index]?.(input)) count++;
  };
  for (let index = 0; index < asked.length; index += 50) {
    for (const input of asked[index]?.containers ?? []) compare(hand.container, other.container, input);
    const pod = asked[index]?.pod;
    if (pod !== undefined) compare(hand.pod, other.pod, pod);
  }
  return count;
}

/** Prints conformance and the time of evaluation side by side. Engines take turns: a busy machine is busy for all of them. */
export function measureCel(say: (line?: string) => void): void {
  const asked = questions();
  const all = engines();
  const times = new Map(all.map((one) => [one, { wall: [] as number[], cpu: [] as number[] }]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of all) {
      const [wall, cpu] = [performance.now(), process.cpuUsage()];
      pass(one, asked);
      const used = process.cpuUsage(cpu);
      times.get(one)?.wall.push((performance.now() - wall) * one.share);
      times.get(one)?.cpu.push(((used.user + used.system) / 1000) * one.share);
    }
  }
  const [hand] = all;
  if (hand === undefined) return;
  const cpuOf = (one: Engine): number => median(times.get(one)?.cpu ?? []);
  say();
  say("CEL conformance: official cases passed, by suite");
  for (const line of conformanceTable()) say(line);
  say();
  say(
    `CEL: ${PODS.toLocaleString("en")} pods × ${CONTROLS.length} controls; medians of ${ROUNDS} rounds in turn, plain JSON`,
  );
  say(
    `${"".padEnd(36)}${"CPU ms".padStart(9)}${"wall ms".padStart(9)}${"× hand".padStart(9)}${"compile".padStart(9)}  other verdicts`,
  );
  for (const one of all) {
    const cells = [
      cpuOf(one).toFixed(0),
      median(times.get(one)?.wall ?? []).toFixed(0),
      (cpuOf(one) / cpuOf(hand)).toFixed(2),
      one.compileMs.toFixed(0),
    ];
    const note = one.share === 1 ? "" : ` (from 1 pod in ${one.share})`;
    say(
      `${(one.name + note).padEnd(36)}${cells.map((cell) => cell.padStart(9)).join("")}  ${differences(hand, one, asked)}`,
    );
  }
  const [, has, optional, ...others] = all;
  const fastest = Math.min(...others.map(cpuOf));
  for (const one of [has, optional]) {
    if (one === undefined) continue;
    say(
      `${one.name}: ${(cpuOf(one) / cpuOf(hand)).toFixed(2)} × hand-written (goal ≤ 1.5), ${(fastest / cpuOf(one)).toFixed(0)} × faster than the faster library (goal ≥ 10)`,
    );
  }
}
