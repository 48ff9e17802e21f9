// Plain JavaScript that any node can read, loaded before anything else: modules further on need what an older one lacks.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `Node ${process.versions.node} is too old: install Node 22.19 or newer, or run npm ci without --omit=optional, which brings one.\n`,
  );
  process.exit(1);
}
