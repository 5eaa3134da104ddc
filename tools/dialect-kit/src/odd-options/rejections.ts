import { afterAll, beforeAll } from "vitest";

/**
 * Ignores unhandled rejections of a vendor's SDK, so that they do not end the run. All others still
 * do.
 *
 * @param folder - part of the SDK's file names. A rejection is ignored if its stack contains it.
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
