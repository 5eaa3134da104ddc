/** Where a row starts. */
export interface Place {
  /** `null`: there is one file alone. */
  readonly file: string | null;
  /** Counted from 1. */
  readonly line: number;
}

/** `line 5`, or `exposures-2.csv:5` where there are several files. */
export function placeText({ file, line }: Place): string {
  return file === null ? `line ${line}` : `${file}:${line}`;
}
