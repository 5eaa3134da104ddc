import { writeSync } from "node:fs";

/** Nanoseconds by part of a start, in order. */
export type Parts = Readonly<Record<string, number>>;

export interface StartOptions {
  /** Allowed first answers. */
  readonly expected: readonly unknown[];
  /** Whether the process ends at once: some SDKs keep it alive. */
  readonly exits?: boolean;
}

/**
 * Runs a start to its first answer, and writes how long each part took as JSON.
 *
 * @param start - calls `mark` at the end of each part but the last, which is the first answer.
 * @throws Error on a wrong answer.
 */
export async function timeStart(
  { expected, exits = false }: StartOptions,
  start: (mark: (part: string) => void) => Promise<unknown>,
): Promise<void> {
  console.warn = () => {}; // a vendor's, that methods are deprecated
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
