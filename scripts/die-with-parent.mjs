// Loaded into every child: when the parent is gone, even by kill -9, its channel closes, and the child drains and ends.
if (process.channel) {
  process.on("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), 10_000).unref();
  });
  process.channel.unref();
}
