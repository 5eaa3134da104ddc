import type { AsyncLocalStorage } from "node:async_hooks";
import type { Scope } from "./scope.js";

const STORAGE = Symbol.for("sortition.posthog.scopes");
type Storage = AsyncLocalStorage<Scope>;

/** One store for the class and the module functions, for the ES module and the CommonJS module. */
function storage(): Storage {
  const known = (globalThis as { [key: symbol]: Storage | undefined })[STORAGE]; // no other package uses it
  if (known !== undefined) return known;
  // Made when it is first used: importing the package starts nothing.
  const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
  const value: Storage = new AsyncLocalStorage();
  Object.defineProperty(globalThis, STORAGE, { value, configurable: true });
  return value;
}

/** The scope of the code that runs; `null` outside all, and where it has ended. */
export function currentScope(): Scope | null {
  const scope = storage().getStore();
  return scope?.isActive === true ? scope : null;
}

/** Runs a function in a scope, which whatever it starts keeps. */
export function runIn<T>(scope: Scope, work: () => T): T {
  return storage().run(scope, work);
}

/** Enters a scope for the rest of the code that runs, and what it starts. */
export function enter(scope: Scope): void {
  storage().enterWith(scope);
}
