import { onTestFinished, vi } from "vitest";

/** Replaces what Next's edge runtime has stubs of, which throw, until the test ends or the returned function is called. */
export function becomeNextEdge(): () => void {
  const load = vi.spyOn(process, "getBuiltinModule").mockImplementation(() => {
    throw new Error("Native module not found");
  });
  for (const name of ["CompressionStream", "DecompressionStream"]) {
    vi.stubGlobal(name, function throwing() {
      throw new Error(
        `A Node.js API is used (${name}) which is not supported in the Edge Runtime.`,
      );
    });
  }
  const restore = () => {
    load.mockRestore();
    vi.unstubAllGlobals();
  };
  onTestFinished(restore);
  return restore;
}
