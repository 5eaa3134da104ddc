/** A part of other people's programs that our packages run with. */
export interface RunWith {
  readonly kind:
    | "runtime"
    | "server"
    | "library"
    | "store"
    | "test runner"
    | "bundler"
    | "compiler";
  /** Its name in the npm registry, or in Debian's for Redis. */
  readonly package: string;
  /** Exact versions, oldest first. The lowest version of each part of a peer range is one of them. */
  readonly versions: readonly [string, ...string[]];
}

/**
 * What our packages run with in the tests of this folder, by the name in our guides. The tests read their versions here, and
 * `docs/versions.md` lists them.
 */
export const RUN_WITH = {
  // The oldest supported version, and the newest of each later major version.
  Node: {
    kind: "runtime",
    package: "node",
    versions: ["20.19.0", "22.23.3", "24.21.0", "26.10.0"],
  },
  Bun: { kind: "runtime", package: "bun", versions: ["1.4.5"] },
  Deno: { kind: "runtime", package: "deno", versions: ["2.9.6"] },
  "Cloudflare Workers": { kind: "runtime", package: "workerd", versions: ["1.20261117.1"] },
  Express: { kind: "server", package: "express", versions: ["4.22.3", "5.3.0"] },
  Fastify: { kind: "server", package: "fastify", versions: ["5.12.8"] },
  Hono: { kind: "server", package: "hono", versions: ["4.13.19"] },
  NestJS: {
    kind: "server",
    package: "@nestjs/core",
    versions: ["10.4.22", "11.2.10", "12.5.1"],
  },
  Koa: { kind: "server", package: "koa", versions: ["3.3.0"] },
  // Nitro 2, with which Nuxt is built, and Nitro 3.
  h3: { kind: "server", package: "h3", versions: ["1.15.11", "2.0.8"] },
  Astro: { kind: "server", package: "astro", versions: ["7.3.5"] },
  Next: { kind: "server", package: "next", versions: ["15.5.29", "16.4.6"] },
  "React Router": { kind: "server", package: "react-router", versions: ["7.18.4", "8.4.0"] },
  SvelteKit: { kind: "server", package: "@sveltejs/kit", versions: ["2.70.4"] },
  React: { kind: "library", package: "react", versions: ["18.0.0", "18.3.1", "19.3.1"] },
  Redis: { kind: "store", package: "redis-server", versions: ["7.0.15"] },
  ioredis: { kind: "library", package: "ioredis", versions: ["5.4.0", "5.11.1", "6.0.0"] },
  OpenFeature: {
    kind: "library",
    package: "@openfeature/server-sdk",
    versions: ["1.20.0", "1.23.0"],
  },
  OpenTelemetry: { kind: "library", package: "@opentelemetry/api", versions: ["1.9.0", "1.10.0"] },
  Segment: {
    kind: "library",
    package: "@segment/analytics-node",
    versions: ["2.3.0", "3.0.0", "3.1.0"],
  },
  RudderStack: {
    kind: "library",
    package: "@rudderstack/rudder-sdk-node",
    versions: ["3.0.3", "3.0.13"],
  },
  Snowplow: { kind: "library", package: "@snowplow/node-tracker", versions: ["4.6.8", "4.8.0"] },
  "Amplitude's analytics": {
    kind: "library",
    package: "@amplitude/analytics-node",
    versions: ["1.3.4", "1.5.73"],
  },
  "GrowthBook's evaluation for proxies": {
    kind: "library",
    package: "@growthbook/proxy-eval",
    versions: ["1.1.1", "1.1.2"],
  },
  // The programs of these two are in apps/examples.
  BullMQ: { kind: "library", package: "bullmq", versions: ["6.7.0"] },
  tRPC: { kind: "library", package: "@trpc/server", versions: ["11.25.2"] },
  "Vercel's flags": { kind: "library", package: "flags", versions: ["4.3.1"] },
  Jest: { kind: "test runner", package: "jest", versions: ["29.7.0", "30.5.2"] },
  vitest: { kind: "test runner", package: "vitest", versions: ["3.2.0", "4.1.12", "5.1.2"] },
  esbuild: { kind: "bundler", package: "esbuild", versions: ["0.27.7"] },
  Rollup: { kind: "bundler", package: "rollup", versions: ["4.68.7"] },
  webpack: { kind: "bundler", package: "webpack", versions: ["5.112.2"] },
  TypeScript: {
    kind: "compiler",
    package: "typescript",
    versions: ["5.4.5", "5.9.3", "6.0.3", "7.0.2"],
  },
} as const satisfies Readonly<Record<string, RunWith>>;

/** The newest vitest that runs on the oldest Node. */
export const VITEST_ON_OLDEST_NODE: string = RUN_WITH.vitest.versions[1];

/** Returns the versions to test, oldest first. */
export function versionsOf(name: keyof typeof RUN_WITH): readonly [string, ...string[]] {
  return RUN_WITH[name].versions;
}

/** Returns the newest version to test. */
export function newestOf(name: keyof typeof RUN_WITH): string {
  return versionsOf(name).at(-1) ?? "";
}
