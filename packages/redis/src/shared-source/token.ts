import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** A token of a worker, new for each run: its name for operators, and 128 random bits. */
export function createToken(): string {
  const worker = `${hostname()}-${process.pid}-${randomBytes(3).toString("hex")}`;
  return `${worker}.${randomBytes(16).toString("hex")}`;
}
