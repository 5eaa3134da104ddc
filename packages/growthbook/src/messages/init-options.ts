import { hintFor } from "@sortition/core/internal";
import type { InitOptions } from "../client/options.js";
import { CLIENT_OPTIONS, INSTANCE_OPTIONS } from "./option-checks.js";
import type { Reports } from "./reports.js";

const NAMES: readonly (keyof InitOptions)[] = [
  ...(["timeout", "skipCache", "payload", "streaming"] as const),
  ...(["pollingInterval", "cacheSettings"] as const),
];

/** Warns about options of `init` that have no effect, such as those of the constructor. */
export function checkInitOptions(options: object, reports: Reports): void {
  for (const name of Object.keys(options)) {
    if ((NAMES as readonly string[]).includes(name)) continue;
    const isOwn = INSTANCE_OPTIONS.has(name) || CLIENT_OPTIONS.has(name);
    const hint = isOwn ? `; pass it to the constructor: { ${name} }` : hintFor(name, NAMES);
    reports.warn(`init(): unknown option ${name}${hint}`, { option: name });
  }
  const { timeout }: { readonly timeout?: unknown } = options;
  if (timeout === undefined || timeout === null || typeof timeout === "number") return;
  const message = `init(): timeout is a ${typeof timeout}: pass milliseconds, such as 2_000`;
  reports.warn(message, { option: "timeout" });
}
