/** Statuses with which a service may refuse a whole request because of one event: bad, forbidden, too large, invalid. */
const REFUSALS: readonly number[] = [400, 403, 413, 422];
const TOO_LARGE = 413;

/** Whether a request with fewer events may be accepted. */
export function isRefusalStatus(status: number): boolean {
  return REFUSALS.includes(status);
}

/** Items of a request that were refused. */
export interface Refusal<Item> {
  readonly items: readonly Item[];
  readonly status: number;
  readonly error: unknown;
}

/** How the parts of a refused request are sent. */
export interface PartsPorts<Item> {
  /** Sends some items in one request. Returns the refused ones; `null`: none, whatever else became of them. Never rejects. */
  send(items: readonly Item[]): Promise<Refusal<Item> | null>;
  /**
   * Called with items that will not be delivered.
   *
   * @param isAlone - whether the service refused each of them because of its content. Otherwise it refuses every request.
   */
  refused(refusal: Refusal<Item>, isAlone: boolean): void;
}

/**
 * Sends a refused request again in halves, down to the items that the service refuses alone. If both halves and one item of
 * each are refused alike, the service refuses everything, for example by a firewall, and no more requests are sent.
 */
export async function sendInParts<Item>(
  refusal: Refusal<Item>,
  ports: PartsPorts<Item>,
): Promise<void> {
  if (refusal.items.length < 2) {
    ports.refused(refusal, true);
    return;
  }
  const halves = halvesOf(refusal.items);
  const refusals = await sendEach(halves, ports);
  const isAlike = refusals.every((it, i) => isSame(it, refusal, halves[i] ?? []));
  // A limit of the size says nothing about smaller items.
  if (isAlike && refusal.status !== TOO_LARGE) await sendSamples(refusal, halves, ports);
  else await divideAll(refusals, ports);
}

/** Sends one item of each half alone. */
async function sendSamples<Item>(
  refusal: Refusal<Item>,
  halves: readonly (readonly Item[])[],
  ports: PartsPorts<Item>,
): Promise<void> {
  const samples = halves.map((half) => half.slice(0, 1));
  const isSingle = (i: number): boolean => halves[i]?.length === 1;
  const refusals: (Refusal<Item> | null)[] = [];
  for (const [i, items] of samples.entries()) {
    refusals.push(isSingle(i) ? { ...refusal, items } : await ports.send(items));
  }
  if (refusals.every((it, i) => isSame(it, refusal, samples[i] ?? []))) {
    ports.refused(refusal, false);
    return;
  }
  for (const it of refusals) if (it !== null) ports.refused(it, true);
  const rest = halves.map((half) => half.slice(1)).filter(({ length }) => length > 0);
  await divideAll(await sendEach(rest, ports), ports);
}

/** Halves what was refused, until each item is accepted or refused alone. */
async function divideAll<Item>(
  refusals: readonly (Refusal<Item> | null)[],
  ports: PartsPorts<Item>,
): Promise<void> {
  for (const refusal of refusals) {
    if (refusal === null) continue;
    if (refusal.items.length === 1) ports.refused(refusal, true);
    else await divideAll(await sendEach(halvesOf(refusal.items), ports), ports);
  }
}

async function sendEach<Item>(
  parts: readonly (readonly Item[])[],
  ports: PartsPorts<Item>,
): Promise<readonly (Refusal<Item> | null)[]> {
  const refusals: (Refusal<Item> | null)[] = [];
  for (const part of parts) refusals.push(await ports.send(part));
  return refusals;
}

function halvesOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}

function isSame<Item>(
  one: Refusal<Item> | null,
  other: Refusal<Item>,
  items: readonly Item[],
): boolean {
  return one !== null && one.status === other.status && one.items.length === items.length;
}
