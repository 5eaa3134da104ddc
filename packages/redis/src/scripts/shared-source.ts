import readText from "../lua/read.lua";
import releaseText from "../lua/release.lua";
import reportText from "../lua/report.lua";
import restoreText from "../lua/restore.lua";
import settleText from "../lua/settle.lua";
import storeText from "../lua/store.lua";
import tickText from "../lua/tick.lua";
import { createScript, type Script } from "./script.js";

/** Reads the shared state, and takes or renews the lease. */
export const TICK: Script = createScript(tickText);
/** Ends a poll, and publishes changed content. */
export const SETTLE: Script = createScript(storeText, settleText);
export const READ: Script = createScript(readText);
/** Restores a configuration that Redis has lost. */
export const RESTORE: Script = createScript(storeText, restoreText);
/** Reports that the stored configuration is damaged. */
export const REPORT: Script = createScript(reportText);
/** Releases the lease. */
export const RELEASE: Script = createScript(releaseText);
