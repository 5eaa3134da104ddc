export { checkHistory } from "./checker.js";
export { type RedisCluster, startCluster } from "./cluster.js";
export type { History, Served, Stored, WorkerHistory } from "./history.js";
export { machineMs } from "./machine-clock.js";
export { freePort } from "./port.js";
export { startTcpProxy, type TcpProxy } from "./proxy.js";
export { type RawReply, type RedisReply, RespConnection } from "./resp.js";
export { type RedisSentinel, startSentinel } from "./sentinel.js";
export {
  hasRedis,
  type Monitor,
  type RedisOptions,
  type RedisServer,
  startRedis,
} from "./server.js";
export {
  startVendor,
  type Vendor,
  type VendorFailure,
  type VendorOptions,
  type VendorRequest,
} from "./vendor.js";
export {
  startWorker,
  type WorkerEnd,
  type WorkerEvent,
  type WorkerOptions,
  type WorkerProcess,
} from "./worker-process.js";
