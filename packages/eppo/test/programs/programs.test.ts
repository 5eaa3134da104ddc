import { fileURLToPath } from "node:url";
import { type CollectedRequest, ifWhole, startCollector } from "@sortition/test-kit";
import type { CompilerOptions } from "typescript";
import { afterEach, describe, expect, it, vi } from "vitest";
import { comparable } from "../events.js";
import { type NamedSdk, OURS, VENDOR } from "../sdks.js";
import { comparableRequest, startShopServer } from "./shop-server.js";

/** Each program, and the number of events its collector receives. */
const PROGRAMS: Readonly<
  Record<string, { readonly load: () => Promise<unknown>; readonly collected: number }>
> = {
  bandit: { load: () => import("./bandit.js"), collected: 0 },
  details: { load: () => import("./details.js"), collected: 0 },
  lambda: { load: () => import("./lambda.js"), collected: 2 },
  "local-logger": { load: () => import("./local-logger.js"), collected: 0 },
  "manual-configuration": { load: () => import("./manual-configuration.js"), collected: 0 },
  "non-blocking-init": { load: () => import("./non-blocking-init.js"), collected: 0 },
  "own-pipeline": { load: () => import("./own-pipeline.js"), collected: 0 },
  "payment-targeting": { load: () => import("./payment-targeting.js"), collected: 0 },
  quickstart: { load: () => import("./quickstart.js"), collected: 0 },
  rudderstack: { load: () => import("./rudderstack.js"), collected: 3 },
  "segment-logger-class": { load: () => import("./segment-logger-class.js"), collected: 3 },
  snowplow: { load: () => import("./snowplow.js"), collected: 3 },
  "typed-flags": { load: () => import("./typed-flags.js"), collected: 0 },
};

interface Run {
  readonly printed: readonly unknown[];
  readonly requests: readonly unknown[];
  readonly collected: readonly unknown[];
  readonly libraries: readonly unknown[];
}

/** Runs a program whose import of the vendor's package resolves to one of the two. */
async function run(program: string, { name, sdk }: NamedSdk): Promise<Run> {
  const { collected: expected, load } = PROGRAMS[program]!; // the caller passes a name from this list
  await using server = await startShopServer();
  const collector = await startCollector();
  vi.stubEnv("EPPO_BASE_URL", `${server.url}/api`);
  vi.stubEnv("COLLECTOR_URL", collector.url);
  const printed: unknown[] = [];
  vi.spyOn(console, "log").mockImplementation((...values) => {
    printed.push(comparable(structuredClone(values)));
  });
  vi.resetModules();
  // Programs normally run in separate processes.
  Reflect.deleteProperty(globalThis, Symbol.for("@sortition/eppo 0"));
  if (name === "ours") vi.doMock("@eppo/node-server-sdk", () => sdk);
  else vi.doUnmock("@eppo/node-server-sdk");
  try {
    await load();
    await vi.waitFor(() => expect(eventsOf(collector.requests).length).toBe(expected));
  } finally {
    vi.restoreAllMocks();
    await collector.close();
  }
  return {
    printed,
    requests: server.requests.map(comparableRequest),
    collected: eventsOf(collector.requests),
    libraries: [...new Set(server.requests.map(({ query }) => query.get("sdkName")))],
  };
}

/** Returns the events in the requests, without ids and times of this run. */
function eventsOf(requests: readonly CollectedRequest[]): readonly unknown[] {
  return requests.flatMap(({ body, path }) => {
    // The formats of the libraries.
    const { batch, data } = body as { readonly batch?: unknown[]; readonly data?: unknown[] };
    return (batch ?? data ?? [body]).map((event) => ({ path, event: withoutIds(event) }));
  });
}

const OF_THIS_RUN: ReadonlySet<string> = new Set([
  ...["messageId", "timestamp", "originalTimestamp", "sentAt", "_metadata", "configFetchedAt"],
  ...["eid", "dtm", "stm"],
]);

function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !OF_THIS_RUN.has(name));
  return Object.fromEntries(kept.map(([name, it]) => [name, withoutIds(it)]));
}

describe("a program for the vendor's package", () => {
  afterEach(() => {
    vi.doUnmock("@eppo/node-server-sdk");
    vi.unstubAllEnvs();
  });

  it.each(Object.keys(PROGRAMS))(
    "prints, logs and requests the same with both packages: %s",
    async (name) => {
      const theirs = await run(name, VENDOR);
      const own = await run(name, OURS);
      expect([theirs.libraries, own.libraries]).toEqual([["node-server-sdk"], ["sortition-node"]]);
      expect({ ...own, libraries: [] }).toEqual({ ...theirs, libraries: [] });
      expect([...own.printed, ...own.collected].length).toBeGreaterThan(0);
      expect(own.requests.length).toBeGreaterThan(0);
    },
  );

  ifWhole(it)("compiles with the types of this package", async () => {
    const { default: ts } = await import("typescript");
    const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
    const options: CompilerOptions = {
      ...ts.convertCompilerOptionsFromJson(
        ts.readConfigFile(fileOf("../../../../tsconfig.base.json"), ts.sys.readFile).config
          .compilerOptions,
        fileOf("../../../.."),
      ).options,
      isolatedDeclarations: false,
      declaration: false,
      noEmit: true,
      paths: { "@eppo/node-server-sdk": [fileOf("../../src/index.ts")] },
    };
    const files = Object.keys(PROGRAMS).map((name) => fileOf(`./${name}.ts`));
    const host = ts.createCompilerHost(options);
    host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
    const program = ts.createProgram(files, options, host);
    const errors = files
      .flatMap((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)))
      .map(({ file, messageText }) => ({
        file: file?.fileName,
        message: ts.flattenDiagnosticMessageText(messageText, "\n"),
      }));
    expect(errors).toEqual([]);
  });
});
