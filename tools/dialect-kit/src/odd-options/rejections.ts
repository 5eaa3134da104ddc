import { afterAll, beforeAll } from "vitest";

/**
 * Declares that rejections which a vendor's SDK leaves to the process do not end the run. All others do, as without it.
 *
 * @param folder - what file names of the SDK contain: a stack has one of them.
 */
export function ignoreRejectionsOf(folder: string): void {
  let others: readonly NodeJS.UnhandledRejectionListener[] = [];
  const onRejection: NodeJS.UnhandledRejectionListener = (reason, promise) => {
    const { stack } = (reason ?? {}) as { readonly stack?: unknown };
    if (String(stack).includes(folder)) return;
    for (const listener of others) listener(reason, promise);
  };
  beforeAll(() => {
    others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", onRejection);
  });
  afterAll(() => {
    process.off("unhandledRejection", onRejection);
    for (const listener of others) process.on("unhandledRejection", listener);
  });
}
