import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** Creates a worker's token for one run. It consists of a name for operators and 128 random bits. */
export function createToken(): string {
  const worker = `${hostname()}-${process.pid}-${randomBytes(3).toString("hex")}`;
  return `${worker}.${randomBytes(16).toString("hex")}`;
}
