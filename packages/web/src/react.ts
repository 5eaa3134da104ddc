export { createHooks, type Hooks, type TypedHooks } from "./hooks/create-hooks.js";
export type { AnyDefault, AnyValue } from "./hooks/typed-values.js";
export type { Value, Widened } from "./reader/reader.js";
export type { Snapshot } from "./reader/snapshot.js";
