import type { Frame, InAppRules } from "./frame.js";
import { parseStack } from "./stack.js";

/**
 * Chunk ids by a stack from within the chunk. Bundlers write the first, and `posthog-cli` the second, which takes
 * precedence.
 */
interface ChunkGlobals {
  readonly _debugIds?: Readonly<Record<string, string>>;
  readonly _posthogChunkIds?: Readonly<Record<string, string>>;
}

/** File by stack, cached. */
const files = /* @__PURE__ */ new Map<string, string | undefined>();

/** Adds the chunk id to each frame in a chunk. The server uses it to find the uploaded source map. */
export function addChunkIds(frames: readonly Frame[], rules: InAppRules): void {
  const { _debugIds, _posthogChunkIds } = globalThis as ChunkGlobals;
  const chunks = new Map<string | undefined, string>();
  for (const ids of [_debugIds, _posthogChunkIds]) {
    for (const [stack, id] of Object.entries(ids ?? {})) {
      if (!files.has(stack)) files.set(stack, fileOf(stack, rules));
      const file = files.get(stack);
      if (file && id) chunks.set(file, id);
    }
  }
  for (const frame of frames) frame.chunk_id = chunks.get(frame.filename);
}

/** Returns the file of the innermost frame that has one. */
function fileOf(stack: string, rules: InAppRules): string | undefined {
  try {
    return parseStack(stack, 0, rules).findLast(({ filename }) => filename)?.filename;
  } catch {
    return undefined; // a file name that is not properly encoded
  }
}
