import { amplitude } from "@sortition/amplitude/dialect";
import { Configuration, createClient, type Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { statsig } from "@sortition/statsig/dialect";
import { describe, expect, it } from "vitest";
import { split, testFlags } from "../src/index.js";

const DIALECTS: readonly Dialect[] = [
  ...[eppo(), datadog(), growthbook(), amplitude(), posthog(), launchdarkly(), statsig()],
];
const partOf = (dialect: Dialect): string => dialect.endpoints[0]?.part ?? "flags";

/** Payloads with an object `flags`, all of whose flags are malformed to the other dialect. They are served, and not read again. */
const SERVED = /^(eppo|datadog) by launchdarkly$|^launchdarkly by (eppo|datadog)$/;

const pairs = DIALECTS.flatMap((reader) =>
  DIALECTS.map((writer) => ({ reader, writer, names: `${writer.name} by ${reader.name}` })),
);

/** Returns what a user reads who gives a payload to a dialect: an error, warnings, or nothing. */
async function messagesFor(reader: Dialect, payload: string): Promise<readonly string[]> {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  try {
    const payloads = { [partOf(reader)]: payload };
    const initialConfiguration = await Configuration.load({ dialect: reader, payloads });
    const diagnostics = { debug() {}, info() {}, warn, error: warn };
    const client = createClient({
      ...{ dialect: reader, initialConfiguration, diagnostics, assignmentLogger: null },
    });
    const { flagKeys, issues } = initialConfiguration;
    expect(flagKeys.size).toBeGreaterThan(0);
    if (issues.length > 0) await expect.poll(() => warnings).not.toEqual([]);
    await client.close();
  } catch (error) {
    warn((error as Error).message);
  }
  return warnings;
}

describe("a payload of another vendor", () => {
  it.each(pairs)("is named with the dialect to use: $names", async ({ names, reader, writer }) => {
    const flags = testFlags({ dialect: writer });
    flags.boolean("a").when({ country: "DK" }).give(true).otherwise(false);
    flags.boolean("b").otherwise(split({ on: 50, off: 50 }));
    const messages = await messagesFor(reader, flags.payload(partOf(writer)));
    expect(messages).toEqual(
      reader === writer
        ? []
        : [
            expect.stringMatching(
              SERVED.test(names)
                ? /^configuration has issues$/
                : `use (the dialect ${writer.name}, )?${writer.name}\\(\\) from @sortition/`,
            ),
          ],
    );
  });

  it.each([
    ...['{"flags":[]}', '{"flags":{}}', '{"features":{}}', "[]", "{}", "null", '"flags"', "7"],
    ...['{"flags":[{"key":"a"}]}', '{"flags":{"a":{}}}', '[{"key":"a"}]', '{"flags":null}'],
  ])("is not any payload without a vendor's members: %s", async (payload) => {
    for (const reader of DIALECTS) {
      expect((await messagesFor(reader, payload)).join()).not.toContain("looks like");
    }
  });
});
