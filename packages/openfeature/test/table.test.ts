import { type EvaluationDetails, type JsonValue, OpenFeature } from "@openfeature/server-sdk";
import {
  CONTEXT,
  DEFAULTS,
  GETTERS,
  type Getter,
  rowsOf,
} from "@sortition/dialect-kit/openfeature";
import { isInPart } from "@sortition/test-kit";
import { afterEach, describe, expect, it } from "vitest";
import { SortitionProvider } from "../src/index.js";
import {
  DIALECT_NAMES,
  type DialectName,
  type Ground,
  groundOf,
  staleGroundOf,
} from "./support/dialects.js";

/** Calls a getter of the SDK. A boolean's default is the opposite of the expected value. */
async function ask(
  { client }: Ground,
  getter: Getter,
  flagKey: string,
  options: ConstructorParameters<typeof SortitionProvider>[1] = {},
): Promise<EvaluationDetails<JsonValue> & { readonly isDefault: boolean }> {
  await OpenFeature.setProviderAndWait(new SortitionProvider(client, options));
  const api = OpenFeature.getClient();
  if (getter === "boolean") {
    const [one, other] = [
      await api.getBooleanDetails(flagKey, false, CONTEXT),
      await api.getBooleanDetails(flagKey, true, CONTEXT),
    ];
    return { ...one, isDefault: one.value !== other.value };
  }
  const details =
    getter === "string"
      ? await api.getStringDetails(flagKey, DEFAULTS.string, CONTEXT)
      : getter === "number"
        ? await api.getNumberDetails(flagKey, DEFAULTS.number, CONTEXT)
        : await api.getObjectDetails<JsonValue>(flagKey, DEFAULTS[getter] as JsonValue, CONTEXT);
  return { ...details, isDefault: details.value === DEFAULTS[getter] };
}

function shown(
  { errorCode, isDefault, reason, value, variant }: Awaited<ReturnType<typeof ask>>,
  logged: number,
): string {
  expect(errorCode === undefined).toBe(reason !== "ERROR");
  const why = errorCode ?? reason;
  if (!isDefault) return `${JSON.stringify(value)} ${variant ?? "-"} ${why} ${logged}`;
  expect(variant).toBeUndefined();
  return logged === 0 ? `${why}` : `${why} ${logged}`;
}

afterEach(() => OpenFeature.clearProviders());

describe.each(DIALECT_NAMES)("the getters with the dialect %s", (name) => {
  const row = DIALECT_NAMES.indexOf(name);

  it.each(rowsOf(name))("return the expected values for the flag %s", async (flagKey, ...cells) => {
    for (const [i, getter] of GETTERS.entries()) {
      const ground = groundOf(name);
      const details = await ask(ground, getter, flagKey);
      expect(`${getter}: ${shown(details, ground.events.length)}`).toBe(`${getter}: ${cells[i]}`);
    }
  });

  it.runIf(isInPart(row, 1))(
    "return overrides of the requested type, with the reason STATIC, and ignore others",
    async () => {
      const { client, events } = groundOf(name);
      const values = { boolean: true, string: "o", number: 5, object: { o: 1 }, list: ["o"] };
      for (const getter of GETTERS) {
        for (const [kind, value] of Object.entries(values)) {
          // A string override is read as JSON here, but "o" is not JSON, so the getter returns its default.
          if (kind === "string" && (getter === "object" || getter === "list")) continue;
          const ground = { events, client: client.withOverrides({ any: { key: "o", value } }) };
          const answer = shown(await ask(ground, getter, "any"), events.length);
          const isRight = kind === getter;
          // Any value is JSON, so only the provider checks its kind.
          const isJson = getter === "object" || getter === "list";
          const refusal = isJson ? "TYPE_MISMATCH" : "FLAG_NOT_FOUND";
          expect({ getter, kind, answer }).toEqual({
            getter,
            kind,
            answer: isRight ? `${JSON.stringify(value)} o STATIC 0` : refusal,
          });
        }
      }
    },
  );

  it.runIf(isInPart(row, 2))("return a separate object to each caller", async () => {
    const { client } = groundOf(name);
    const overridden = client.withOverrides({ any: { key: "o", value: { n: [1] } } });
    for (const flagKey of ["object", "any"]) {
      for (let i = 0; i < 2; i++) {
        const { value } = await ask({ client: overridden, events: [] }, "object", flagKey);
        expect(value).toEqual({ n: [1] });
        (value as { n: number[] }).n.push(2);
      }
    }
  });

  it.runIf(isInPart(row))(
    "keep their values when the configuration is stale, and record the original reason",
    async () => {
      for (const [i, getter] of GETTERS.entries()) {
        const ground = await staleGroundOf(name);
        for (const [flagKey = "", ...cells] of rowsOf(name)) {
          const before = ground.events.length;
          const details = await ask(ground, getter, flagKey);
          const [reason, former] = [details.reason, details.flagMetadata["formerReason"]];
          if (details.errorCode === undefined) expect(reason).toBe("STALE");
          const answer = shown(
            { ...details, reason: String(former ?? reason) },
            ground.events.length - before,
          );
          expect(`${flagKey} ${getter}: ${answer}`).toBe(`${flagKey} ${getter}: ${cells[i]}`);
        }
      }
    },
  );
});

describe("metadata", () => {
  const metadataOf = async (name: DialectName, flagKey: string, options = {}) =>
    (await ask(groundOf(name), "boolean", flagKey, options)).flagMetadata;
  const version = expect.stringMatching(/^[0-9a-f]+$/);

  it.each([
    { name: "eppo", metadata: { allocation: "a0", flagSetId: "Production" } },
    { name: "growthbook", metadata: { exposure: "not-loggable" } },
    { name: "amplitude", metadata: { flagVersion: 3 } },
    { name: "posthog", metadata: { allocation: "condition-0", flagId: 7 } },
  ] as const)("of $name is flat: $metadata", async ({ metadata, name }) => {
    const common = { version, contextId: "alice", dialect: name, exposure: "delivered" };
    expect(await metadataOf(name, "boolean")).toEqual({ ...common, ...metadata });
    const {
      exposure: _,
      allocation: __,
      flagSetId: ___,
      ...vendors
    } = { exposure: 0, allocation: 0, flagSetId: 0, ...metadata };
    expect(await metadataOf(name, "boolean", { metadata: "vendor" })).toEqual(vendors);
    expect(await metadataOf(name, "boolean", { metadata: "none" })).toEqual({});
  });

  it("identifies the configuration even for errors", async () => {
    expect(await metadataOf("eppo", "missing")).toMatchObject({ version, dialect: "eppo" });
  });

  it("names the rule and the experiment of GrowthBook", async () => {
    const { flagMetadata } = await ask(groundOf("growthbook"), "number", "fraction");
    expect(flagMetadata).toMatchObject({ ruleId: "r1", experimentKey: "e", split: true });
  });
});
