import { writeSync } from "node:fs";

/** Nanoseconds by part of a start, in order. */
export type Parts = Readonly<Record<string, number>>;

export interface StartOptions {
  /** Accepted first values. */
  readonly expected: readonly unknown[];
  /** Whether to exit immediately, because some SDKs keep the process alive. */
  readonly exits?: boolean;
}

/**
 * Runs a start until its first evaluation, and writes the duration of each part as JSON.
 *
 * @param start - calls `mark` at the end of each part, except for the last, which is the first evaluation.
 * @throws Error for a wrong value.
 */
export async function timeStart(
  { expected, exits = false }: StartOptions,
  start: (mark: (part: string) => void) => Promise<unknown>,
): Promise<void> {
  console.warn = () => {}; // hides a vendor's warnings about deprecated methods
  const parts: Record<string, number> = {};
  let lastNs = process.hrtime.bigint();
  const mark = (part: string): void => {
    const nowNs = process.hrtime.bigint();
    parts[part] = Number(nowNs - lastNs);
    lastNs = nowNs;
  };
  const answer = await start(mark);
  mark("first answer");
  if (!expected.includes(answer)) throw new Error(`the first answer is ${JSON.stringify(answer)}`);
  writeSync(1, JSON.stringify(parts));
  if (exits) process.exit();
}
