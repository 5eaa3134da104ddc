import type { Client } from "@sortition/core";
import { FLAG } from "../cells/evaluations.js";
import { eppoWriter } from "../dialects/eppo/writer.js";
import { type Change, MARKER, versionBytes } from "../dialects/writer.js";

/** The configuration of a fleet: versions of a large shop, or the constant configuration of `W1`. */
export type FleetPayload =
  | { readonly kind: "versions"; readonly flagCount: number; readonly change: Change }
  | { readonly kind: "halves" };

/** 50 KB. */
export const SMALL: FleetPayload = { kind: "versions", flagCount: 55, change: "one" };
/** 1.7 MB. */
export const LARGE: FleetPayload = { kind: "versions", flagCount: 1_900, change: "one" };
/** 9 MB. */
export const HUGE: FleetPayload = { kind: "versions", flagCount: 10_000, change: "all" };
export const HALVES: FleetPayload = { kind: "halves" };

/** Returns a function for the body of each version. It is cached, because creating a large one takes too long. */
export function bodiesOf(payload: FleetPayload): (version: number) => string {
  if (payload.kind === "halves") {
    const body = textOf(eppoWriter.bytes([eppoWriter.half(FLAG)]));
    return () => body;
  }
  const templates = [0, 1].map((version) => {
    const text = textOf(versionBytes(eppoWriter, payload.change, version, {}, payload.flagCount));
    const value = JSON.stringify(`${version}`);
    const at = text.lastIndexOf(value, text.lastIndexOf('"allocations"'));
    if (at < text.lastIndexOf(MARKER)) throw new Error("the version is at an unexpected position");
    return [text.slice(0, at), text.slice(at + value.length)] as const;
  });
  return (version) => {
    const [before, after] = templates[version % 2] ?? ["", ""];
    return `${before}${JSON.stringify(`${version}`)}${after}`;
  };
}

/** Returns the version that a client serves; 0 without a configuration. */
export function servedVersion(client: Pick<Client, "getStringAssignment">): number {
  return Number(client.getStringAssignment(MARKER, "user-1", {}, "0"));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
