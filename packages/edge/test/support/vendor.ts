import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";

/** Returns an Eppo configuration with one flag `checkout`, which has this value for all subjects. */
export function flagsWith(value: string, publishedAt = "2026-01-01T00:00:00.000Z"): string {
  const flag = splitFlag({
    key: "checkout",
    name: "all",
    shares: { v: 100 },
    values: { v: value },
  });
  return JSON.stringify({ ...flagsPayload("eppo", [flag]), createdAt: publishedAt });
}

/** A request received by the vendor's double. */
export interface VendorRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A double of the vendor's server, used through `fetch`. */
export interface Vendor {
  /** The value of the flag from now on. */
  value: string;
  /** Replaces the response. `null`: the server responds normally. */
  fault: ((request: VendorRequest) => Response | Promise<Response>) | null;
  readonly requests: readonly VendorRequest[];
  readonly fetch: (url: string, init: object) => Promise<Response>;
}

/** Responds with the current flags, or with 304 if the caller has them. */
export function createVendor(value = "first"): Vendor {
  const requests: VendorRequest[] = [];
  const vendor: Vendor = {
    value,
    fault: null,
    requests,
    async fetch(url, init) {
      const request = { url, ...(init as Omit<VendorRequest, "url">) };
      requests.push(request);
      if (vendor.fault !== null) return await vendor.fault(request);
      const etag = `"${vendor.value}"`;
      if (request.headers["if-none-match"] === etag) return new Response(null, { status: 304 });
      return new Response(flagsWith(vendor.value), { headers: { etag } });
    },
  };
  return vendor;
}

/** Never responds, but ends when its signal is aborted. */
export function hang({ signal }: VendorRequest): Promise<Response> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
