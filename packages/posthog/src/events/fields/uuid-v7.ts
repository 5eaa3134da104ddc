const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Number of identifiers for which random bytes are created at once. */
const POOL_SIZE = 128;
const RANDOM_BYTES = 10;
const HEX: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, i) =>
  i.toString(16).padStart(2, "0"),
);

const pool = /* @__PURE__ */ new Uint8Array(POOL_SIZE * RANDOM_BYTES);
let used = POOL_SIZE;

/** Creates a UUID of version 7: 48 bits of time, then random bits (RFC 9562, section 5.7). */
export function uuidv7(nowMs: number = Date.now()): string {
  if (used === POOL_SIZE) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const at = used++ * RANDOM_BYTES;
  const byte = (i: number): number => pool[at + i] as number; // within the pool
  const time = nowMs.toString(16).padStart(12, "0");
  const hex = (i: number): string => HEX[byte(i)] as string; // a byte is below 256
  const version = HEX[0x70 | (byte(0) & 0x0f)] as string;
  const variant = HEX[0x80 | (byte(2) & 0x3f)] as string;
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-${version}${hex(1)}-${variant}${hex(3)}-` +
    `${hex(4)}${hex(5)}${hex(6)}${hex(7)}${hex(8)}${hex(9)}`
  );
}

/** Returns whether a value has the form of a UUID of any version. */
export function isUuid(value: unknown): value is string {
  return typeof value === "string" && UUID.test(value);
}
