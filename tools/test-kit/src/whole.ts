/** Whether the files of `npm run test:long` run, which import others for runs that take minutes. */
export const isLong: boolean = process.env["SORTITION_LONG"] === "1";

/** Whether test files run all of their cases: in `npm run test:long` and for mutants. In `npm test`, they run a part of them. */
export const isWhole: boolean = isLong || process.env["SORTITION_WHOLE"] === "1";

/** A part has one of so many cases of a table. */
export const PARTS: number = isWhole ? 1 : 4;

/** Whether a case of a table runs. Each row and each column of a grid keep the same fraction of their cases. */
export function isInPart(row: number, column = 0): boolean {
  return row % PARTS === column % PARTS;
}

/** Returns `it`, `describe` or `it.each(…)` if all cases run, and otherwise a function that declares nothing. */
export function ifWhole<Declare extends (...parameters: never[]) => unknown>(
  declare: Declare,
): Declare {
  return isWhole ? declare : ((() => undefined) as unknown as Declare); // callers ignore the result
}
