import { objectIn } from "../evaluate/object-cell.js";
import { type JsonObject, ShapeError, unexpected } from "../evaluate/request.js";
import type { ColumnMap } from "../events/column-map.js";
import { retyped } from "../events/lost-types.js";
import { textOf } from "../events/read-exposure.js";
import type { SeenColumns } from "../events/seen-columns.js";
import { type AttributeReading, tableAttributes } from "../events/table-attributes.js";
import type { JudgedSubject } from "../judge/flag-judge.js";

/** How `--map` reads subjects. */
export interface SubjectReading extends AttributeReading {
  readonly map: ColumnMap;
  readonly seen: SeenColumns;
}

/**
 * Reads a subject from the columns that `--map` names.
 *
 * @param isText - whether the row's cells do not show their types.
 * @throws RequestError that names the missing or invalid column.
 */
export function mappedSubject(
  row: JsonObject,
  reading: SubjectReading,
  isText: boolean,
): JudgedSubject {
  const { map, seen, untyped } = reading;
  seen.note(row, null);
  const missing = map.columnMissing(row, "subject");
  if (missing !== null) {
    throw new ShapeError(`the subject's column ${JSON.stringify(missing)} is missing`);
  }
  const { subject, subjectAttributes } = map.apply(row, {});
  const key = typeof subject === "boolean" ? null : textOf(subject, "subject");
  if (key === null || key === "") {
    throw unexpected("subject", "a non-empty string", subject);
  }
  const attributes = objectIn(subjectAttributes ?? {});
  if (attributes === null && subjectAttributes !== "") {
    throw unexpected("attributes", "an object", subjectAttributes);
  }
  const read = tableAttributes(attributes ?? {}, key, reading, seen);
  return { key, attributes: read, retyped: isText ? retyped(read, untyped) : [] };
}
