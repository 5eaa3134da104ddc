/** What `sortition-relay help` prints. */
export const HELP = `Usage: sortition-relay --config FILE [--listen ADDRESS]
       sortition-relay --dialect NAME [--host HOST] [--listen ADDRESS]
       sortition-relay COMMAND

Asks Eppo, GrowthBook, Amplitude or PostHog for flags, and serves their SDKs of any language.

Options:
  --config FILE     environments, tokens and addresses, as JSON
  --dialect NAME    one environment: eppo, growthbook, amplitude or posthog. Its key is in the variable
                    SORTITION_RELAY_KEY, PostHog's project key in SORTITION_RELAY_PROJECT_KEY
  --host HOST       with --dialect: eu, us, or the URL of the vendor's server. Default: the vendor's cloud
  --listen ADDRESS  a port, or host:port; a port alone is that of 127.0.0.1. Default: 8080

Commands:
  check FILE        checks a configuration, and asks each vendor once; with --offline asks no vendor and needs no secrets
  token             prints a new token and its SHA-256, which is for the configuration
  health            asks a running relay whether it is ready: --listen ADDRESS, or --config FILE
  help, version     print this text, or the version

SORTITION_RELAY_CONFIG and SORTITION_RELAY_LISTEN are the defaults of --config and --listen.

Signals: SIGTERM and SIGINT end the relay after its requests, SIGHUP reads the configuration again.

Exit codes: 0 fine; 1 a vendor refuses, the relay is not ready, or exposures were lost; 2 a bad option or configuration.
`;
