import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { seededRandom } from "@sortition/proof";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { NOW } from "../generated/brute-force.js";
import { GENERATED_DIALECTS, type GeneratedDialect } from "../generated/dialects.js";
import { changed, generatedFlags, generatedSubjects } from "../generated/flags.js";
import { jsonFile, ndjson, run, tempFile } from "../run.js";

const FLAGS = 5;
const SUBJECTS = 20;

/** Returns everything that `diff` prints for two generated configurations of a dialect. */
async function printedFor(dialect: GeneratedDialect): Promise<string> {
  const random = seededRandom(68);
  const old = generatedFlags(random, FLAGS);
  const now = old.map((flag, i) => {
    const aspect = dialect.aspects[i % (dialect.aspects.length + 1)];
    return aspect === undefined ? flag : changed(flag, aspect, random);
  });
  const [oldPath, newPath] = [old, now.slice(1)].map((flags, i) =>
    jsonFile(`${dialect.name}-${i}.json`, dialect.configOf(flags)),
  ) as [string, string];
  const subjects = tempFile("subjects.ndjson", ndjson(generatedSubjects(random, SUBJECTS)));
  const printed: string[] = [];
  for (const more of [
    ["--json", "--max-moved", "0"],
    ["--subjects", subjects, "--list"],
    ["--subjects", subjects, "--list", "--show-subjects", "--json"],
    ["--subjects", subjects, "--max-moved", "5%", "--fail-on", "rule-changed"],
    ["--flags", "flag-9"],
    ["--map", "subject=user"],
  ]) {
    const { exitCode, stderr, stdout } = await run([
      ...["diff", oldPath, newPath, "--now", NOW, "--quiet", ...more],
    ]);
    printed.push([`exit code ${exitCode}`, stdout, stderr].join("\n"));
  }
  const folder = oldPath.slice(0, oldPath.lastIndexOf("/") + 1);
  return printed.join("\n").replaceAll(folder, "");
}

describe("sortition diff within one dialect", () => {
  it.each(GENERATED_DIALECTS.filter((_, i) => isInPart(i)))(
    "prints the recorded output: $name",
    async (dialect) => {
      const golden = fileURLToPath(new URL(`golden/${dialect.name}.txt`, import.meta.url));
      expect(await printedFor(dialect)).toBe(readFileSync(golden, "utf8"));
    },
  );
});
