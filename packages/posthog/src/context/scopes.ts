import type { AsyncLocalStorage } from "node:async_hooks";
import type { Scope } from "./scope.js";

const STORAGE = Symbol.for("sortition.posthog.scopes");
type Storage = AsyncLocalStorage<Scope>;

/** Returns the store that the class and the module functions share, in both the ES module and the CommonJS module. */
function storage(): Storage {
  const known = (globalThis as { [key: symbol]: Storage | undefined })[STORAGE]; // no other package uses this symbol
  if (known !== undefined) return known;
  // Created on first use, so that importing the package has no side effects.
  const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
  const value: Storage = new AsyncLocalStorage();
  Object.defineProperty(globalThis, STORAGE, { value, configurable: true });
  return value;
}

/** Returns the scope of the running code, or `null` if there is none or it has ended. */
export function currentScope(): Scope | null {
  const scope = storage().getStore();
  return scope?.isActive === true ? scope : null;
}

/** Runs a function in a scope, which any work it starts inherits. */
export function runIn<T>(scope: Scope, work: () => T): T {
  return storage().run(scope, work);
}

/** Enters a scope for the rest of the running code and any work it starts. */
export function enter(scope: Scope): void {
  storage().enterWith(scope);
}
