import { runAtOnce } from "@sortition/core/dialect";
import { expect } from "vitest";
import type { DialectCheck } from "./check.js";
import { bodiesOf, payloadsOf } from "./payloads.js";

const KEYS: readonly string[] = ["key", "", "a/b?c#d", "ключ", "%", "x.Y3M9ZXZpbC5leGFtcGxl"];

/** Rules about where payloads come from. */
export const ENDPOINTS: readonly DialectCheck[] = [
  {
    name: "returns its server and its endpoints for any key",
    async check(harness) {
      const { defaultBaseUrl, endpoints, name } = harness.createDialect();
      expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
      for (const apiKey of KEYS) {
        const context = { apiKey, sdkName: "sdk", sdkVersion: "1.0.0" };
        expect(new URL(defaultBaseUrl(apiKey)).protocol).toBe("https:");
        for (const { headers, path, query } of endpoints) {
          expect(path(context)).toMatch(/^\/[^?#\s]*$/);
          for (const [parameter, value] of query(context)) {
            expect(typeof parameter).toBe("string");
            expect(value === null || typeof value === "string").toBe(true);
          }
          expect(new Headers(headers(context))).toBeInstanceOf(Headers);
        }
      }
    },
  },
  {
    name: "determines which parts it needs, whatever it has received",
    async check(harness) {
      const bodies = await bodiesOf(harness, harness.documents);
      const broken = Object.keys(bodies).map(
        (part) => [part, new Uint8Array([0xff, 0x7b])] as const,
      );
      for (const { isNeeded } of harness.createDialect().endpoints) {
        for (const received of [{}, bodies, Object.fromEntries(broken)]) {
          const answer = isNeeded(payloadsOf(received));
          if (typeof answer !== "boolean") expect(typeof runAtOnce(answer)).toBe("boolean");
        }
      }
    },
  },
];
