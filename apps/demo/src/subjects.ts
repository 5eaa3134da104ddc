import { readFileSync } from "node:fs";
import type { EppoAttributes } from "@sortition/node";

/** A subject of the demo. */
export interface DemoSubject {
  readonly subjectKey: string;
  readonly subjectAttributes: EppoAttributes;
}

const COUNTRIES = ["DK", "NL", "DE", "US", "FR"];
const TIERS = ["basic", "silver", "gold", "platinum"];

/** Returns visitors of the shop, which are the same in every run. */
export function shopVisitors(count: number): readonly DemoSubject[] {
  return Array.from({ length: count }, (_, i) => ({
    subjectKey: `visitor-${i}`,
    subjectAttributes: {
      country: pick(COUNTRIES, i),
      tier: pick(TIERS, Math.floor(i / 7)),
      appVersion: `2.${i % 4}.${i % 10}`,
      orders: i % 3,
      email: i % 5 === 0 ? null : `visitor-${i}@shop.example`,
    },
  }));
}

/**
 * Reads subjects from a file, one per line: `{"subjectKey": …, "subjectAttributes": {…}}`, or just the
 * subject's key.
 */
export function readSubjects(path: string): readonly DemoSubject[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line, i) => {
    const text = line.trim();
    if (text === "") return [];
    if (!text.startsWith("{")) return [{ subjectKey: text, subjectAttributes: {} }];
    return [parseSubject(text, `${path}:${i + 1}`)];
  });
}

function parseSubject(text: string, place: string): DemoSubject {
  let parsed: Partial<DemoSubject>;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${place}: not JSON`, { cause });
  }
  const { subjectKey, subjectAttributes = {} } = parsed;
  if (typeof subjectKey !== "string") throw new Error(`${place}: subjectKey: expected a string`);
  return { subjectKey, subjectAttributes };
}

function pick(names: readonly string[], i: number): string {
  return names[i % names.length] as string; // the lists are not empty
}
