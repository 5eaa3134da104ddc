import type { Attributes } from "@sortition/core";
import type { StatsigExtras } from "@sortition/statsig/dialect";
import {
  fieldNames,
  type JsonObject,
  optionalObjectField,
  refuseUnknownFields,
  stringField,
  unexpected,
} from "../../evaluate/request.js";

export interface StatsigRequest {
  readonly flag: string;
  /** `null`: the request does not tell. */
  readonly isGate: boolean | null;
  /** A subject in the format of all dialects, or a user of the vendor's SDK. */
  readonly subject:
    | { readonly subjectKey: string; readonly subjectAttributes: Attributes }
    | { readonly subjectKey: null; readonly extras: StatsigExtras };
}

/** Members that name a flag, and the prefixes of their keys. */
const KINDS = { gate: "gate", config: "config", experiment: "config", layer: "layer" } as const;
const FIELDS = fieldNames(...Object.keys(KINDS), "flag", "user", "subjectKey", "subjectAttributes");

/** Returns the flag that a request names, or `undefined`. */
export function flagIn(fields: JsonObject): unknown {
  const kind = kindIn(fields);
  return kind === undefined ? fields["flag"] : `${KINDS[kind]}:${fields[kind]}`;
}

/** @throws RequestError that names the field. */
export function readRequest(fields: JsonObject): StatsigRequest {
  refuseUnknownFields(fields, FIELDS);
  const kind = kindIn(fields);
  const name = stringField(fields, kind ?? "flag");
  const flag = kind === undefined ? name : `${KINDS[kind]}:${name}`;
  return { flag, isGate: kind === undefined ? null : kind === "gate", subject: subjectOf(fields) };
}

function kindIn(fields: JsonObject): keyof typeof KINDS | undefined {
  return (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((it) => Object.hasOwn(fields, it));
}

function subjectOf(fields: JsonObject): StatsigRequest["subject"] {
  const user = optionalObjectField(fields, "user");
  if (user !== undefined) return { subjectKey: null, extras: { user } };
  if (!Object.hasOwn(fields, "subjectKey")) throw unexpected("user", "an object", undefined);
  const attributes = optionalObjectField(fields, "subjectAttributes") ?? {};
  // Any JSON value is an attribute.
  return {
    subjectKey: stringField(fields, "subjectKey"),
    subjectAttributes: attributes as Attributes,
  };
}
