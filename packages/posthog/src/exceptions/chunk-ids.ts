import type { Frame, InAppRules } from "./frame.js";
import { parseStack } from "./stack.js";

/** Ids of chunks, by a stack from within the chunk. Bundlers write the first, `posthog-cli` the second, which wins. */
interface ChunkGlobals {
  readonly _debugIds?: Readonly<Record<string, string>>;
  readonly _posthogChunkIds?: Readonly<Record<string, string>>;
}

/** The file of each stack that was looked at. */
const files = /* @__PURE__ */ new Map<string, string | undefined>();

/** Names the chunk of each frame that is in one: by it the server finds the uploaded source map. */
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

/** The file of the innermost frame that has one. */
function fileOf(stack: string, rules: InAppRules): string | undefined {
  try {
    return parseStack(stack, 0, rules).findLast(({ filename }) => filename)?.filename;
  } catch {
    return undefined; // a file name that is not properly encoded
  }
}
