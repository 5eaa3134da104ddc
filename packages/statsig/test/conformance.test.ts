import { readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder, isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { clientOf, evaluate, type Kind, type Sdk } from "./ours.js";
import { vendorOf } from "./vendor.js";

/** Number of users for each flag. 200 compare 67,600 results. */
const COUNT = Number(process.env["SORTITION_USERS"] ?? 10);

const FILES: readonly { readonly sdk: Sdk; readonly file: string; readonly flags: number }[] = [
  { sdk: "core", file: "demo_proj_dcs.v2.json", flags: 18 },
  { sdk: "core", file: "eval_proj_dcs.v2.json", flags: 159 },
  { sdk: "legacy", file: "rulesets_e2e_full_dcs.v1.json", flags: 150 },
];

const SECTIONS = {
  gate: "feature_gates",
  config: "dynamic_configs",
  layer: "layer_configs",
} as const;

const USERS = Array.from({ length: COUNT }, (_, i) => ({
  userID: `user-${i}`,
  ...(i % 2 === 0 ? {} : { customIDs: { stableID: `device-${i}`, companyID: `company-${i % 7}` } }),
  email: ["ann@statsig.com", "bob@example.com", "carl@other.org"][i % 3],
  ...(i % 4 === 0 ? {} : { country: ["US", "DK", "CA"][i % 3] }),
  ...(i % 5 === 0
    ? {}
    : { custom: { level: i, plan: "pro", tags: ["a", "b"], signup: 1_700_000_000 } }),
  ...(i % 6 === 0 ? {} : { appVersion: `1.${i % 9}.0` }),
  ...(i % 11 === 0 ? { statsigEnvironment: { tier: "development" } } : {}),
}));

const folder = conformanceFolder("statsig");

describe.skipIf(folder === null)("the vendor's public payloads", () => {
  it.each(FILES)("give the same results in both SDKs: $file", async ({ file, flags, sdk }) => {
    const payload = JSON.parse(readFileSync(join(folder ?? "", "statsig", file), "utf8"));
    const vendor = await vendorOf(sdk, payload);
    // The vendor's SDK has no ID lists, because it sends no requests.
    const ours = clientOf(sdk, payload, { lookups: { idList: () => false } });
    let count = 0;
    for (const [kind, member] of Object.entries(SECTIONS) as [Kind, string][]) {
      const specs: object = payload[member];
      const names = Array.isArray(specs) ? specs.map((it) => it.name) : Object.keys(specs);
      for (const name of names) {
        count += 1;
        for (const user of USERS.filter((_, i) => isInPart(i, count))) {
          const { reason, ...own } = evaluate(ours, kind, name, user);
          expect({ name, user, ...own }).toEqual({
            name,
            user,
            ...vendor.evaluate(kind, name, user),
          });
          expect(reason).not.toBe("unresolved");
        }
      }
    }
    expect(count).toBe(flags);
    await vendor.close();
  });
});
