import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { SDK_HINTS } from "../src/command/hints.js";
import { serverOf, VENDORS } from "./formats.js";
import { rawExchange, statusOf } from "./raw.js";
import { ENVIRONMENTS, relayOf, VARIABLES, type VendorName } from "./start.js";

const { KEY, PROJECT } = VARIABLES;

interface Row {
  /** Name and version of the SDK whose source was read. */
  readonly sdk: string;
  readonly vendor: VendorName;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the SDK accepts only addresses without a path. */
  readonly takesNoPath?: true;
}

const query = (sdkName: string): string => `apiKey=${KEY}&sdkName=${sdkName}&sdkVersion=1`;
const bearer = { authorization: `Bearer ${KEY}` };
const apiKey = { authorization: `Api-Key ${KEY}` };

/** Requests of the vendors' SDKs for other languages, according to their sources. `sdks.test.ts` runs those for Node. */
const ROWS: readonly Row[] = [
  { sdk: "Eppo Go 6.3.0", vendor: "Eppo", target: `/flag-config/v1/config?${query("go")}` },
  // It requests models even if no flag refers to one.
  { sdk: "Eppo Go 6.3.0", vendor: "Eppo", target: `/flag-config/v1/bandits?${query("go")}` },
  { sdk: "Eppo PHP, 2026-08", vendor: "Eppo", target: `/flag-config/v1/config?${query("php")}` },
  {
    sdk: "Eppo Java",
    vendor: "Eppo",
    target: `/flag-config/v1/config?${query("java-server-sdk")}`,
  },
  {
    sdk: "Eppo Python 4.4.1, Ruby and Elixir (eppo_core 10.0.0)",
    vendor: "Eppo",
    target: `/flag-config/v1/config?${query("python")}&coreVersion=10.0.0`,
  },
  {
    sdk: "GrowthBook Python 2.2.1",
    vendor: "GrowthBook",
    target: `/api/features/${KEY}`,
    headers: { "accept-encoding": "gzip, deflate" },
  },
  { sdk: "GrowthBook Go 0.2.7", vendor: "GrowthBook", target: `/api/features/${KEY}` },
  { sdk: "GrowthBook Ruby 1.3.0", vendor: "GrowthBook", target: `/api/features/${KEY}` },
  { sdk: "GrowthBook PHP, 2026-06", vendor: "GrowthBook", target: `/api/features/${KEY}` },
  { sdk: "GrowthBook Java", vendor: "GrowthBook", target: `/api/features/${KEY}` },
  {
    sdk: "Amplitude Python 1.13.0",
    vendor: "Amplitude",
    target: "/sdk/v2/flags?v=0",
    headers: { ...apiKey, "content-type": "application/json;charset=utf-8" },
    takesNoPath: true,
  },
  { sdk: "Amplitude Go 1.12.0", vendor: "Amplitude", target: "/sdk/v2/flags?v=0", headers: apiKey },
  {
    sdk: "Amplitude Ruby 1.10.0",
    vendor: "Amplitude",
    target: "/sdk/v2/flags?v=0",
    headers: apiKey,
  },
  { sdk: "Amplitude Java 1.8.2", vendor: "Amplitude", target: "/sdk/v2/flags", headers: apiKey },
  {
    sdk: "Amplitude PHP",
    vendor: "Amplitude",
    target: "/sdk/v2/flags?v=0",
    headers: { ...apiKey, "content-type": "application/json" },
  },
  {
    sdk: "PostHog Python 7.42.0",
    vendor: "PostHog",
    target: `/flags/definitions?token=${PROJECT}&send_cohorts`,
    headers: { ...bearer, "user-agent": "posthog-python/7.42.0" },
  },
  {
    sdk: "PostHog Go 1.23.1",
    vendor: "PostHog",
    target: `/flags/definitions?send_cohorts=true&token=${PROJECT}`,
    headers: bearer,
  },
  {
    sdk: "PostHog Ruby 3.23.2",
    vendor: "PostHog",
    target: `/flags/definitions?token=${PROJECT}&send_cohorts=true`,
    headers: bearer,
  },
  {
    sdk: "PostHog PHP 4.13.2",
    vendor: "PostHog",
    target: `/flags/definitions?send_cohorts&token=${PROJECT}`,
    headers: bearer,
  },
  {
    sdk: "PostHog Java",
    vendor: "PostHog",
    target: `/api/feature_flag/local_evaluation/?token=${PROJECT}&send_cohorts`,
    headers: { ...bearer, "content-type": "application/json; charset=utf-8" },
  },
  {
    sdk: "PostHog Python 3 and older",
    vendor: "PostHog",
    target: `/api/feature_flag/local_evaluation/?token=${PROJECT}&send_cohorts`,
    headers: bearer,
  },
];

it.each(Object.entries(SDK_HINTS))(
  "the rows have each SDK of %s that the reference lists",
  (dialect, hints) => {
    const others = hints.map(({ sdk }) => sdk).filter((it) => it !== "Node");
    const rows = ROWS.filter(({ vendor }) => vendor.toLowerCase() === dialect);
    expect(others.filter((it) => !rows.some(({ sdk }) => sdk.includes(it)))).toEqual([]);
  },
);

it.each(VENDORS)("the SDKs of %s get flags, with or without a slash at the end", async (vendor) => {
  const { flags, server } = await serverOf(vendor);
  const relay = await relayOf({ environments: [ENVIRONMENTS[vendor](server.url)] });
  for (const row of ROWS.filter((it) => it.vendor === vendor)) {
    const { headers = {}, sdk, takesNoPath = false, target } = row;
    const [path = "", search = ""] = target.split("?");
    const other = `${path.endsWith("/") ? path.slice(0, -1) : `${path}/`}?${search}`;
    const prefixed = takesNoPath ? [] : [`/${vendor.toLowerCase()}${target}`];
    for (const asked of [target, other, ...prefixed]) {
      const lines = Object.entries({ host: "relay", connection: "close", ...headers });
      const answer = await rawExchange(
        relay.address.port,
        `GET ${asked} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
      );
      expect([sdk, asked, statusOf(answer)]).toEqual([sdk, asked, 200]);
      const expected = target.includes("/bandits") ? '{"bandits":{}}' : flags.payload();
      const sha256 = createHash("sha256").update(expected).digest("hex");
      expect(answer).toContain(`etag: "${sha256}`);
    }
  }
});
