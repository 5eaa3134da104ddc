import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineProject, type UserWorkspaceConfig } from "vitest/config";
import { luaText } from "../packages/redis/lua-text.ts";

/** Long tests (a million lines, memory limits) take minutes: `npm run test:long` runs only them. */
const isLongRun = process.env["SORTITION_LONG"] === "1";

/** Time limit of tests and hooks. It only ends those that hang, even on a slow or busy machine. */
const HANGS_MS = 240_000;
const LONG_MS = 1_800_000;

const redisSetup = join(import.meta.dirname, "../scripts/redis.mjs");

/** Settings of all projects: time limits, and what test files share. */
const common = {
  // Long tests measure memory, so they share no process.
  isolate: isLongRun,
  setupFiles: [join(import.meta.dirname, "each-file.ts")],
  expect: { poll: { timeout: 20_000 } },
  hookTimeout: HANGS_MS,
};

/** What a package's tests need in addition to Node. */
interface Needs {
  /** Whether to find or download a redis-server before the tests start. */
  readonly redis?: boolean;
  /** Test files for other runners. */
  readonly others?: readonly string[];
}

/** Returns the vitest project of a package. Unit tests are next to their sources, other tests in `test/`. */
export function project(
  name: string,
  { others = [], redis = false }: Needs = {},
): UserWorkspaceConfig {
  return defineProject({
    plugins: [luaScripts()],
    resolve: { alias: sources() },
    test: {
      name,
      globalSetup: redis ? [redisSetup] : [],
      include: isLongRun
        ? ["{src,test}/**/!(*.quiet).long.test.ts"]
        : ["{src,test}/**/!(*.long).test.ts"],
      // The packed tests have their own configuration.
      exclude: ["test/packed/**", ...others],
      testTimeout: isLongRun ? LONG_MS : HANGS_MS,
      ...common,
    },
  });
}

/**
 * Returns the project of long tests that measure memory, throughput or times. Other tests would disturb them, so they run one
 * after another when the others have ended.
 */
export function quietProject(): UserWorkspaceConfig {
  return defineProject({
    plugins: [luaScripts()],
    resolve: { alias: sources() },
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

/**
 * Resolves our packages to their sources, so that tests see a change of any package without a build. Processes that tests
 * start, and packed packages, use builds.
 */
function sources(): { readonly find: RegExp; readonly replacement: string }[] {
  const folders = ["packages", "tools"].flatMap((kind) => {
    const root = join(import.meta.dirname, "..", kind);
    return readdirSync(root).map((name) => join(root, name));
  });
  return folders
    .filter((folder) => existsSync(join(folder, "package.json")))
    .flatMap((folder) => {
      const { exports = {}, name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      return Object.keys(exports)
        .map((path) => ({
          find: new RegExp(`^${name}${path.slice(1)}$`),
          replacement: join(folder, "src", `${path === "." ? "index" : path.slice(2)}.ts`),
        }))
        .filter(({ replacement }) => existsSync(replacement));
    });
}

/** Loads Lua scripts in the form that the build embeds. */
function luaScripts(): NonNullable<UserWorkspaceConfig["plugins"]>[number] {
  return {
    name: "lua-scripts",
    transform: (code: string, path: string) =>
      path.endsWith(".lua") ? `export default ${JSON.stringify(luaText(code))};` : undefined,
  };
}
