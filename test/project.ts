import { join } from "node:path";
import { defineProject, type UserWorkspaceConfig } from "vitest/config";
import { luaText } from "../packages/redis/lua-text.ts";

/** Long tests (a million lines, memory limits) take minutes: `npm run test:long` runs only them. */
const isLongRun = process.env["SORTITION_LONG"] === "1";

/** Ends a test or a hook that hangs; a slow or busy machine has time for the others. */
const HANGS_MS = 240_000;
const LONG_MS = 1_800_000;

const redisSetup = join(import.meta.dirname, "../scripts/redis.mjs");

/** Settings of all projects: limits of waiting, and the state that files share. */
const common = {
  // Long tests measure memory: they share nothing.
  isolate: isLongRun,
  setupFiles: [join(import.meta.dirname, "each-file.ts")],
  expect: { poll: { timeout: 20_000 } },
  hookTimeout: HANGS_MS,
  // Other packages come from their build: evaluated once per process, and not transformed.
  server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
};

/** Needs of a package's tests besides Node. */
interface Needs {
  /** A redis-server, which is found, or fetched, before they start. */
  readonly redis?: boolean;
  /** Files that another runner runs. */
  readonly others?: readonly string[];
}

/** The vitest project of one package: unit tests beside their sources, other tests in `test/`. */
export function project(
  name: string,
  { others = [], redis = false }: Needs = {},
): UserWorkspaceConfig {
  return defineProject({
    plugins: [luaScripts()],
    test: {
      name,
      globalSetup: redis ? [redisSetup] : [],
      include: isLongRun
        ? ["{src,test}/**/!(*.quiet).long.test.ts"]
        : ["{src,test}/**/!(*.long).test.ts"],
      // These have a configuration of their own.
      exclude: ["test/packed/**", ...others],
      testTimeout: isLongRun ? LONG_MS : HANGS_MS,
      ...common,
    },
  });
}

/**
 * The long tests of all packages that measure memory, throughput or times, which other tests would disturb: they run one after
 * another, when the others have ended.
 */
export function quietProject(): UserWorkspaceConfig {
  return defineProject({
    plugins: [luaScripts()],
    test: {
      name: "quiet",
      root: join(import.meta.dirname, ".."),
      globalSetup: [redisSetup],
      include: ["{apps,packages,tools}/*/{src,test}/**/*.quiet.long.test.ts"],
      fileParallelism: false,
      testTimeout: LONG_MS,
      ...common,
    },
  });
}

/** Lua scripts as the build embeds them. */
function luaScripts(): NonNullable<UserWorkspaceConfig["plugins"]>[number] {
  return {
    name: "lua-scripts",
    transform: (code: string, path: string) =>
      path.endsWith(".lua") ? `export default ${JSON.stringify(luaText(code))};` : undefined,
  };
}
