import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type Packed, pack } from "../../scripts/pack.mjs";
import { installConsumer } from "./consumer.ts";
import { findNodes, type NodeBinary } from "./nodes.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly packages: readonly Packed[];
    readonly nodes: readonly NodeBinary[];
    /** Folder in which npm has installed all packages, with the libraries for their tests. */
    readonly consumer: string;
  }
}

/** Packs all packages and installs them once, outside the workspace, whose node_modules would hide a missing dependency. */
export function setup(project: TestProject): () => void {
  const packages = pack();
  const consumer = mkdtempSync(join(tmpdir(), "sortition-consumer-"));
  installConsumer(consumer, packages, packages);
  project.provide("packages", packages);
  project.provide("nodes", findNodes());
  project.provide("consumer", consumer);
  return () => rmSync(consumer, { recursive: true, force: true });
}
