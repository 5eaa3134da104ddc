import {
  DecodeError,
  expectObject,
  type FlagsPlace,
  isJsonObject,
  type JsonObject,
  parseJson,
  type RawFlags,
  unexpected,
} from "@sortition/core/dialect";
import { documentOf, stringOf, UNGUARDED } from "@sortition/core/dialect-internal";
import { pathOf, VERSIONS } from "./addresses.js";
import type { SdkName, SdkRules } from "./evaluation/sdk-rules.js";
import { type Mapping, readRule, type SpecKind } from "./spec.js";

/** The sections of a payload, in the order in which a name is looked up. */
export const SECTIONS: readonly { readonly kind: SpecKind; readonly member: string }[] = [
  { kind: "gate", member: "feature_gates" },
  { kind: "config", member: "dynamic_configs" },
  { kind: "layer", member: "layer_configs" },
];
export const CONDITIONS: FlagsPlace = { member: "condition_map", shape: "map" };

/** Something for each kind of flag. */
export type ByKind<T> = Readonly<Record<SpecKind, T>>;

export function ofKinds<T>(create: (kind: SpecKind, member: string) => T): ByKind<T> {
  const entries = SECTIONS.map(({ kind, member }) => [kind, create(kind, member)] as const);
  return Object.fromEntries(entries) as ByKind<T>; // SECTIONS has all kinds
}

/** The undecoded content of a payload. */
export interface Content {
  readonly sections: ByKind<RawFlags>;
  readonly conditions: RawFlags;
  readonly shape: FlagsPlace["shape"];
  readonly appId: unknown;
  readonly mappings: ReadonlyMap<string, readonly Mapping[]>;
  /** Names of contextual bandits, which draw at random. */
  readonly bandits: ReadonlySet<string>;
  /** The default tier of the environment, or `null`. */
  readonly tier: string | null;
  readonly publishedAtMs: number | null;
  /** Members outside of the flags that evaluations read, as JSON. */
  readonly shared: object;
}

/** @throws DecodeError if it is not the payload of this SDK, with what to fetch instead. */
export function readContent(bytes: Uint8Array, sdk: SdkRules): Content {
  const fetchOurs = `fetch ${pathOf(sdk.name)}`;
  if (isBinary(bytes)) throw new DecodeError("$", `is binary, not JSON: ${fetchOurs}, ${PLAIN}`);
  const root = expectObject(parseJson(bytes, "$"), "$");
  refuseOther(root, sdk.name, fetchOurs);
  const isMap = sdk.name === "core";
  const shape = isMap ? "map" : "list";
  const { app_id: appId = null, default_environment: tier, time } = root;
  const { cmab_configs: bandits, override_rules: rules, overrides } = isMap ? root : {};
  const { flags: conditions } = documentOf(isMap ? root : { condition_map: {} }, CONDITIONS);
  return {
    ...{ shape, appId, conditions: conditions as RawFlags }, // an object, which `refuseOther` has checked
    sections: ofKinds((_, member) => sectionOf(root, member, shape)),
    mappings: mappingsOf(overrides, rules, sdk),
    bandits: new Set(isJsonObject(bandits) ? Object.keys(bandits) : []),
    tier: typeof tier === "string" ? tier : null,
    publishedAtMs: typeof time === "number" ? time : null,
    shared: { appId, tier, bandits, overrides, rules },
  };
}

const PLAIN = "without supports_proto and without compression";

/** Control characters cannot be in JSON. Protobuf and compressed bytes begin with some of them. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 64).some((it) => it < 0x20 && it !== 0x09 && it !== 0x0a && it !== 0x0d);
}

function refuseOther(root: JsonObject, sdk: SdkName, fetchOurs: string): void {
  const { condition_map: conditions, feature_gates: gates, response_format: format } = root;
  if (root["has_updates"] === false) {
    const problem = `has no definitions, because the server had no updates: ${fetchOurs}, without sinceTime`;
    throw new DecodeError("$", problem);
  }
  const version = versionOf(root);
  const expected = VERSIONS[sdk];
  if (version === null) {
    if (gates === undefined) {
      throw new DecodeError("$", `has no feature_gates, so it is not Statsig's: ${fetchOurs}`);
    }
    const isKnown = typeof format !== "string" || /^dcs-v[12]$/.test(format);
    if (!isKnown) {
      throw new DecodeError("$.response_format", `is neither dcs-v1 nor dcs-v2: ${fetchOurs}`);
    }
    if (conditions === undefined && isJsonObject(gates)) {
      const problem = `is a client's payload (/v1/initialize), whose names are hashed: ${fetchOurs}`;
      throw new DecodeError("$.feature_gates", problem);
    }
    throw unexpected("$.feature_gates", expected === "v2" ? "an object" : "an array", gates);
  }
  if (version !== expected) {
    const other = version === "v1" ? "statsigLegacy()" : "statsig()";
    throw new DecodeError("$", `has version ${version.slice(1)}: use ${other}, or ${fetchOurs}`);
  }
}

/** Returns the version of a payload; `null` if it is another format. */
function versionOf({
  condition_map: conditions,
  feature_gates: gates,
  response_format: format,
}: JsonObject): "v1" | "v2" | null {
  if (typeof format === "string" && !/^dcs-v[12]$/.test(format)) return null;
  if (isJsonObject(conditions)) return isJsonObject(gates) ? "v2" : null;
  return Array.isArray(gates) ? "v1" : null;
}

function sectionOf(root: JsonObject, member: string, shape: "map" | "list"): RawFlags {
  const { flags } = documentOf(root, { member, shape, keyMember: "name" });
  if (flags !== null) return flags;
  throw unexpected(`$.${member}`, shape === "map" ? "an object" : "an array", root[member]);
}

/** Reads the payload's overrides, which replace a gate or an experiment by another for some subjects. */
function mappingsOf(
  overrides: unknown,
  rules: unknown,
  sdk: SdkRules,
): ReadonlyMap<string, readonly Mapping[]> {
  const context = { sdk, guard: UNGUARDED, report: () => {} };
  const mappings = new Map<string, readonly Mapping[]>();
  for (const [name, list] of Object.entries(isJsonObject(overrides) ? overrides : {})) {
    const names = new Set<string>();
    const read = listIn(list).flatMap(({ new_config_name: given, rules: started }) =>
      listIn(started).flatMap((it, i): readonly Mapping[] => {
        const wire = isJsonObject(rules) ? rules[stringOf(it["rule_name"])] : undefined;
        if (!isJsonObject(wire)) return [];
        const target = stringOf(given);
        const rule = readRule(wire, i, "$.override_rules", names, context);
        const startsAtMs = Number(stringOf(it["start_time"] ?? 0));
        const allocation = `override to ${target}: ${rule.allocation}`;
        return [{ rule: { ...rule, allocation }, startsAtMs, target }];
      }),
    );
    mappings.set(name, read);
  }
  return mappings;
}

function listIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
