import {
  fieldNames,
  type JsonObject,
  optionalObjectField,
  refuseUnknownFields,
  stringField,
  unexpected,
} from "../../evaluate/request.js";

/** The types of the vendor's getters. */
export const REQUEST_TYPES = ["boolean", "string", "number", "json"] as const;

export interface LaunchdarklyRequest {
  readonly flag: string;
  readonly context: JsonObject;
  readonly defaultValue: unknown;
  /** `null`: the variation may have any type. */
  readonly type: (typeof REQUEST_TYPES)[number] | null;
}

const FIELDS = fieldNames("flag", "context", "default", "type", "subjectKey", "subjectAttributes");

/** @throws RequestError that names the field. */
export function readRequest(fields: JsonObject): LaunchdarklyRequest {
  refuseUnknownFields(fields, FIELDS);
  const type = REQUEST_TYPES.find((it) => it === fields["type"]) ?? null;
  if (type === null && (fields["type"] ?? null) !== null) {
    throw unexpected("type", `one of ${REQUEST_TYPES.join(", ")}`, fields["type"]);
  }
  return {
    flag: stringField(fields, "flag"),
    context: contextOf(fields),
    defaultValue: fields["default"] ?? null,
    type,
  };
}

/** Reads a context, or a subject in the format of all dialects. */
function contextOf(fields: JsonObject): JsonObject {
  const context = optionalObjectField(fields, "context");
  if (context !== undefined) return context;
  if (!Object.hasOwn(fields, "subjectKey")) throw unexpected("context", "an object", undefined);
  const key = stringField(fields, "subjectKey");
  const attributes = optionalObjectField(fields, "subjectAttributes") ?? {};
  return attributes["kind"] === "multi" ? attributes : { kind: "user", key, ...attributes };
}
