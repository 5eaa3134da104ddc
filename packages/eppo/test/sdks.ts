import { createRequire } from "node:module";
import * as vendor from "@eppo/node-server-sdk";
import * as ours from "../src/index.js";

/** The exports that both packages have. */
export type Sdk = Pick<
  typeof ours,
  "init" | "getInstance" | "EppoAssignmentLogger" | "NO_OP_EVENT_DISPATCHER"
>;

/** One of the two packages. */
export interface NamedSdk {
  readonly name: "the vendor" | "ours";
  readonly sdk: Sdk;
}

const sdkPath = createRequire(import.meta.url).resolve("@eppo/node-server-sdk");
const { applicationLogger } = createRequire(sdkPath)("@eppo/js-client-sdk-common") as {
  readonly applicationLogger: { level: string };
};
applicationLogger.level = "silent";

/** The vendor's package. Its types use `any` and enums where ours use `unknown` and strings. */
export const VENDOR: NamedSdk = { name: "the vendor", sdk: vendor as unknown as Sdk };
export const OURS: NamedSdk = { name: "ours", sdk: ours };
