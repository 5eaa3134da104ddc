// For production: set EPPO_API_KEY, leave EPPO_BASE_URL unset, and pass your own function that finds the country of an IP address.
import { type Attributes, type Client, init } from "@sortition/node";

/** A request, as provided by a web framework. */
export interface ShopRequest {
  readonly userId: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly session: { readonly loyaltyTier: string | null };
}

/** Returns the country of an IP address, or `null` if it is unknown. Use a library or a header of your CDN. */
export type FindCountry = (ipAddress: string) => string | null;

/** Attributes for the rules of the flag. Rules treat `null` like an absent attribute. */
function attributesOf(request: ShopRequest, findCountry: FindCountry): Attributes {
  const { userAgent, session, ipAddress } = request;
  return {
    country: findCountry(ipAddress),
    loyalty_tier: session.loyaltyTier,
    browser_type: browserOf(userAgent),
    device_type: /iPhone|iPad|Macintosh|Android|Windows/.exec(userAgent)?.[0] ?? "other",
  };
}

/** Chrome's user agent also contains Safari, so Safari is last. */
function browserOf(userAgent: string): string {
  return /Firefox|Edg|Chrome|Safari/.exec(userAgent)?.[0] ?? "other";
}

export function paymentOf(client: Client, request: ShopRequest, findCountry: FindCountry): string {
  const attributes = attributesOf(request, findCountry);
  const variation = client.getStringAssignment("payment", request.userId, attributes, "checkout");
  if (variation === "checkout_apple_pay") return "Apple Pay";
  if (variation === "checkout_ideal") return "iDEAL";
  return "card";
}

await using client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: null, // this example logs no exposures
});
const countries = new Map([["192.0.2.7", "NL"]]); // replace this with a GeoIP database
const findCountry: FindCountry = (ipAddress) => countries.get(ipAddress) ?? null;
const safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1";
const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36";
for (const [userId, ipAddress, userAgent] of [
  ["anna", "192.0.2.7", safari],
  ["bram", "192.0.2.7", chrome],
  ["carl", "198.51.100.1", chrome],
] as const) {
  const request = { userId, ipAddress, userAgent, session: { loyaltyTier: "gold" } };
  console.log(`${userId} pays with ${paymentOf(client, request, findCountry)}`);
}

// Prints:
//   anna pays with Apple Pay
//   bram pays with iDEAL
//   carl pays with card
