import { startTcpProxy, startVendor, type TcpProxy } from "@sortition/test-kit/redis";
import { Fleet, type FleetSettings, type FleetWorker } from "./fleet.js";

/** A fleet whose workers each reach Redis through their own proxy. */
export interface Proxied extends AsyncDisposable {
  readonly fleet: Fleet;
  proxyOf(worker: FleetWorker): TcpProxy;
  readonly proxies: readonly TcpProxy[];
}

/** Starts such a fleet, with these options of `redis()` and payloads of about this size. */
export async function startProxied(
  workers: number,
  {
    options = {},
    paddingBytes = 0,
  }: Partial<Pick<FleetSettings, "options">> & { paddingBytes?: number } = {},
): Promise<Proxied> {
  const vendor = await startVendor(paddingBytes);
  const fleet = await Fleet.start({ workers: 0, vendor, options });
  const proxies = new Map<FleetWorker, TcpProxy>();
  for (let i = 0; i < workers; i++) {
    const proxy = await startTcpProxy(fleet.server.port);
    const [worker] = await fleet.add(1, { target: { kind: "url", url: proxy.url } });
    if (worker !== undefined) proxies.set(worker, proxy);
  }
  await fleet.untilAll(1);
  return {
    fleet,
    proxies: [...proxies.values()],
    proxyOf(worker) {
      const proxy = proxies.get(worker);
      if (proxy === undefined) throw new Error("no proxy");
      return proxy;
    },
    async [Symbol.asyncDispose]() {
      await fleet[Symbol.asyncDispose]();
      await Promise.all([vendor.close(), ...[...proxies.values()].map((proxy) => proxy.close())]);
    },
  };
}
