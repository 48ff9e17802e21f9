import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Packages that only the server loads. Bundling the native and dynamic ones breaks them, and takes time with the others.
  serverExternalPackages: [
    ...["pg", "pg-boss", "@prisma/client", "@prisma/adapter-pg", "better-auth"],
    ...["undici", "yaml", "js-yaml", "otplib", "zod-openapi", "@react-email/components"],
  ],
  // `npm run verify` checks the types of the whole repository; a second pass in the build would only double its time.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    // What the proxy buffers of a body, before anybody is known: a little more than the largest one that anything takes.
    serverActions: { bodySizeLimit: "256kb" },
    proxyClientMaxBodySize: "320kb",
    // A stack names the server's own functions without maps, which nobody is served and which cost a tenth of the build.
    turbopackSourceMaps: false,
    serverMinification: false,
  },
};

export default config;
