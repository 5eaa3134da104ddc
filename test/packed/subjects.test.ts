import { expect, inject, it } from "vitest";
import { KEPT_SUBJECTS } from "../../packages/testing/test/kept-subjects.ts";
import { run } from "./run.ts";

/** Prints the result of searching the subjects of the same flag in each format. */
const PROGRAM = `
import { amplitude } from "@sortition/amplitude/dialect";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { statsig } from "@sortition/statsig/dialect";
import { split, subjectsIn, testFlags } from "@sortition/testing";
const dialects = {
  Eppo: eppo(), Datadog: datadog(), GrowthBook: growthbook(), Amplitude: amplitude(), PostHog: posthog(), LaunchDarkly: launchdarkly(),
  Statsig: statsig(),
};
const found = Object.entries(dialects).map(([format, dialect]) => {
  const flags = testFlags({ dialect });
  flags.string("kept").variations("a", "b").otherwise(split({ a: 10, b: 90 }));
  // The value of Statsig's configs is an object.
  const key = format === "Statsig" ? "kept.value" : "kept";
  const subjects = subjectsIn(flags.client(), key, "a", { count: 50 });
  return [format, subjects.map((key) => key.replace("subject-", "")).join(" ")];
});
console.log(JSON.stringify(Object.fromEntries(found)));
`;

it.each(inject("nodes"))("flags have the same subjects on Node $version", async ({ file }) => {
  const args = ["--input-type=module", "--eval", PROGRAM];
  const { stderr, stdout } = await run(file, args, { cwd: inject("consumer") });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual(KEPT_SUBJECTS);
});
