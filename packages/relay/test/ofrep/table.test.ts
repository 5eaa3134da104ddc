import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import {
  type Client,
  type EvaluationDetails,
  type JsonValue,
  OpenFeature,
  type Provider,
} from "@openfeature/web-sdk";
import {
  CONTEXT,
  DEFAULTS,
  GETTERS,
  type Getter,
  PAYLOADS,
  rowsOf,
} from "@sortition/dialect-kit/openfeature";
import { describe, expect, it } from "vitest";
import { later, relayOf, VARIABLES } from "../start.js";
import { DIALECT_NAMES, type DialectName, evaluating } from "./ground.js";

async function clientOf(name: DialectName): Promise<Client> {
  const relay = await relayOf({ environments: [evaluating(name, PAYLOADS[name])] });
  await OpenFeature.setContext(name, { ...CONTEXT });
  const provider = new OFREPWebProvider({
    baseUrl: relay.url,
    headers: [["authorization", `Bearer ${VARIABLES.PAGE_TOKEN}`]],
    cacheMode: "disabled",
    changeDetection: "none",
  });
  later(async () => provider.onClose?.());
  // Its declarations are not written for `exactOptionalPropertyTypes`.
  await OpenFeature.setProviderAndWait(name, provider as Provider);
  return OpenFeature.getClient(name);
}

/** Returns a result in the table's format, without the number of events. Each boolean's default is the opposite of its value. */
function answerOf(client: Client, getter: Getter, flagKey: string): string {
  if (getter === "boolean") {
    const [one, other] = [false, true].map((it) => client.getBooleanDetails(flagKey, it));
    if (one === undefined || other === undefined) throw new Error("expected two results");
    return shown(one, one.value !== other.value);
  }
  const details: EvaluationDetails<JsonValue> =
    getter === "string"
      ? client.getStringDetails(flagKey, DEFAULTS.string)
      : getter === "number"
        ? client.getNumberDetails(flagKey, DEFAULTS.number)
        : client.getObjectDetails<JsonValue>(flagKey, DEFAULTS[getter] as JsonValue);
  return shown(details, details.value === DEFAULTS[getter]);
}

function shown(
  { errorCode, flagMetadata, reason, value, variant }: EvaluationDetails<JsonValue>,
  isDefault: boolean,
): string {
  const why = errorCode ?? flagMetadata["reason"] ?? reason;
  return isDefault ? `${why}` : `${JSON.stringify(value)} ${variant ?? "-"} ${why}`;
}

/** Returns why the protocol or the provider cannot express a result; `null` if it must equal the table's. */
function unsayable(
  name: DialectName,
  getter: Getter,
  flagKey: string,
  native: string,
  remote: string,
): string | null {
  if (native === "TYPE_MISMATCH" && /^(DEFAULT|DISABLED)$/.test(remote)) {
    return "a response without a value has no type";
  }
  if (native === "TYPE_MISMATCH" && /^[[{]/.test(remote)) {
    return "the provider treats a list as an object";
  }
  const own =
    name === "posthog" && !/^(string|fraction|variants)$/.test(flagKey) ? "boolean" : "string";
  const hasTypes = name === "eppo" || name === "growthbook";
  return !hasTypes && getter !== own ? "a request does not say which type it is for" : null;
}

const SKIPPED: Readonly<Record<DialectName, readonly string[]>> = {
  eppo: ["a response without a value has no type", "the provider treats a list as an object"],
  growthbook: ["the provider treats a list as an object"],
  amplitude: [
    "a request does not say which type it is for",
    "a response without a value has no type",
  ],
  posthog: ["a request does not say which type it is for"],
};

describe.each(DIALECT_NAMES)("the getters of the provider for web pages, over %s", (name) => {
  it("return a native provider's results, except where the protocol cannot express them", async () => {
    const client = await clientOf(name);
    const skipped = new Set<string>();
    let compared = 0;
    for (const [flagKey = "", ...cells] of rowsOf(name)) {
      for (const [i, getter] of GETTERS.entries()) {
        const native = (cells[i] ?? "").replace(/ \d$/, "");
        const remote = answerOf(client, getter, flagKey);
        const reason = native === remote ? null : unsayable(name, getter, flagKey, native, remote);
        if (reason !== null) {
          skipped.add(reason);
          continue;
        }
        compared += 1;
        expect(`${flagKey} ${getter}: ${remote}`).toBe(`${flagKey} ${getter}: ${native}`);
      }
    }
    expect([...skipped].sort()).toEqual(SKIPPED[name]);
    expect(compared).toBeGreaterThan(25);
  });
});
