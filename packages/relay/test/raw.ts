import { connect } from "node:net";

/** Sends bytes to a port on loopback, and resolves with everything received once the connection has ended. */
export function rawExchange(
  port: number,
  ...chunks: readonly (string | Buffer)[]
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.setEncoding("latin1").on("data", (data: string) => {
      text += data;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
    for (const chunk of chunks) socket.write(chunk);
  });
}

/** Returns the status of a raw response; 0 if there is none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}
