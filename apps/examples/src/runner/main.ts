import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { readExpectation } from "./expectation.js";
import { hasRedis } from "./redis-server.js";
import { type ExampleResult, runExample } from "./run-example.js";

const sources = new URL("../../src/", import.meta.url);
const built = new URL("../", import.meta.url);
const edgePlatform = fileURLToPath(new URL("edge-platform.js", import.meta.url));

/** Returns names such as `eppo/quickstart`: all files directly in an area's folder, except tests. */
function exampleNames(): readonly string[] {
  return readdirSync(sources, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "runner")
    .flatMap(({ name }) =>
      readdirSync(new URL(`${name}/`, sources))
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
        .map((file) => `${name}/${file.slice(0, -".ts".length)}`),
    )
    .sort();
}

/** Whether a source is a module Worker, which has a default export. */
function isWorker(source: string): boolean {
  return /^export default /m.test(source);
}

/** Whether a source is a page, which the site's tests run in a browser. */
function isPage(source: string): boolean {
  return source.startsWith('/// <reference lib="dom" />');
}

/** Runs an example whose source has this content. */
async function run(name: string, source: string): Promise<ExampleResult> {
  const expected = readExpectation(source);
  const file = fileURLToPath(new URL(`${name}.js`, built));
  return await runExample(file, expected, isWorker(source) ? edgePlatform : null);
}

/**
 * Turns an example that could not run into a failed one. An error would end this process before the other examples have
 * closed their servers.
 */
function failureOf(cause: unknown): ExampleResult {
  return { stdout: "", stderr: "", problems: [String(cause)] };
}

/** Does the work for each item, in parallel on all cores. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** Runs the named examples, or all. Resolves to whether each behaved as expected. */
async function runAll(wanted: readonly string[]): Promise<boolean> {
  const known = exampleNames();
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`examples: no example ${unknown}; there are\n  ${known.join("\n  ")}`);
    return false;
  }
  let failures = 0;
  let skipped = 0;
  const startedAtMs = performance.now();
  const names = wanted.length === 0 ? known : wanted;
  await inParallel(names, async (name) => {
    const source = readFileSync(new URL(`${name}.ts`, sources), "utf8");
    if (source.includes("REDIS_URL") && !hasRedis) {
      const isRequired = process.env["REQUIRE_REDIS"] === "1";
      console.log(`${isRequired ? "FAILED" : "skip  "} ${name}: no redis-server found`);
      if (isRequired) failures += 1;
      else skipped += 1;
      return;
    }
    if (isPage(source)) {
      console.log(`page   ${name}: for a browser`);
      skipped += 1;
      return;
    }
    const { stdout, stderr, problems } = await run(name, source).catch(failureOf);
    console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${name}`);
    // Shows the output of named and of failed examples.
    if (wanted.length > 0 || problems.length > 0) console.log(stdout.replace(/^(?=.)/gm, "  "));
    if (problems.length > 0) {
      failures += 1;
      console.log(stderr + problems.join("\n"));
    }
  });
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  console.log(
    `${names.length - failures - skipped} of ${names.length} examples behaved as expected` +
      `${skipped === 0 ? "" : `, ${skipped} skipped`}, in ${seconds} s`,
  );
  return failures === 0;
}

process.exitCode = (await runAll(process.argv.slice(2))) ? 0 : 1;
