import type { Digest, PayloadSet } from "@sortition/core/kit";

/** A value by which payloads are recognised later without keeping them. */
export async function fingerprint(payloads: PayloadSet, digest: Digest): Promise<string> {
  const parts = await Promise.all(
    payloads.map(
      async ({ part, bytes }) => `${part} ${Buffer.from(await digest(bytes)).toString("hex")}`,
    ),
  );
  return parts.join("\n");
}
