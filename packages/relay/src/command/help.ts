import { DIALECT_NAMES, SERVED_NAMES, VENDOR_FACTS } from "../config/config.js";

const ONLY_EVALUATED = DIALECT_NAMES.filter((name) => !SERVED_NAMES.some((it) => it === name)).map(
  (name) => VENDOR_FACTS[name].title,
);

/** What `sortition-relay help` prints. */
export const HELP: string = `Usage: sortition-relay --config FILE [--listen ADDRESS]
       sortition-relay --dialect NAME [--host HOST] [--listen ADDRESS]
       sortition-relay COMMAND

Fetches flags, and serves them to the SDKs of Eppo, GrowthBook, Amplitude and PostHog in any language. Evaluates the flags
of these vendors, ${ONLY_EVALUATED.join(" and ")} for clients of OpenFeature's remote evaluation protocol (OFREP).

Options:
  --config FILE     environments, tokens and addresses, as JSON
  --dialect NAME    serves one environment of this vendor, without a file: eppo, growthbook, amplitude or
                    posthog. Set SORTITION_RELAY_KEY to its key, and for PostHog also
                    SORTITION_RELAY_PROJECT_KEY to the project key
  --host HOST       with --dialect: eu, us, or the URL of the vendor's server. Default: the vendor's cloud
  --listen ADDRESS  a port, or host:port, on which the relay listens. Default: 8080

Commands:
  check [FILE]      checks a configuration file, and sends one request to each vendor
  token             prints a new token, and its SHA-256 for the configuration file
  health            checks whether a running relay is ready
  help, version     print this text, or the version

COMMAND --help prints the options and exit codes of a command.

Environment variables:
  SORTITION_RELAY_CONFIG  default of --config
  SORTITION_RELAY_LISTEN  default of --listen
  SORTITION_RELAY_HOST    address to listen on if --listen or the file gives only a port. Default: 127.0.0.1.
                          It is not related to --host

Signals:
  SIGTERM, SIGINT   fail /readyz and end streams, but serve requests for drainMs (5 s), or until none was received
                    for 1 s. Then deliver the waiting exposures and exit
  SIGHUP            read the configuration file and its secrets again

Exit codes: 0 the relay was stopped; 1 it was stopped, and exposures were lost; 2 an invalid option or file;
            3 it was stopped, and exposures may be lost, because their service did not respond.
`;

/** What `sortition-relay COMMAND --help` prints, by command. */
export const COMMAND_HELP: Readonly<Record<string, string>> = {
  check: `Usage: sortition-relay check [FILE] [--offline]

Checks a configuration file and its secrets, and sends one request to each vendor. Redis is not contacted. FILE defaults to
relay.json; SORTITION_RELAY_CONFIG is not used.

Options:
  --offline  sends no requests, and lists secrets that are not set instead of rejecting them

Exit codes: 0 the file is valid, and each vendor returned flags; 1 a vendor returned none; 2 an invalid option or file.
`,
  token: `Usage: sortition-relay token

Prints a new token for SDKs, and its SHA-256 for "tokens" in the configuration file. Nothing is stored.

Exit codes: 0 success; 2 an invalid option.
`,
  health: `Usage: sortition-relay health [--listen ADDRESS] [--config FILE]

Requests /readyz of a relay on this machine, and prints "ready", "not ready" or "no answer" (none within 5 s).

Options:
  --listen ADDRESS  a port, or host:port. Default: SORTITION_RELAY_LISTEN, or else the address in the file
  --config FILE     file with the address. Default: SORTITION_RELAY_CONFIG, or else port 8080

Exit codes: 0 ready; 1 not ready, or no answer; 2 an invalid option or file.
`,
};
