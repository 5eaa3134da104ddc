import type { AsyncLocalStorage } from "node:async_hooks";
import type { Scope } from "./scope.js";

/** The contexts of one client. Each client has its own, because clients may send to different projects. */
export class Contexts {
  /** Created on first use, because on Node.js before 24 each store slows down all asynchronous work. */
  #storage: AsyncLocalStorage<Scope> | null = null;

  /** Returns the scope of the running code, or `null` if there is none or it has ended. */
  current(): Scope | null {
    const scope = this.#storage?.getStore();
    return scope?.isActive === true ? scope : null;
  }

  /** Runs a function in a scope, which any work it starts inherits. */
  run<T>(scope: Scope, work: () => T): T {
    return this.#started().run(scope, work);
  }

  /** Enters a scope for the rest of the running code and any work it starts. */
  enter(scope: Scope): void {
    this.#started().enterWith(scope);
  }

  /** Shares the store of other contexts, in which code may already be running. */
  continueFrom(other: Contexts): void {
    this.#storage = other.#started();
  }

  #started(): AsyncLocalStorage<Scope> {
    if (this.#storage === null) {
      const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
      this.#storage = new AsyncLocalStorage();
    }
    return this.#storage;
  }
}
