export { checkHistory } from "./checker.js";
export { startCluster } from "./cluster.js";
export type { Served, Stored, WorkerHistory } from "./history.js";
export { machineMs } from "./machine-clock.js";
export { freePort } from "./port.js";
export { startTcpProxy, type TcpProxy } from "./proxy.js";
export { type RawReply, RespConnection } from "./resp.js";
export { startSentinel } from "./sentinel.js";
export { hasRedis, type Monitor, type RedisServer, startRedis } from "./server.js";
export { startVendor, type Vendor, type VendorRequest } from "./vendor.js";
export {
  startWorker,
  type WorkerEnd,
  type WorkerEvent,
  type WorkerProcess,
} from "./worker-process.js";
