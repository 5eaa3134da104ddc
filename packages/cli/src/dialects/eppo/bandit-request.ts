import type { BanditActions, BanditSubject, Override } from "@sortition/core";
import {
  fieldNames,
  isJsonObject,
  type JsonObject,
  member,
  optionalObjectField,
  refuseUnknownFields,
  stringField,
  unexpected,
} from "../../evaluate/request.js";
import { readAttributes, readOverrides } from "./request.js";

export interface BanditRequest extends BestActionRequest {
  readonly subjectKey: string;
  readonly overrides: Readonly<Record<string, Override>> | undefined;
}

/** A request for the action with the highest score. */
export interface BestActionRequest {
  readonly flag: string;
  /** `undefined`: not given. */
  readonly subjectAttributes: BanditSubject | null | undefined;
  readonly actions: BanditActions;
  /** The default value, which may have any type. */
  readonly defaultValue: unknown;
}

const COMMON = ["type", "flag", "default", "subjectAttributes", "actions", "overrides"];
const BEST_ACTION_FIELDS = fieldNames(...COMMON);
const BANDIT_FIELDS = fieldNames(...COMMON, "subjectKey");

/** @throws RequestError that names the field. */
export function readBanditRequest(fields: JsonObject): BanditRequest {
  refuseUnknownFields(fields, BANDIT_FIELDS);
  return {
    ...readCommon(fields),
    subjectKey: stringField(fields, "subjectKey"),
    overrides: readOverrides(fields),
  };
}

/** @throws RequestError that names the field. Invalid overrides are refused; valid ones have no effect on this call. */
export function readBestActionRequest(fields: JsonObject): BestActionRequest {
  refuseUnknownFields(fields, BEST_ACTION_FIELDS);
  readOverrides(fields);
  return readCommon(fields);
}

/** A request for the precomputed results of all flags. */
export interface PrecomputedRequest {
  readonly subjectKey: string;
  readonly subjectAttributes: BanditSubject | null | undefined;
  readonly banditActions: Readonly<Record<string, BanditActions>>;
  readonly salt: string | undefined;
}

const PRECOMPUTED_FIELDS = fieldNames(
  ...["type", "subjectKey", "subjectAttributes", "banditActions", "salt", "overrides"],
);

/** @throws RequestError that names a field that no type of request has. */
export function refuseForeignFields(fields: JsonObject): void {
  refuseUnknownFields(fields, new Set([...BANDIT_FIELDS, ...PRECOMPUTED_FIELDS]));
}

/** @throws RequestError that names the field. Invalid overrides are refused; valid ones have no effect on this call. */
export function readPrecomputedRequest(fields: JsonObject): PrecomputedRequest {
  refuseUnknownFields(fields, PRECOMPUTED_FIELDS);
  readOverrides(fields);
  const banditActions = Object.entries(optionalObjectField(fields, "banditActions") ?? {}).map(
    ([flag, actions]) => [flag, readActions(actions, member("banditActions", flag))] as const,
  );
  return {
    subjectKey: stringField(fields, "subjectKey"),
    subjectAttributes: readAttributes(fields),
    banditActions: Object.fromEntries(banditActions),
    salt: fields["salt"] === undefined ? undefined : stringField(fields, "salt"),
  };
}

/** @throws RequestError unless `actions` is an object whose members are objects. */
function readActions(actions: unknown, path: string): BanditActions {
  if (!isJsonObject(actions)) throw unexpected(path, "an object", actions);
  for (const [name, attributes] of Object.entries(actions)) {
    if (!isJsonObject(attributes)) throw unexpected(member(path, name), "an object", attributes);
  }
  return actions as BanditActions; // the vendor accepts values of any type
}

function readCommon(fields: JsonObject): BestActionRequest {
  return {
    flag: stringField(fields, "flag"),
    subjectAttributes: readAttributes(fields),
    actions: readActions(fields["actions"], "actions"),
    defaultValue: fields["default"] ?? null,
  };
}
