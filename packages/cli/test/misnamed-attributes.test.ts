import { amplitude } from "@sortition/amplitude/dialect";
import type { Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { statsig } from "@sortition/statsig/dialect";
import { testFlags } from "@sortition/testing";
import { describe, expect, it } from "vitest";
import { DIALECTS } from "../src/dialects/table.js";
import { run, tempFile } from "./run.js";

const WRITERS: readonly Dialect[] = [
  ...[amplitude(), datadog(), eppo(), growthbook(), launchdarkly(), posthog(), statsig()],
];

/** Explains a flag that reads `country` for a subject with these attributes. */
async function explained(dialect: Dialect, attributes: object): Promise<string> {
  const flags = testFlags({ dialect });
  flags.boolean("checkout").when({ country: "DK" }).give(true).otherwise(false);
  const config = tempFile(`${dialect.name}.json`, flags.payload(dialect.endpoints[0]?.part));
  const given = JSON.stringify(attributes);
  const { stdout } = await run([
    ...["explain", "checkout", "--dialect", dialect.name, "--config", config],
    ...["--subject", "u", "--attributes", given],
  ]);
  return stdout.replaceAll(/\s+/g, " ");
}

describe("An attribute that the subject has in another spelling", () => {
  it("is looked for in the flags of each dialect, but of the older SDK", () => {
    const names = WRITERS.map(({ name }) => name);
    expect([...names, "statsig-legacy"].sort()).toEqual(Object.keys(DIALECTS).sort());
  });

  it.each(WRITERS)("is named by explain: $name", async (dialect) => {
    expect(await explained(dialect, { Country: "DK" })).toContain(
      'flag "checkout" reads the attribute "country", but the subject has "Country": pass it as "country"',
    );
    expect(await explained(dialect, { country: "SE", Country: "DK" })).not.toContain("pass it as");
  });
});
