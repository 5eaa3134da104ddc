import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";

interface TableProps {
  readonly caption: string;
  readonly head: readonly string[];
  /** For a script that fills the table. */
  readonly bodyId?: string;
  readonly children?: Child;
}

/** A table that scrolls where it is wider than the window. */
export function Table({ bodyId, caption, children, head }: TableProps): JSX.Element {
  return (
    <section class="table" tabindex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((title) => (
              <th scope="col">{title}</th>
            ))}
          </tr>
        </thead>
        <tbody id={bodyId}>{children}</tbody>
      </table>
    </section>
  );
}
