import type { Configuration } from "@sortition/core";
import type { AllocationDescription, FlagDescription } from "@sortition/core/dialect";
import { isInPart, isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import type { CliDialect } from "../../src/dialects/dialect.js";
import { rangesPlace } from "../../src/dialects/place.js";
import { DIALECTS } from "../../src/dialects/table.js";
import { checkShared } from "./check-shared.js";
import { SHARED_FORMATS, type SharedFormat } from "./shared-flags.js";

const FORMATS = Object.keys(DIALECTS).flatMap((name) =>
  (SHARED_FORMATS[name] ?? []).map((format, i) => ({
    format,
    name,
    title: `${name}, format ${i}`,
  })),
);

describe("What a dialect says about flags that share subjects", () => {
  it("is checked for each dialect of the command", () => {
    expect(Object.keys(SHARED_FORMATS).sort()).toEqual(Object.keys(DIALECTS).sort());
  });

  it.each(FORMATS.filter(({ title }) => isWhole || title.endsWith("0")))(
    "agrees with evaluations: $title",
    async ({ format, name }) => {
      expect(await faultsOf(name, format, {})).toEqual([]);
    },
  );

  it.each(FORMATS.filter(({ format }) => format.holdouts !== null).filter((_, i) => isInPart(i)))(
    "is found to be wrong if a holdout is left out, or an experiment is called one: $title",
    async ({ format, name }) => {
      const silent = describing(() => ({ holdout: null }));
      expect(await faultsOf(name, format, silent)).not.toEqual([]);
      const loud = describing(() => ({ holdout: "all" }));
      expect(await faultsOf(name, format, loud)).not.toEqual([]);
    },
  );

  it.each(FORMATS.filter(({ format }) => format.layers !== null).filter((_, i) => isInPart(i)))(
    "is found to be wrong if a layer is left out, or flags are kept apart that are not: $title",
    async ({ format, name }) => {
      const without = {
        ...describing(({ splits }) => ({ splits: splits.map((it) => ({ ...it, shards: [] })) })),
        placeOf: () => null,
      };
      expect(await faultsOf(name, format, without)).not.toEqual([]);
      const halves = describing((allocation, { key }) => ({
        rules: [
          ...allocation.rules.map((rule) => ({
            ...rule,
            conditions: [...rule.conditions, half(key)],
          })),
          ...(allocation.rules.length === 0 ? [{ conditions: [half(key)], problem: null }] : []),
        ],
      }));
      const apart = {
        ...halves,
        placeOf: ({ attribute, expected }: { attribute: string; expected: unknown }) => {
          const start = expected === "a" ? 0 : 1;
          return attribute === "half" ? rangesPlace("half", [{ start, end: start + 1 }], 2) : null;
        },
      };
      expect(await faultsOf(name, format, apart)).not.toEqual([]);
    },
  );
});

function half(expected: string): AllocationDescription["rules"][number]["conditions"][number] {
  return { attribute: "half", operator: "is", expected, problem: null };
}

function describing(
  change: (
    allocation: AllocationDescription,
    flag: FlagDescription,
  ) => Partial<AllocationDescription>,
): { readonly change: typeof change } {
  return { change };
}

interface Lie {
  readonly change?: Parameters<typeof describing>[0];
  readonly placeOf?: CliDialect["placeOf"];
}

async function faultsOf(
  name: string,
  format: SharedFormat,
  { change, placeOf }: Lie,
): Promise<readonly string[]> {
  const dialect = await DIALECTS[name]?.();
  if (dialect === undefined) throw new Error(`no dialect ${name}`);
  const { explainer } = dialect;
  const told = {
    ...dialect,
    ...(placeOf === undefined ? {} : { placeOf }),
    explainer: {
      ...explainer,
      describe(configuration: Configuration, key: string) {
        const flag = explainer.describe(configuration, key);
        const allocations = flag.allocations.map((it) => ({ ...it, ...change?.(it, flag) }));
        return { ...flag, allocations };
      },
    },
  };
  const open = async (payload: string): Promise<Configuration> => {
    const bytes = Buffer.from(payload);
    const opened = await dialect.open({
      configPath: "flags.json",
      config: async () => ({ name: "flags.json", bytes, readAtMs: 0 }) as never,
      option: () => undefined,
      warn: () => {},
    });
    return opened.configuration;
  };
  return await checkShared(told, open, format);
}
