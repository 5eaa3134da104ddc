import { expect, vi } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { jsonFile, ndjson, run } from "../run.js";
import type { Exposure, OpenVendor, Vendor } from "./vendor-events.js";

/** The planted faults. Each one occurs equally often. */
const FAULTS = ["wrong", "unknown", "attributes", "duplicate", "two"] as const;
type Fault = (typeof FAULTS)[number];

const START_MS = Date.parse("2026-02-01T00:00:00Z");
const MINUTE_MS = 60_000;
/** The flag `danes` has a rule that reads an attribute, and `plain` includes all subjects. */
const PLAIN = "plain";
const DANES = "danes";

/** A format in which a vendor's events are stored. */
export interface Shape {
  readonly name: string;
  /** Whether rows contain attributes. */
  readonly hasAttributes: boolean;
  readonly hasIds: boolean;
  write(exposures: readonly Exposure[]): string;
}

/** The vendor's own export format, and the experiment table that vendors expect in a warehouse. */
export function shapesOf(vendor: Vendor): readonly Shape[] {
  const { exported, hasAttributes } = vendor;
  const table = { hasAttributes: false, hasIds: false };
  const variations = ["a", "b"];
  return [
    {
      name: "its export",
      hasAttributes,
      hasIds: true,
      write: (exposures) => ndjson(exposures.map(exported)),
    },
    { ...table, name: "the table", write: (exposures) => tableOf(exposures, (it) => it) },
    ...(vendor.dialect === "growthbook"
      ? [
          {
            ...table,
            name: "the table with indexes",
            write: (exposures: readonly Exposure[]) =>
              tableOf(exposures, (variation) => String(variations.indexOf(variation))),
          },
        ]
      : []),
  ];
}

function tableOf(exposures: readonly Exposure[], named: (variation: string) => string): string {
  const rows = exposures.map(({ experiment, subject, timeMs, variation }) =>
    [subject, new Date(timeMs).toISOString(), experiment, named(variation)].join(","),
  );
  return ["user_id,timestamp,experiment_id,variation_id", ...rows, ""].join("\n");
}

/** Replays events of a vendor's SDK in one format, with this many faults of each kind planted among them. */
export async function expectPlantedFound(
  vendor: Vendor,
  { hasAttributes, hasIds, write }: Shape,
  { events, ofEach }: { readonly events: number; readonly ofEach: number },
): Promise<void> {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const config = configOf(vendor.dialect);
  const open = await vendor.open(config);
  const every = Math.floor(events / (ofEach * FAULTS.length));
  const logged: Exposure[] = [];
  for (let i = 0; i < events; i++) {
    const fault = i % every === 0 ? FAULTS[(i / every) % FAULTS.length] : undefined;
    // Without attributes in the rows, only the flag without a rule can be judged.
    const flag = fault === "attributes" || (hasAttributes && i % 2 === 0) ? DANES : PLAIN;
    const exposure = await logOf(open, flag, i);
    logged.push(...(fault === undefined ? [exposure] : faulty(exposure, fault)));
  }
  await open.close();

  const path = jsonFile("vendor-config.json", config);
  const args = ["replay", "-", "--config", path, "--json"];
  const { exitCode, stderr, stdout } = await run(args, write(logged));
  expect(exitCode).toBe(1);
  expect(stderr).not.toContain("line");
  const { total, ...across } = JSON.parse(stdout.split("\n").at(-2) ?? "");
  const zeros = Object.fromEntries(Object.keys(total).map((kind) => [kind, 0]));
  expect(total).toEqual({
    ...zeros,
    right: logged.length - 4 * ofEach,
    // A subject's second variation also counts as wrong.
    "wrong-variation": 2 * ofEach,
    "no-such-flag": ofEach,
    "attributes-missing": ofEach,
  });
  expect(across).toEqual({
    duplicates: hasIds ? ofEach : 0,
    outOfOrder: 0,
    outOfTime: 0,
    outOfTimeSpan: null,
    olderThanConfiguration: 0,
    twoVariations: ofEach,
    twoVariationsByRevision: 0,
    unresolved: [],
  });
}

function configOf(name: string): object {
  const dialect = GENERATED_DIALECTS.find((it) => it.name === name);
  const common = { salt: "s", share: 50, traffic: 100, isOpen: true };
  const values = { a: "red", b: "blue" };
  return dialect?.configOf([
    { ...common, key: PLAIN, values, countries: null },
    { ...common, key: DANES, values, countries: ["DK"] },
  ]) as object;
}

async function logOf(open: OpenVendor, flag: string, i: number): Promise<Exposure> {
  const attributes = { nation: "DK" };
  const event = await open.ask({ flag, subject: `user-${i}`, attributes });
  const timeMs = START_MS + i * MINUTE_MS;
  return { ...open.read(event), attributes, id: `m${i}`, timeMs, event };
}

function faulty(exposure: Exposure, fault: Fault): readonly Exposure[] {
  const { experiment, flag, id, variation } = exposure;
  const other = { ...exposure, variation: variation === "a" ? "b" : "a" };
  switch (fault) {
    case "wrong":
      return [other];
    case "unknown":
      return [{ ...exposure, flag: `${flag}s`, experiment: `${experiment}s` }];
    case "attributes":
      return [{ ...exposure, attributes: null }];
    case "duplicate":
      return [exposure, exposure];
    case "two":
      return [exposure, { ...other, id: `${id}-2` }];
  }
}
