import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Vendor } from "../differential/vendor.js";
import { clientOf, evaluate, type LocalRequest } from "../ours.js";
import { hasData, readData } from "./data.js";

interface FilterCase {
  readonly id: string;
  readonly property: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly now?: string;
}

interface FlagCase {
  readonly id: string;
  readonly definitions: string;
  readonly request: LocalRequest;
  readonly now?: string;
}

const NOW = "2026-01-15T12:00:00Z";

/** The data was recorded in UTC, where another test compares it. In other zones, only the vendor's SDK can determine the expected outcome. */
describe.skipIf(!hasData).each(["America/St_Johns", "Asia/Kathmandu"])(
  "the vendor's data in the zone %s",
  (zone) => {
    const { TZ } = process.env;

    beforeAll(() => {
      process.env["TZ"] = zone;
      vi.useFakeTimers({ toFake: ["Date"] });
    });
    afterAll(() => {
      if (TZ === undefined) Reflect.deleteProperty(process.env, "TZ");
      else process.env["TZ"] = TZ;
      vi.useRealTimers();
    });

    const compare = async (definitions: object, request: LocalRequest, now = NOW) => {
      vi.setSystemTime(Date.parse(now));
      const text = JSON.stringify(definitions);
      const vendor = new Vendor(text);
      await vendor.load();
      const unresolved = await vendor.unresolved(request);
      const theirs = await vendor.evaluate(request, unresolved);
      return { ours: evaluate(clientOf(text), request), theirs };
    };

    it("uses the zone of the process", () => {
      const hours = { "America/St_Johns": 3.5, "Asia/Kathmandu": -5.75 };
      expect(new Date(0 + Date.parse(NOW)).getTimezoneOffset() / 60).toBe(
        hours[zone as keyof typeof hours],
      );
    });

    it("has the vendor's outcome for each of 533 filters", async () => {
      const { cases } = readData<{ cases: readonly FilterCase[] }>("match-property");
      for (const { id, now, property, values } of cases) {
        const groups = [{ properties: [property] }];
        const flags = [{ id: 1, key: "flag", active: true, filters: { groups } }];
        const definitions = { flags, group_type_mapping: {}, cohorts: {} };
        const request = { flag: "flag", distinctId: "user", personProperties: values };
        const { ours, theirs } = await compare(definitions, request, now);
        expect({ id, outcome: ours }).toEqual({ id, outcome: theirs });
      }
      expect(cases).toHaveLength(533);
    });

    it("has the vendor's outcome for each of 311 whole flags", async () => {
      const { cases, definitions } = readData<{
        definitions: Readonly<Record<string, object>>;
        cases: readonly FlagCase[];
      }>("local-evaluation");
      for (const { definitions: name, id, now, request } of cases) {
        const { ours, theirs } = await compare(definitions[name] ?? {}, request, now);
        expect({ id, outcome: ours }).toEqual({ id, outcome: theirs });
      }
      expect(cases).toHaveLength(311);
    });
  },
);
