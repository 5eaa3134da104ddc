type Bytes = Uint8Array<ArrayBuffer>;

/** The functions of Node's zlib that are used here. They are synchronous. */
interface Zlib {
  deflateRawSync(bytes: Bytes): Bytes;
  inflateRawSync(bytes: Bytes): Bytes;
}

interface Host {
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

/**
 * Returns Node's zlib, which takes a twentieth of the time of web streams, or `null` in other runtimes. It is not imported,
 * because bundlers for these runtimes would look for it.
 */
function nodeZlib(): Zlib | null {
  const { process } = globalThis as Host;
  try {
    return (process?.getBuiltinModule?.("node:zlib") ?? null) as Zlib | null; // a Node API
  } catch {
    return null; // Next's edge runtime has a function that throws
  }
}

/** Compresses bytes. `null`: this runtime cannot, as Next's edge runtime, whose `CompressionStream` throws. */
export async function deflate(bytes: Bytes): Promise<Bytes | null> {
  const zlib = nodeZlib();
  if (zlib !== null) return zlib.deflateRawSync(bytes);
  return await through(bytes, () => new CompressionStream("deflate-raw"));
}

/** Restores bytes that {@link deflate} compressed. `null`: this runtime cannot. */
export async function inflate(bytes: Bytes): Promise<Bytes | null> {
  const zlib = nodeZlib();
  if (zlib !== null) return zlib.inflateRawSync(bytes);
  return await through(bytes, () => new DecompressionStream("deflate-raw"));
}

async function through(
  bytes: Bytes,
  create: () => CompressionStream | DecompressionStream,
): Promise<Bytes | null> {
  try {
    const result = new Blob([bytes]).stream().pipeThrough(create());
    return new Uint8Array(await new Response(result).arrayBuffer());
  } catch {
    return null;
  }
}
