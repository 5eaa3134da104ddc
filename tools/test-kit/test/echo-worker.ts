import { startRedis } from "@sortition/test-kit/redis";
import { report, reportFaults, serve, workerOptions } from "@sortition/test-kit/redis-worker";

// The module that the test of `startWorker` starts.
const { greeting } = workerOptions<{ readonly greeting: string }>();
reportFaults();
serve({
  double: (value: number) => 2 * value,
  fail: () => {
    throw new Error("on request");
  },
  reject: () => {
    void Promise.reject(new Error("nobody listens"));
  },
  startRedis: async () => (await startRedis()).pid,
  end: () => process.disconnect(),
});
const holding = setInterval(() => {}, 1_000);
process.once("disconnect", () => clearInterval(holding));
report("started", { greeting });
