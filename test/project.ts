import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineProject, type UserWorkspaceConfig } from "vitest/config";
import { luaText } from "../packages/redis/lua-text.ts";

/** Long tests (a million lines, memory limits) take minutes: `npm run test:long` runs only them. */
export const isLongRun: boolean = process.env["SORTITION_LONG"] === "1";

/** Time limit of tests and hooks. It only ends those that hang, even on a slow or busy machine. */
const HANGS_MS = 240_000;
const LONG_MS = 1_800_000;

const root = join(import.meta.dirname, "..");

/** Settings of all projects: time limits, and what test files share. */
const common = {
  globalSetup: [join(root, "scripts/redis.mjs")],
  setupFiles: [join(import.meta.dirname, "each-file.ts")],
  expect: { poll: { timeout: 100_000 } },
  hookTimeout: HANGS_MS,
};

/** Tests that record all requests and log lines of their process, so no other test may leave work behind in it. */
const RECORDINGS: readonly string[] = [
  "packages/*/test/recorded/*.test.ts",
  "packages/node/test/toy/*.test.ts",
  "packages/*/test/source/{*stream*,many-events*}.test.ts",
  "tools/dialect-kit/test/request-recorder/*.test.ts",
];

/** Tests that have another configuration or another runner, and those of the other run. */
const OTHERS = [
  "apps/site/**",
  "test/packed/**",
  "test/{architecture,readmes}.test.ts",
  "**/*.quiet.long.test.ts",
  isLongRun ? "**/!(*.long).test.ts" : "**/*.long.test.ts",
];

const FILES = ["test/**/*.test.ts", "{apps,packages,tools}/*/{src,test}/**/*.test.ts"];

/**
 * Returns the vitest projects. The tests of all packages share them, because each project transforms the sources again, and
 * starts processes of its own. Unit tests are next to their sources, other tests in `test/`.
 */
export function projects(): readonly UserWorkspaceConfig[] {
  return [project("unit", FILES, RECORDINGS), project("recordings", RECORDINGS, [])];
}

function project(
  name: string,
  include: readonly string[],
  exclude: readonly string[],
): UserWorkspaceConfig {
  return defineProject({
    plugins: [luaScripts()],
    resolve: { alias: sources() },
    test: {
      name,
      include: [...include],
      exclude: [...OTHERS, ...exclude],
      testTimeout: isLongRun ? LONG_MS : HANGS_MS,
      isolate: false,
      // GrowthBook's SDK keeps settings, polyfills and a cache in its modules: inlined, it is evaluated for each test file.
      server: { deps: { inline: ["@growthbook/growthbook"] } },
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
      include: ["{apps,packages,tools}/*/{src,test}/**/*.quiet.long.test.ts"],
      fileParallelism: false,
      // Tests that only wait for servers do so at the same time.
      maxConcurrency: 12,
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
    return readdirSync(join(root, kind)).map((name) => join(root, kind, name));
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
