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
import { messageOf } from "../../errors/guard.js";
import type { ContextAttributes, ScalarAttributes } from "../../model/attributes.js";
import type { BanditChoice } from "../../model/exposure.js";
import { expectBase64 } from "../obfuscation/base64.js";

/** The answer of one flag for the subject. */
export interface PrecomputedFlag {
  /** As the payload has it. */
  readonly variationType: unknown;
  readonly value: string;
  readonly variationKey: string;
  readonly allocationKey: string;
  readonly doLog: boolean;
  readonly extraLogging: Readonly<Record<string, string>>;
}

/** What a bandit chose for the subject. */
export type PrecomputedChoice = Omit<
  BanditChoice,
  "subjectNumericAttributes" | "subjectCategoricalAttributes"
>;

/** The answers for one subject, found by the hash of salt and flag key. */
export interface PrecomputedBody {
  readonly subjectKey: string;
  readonly subject: ContextAttributes;
  readonly createdAt: string;
  readonly environment: string | null;
  readonly format: string;
  readonly salt: string;
  readonly flags: ReadonlyMap<string, Decoded<PrecomputedFlag>>;
  readonly choices: ReadonlyMap<string, Decoded<PrecomputedChoice>>;
}

/**
 * Decodes a configuration wire that contains precomputed answers. Malformed parts are reported and kept in
 * place as errors.
 *
 * @throws DecodeError if it contains none.
 */
export function decodePrecomputed(wire: unknown, report: Report): PrecomputedBody {
  const precomputed = expectObject(expectObject(wire, "$")["precomputed"], "$.precomputed");
  const root = parseResponse(expectString(precomputed["response"], "$.precomputed.response"));
  const { subjectAttributes } = precomputed;
  const environment = isJsonObject(root["environment"]) ? root["environment"]["name"] : undefined;
  return {
    subjectKey: expectString(precomputed["subjectKey"], "$.precomputed.subjectKey"),
    subject: isContextual(subjectAttributes)
      ? subjectAttributes
      : { numericAttributes: {}, categoricalAttributes: {} },
    createdAt: typeof root["createdAt"] === "string" ? root["createdAt"] : "",
    environment: typeof environment === "string" ? environment : null,
    format: typeof root["format"] === "string" ? root["format"] : "",
    salt: typeof root["salt"] === "string" ? root["salt"] : "",
    flags: decodeEach(expectObject(root["flags"], path("flags")), "flags", decodeFlag, report),
    choices: decodeEach(
      isJsonObject(root["bandits"]) ? root["bandits"] : {},
      "bandits",
      decodeChoice,
      report,
    ),
  };
}

function parseResponse(text: string): JsonObject {
  try {
    return expectObject(JSON.parse(text), "$.precomputed.response");
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    // Engines quote the input in the message. It may contain secrets.
    const problem = `expected JSON: ${messageOf(error).replace(/".*"/s, "…")}`;
    throw new DecodeError("$.precomputed.response", problem);
  }
}

/** JSON path inside the response, which is a string inside the wire. */
function path(name: string): string {
  return `$.precomputed.response.${name}`;
}

function decodeEach<T>(
  wires: JsonObject,
  name: string,
  decode: (wire: JsonObject, path: string) => T,
  report: Report,
): ReadonlyMap<string, Decoded<T>> {
  return new Map(
    Object.entries(wires).map(([hash, wire]) => {
      const at = member(path(name), hash);
      return [hash, attempt(() => decode(expectObject(wire, at), at), report)];
    }),
  );
}

function decodeFlag(wire: JsonObject, at: string): PrecomputedFlag {
  return {
    variationType: wire["variationType"],
    value: expectBase64(wire["variationValue"], `${at}.variationValue`),
    variationKey: expectBase64(wire["variationKey"] ?? "", `${at}.variationKey`),
    allocationKey: expectBase64(wire["allocationKey"] ?? "", `${at}.allocationKey`),
    doLog: Boolean(wire["doLog"]),
    extraLogging: decodeMembers(wire["extraLogging"], `${at}.extraLogging`, String),
  };
}

function decodeChoice(wire: JsonObject, at: string): PrecomputedChoice {
  return {
    banditKey: expectBase64(wire["banditKey"], `${at}.banditKey`),
    modelVersion: expectBase64(wire["modelVersion"], `${at}.modelVersion`),
    action: expectBase64(wire["action"], `${at}.action`),
    actionProbability: expectNumber(wire["actionProbability"], `${at}.actionProbability`),
    optimalityGap: expectNumber(wire["optimalityGap"], `${at}.optimalityGap`),
    actionNumericAttributes: decodeMembers(
      wire["actionNumericAttributes"],
      `${at}.actionNumericAttributes`,
      Number,
    ),
    actionCategoricalAttributes: decodeMembers(
      wire["actionCategoricalAttributes"],
      `${at}.actionCategoricalAttributes`,
      String,
    ),
  };
}

/** Decodes names and values; `null` and `undefined` count as empty. */
function decodeMembers<T extends ScalarAttributes[string]>(
  value: unknown,
  at: string,
  convert: (text: string) => T,
): Readonly<Record<string, T>> {
  const members = Object.entries(expectObject(value ?? {}, at));
  return Object.fromEntries(
    members.map(([name, text]) => [expectBase64(name, at), convert(expectBase64(text, at))]),
  );
}
