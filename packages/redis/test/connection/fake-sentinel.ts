import { createServer, type Server, type Socket } from "node:net";

/** Starts a TCP server on a free port. */
export async function listen(onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onConnection).unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

export function portOf(server: Server): { readonly host: string; readonly port: number } {
  const address = server.address();
  return { host: "127.0.0.1", port: typeof address === "object" ? (address?.port ?? 0) : 0 };
}

const DENIAL =
  "-NOPERM User a has no permissions to run the 'sentinel|get-master-addr-by-name' command\r\n";

/** Answers each command like a Sentinel that knows one master and no other Sentinels. */
export function answerAsSentinel(socket: Socket, masterPort: number, isDenied = false): void {
  socket.on("data", (data) => {
    for (const command of data
      .toString()
      .split(/^\*\d+\r\n/m)
      .slice(1)) {
      if (isDenied) socket.write(DENIAL);
      else if (/get-master-addr-by-name/i.test(command)) {
        const port = String(masterPort);
        socket.write(`*2\r\n$9\r\n127.0.0.1\r\n$${port.length}\r\n${port}\r\n`);
      } else if (/sentinels/i.test(command)) socket.write("*0\r\n");
      else socket.write("-ERR unknown command 'HELLO'\r\n");
    }
  });
  socket.on("error", () => {});
}
