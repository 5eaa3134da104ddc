import { amplitude } from "@sortition/amplitude/dialect";
import { Configuration, type Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { statsig } from "@sortition/statsig/dialect";
import { testFlags } from "@sortition/testing";
import { describe, expect, it } from "vitest";

const DIALECTS: readonly Dialect[] = [
  ...[eppo(), datadog(), growthbook(), amplitude(), posthog(), launchdarkly(), statsig()],
];
/** Eppo and Datadog have the same format. */
const UFC = ["eppo", "datadog"];
const partOf = (dialect: Dialect): string => dialect.endpoints[0]?.part ?? "flags";

const pairs = DIALECTS.flatMap((reader) =>
  DIALECTS.filter(
    (it) => it !== reader && ![it, reader].every(({ name }) => UFC.includes(name)),
  ).map((writer) => ({ reader, writer, names: `${writer.name} by ${reader.name}` })),
);

describe("a payload of another vendor", () => {
  it.each(pairs)("is recognized: $names", async ({ reader, writer }) => {
    const flags = testFlags({ dialect: writer });
    flags.boolean("a").on();
    const payloads = { [partOf(reader)]: flags.payload(partOf(writer)) };
    await expect(Configuration.load({ dialect: reader, payloads })).rejects.toThrow(
      new RegExp(`is a payload of .*pass dialect: .*\\b${writer.name}\\(\\)`),
    );
  });
});
