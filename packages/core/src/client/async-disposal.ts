declare global {
  /**
   * Declared here as in `@types/node`, because this package's declarations have to compile with a `lib` older than
   * `ESNext.Disposable`. TypeScript merges equal declarations.
   */
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** Can be declared with `await using`, which closes it at the end of the block. */
export interface AsyncDisposal {
  /** Calls `close()` with its default deadline. */
  [Symbol.asyncDispose](): Promise<void>;
}
