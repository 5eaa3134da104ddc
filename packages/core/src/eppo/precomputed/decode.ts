import { isContextual } from "../../conditions/bandit-subject.js";
import {
  attempt,
  type Decoded,
  expectNumber,
  expectObject,
  expectString,
  isJsonObject,
  type JsonObject,
  member,
  type Report,
} from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import type { AttributesByKind, ScalarAttributes } from "../../model/attributes.js";
import type { BanditChoice } from "../../model/exposure.js";
import { parseJson } from "../../payload/parse-json.js";
import { decodeMember, stringOr } from "../decode-member.js";
import { expectBase64 } from "../obfuscation/base64.js";

/** The result of one flag for the subject. */
export interface PrecomputedFlag {
  /** The type as in the payload. */
  readonly variationType: unknown;
  readonly value: string;
  readonly variationKey: string;
  readonly allocationKey: string;
  readonly doLog: boolean;
  readonly extraLogging: Readonly<Record<string, string>>;
}

/** A bandit's choice for the subject. */
export type PrecomputedChoice = Omit<
  BanditChoice,
  "subjectNumericAttributes" | "subjectCategoricalAttributes"
>;

/** The results for one subject, by the hash of salt and flag key. */
export interface PrecomputedBody {
  readonly subjectKey: string;
  readonly subject: AttributesByKind;
  readonly createdAt: string;
  readonly environment: string | null;
  readonly format: string;
  readonly salt: string;
  readonly flags: ReadonlyMap<string, Decoded<PrecomputedFlag>>;
  readonly choices: ReadonlyMap<string, Decoded<PrecomputedChoice>>;
}

const RESPONSE = "$.precomputed.response";

/**
 * Decodes a configuration that contains precomputed results. Malformed parts are reported and kept in place as errors.
 *
 * @throws DecodeError if it contains none.
 */
export function decodePrecomputed(wire: unknown, report: Report): PrecomputedBody {
  const body = expectObject(wire, "$");
  if (body["precomputed"] === undefined && body["flags"] !== undefined) {
    const form = "pass getPrecomputedConfiguration(subjectKey, attributes, actions) of a client";
    throw new DecodeError("$", `has the flags of all subjects, not the results of one: ${form}`);
  }
  const precomputed = decodeMember(body, "$", "precomputed", expectObject);
  const root = decodeMember(precomputed, "$.precomputed", "response", parseResponse);
  const { subjectAttributes } = precomputed;
  const environment = isJsonObject(root["environment"]) ? root["environment"]["name"] : undefined;
  return {
    subjectKey: decodeMember(precomputed, "$.precomputed", "subjectKey", expectString),
    subject: isContextual(subjectAttributes)
      ? subjectAttributes
      : { numericAttributes: {}, categoricalAttributes: {} },
    createdAt: stringOr("", root["createdAt"]),
    environment: typeof environment === "string" ? environment : null,
    format: stringOr("", root["format"]),
    salt: stringOr("", root["salt"]),
    flags: decodeMember(root, RESPONSE, "flags", (flags, at) =>
      decodeEach(expectObject(flags, at), at, decodeFlag, report),
    ),
    choices: decodeMember(root, RESPONSE, "bandits", (bandits, at) =>
      decodeEach(isJsonObject(bandits) ? bandits : {}, at, decodeChoice, report),
    ),
  };
}

/** Parses the response, which is a string inside the configuration. */
function parseResponse(value: unknown, path: string): JsonObject {
  return expectObject(parseJson(expectString(value, path), path), path);
}

function decodeEach<T>(
  wires: JsonObject,
  path: string,
  decode: (wire: JsonObject, path: string) => T,
  report: Report,
): ReadonlyMap<string, Decoded<T>> {
  return new Map(
    Object.entries(wires).map(([hash, wire]) => {
      const at = member(path, hash);
      return [hash, attempt(() => decode(expectObject(wire, at), at), report)];
    }),
  );
}

function decodeFlag(wire: JsonObject, at: string): PrecomputedFlag {
  return {
    variationType: wire["variationType"],
    value: decodeMember(wire, at, "variationValue", expectBase64),
    variationKey: decodeMember(wire, at, "variationKey", base64OrNothing),
    allocationKey: decodeMember(wire, at, "allocationKey", base64OrNothing),
    doLog: Boolean(wire["doLog"]),
    extraLogging: decodeMember(wire, at, "extraLogging", membersAs(String)),
  };
}

function decodeChoice(wire: JsonObject, at: string): PrecomputedChoice {
  return {
    banditKey: decodeMember(wire, at, "banditKey", expectBase64),
    modelVersion: decodeMember(wire, at, "modelVersion", expectBase64),
    action: decodeMember(wire, at, "action", expectBase64),
    actionProbability: decodeMember(wire, at, "actionProbability", expectNumber),
    optimalityGap: decodeMember(wire, at, "optimalityGap", expectNumber),
    actionNumericAttributes: decodeMember(wire, at, "actionNumericAttributes", membersAs(Number)),
    actionCategoricalAttributes: decodeMember(
      wire,
      at,
      "actionCategoricalAttributes",
      membersAs(String),
    ),
  };
}

function base64OrNothing(value: unknown, path: string): string {
  return expectBase64(value ?? "", path);
}

/** Decodes names and values. `null` and `undefined` are treated as empty. */
function membersAs<T extends ScalarAttributes[string]>(
  convert: (text: string) => T,
): (value: unknown, path: string) => Readonly<Record<string, T>> {
  return (value, at) => {
    const members = Object.entries(expectObject(value ?? {}, at));
    return Object.fromEntries(
      members.map(([name, text]) => [expectBase64(name, at), convert(expectBase64(text, at))]),
    );
  };
}
