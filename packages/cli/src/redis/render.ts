import type { Paint } from "@sortition/core/dialect";
import { printable } from "@sortition/core/dialect-internal";
import type { FleetOutbox, FleetStatus } from "@sortition/redis/status";
import { table } from "../text/table.js";
import { count, countText } from "../text/values.js";

/** Renders the state of a fleet as text that ends with a line feed. */
export function renderStatus(status: FleetStatus, paint: Paint): string {
  const { health, namespace } = status;
  const title = `${paint(health, health === "healthy" ? "green" : "red")}  ${printable(namespace)}`;
  const rows = [
    ...namespaceRows(status),
    ...serverRows(status),
    ...evictionRows(status),
    ...sourceRows(status),
    ...leaderRows(status),
    ...configurationRows(status),
    ...pollRows(status),
  ];
  const body = table([...rows, ...useRows(status)], [16, 80]).map(printable);
  return `${[title, "", ...body].join("\n")}\n`;
}

type Row = readonly [name: string, value: string];

/** The usual case, a namespace that is used, needs no row. */
function namespaceRows({ configuration, fence, outboxes, sources }: FleetStatus): Row[] {
  if (configuration !== null || fence !== null || outboxes === null) return [];
  if (sources.length + outboxes.length > 0) return [];
  return [
    ["namespace", "nothing was ever written to it: are --url, --namespace and --prefix right?"],
  ];
}

/** The usual case, a primary, needs no row. */
function serverRows({ server }: FleetStatus): Row[] {
  if (server === "replica") return [["server", "a replica, which accepts no writes"]];
  if (server !== "cut-off-replica") return [];
  return [
    ["server", "a replica without a connection to its primary, so this status may be outdated"],
  ];
}

/** The usual case, `noeviction` or no limit, needs no row. */
function evictionRows({ eviction }: FleetStatus): Row[] {
  if (eviction === null || eviction.length === 0) return [];
  const loss = eviction.some((it) => it.startsWith("allkeys"))
    ? "any key may vanish"
    : "sticky assignments may vanish, and exposures may be logged again";
  return [["eviction", `${eviction.join(", ")}: ${loss}; set maxmemory-policy to noeviction`]];
}

/** The usual case, one source, needs no row. */
function sourceRows({ health, namespace, sources }: FleetStatus): Row[] {
  const alive = sources.filter(({ isAlive }) => isAlive);
  if (alive.length < 2) return [];
  const names = alive.map(({ source }) => `${namespace}-${source}`);
  return [
    ["sources", `${names.join(", ")} (the rows below show the first)`],
    ...(health === "mixed"
      ? [
          [
            "",
            "both have used the namespace for ten minutes: give each environment its own",
          ] as const,
        ]
      : []),
  ];
}

function leaderRows({ fence, leader }: FleetStatus): Row[] {
  return [
    [
      "leader",
      leader === null
        ? "none"
        : `${leader.worker}, lease expires in ${durationText(leader.leaseMs)}`,
    ],
    ["fence", fence === null ? "none" : `${fence.n} of ${fence.worker}`],
  ];
}

function configurationRows({ configuration }: FleetStatus): Row[] {
  if (configuration === null) return [["configuration", "none stored"]];
  const { dialect, omitted, parts, publishedBy, revision, sha } = configuration;
  return [
    ["configuration", `${dialect}, revision ${revision}, ${sha.slice(0, 16)}, by ${publishedBy}`],
    ...parts.map(({ name, sizeBytes, storedBytes }): Row => {
      const stored = storedBytes === sizeBytes ? "" : `, stored as ${count(storedBytes)}`;
      return [`  ${name}`, `${count(sizeBytes)} bytes${stored}`];
    }),
    ...omitted.map((name): Row => [`  ${name}`, "omitted (too large)"]),
  ];
}

function pollRows({ leader, poll }: FleetStatus): Row[] {
  if (poll === null)
    return [
      ["polls", leader === null ? "none yet" : "none completed yet; the first is in progress"],
    ];
  const { dueInMs, failures, okAgeMs, outcome, status } = poll;
  const http = status === null ? "" : `, status ${status}`;
  const failed = failures === 0 ? "" : `, ${countText(failures, "consecutive failure")}`;
  return [
    ["last success", okAgeMs === null ? "none yet" : `${durationText(okAgeMs)} ago`],
    [
      "next poll",
      dueInMs === null
        ? "unknown"
        : dueInMs >= 0
          ? `due in ${durationText(dueInMs)}`
          : `was due ${durationText(-dueInMs)} ago`,
    ],
    ["last outcome", `${outcome}${http}${failed}`],
  ];
}

function useRows({ namespace, outbox, outboxes, subscribers }: FleetStatus): Row[] {
  const denied = "unknown (this Redis user lacks permission)";
  return [
    ["subscribers", subscribers === null ? denied : count(subscribers)],
    ["outbox", outbox === null ? denied : outboxText(outbox)],
    ...(outboxes ?? [])
      .filter(({ name }) => name !== "outbox")
      .map((it): Row => [`  ${it.name}`, outboxText(it)]),
    ...(outboxes ?? [])
      .filter(({ consumers, length }) => length > 0 && consumers === 0)
      .flatMap(({ name }): Row[] => [
        ["not delivered", `${name}: start a process that delivers it, or move its exposures:`],
        ["", `sortition redis move --namespace ${namespace} --outbox ${name}`],
      ]),
  ];
}

function outboxText({ dead, length, pending }: FleetOutbox): string {
  return `${count(length)} waiting, ${count(pending)} of them pending, ${count(dead)} dead`;
}

function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(1)} h`;
}
