import type { StreamWorld } from "./world.js";

/** A fault of a stream. */
export interface StreamFault {
  /** Title with the number of the fault in docs/spec/lifecycle.md §7. */
  readonly title: string;
  /** Whether the fault starts before the client. */
  readonly isFirst: boolean;
  /** Whether the stream is lost. `garbage`: only if the source reconnects after garbage. */
  readonly isLoss: boolean | "garbage";
  /** Whether the next connection may take minutes, because the server refused one. Default: false. */
  readonly isLasting?: boolean;
  strike(world: StreamWorld): Promise<void>;
}

const refusals = [400, 401, 404, 501].map(
  (status): StreamFault => ({
    title: `lifecycle §7 fault 51: a stream that is refused with ${status}`,
    isFirst: true,
    isLoss: true,
    isLasting: status !== 400,
    strike: async ({ server, harness }) => server.on(harness.paths.stream, status),
  }),
);

/** All stream faults, except those that take hours. */
export const STREAM_FAULTS: readonly StreamFault[] = [
  {
    title: "lifecycle §7 fault 45: a stream that never opens",
    isFirst: true,
    isLoss: true,
    strike: async ({ server, harness }) => server.on(harness.paths.stream, "hang"),
  },
  {
    title: "lifecycle §7 fault 46: a stream that opens and never speaks",
    isFirst: true,
    isLoss: true,
    async strike(world) {
      world.server.on(world.harness.paths.stream, "stream");
      world.isMute = true;
    },
  },
  {
    title: "lifecycle §7 fault 47: a stream that falls silent",
    isFirst: false,
    isLoss: true,
    async strike(world) {
      world.isMute = true;
      await world.stage.advance(world.harness.silenceMs ?? 70_000);
      world.isMute = false;
    },
  },
  {
    title: "lifecycle §7 fault 48: a connection that is cut in the middle of an event",
    isFirst: false,
    isLoss: true,
    async strike({ harness, server, stage, stream }) {
      harness.sendBeginning(stream, "z");
      await stage.advance(0);
      server.on(harness.paths.stream, 500);
      stream.reset();
      await stage.advance(0);
    },
  },
  {
    title: "lifecycle §7 fault 49: an event that is garbage",
    isFirst: false,
    isLoss: "garbage",
    async strike({ harness, stage, stream }) {
      harness.sendGarbage(stream);
      await stage.advance(0);
    },
  },
  {
    title: "lifecycle §7 fault 50: an event over the bound",
    isFirst: false,
    isLoss: true,
    isLasting: true,
    async strike({ harness, stage, stream }) {
      stream.send("x".repeat(harness.maxEventBytes + 1));
      await stage.advance(0);
    },
  },
  ...refusals,
  {
    title: "lifecycle §7 fault 52: a server that is gone",
    isFirst: false,
    isLoss: true,
    async strike({ server, stage }) {
      server.connections("refused");
      await stage.advance(0);
    },
  },
  {
    title: "lifecycle §7 fault 55: a change that the dialect refuses",
    isFirst: false,
    isLoss: false,
    async strike({ harness, stage, stream }) {
      harness.sendRefused(stream);
      await stage.advance(0);
    },
  },
];
