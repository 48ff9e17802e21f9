import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Native or dynamic packages that only the server loads: bundling them breaks them.
  serverExternalPackages: ["pg", "pg-boss", "@prisma/client", "@prisma/adapter-pg", "better-auth"],
  // `npm run verify` checks the types of the whole repository; a second pass in the build would only double its time.
  typescript: { ignoreBuildErrors: true },
  // What the proxy buffers of a body, before anybody is known: a little more than the largest one that anything takes.
  experimental: { serverActions: { bodySizeLimit: "256kb" }, proxyClientMaxBodySize: "320kb" },
};

export default config;
