import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const VALUES: readonly string[] = [
  "2026-01-15 12:00:00",
  "Jan 15 2026",
  "2026-01-15",
  "2026-01-15T12:00:00",
  "2026-01-15T12:00:00Z",
];

const CHILD: string = fileURLToPath(new URL("zone-child.mjs", import.meta.url));

/** Returns which dates are before noon UTC of that day, according to our client and the vendor's. */
async function answersIn(zone: string): Promise<{ ours: unknown[]; vendor: unknown[] }> {
  const env = { ...process.env, TZ: zone };
  const args = [CHILD, JSON.stringify(VALUES)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout) as { ours: unknown[]; vendor: unknown[] };
}

describe("dates without a zone", () => {
  it.each([
    ["UTC", [false, true, true, false, false]],
    ["America/New_York", [false, true, true, false, false]],
    ["Asia/Kathmandu", [true, true, true, true, false]],
  ])("are read in the zone of the process: %s", async (zone, expected) => {
    const { ours, vendor } = await answersIn(zone);
    expect(ours).toEqual(vendor);
    expect(ours).toEqual(expected);
  });
});
