import { jsonFile, ndjson, run } from "../run.js";
import type { GeneratedDialect, Result } from "./dialects.js";
import type { GeneratedFlag, GeneratedSubject } from "./flags.js";

/** The time of all evaluations. */
export const NOW = "2026-02-01T12:00:00.000Z";

/** Returns the results of `sortition evaluate`, for each flag and each subject. */
export async function bruteForce(
  dialect: GeneratedDialect,
  flags: readonly GeneratedFlag[],
  subjects: readonly GeneratedSubject[],
): Promise<readonly (readonly ReturnType<GeneratedDialect["answerOf"]>[])[]> {
  const config = jsonFile("brute-force.json", dialect.configOf(flags));
  const requests = flags.flatMap(({ key }) => subjects.map((it) => dialect.requestOf(key, it)));
  const args = ["evaluate", "--dialect", dialect.name, "--config", config, "--now", NOW, "--quiet"];
  const { stdout } = await run(args, ndjson(requests));
  const results = stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Result);
  return flags.map(({ key }, f) =>
    results
      .slice(f * subjects.length, (f + 1) * subjects.length)
      .map((result) => dialect.answerOf(result, key)),
  );
}
