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
