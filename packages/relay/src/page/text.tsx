import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { MAX_TEXT, shown } from "./shown.js";

/** A text of a payload or of a person. A long one is cut, and says how long it is; `all` leads to the whole of it. */
export function Text({ all = null, text }: { text: string; all?: Child }): JSX.Element {
  if (text.length <= MAX_TEXT) return <bdi>{withDates(shown(text))}</bdi>;
  return (
    <>
      <bdi>{withDates(shown(text.slice(0, MAX_TEXT)))}</bdi>…{" "}
      <span class="quiet">{lengthText(text)}</span> {all}
    </>
  );
}

/** Text with JSON. Lines break after separators if possible. Long text is truncated like {@link Text}. */
export function Json({ all = null, text }: { text: string; all?: Child }): JSX.Element {
  const parts = shown(text.slice(0, MAX_TEXT)).split(/(?<=[,[{]|":)(?! )(?<!\d,(?=\d{3}))/);
  const isCut = text.length > MAX_TEXT;
  return (
    <>
      <bdi>
        {parts.map((it, i) => (
          <>
            {i === 0 ? null : <wbr />}
            {withDates(it)}
          </>
        ))}
      </bdi>
      {isCut ? (
        <>
          … <span class="quiet">{lengthText(text)}</span> {all}
        </>
      ) : null}
    </>
  );
}

/** Prevents line breaks inside dates. */
function withDates(text: string): Child {
  const parts = text.split(/(\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?Z)?)/);
  if (parts.length === 1) return text;
  return parts.map((it, i) => (i % 2 === 0 ? it : <span class="date">{it}</span>));
}

function lengthText(text: string): string {
  return `(${text.length.toLocaleString("en-US")} characters)`;
}

/** A moment, in UTC. */
export function Time({ ms }: { ms: number | null }): JSX.Element {
  if (ms === null) return <span class="quiet">unknown</span>;
  return <time datetime={isoText(ms)}>{instantText(ms)}</time>;
}

/** A moment in UTC to the millisecond, for addresses and attributes. */
export function isoText(ms: number): string {
  return new Date(ms).toISOString();
}

/** A moment in UTC to the second: `2026-02-01 12:30:00Z`. */
export function instantText(ms: number): string {
  return isoText(ms)
    .replace("T", " ")
    .replace(/\.\d+Z$/, "Z");
}
