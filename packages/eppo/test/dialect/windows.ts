import { type Edge, edges, MISSING, type Random } from "@sortition/dialect-kit/differential";

/** Windows start and end around this time. */
export const NOON_MS: number = Date.UTC(2025, 5, 15, 12);

/** Times of calls. */
export const MOMENTS: readonly number[] = [NOON_MS, NOON_MS - 1, NOON_MS + 1];

function bounds(name: string): readonly Edge[] {
  return edges({
    [`${name}: now`]: new Date(NOON_MS).toISOString(),
    [`${name}: past`]: "2024-01-01T00:00:00.000Z",
    [`${name}: future`]: "2030-01-01T00:00:00.000Z",
    [`${name}: offset`]: "2025-06-15T14:00:00+02:00",
    [`${name}: zone-less`]: "2025-06-15T12:00:00",
    [`${name}: date-only`]: "2025-06-15",
    [`${name}: loose format`]: "15 June 2025 12:00 GMT",
    [`${name}: unparsable`]: "garbage",
    [`${name}: beyond dates`]: "+275760-09-13T00:00:00.001Z",
    [`${name}: empty`]: "",
    [`${name}: null`]: null,
    [`${name}: number`]: NOON_MS,
    [`${name}: zero`]: 0,
    [`${name}: true`]: true,
    [`${name}: object`]: {},
  });
}

const STARTS = bounds("startAt");
const ENDS = bounds("endAt");

/** Names of all edge cases of windows. */
export const WINDOW_EDGES: readonly string[] = [...STARTS, ...ENDS].map(({ name }) => name);

/** When an allocation is active. */
export interface GeneratedWindow {
  readonly startAt: unknown;
  readonly endAt: unknown;
  readonly edges: readonly string[];
}

/** Generates the window of one allocation. `form` is that of the body. */
export function generateWindow(random: Random, form: string): GeneratedWindow {
  // A bad date breaks the whole obfuscated flag, which hides its other edge cases.
  const probability = form === "hashed" ? 0.06 : 0.25;
  const start = random.chance(probability) ? random.pick(STARTS) : null;
  const end = random.chance(probability) ? random.pick(ENDS) : null;
  return {
    startAt: start === null ? MISSING : start.value,
    endAt: end === null ? MISSING : end.value,
    edges: [start, end].flatMap((edge) => edge?.name ?? []),
  };
}
