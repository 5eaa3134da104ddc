import {
  fieldNames,
  type JsonObject,
  optionalObjectField,
  refuseUnknownFields,
  stringField,
  unexpected,
} from "../../evaluate/request.js";

/** The members that all requests have. */
interface Person {
  readonly distinctId: string;
  readonly personProperties: JsonObject;
  readonly groups: JsonObject;
  readonly groupProperties: JsonObject;
}

/** A request for one flag, or for several or all flags. */
export type PosthogRequest =
  | (Person & { readonly kind: "one"; readonly flag: string })
  | (Person & { readonly kind: "all"; readonly flagKeys: readonly string[] | null });

const PERSON = ["distinctId", "personProperties", "groups", "groupProperties", "deviceId"];
const ONE = fieldNames(...PERSON, "flag");
const ALL = fieldNames(...PERSON, "flag", "flagKeys");

/** @throws RequestError that names the field. */
export function readRequest(fields: JsonObject): PosthogRequest {
  if (fields["flag"] !== undefined) {
    refuseUnknownFields(fields, ONE);
    return { kind: "one", flag: stringField(fields, "flag"), ...readPerson(fields) };
  }
  refuseUnknownFields(fields, ALL);
  return { kind: "all", flagKeys: readFlagKeys(fields), ...readPerson(fields) };
}

function readPerson(fields: JsonObject): Person {
  const deviceId = fields["deviceId"];
  if (deviceId !== undefined && typeof deviceId !== "string") {
    throw unexpected("deviceId", "a string", deviceId);
  }
  return {
    distinctId: stringField(fields, "distinctId"),
    personProperties: {
      ...optionalObjectField(fields, "personProperties"),
      ...(deviceId === undefined ? {} : { $device_id: deviceId }),
    },
    groups: optionalObjectField(fields, "groups") ?? {},
    groupProperties: optionalObjectField(fields, "groupProperties") ?? {},
  };
}

function readFlagKeys(fields: JsonObject): readonly string[] | null {
  const keys = fields["flagKeys"];
  if (keys === undefined) return null;
  if (!Array.isArray(keys)) throw unexpected("flagKeys", "an array", keys);
  keys.forEach((key: unknown, i) => {
    if (typeof key !== "string") throw unexpected(`flagKeys[${i}]`, "a string", key);
  });
  return keys as readonly string[]; // just checked
}
