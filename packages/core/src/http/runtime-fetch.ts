/** Matches the source of the built-in `fetch` of Node.js, of Bun and workerd, and of Deno. */
const RUNTIME_SOURCE = /internal\/deps\/undici|\[native code\]|webidl/;

/** Returns whether a function looks like the runtime's own `fetch`, which caches nothing, unlike a framework's. */
export function isRuntimeFetch(fetch: unknown): boolean {
  return (
    typeof fetch === "function" && RUNTIME_SOURCE.test(Function.prototype.toString.call(fetch))
  );
}
