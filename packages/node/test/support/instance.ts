/** Removes the instance of `init` and `getInstance`, so that a test starts without one. */
export function forgetInstance(): void {
  for (const key of Object.getOwnPropertySymbols(globalThis)) {
    if (key.description?.startsWith("@sortition/node ")) Reflect.deleteProperty(globalThis, key);
  }
}
