import { suggestion } from "@/lib/nearest";
import { UsageError } from "./usage-error";

/** What `parseArgs` refuses, in our words: its own explain how programs may be written. `options`: those that there are. */
export function wrongOption(error: unknown, options: Readonly<Record<string, unknown>>): UsageError {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const given = /'(?:-\w, )?(-[^' ]*)/.exec(message)?.[1] ?? "";
  const known = Object.keys(options).map((name) => `--${name}`);
  const said =
    code === "ERR_PARSE_ARGS_UNKNOWN_OPTION"
      ? `There is no option ${given}.${suggestion(given, known) || ` A path of that name is given as ./${given}.`}`
      : code !== "ERR_PARSE_ARGS_INVALID_OPTION_VALUE"
        ? message
        : message.includes("does not take")
          ? `${given} takes no value.`
          : `${given} needs a value${message.includes("ambiguous") ? `; one that begins with a dash is given as ${given}=VALUE` : ""}.`;
  return new UsageError(said, { cause: error });
}

interface OptionToken {
  kind: string;
  name?: string;
}

/** What to do where one is given again: each option that takes one value has one. */
const GIVE_ONCE: Readonly<Record<string, string>> = {
  benchmark: "run the command once for each benchmark",
  controls: "give all of them in one, with commas between: --controls SW-0001,host-port",
  params: "one file holds the parameters of all controls",
  "fail-on": "give the lowest severity that is to fail",
};

/** Refuses an option with a value that is given twice: the last would quietly hold alone, and a pipeline be green by it. Throws UsageError. */
export function refuseTwice(
  tokens: readonly OptionToken[],
  options: Readonly<Record<string, { type: "string" | "boolean" }>>,
): void {
  const seen = new Set<string>();
  for (const { kind, name = "" } of tokens) {
    if (kind !== "option" || options[name]?.type !== "string") continue;
    if (seen.has(name)) throw new UsageError(`--${name} is given twice: ${GIVE_ONCE[name] ?? "give it once"}.`);
    seen.add(name);
  }
}
