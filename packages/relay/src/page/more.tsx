import type { JSX } from "hono/jsx/jsx-runtime";

/** Maximum number of entries of a list that are shown. */
export const MAX_LIST = 50;

interface MoreProps {
  readonly list: readonly unknown[];
  readonly max?: number;
  readonly all: JSX.Element;
}

/** Says how many entries of a list are not shown. */
export function More({ all, list, max = MAX_LIST }: MoreProps): JSX.Element | null {
  const left = list.length - max;
  if (left <= 0) return null;
  return (
    <li>
      {left.toLocaleString("en-US")} more: {all}
    </li>
  );
}
