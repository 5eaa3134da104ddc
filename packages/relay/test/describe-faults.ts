import { isInPart } from "@sortition/test-kit";
import type { TestFlags } from "@sortition/testing";
import type { Fault } from "@sortition/testing/server";
import { describe, expect, it } from "vitest";
import { serverOf } from "./formats.js";
import { ENVIRONMENTS, relayOf, type TestRelay, type VendorName } from "./start.js";

const FAULTS: readonly Fault[] = [
  ...([401, 403, 404, 429, 500, 503] as const),
  ...(["garbage", "cut", "cut-chunked", "reset"] as const),
];

const switchTo = (flags: TestFlags, value: string): void => {
  flags.string("checkout").variations("fast", "standard").otherwise(value);
};

const served = (relay: TestRelay): string => {
  const bytes = relay.environments[0]?.answers?.parts.get("flags")?.bytes ?? new Uint8Array();
  return Buffer.from(bytes).toString("utf8");
};

/** Checks what a relay serves while the vendor's server fails. */
export function describeFaults(vendors: readonly VendorName[]): void {
  describe.each(vendors)("while the server of %s fails", (vendor) => {
    it.each(FAULTS.filter((_, i) => isInPart(i)))(
      "with %s, the relay serves the previous flags, and new ones after the server has recovered",
      async (fault) => {
        const { flags, server } = await serverOf(vendor);
        const before = flags.payload();
        const relay = await relayOf({ environments: [ENVIRONMENTS[vendor](server.url)] });
        const [environment] = relay.environments;
        switchTo(flags, "fast");
        const after = flags.payload();
        server.fail(fault);
        environment?.requestRefresh();
        await expect.poll(() => environment?.status?.consecutiveFailures).toBeGreaterThan(0);
        expect(served(relay)).toBe(before);
        expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
        server.recover();
        environment?.requestRefresh();
        await expect.poll(() => served(relay)).toBe(after);
      },
    );
  });
}
