import type { Separator } from "./separator.js";

/**
 * A field of CSV from the current place on: in quotes, which are doubled inside, or without any. Programs that separate by
 * tabs put no field in quotes, so that those stand for themselves inside of one.
 */
const FIELD: Readonly<Record<Separator, RegExp>> = {
  ",": /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y,
  ";": /(?:"((?:[^"]|"")*)"|([^";]*))(;|$)/y,
  "\t": /(?:"((?:[^"]|"")*)"|((?:[^"\t][^\t]*)?))(\t|$)/y,
};

/** The fields of a record of CSV (RFC 4180); `null` if a quote stands where none may. */
export function csvFields(record: string, separator: Separator): string[] | null {
  const fields: string[] = [];
  const field = FIELD[separator];
  field.lastIndex = 0;
  for (;;) {
    const match = field.exec(record);
    if (match === null) return null;
    const [, quoted, plain = "", end] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "") return fields;
  }
}
