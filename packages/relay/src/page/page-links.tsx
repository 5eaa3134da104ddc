import type { JSX } from "hono/jsx/jsx-runtime";
import { PAGE_SIZE, type Page } from "../explain/paging.js";

interface PageLinksProps {
  readonly page: Page<unknown>;
  /** @param from - index of the first item. */
  readonly address: (from: number) => string;
}

/** Which part of a list is shown, and links to what is before and behind it. */
export function PageLinks({ address, page }: PageLinksProps): JSX.Element | null {
  const { from, items, total } = page;
  const next = from + items.length;
  if (from === 0 && next >= total) return null;
  return (
    <nav class="parts" aria-label="Pagination">
      <ul>
        <li>{rangeText(page)}</li>
        {from > 0 ? (
          <li>
            <a href={address(Math.max(0, from - PAGE_SIZE))}>Previous</a>
          </li>
        ) : null}
        {next < total ? (
          <li>
            <a href={address(next)}>Next</a>
          </li>
        ) : null}
      </ul>
    </nav>
  );
}

/** `101 to 200 of 10,000`. */
export function rangeText({ from, items, total }: Page<unknown>): string {
  const [first, last, all] = [from + 1, from + items.length, total].map((it) =>
    it.toLocaleString("en-US"),
  );
  return items.length === 0 ? `none of ${all}` : `${first} to ${last} of ${all}`;
}
