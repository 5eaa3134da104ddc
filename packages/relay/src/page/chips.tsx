import type { JSX } from "hono/jsx/jsx-runtime";

const STATES: Readonly<Record<string, string>> = {
  ready: "good",
  enabled: "good",
  added: "good",
  stale: "warn",
  initializing: "warn",
  changed: "warn",
  error: "bad",
  malformed: "bad",
  "re-randomised": "bad",
};

/** A coloured label for a state. `null`: not started. */
export function StateChip({ state }: { state: string | null }): JSX.Element {
  const word = state ?? "not started";
  return <span class={`chip ${STATES[word] ?? ""}`}>{word}</span>;
}
