/** Interval at which each process notes its source. */
export const NOTE_EVERY_MS = 60_000;
/** A source that no process has noted for this long has no process any more. */
export const GONE_MS = 150_000;
/** How long processes of two sources may share a namespace: a rolling deployment takes less. */
const OVERLAP_MS = 600_000;

/** A source whose processes use a namespace, or did. */
export interface NotedSource {
  /** 12 hex digits of the scope of its origin. */
  readonly source: string;
  /** Since when there has always been a process. Redis's clock, ms. */
  readonly sinceMs: number;
  /** When a process last noted it. Redis's clock, ms. */
  readonly seenMs: number;
}

/** Parses the fields of the key `sources`. The source that was noted last comes first. */
export function notedSources(
  fields: Iterable<readonly [source: string, times: string]>,
): readonly NotedSource[] {
  const noted: NotedSource[] = [];
  for (const [source, times] of fields) {
    const [, since, seen] = /^(\d+) (\d+)$/.exec(times) ?? [];
    if (since !== undefined) noted.push({ source, sinceMs: Number(since), seenMs: Number(seen) });
  }
  return noted.sort((a, b) => b.seenMs - a.seenMs);
}

/** Whether a source has a process. */
export function isAlive({ seenMs }: NotedSource, nowMs: number): boolean {
  return nowMs - seenMs <= GONE_MS;
}

/**
 * Returns the sources that have shared the namespace with another one for too long. It was probably
 * given to two environments by mistake.
 */
export function mixedSources(noted: readonly NotedSource[], nowMs: number): readonly string[] {
  const alive = noted.filter((it) => isAlive(it, nowMs));
  const overlapMs = (a: NotedSource, b: NotedSource): number =>
    Math.min(a.seenMs, b.seenMs) - Math.max(a.sinceMs, b.sinceMs);
  return alive
    .filter((it) => alive.some((other) => other !== it && overlapMs(it, other) >= OVERLAP_MS))
    .map(({ source }) => source)
    .sort();
}
