/** The position of a row. */
export interface Place {
  /** The file; `null` if there is only one file. */
  readonly file: string | null;
  /** Number of the row's first line, from 1. */
  readonly line: number;
}

/** Returns `line 5`, or `exposures-2.csv:5` if there are several files. */
export function placeText({ file, line }: Place): string {
  return file === null ? `line ${line}` : `${file}:${line}`;
}
