declare global {
  /**
   * Declared here too, as `@types/node` does, because the declarations of this package have to compile
   * with a `lib` that does not have it (before `ESNext.Disposable`). Equal declarations merge.
   */
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** Ends at the end of a block that declares it by `await using`. */
export interface AsyncDisposal {
  /** `close()` with its default deadline. */
  [Symbol.asyncDispose](): Promise<void>;
}
