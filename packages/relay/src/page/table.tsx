import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";

interface TableProps {
  readonly caption: string;
  readonly head: readonly string[];
  /** Whether rows become blocks on a narrow screen. Their cells then need `data-label`. */
  readonly isStacked?: boolean;
  readonly children?: Child;
}

/** A table that scrolls horizontally if it is wider than the window. */
export function Table({ caption, children, head, isStacked = false }: TableProps): JSX.Element {
  return (
    <section class="table" tabindex={0} aria-label={caption}>
      <table class={isStacked ? "stacked" : ""}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((title) => (
              <th scope="col">{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
