import { SETTINGS, type Setting, type SettingName, type SettingReader } from "@/lib/settings";

/** What any program may need to find its files and to speak. No secret lies in these. */
const SYSTEM = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TZ",
  "TERM",
  "TMPDIR",
  "TEMP",
  "TMP",
  "LD_LIBRARY_PATH",
  "NODE_OPTIONS",
  "NODE_EXTRA_CA_CERTS",
  "NO_COLOR",
  "FORCE_COLOR",
  "CI",
  "SystemRoot",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
];
/** The worker speaks to clouds: the AWS SDK finds the operator's own identity (a role of the machine or pod) by these. */
const WORKER_PREFIX = /^AWS_/;

type Environment = Readonly<Record<string, string | undefined>>;

const picked = (source: Environment, wanted: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(
    Object.entries(source).flatMap(([name, value]) => (value !== undefined && wanted(name) ? [[name, value]] : [])),
  );

/** Without settings and secrets: for the build, the simulated estate and other programs that need neither. */
export const systemEnv = (source: Environment = process.env): NodeJS.ProcessEnv => ({
  ...picked(source, (name) => SYSTEM.includes(name)),
  NODE_ENV: "production",
});

/** What one of our processes gets: the system's words and the settings that it reads. */
export function processEnv(reader: SettingReader, source: Environment = process.env): NodeJS.ProcessEnv {
  const reads = (name: string): boolean => {
    if (!(name in SETTINGS)) return reader === "worker" && WORKER_PREFIX.test(name);
    const setting: Setting = SETTINGS[name as SettingName]; // it is there: the line above looked
    return setting.readers.includes(reader);
  };
  return { ...systemEnv(source), ...picked(source, reads) };
}
