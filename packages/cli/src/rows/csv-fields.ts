import type { Separator } from "./separator.js";

/**
 * Matches a CSV field at the current position, quoted (with doubled quotes inside) or unquoted. Programs that
 * separate by tabs do not quote fields, so quotes inside such a field are literal.
 */
const FIELD: Readonly<Record<Separator, RegExp>> = {
  ",": /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y,
  ";": /(?:"((?:[^"]|"")*)"|([^";]*))(;|$)/y,
  "\t": /(?:"((?:[^"]|"")*)"|((?:[^"\t][^\t]*)?))(\t|$)/y,
};

/** Returns the fields of a CSV record (RFC 4180); `null` if it has a misplaced quote. */
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
