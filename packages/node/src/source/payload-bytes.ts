import type { Digest, PayloadSet } from "@sortition/core/source";

/** Whether two payload sets have the same parts with the same bytes, whatever their etags. */
export function hasSameBytes(a: PayloadSet, b: PayloadSet): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every(({ part, bytes }) => {
      const other = b.find((payload) => payload.part === part);
      return (
        other !== undefined && (other.bytes === bytes || Buffer.compare(other.bytes, bytes) === 0)
      );
    })
  );
}

/** A value by which payloads are recognised later without keeping them. */
export async function fingerprint(payloads: PayloadSet, digest: Digest): Promise<string> {
  const parts = await Promise.all(
    payloads.map(
      async ({ part, bytes }) => `${part} ${Buffer.from(await digest(bytes)).toString("hex")}`,
    ),
  );
  return parts.join("\n");
}
