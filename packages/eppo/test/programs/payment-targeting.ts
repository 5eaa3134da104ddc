import { type Attributes, getInstance, init } from "@eppo/node-server-sdk";

/** The data that a web framework has about a request. */
export interface ShopRequest {
  readonly userId: string;
  readonly ipAddress: string;
  readonly userAgent: string;
}

/** Returns the country of an IP address, or `undefined` if it is unknown. */
export type FindCountry = (ipAddress: string) => string | undefined;

function attributesOf({ userAgent, ipAddress }: ShopRequest, findCountry: FindCountry): Attributes {
  const country = findCountry(ipAddress);
  return {
    ...(country === undefined ? {} : { country }),
    loyalty_tier: "gold",
    browser_type: /Firefox|Edg|Chrome|Safari/.exec(userAgent)?.[0] ?? "other",
    device_type: /iPhone|iPad|Macintosh|Android|Windows/.exec(userAgent)?.[0] ?? "other",
  };
}

export function paymentOf(request: ShopRequest, findCountry: FindCountry): string {
  const attributes = attributesOf(request, findCountry);
  const client = getInstance();
  const variation = client.getStringAssignment("payment", request.userId, attributes, "checkout");
  if (variation === "checkout_apple_pay") return "Apple Pay";
  if (variation === "checkout_ideal") return "iDEAL";
  return "card";
}

await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: { logAssignment: (event) => console.log(event) },
});
const countries = new Map([["192.0.2.7", "NL"]]); // replaces a GeoIP database
const findCountry: FindCountry = (ipAddress) => countries.get(ipAddress);
const safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1";
const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36";
for (const [userId, ipAddress, userAgent] of [
  ["anna", "192.0.2.7", safari],
  ["bram", "192.0.2.7", chrome],
  ["carl", "198.51.100.1", chrome],
] as const) {
  console.log(`${userId} pays with ${paymentOf({ userId, ipAddress, userAgent }, findCountry)}`);
}

// The override of one request.
const override = { payment: { key: "forced", value: "checkout_ideal" } };
const overridden = getInstance().withOverrides(override);
console.log(overridden.getStringAssignment("payment", "carl", {}, "checkout"));
console.log(overridden.getOverrideVariationKeys(), getInstance().getOverrideVariationKeys());
console.log(overridden.getStringAssignmentDetails("payment", "carl", {}, "checkout"));
console.log(getInstance().withOverrides({}) === getInstance());
console.log(getInstance().getStringAssignment("payment", "carl", {}, "checkout"));
getInstance().stopPolling();
