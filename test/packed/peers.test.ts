import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it, onTestFinished } from "vitest";
import { installTool, installTools } from "../../scripts/tools.mjs";
import { startRedis } from "../../tools/test-kit/src/redis/server.ts";
import { makeProject, placeLibraries } from "./project.ts";
import { run } from "./run.ts";
import { startServices } from "./services.ts";
import { newestOf, RUN_WITH, VITEST_ON_OLDEST_NODE, versionsOf } from "./versions.ts";

const consumer = inject("consumer");
const peers = join(import.meta.dirname, "peers");
const tsc = join(
  installTool("typescript", newestOf("TypeScript")),
  "node_modules/typescript/bin/tsc",
);
const vitest = installTools("vitest-happy-dom", {
  vitest: VITEST_ON_OLDEST_NODE,
  "happy-dom": "21.0.4",
});

/** A library that users install beside our packages. */
interface Peer {
  readonly name: keyof typeof RUN_WITH;
  /** Our packages that import it, and those that import these. */
  readonly ours: readonly string[];
  /** A program in `peers/`, which prints `ok`. */
  readonly program: string;
  /** Its arguments. */
  argumentsFor?(env: Readonly<Record<string, string>>): readonly string[];
  /** More libraries, for a version of this one. */
  more?(version: string): Readonly<Record<string, string>>;
  /** A program that compiles only with the types of both. */
  readonly types: string;
}

/** Returns a logger's program, which sends to this collector. */
function loggerOf(name: keyof typeof RUN_WITH, collector: string, types: string): Peer {
  const own = name.toLowerCase();
  return {
    name,
    ours: [own],
    program: "logger.mjs",
    argumentsFor: (env) => [own, env[collector] ?? ""],
    types: `import { ${own}Logger } from "@sortition/${own}";\n${types}`,
  };
}

/** Versions of the types of React, which have their own numbers, by version of React. */
const TYPES_OF_REACT: Readonly<Record<string, string>> = {
  "18.3.1": "18.3.32",
  "19.3.1": "19.3.0",
};

const PEERS: readonly Peer[] = [
  {
    name: "ioredis",
    ours: ["redis"],
    program: "ioredis.mjs",
    types: `
      import { redis } from "@sortition/redis";
      import { Redis } from "ioredis";
      redis({ redis: new Redis() });
      // @ts-expect-error: not a client
      redis({ redis: new Date() });`,
  },
  {
    name: "React",
    ours: ["web"],
    program: "react.mjs",
    argumentsFor: () => [
      join(vitest, "node_modules/vitest/vitest.mjs"),
      join(import.meta.dirname, "../../packages/web/test/hooks.test.ts"),
    ],
    more: (version) => ({
      "react-dom": version,
      "@types/react": TYPES_OF_REACT[version] ?? version,
    }),
    types: `
      import { createHooks } from "@sortition/web/react";
      import { createElement } from "react";
      const { TestFlags, useFlag } = createHooks<{ a: { string: "x" | "y" } }>();
      export const page = createElement(TestFlags, { values: { a: "x" } });
      export const use = (): "x" | "y" => useFlag("a", "x");
      // @ts-expect-error: no such variation
      export const wrong = createElement(TestFlags, { values: { a: "z" } });`,
  },
  loggerOf(
    "Segment",
    "SEGMENT_URL",
    `import { Analytics } from "@segment/analytics-node";
    segmentLogger({ analytics: new Analytics({ writeKey: "key" }) });
    // @ts-expect-error: not an instance
    segmentLogger({ analytics: new Date() });`,
  ),
  loggerOf(
    "RudderStack",
    "RUDDERSTACK_URL",
    `import RudderAnalytics from "@rudderstack/rudder-sdk-node";
    rudderstackLogger({ analytics: new RudderAnalytics("key") });
    // @ts-expect-error: not an instance
    rudderstackLogger({ analytics: new Date() });`,
  ),
  loggerOf(
    "Snowplow",
    "SNOWPLOW_URL",
    `import { newTracker } from "@snowplow/node-tracker";
    const settings = { namespace: "a", appId: "shop", encodeBase64: false };
    snowplowLogger({ tracker: newTracker(settings, { endpoint: "https://a.example" }) });
    // @ts-expect-error: not a tracker
    snowplowLogger({ tracker: new Date() });`,
  ),
  {
    name: "Amplitude's analytics",
    ours: ["amplitude"],
    program: "amplitude.mjs",
    types: `
      import { Experiment } from "@sortition/amplitude";
      import { createInstance } from "@amplitude/analytics-node";
      Experiment.initializeLocal("key", { assignmentConfig: { apiKey: "key", flushQueueSize: 1 } });
      // @ts-expect-error: not a key
      createInstance().init(1);`,
  },
  {
    name: "GrowthBook's evaluation for proxies",
    ours: ["relay"],
    program: "proxy-eval.mjs",
    types: `
      import { evaluateFeatures } from "@growthbook/proxy-eval";
      evaluateFeatures({ payload: {}, attributes: {} });
      // @ts-expect-error: not an object
      evaluateFeatures(1);`,
  },
  {
    name: "OpenTelemetry",
    ours: ["opentelemetry"],
    program: "opentelemetry.mjs",
    more: (version) =>
      version.startsWith("1.9.")
        ? {
            "@opentelemetry/sdk-trace-base": "2.12.1",
            "@opentelemetry/context-async-hooks": "2.12.1",
          }
        : { "@opentelemetry/sdk-trace": "3.1.1", "@opentelemetry/context-async-hooks": "3.1.1" },
    types: `
      import { openTelemetry } from "@sortition/opentelemetry";
      import { trace } from "@opentelemetry/api";
      openTelemetry();
      // @ts-expect-error: not a name
      trace.getTracer(1);`,
  },
];

const ROWS = PEERS.flatMap((peer) =>
  versionsOf(peer.name).map((version) => ({ ...peer, version })),
);

/**
 * The libraries that need no others, which npm installs at once under a name for each version. Dependencies are nested,
 * because a library that lacks one would find that of another library.
 */
const aliases = installTools(
  "nested",
  Object.fromEntries(
    ROWS.filter(({ more }) => more === undefined).map(({ name, version }) => [
      aliasOf(name, version),
      `npm:${RUN_WITH[name].package}@${version}`,
    ]),
  ),
  ["--install-strategy=nested"],
);

function aliasOf(name: keyof typeof RUN_WITH, version: string): string {
  return `${RUN_WITH[name].package.replace("/", "-")}-${version}`.replace("@", "");
}

/** Returns the folders of this version and of the libraries that it needs, by name. */
function install({ more, name, version }: Peer & { readonly version: string }) {
  const own = RUN_WITH[name].package;
  if (more === undefined) return { [own]: join(aliases, "node_modules", aliasOf(name, version)) };
  const libraries = { [own]: version, ...more(version) };
  const tools = installTools(name, libraries);
  return Object.fromEntries(
    Object.keys(libraries).map((library) => [library, join(tools, "node_modules", library)]),
  );
}

/** Creates a project with this version, next to our packages that import it. */
function makeApplication(row: Peer & { readonly version: string }) {
  const project = makeProject(consumer, {});
  placeLibraries(consumer, project, row.ours, install(row));
  const { package: own } = RUN_WITH[row.name];
  const installed = readFileSync(join(project, "node_modules", own, "package.json"), "utf8");
  expect(JSON.parse(installed)).toMatchObject({ version: row.version });
  return project;
}

it.each(ROWS)("our packages work with $name $version", async (row) => {
  await using services = await startServices();
  const env: Record<string, string> = { ...services.env };
  if (row.name === "ioredis") {
    const server = await startRedis();
    onTestFinished(() => server.close());
    env["REDIS_URL"] = server.url;
    // Other machines may have another version, but not CI.
    if (process.env["REQUIRE_REDIS"] === "1")
      expect(versionsOf("Redis")).toContain((await server.version()).join("."));
  }
  const cwd = makeApplication(row);
  writeFileSync(join(cwd, "main.mjs"), readFileSync(join(peers, row.program)));
  const args = ["main.mjs", ...(row.argumentsFor?.(env) ?? [])];
  const { stderr, stdout } = await run(process.execPath, args, { cwd, env });
  expect(stdout.trim(), stderr).toBe("ok");
});

it("our packages compile with the types of each version", async () => {
  const files = ROWS.map((row) => {
    const file = join(makeApplication(row), `${aliasOf(row.name, row.version)}.mts`);
    writeFileSync(file, row.types);
    return file;
  });
  const compilerOptions = {
    ...{ module: "nodenext", target: "ES2022", types: ["node"] },
    ...{ noEmit: true, skipLibCheck: true, strict: true },
  };
  const cwd = makeProject(
    consumer,
    {},
    { "tsconfig.json": JSON.stringify({ compilerOptions, files }) },
  );
  const { exitCode, stdout } = await run(process.execPath, [tsc, "-p", cwd], { cwd });
  expect(`${stdout}${exitCode}`).toBe("0");
});
