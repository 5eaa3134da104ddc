import type { Attributes, EvaluationRequest } from "@sortition/core";
import {
  fieldNames,
  type JsonObject,
  optionalObjectField,
  refuseUnknownFields,
  stringField,
  unexpected,
} from "../../evaluate/request.js";

/** The types of flags, and OpenFeature's `number`, which accepts integer and numeric flags. */
export const REQUEST_TYPES = ["boolean", "string", "number", "integer", "numeric", "json"] as const;

const FIELDS = fieldNames("type", "flag", "subjectKey", "default", "subjectAttributes");

/** @throws RequestError that names the field. */
export function readRequest(fields: JsonObject): EvaluationRequest {
  refuseUnknownFields(fields, FIELDS);
  const type = REQUEST_TYPES.find((it) => it === fields["type"]);
  if (type === undefined) {
    throw unexpected("type", `one of ${REQUEST_TYPES.join(", ")}`, fields["type"]);
  }
  const hasKey = (fields["subjectKey"] ?? null) !== null;
  const attributes = optionalObjectField(fields, "subjectAttributes");
  return {
    flagKey: stringField(fields, "flag"),
    subjectKey: hasKey ? stringField(fields, "subjectKey") : null,
    subjectAttributes: (attributes ?? null) as Attributes | null, // any JSON
    defaultValue: fields["default"] ?? null,
    expectedType: type,
  };
}
