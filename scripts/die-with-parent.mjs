// Loaded into every child: when the parent is gone, even by kill -9, its channel closes, and the child drains and ends.
// A build's own workers inherit this file too, and live by the very channel that is let go of here: SEAWALL_PARENT names whom it is for.
const { SEAWALL_PARENT: parent } = process.env;
if (process.channel && (parent === undefined || Number(parent) === process.ppid)) {
  process.on("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), 10_000).unref();
  });
  process.channel.unref();
}
