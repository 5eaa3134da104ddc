/** How many flags a page has. */
export const PAGE_SIZE = 100;

/** Part of a list. */
export interface Page<Item> {
  /** Number of all. */
  readonly total: number;
  /** Index of the first one that is here. */
  readonly from: number;
  readonly items: readonly Item[];
}

/** @param from - index of the first item; beyond the end there is none. */
export function pageOf<Item>(all: readonly Item[], from: number): Page<Item> {
  return { total: all.length, from, items: all.slice(from, from + PAGE_SIZE) };
}
