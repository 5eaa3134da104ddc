import { type DestinationStream, type Logger, pino } from "pino";

/**
 * Creates the relay's log: one line of JSON per message, without keys, tokens, URLs or addresses of callers.
 *
 * @param destination - default: stdout.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    // The container's runtime adds the host name and the process id.
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
