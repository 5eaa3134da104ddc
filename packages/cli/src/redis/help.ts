import { optionHelp } from "../help-text.js";

/** What `sortition redis --help` prints. */
export function redisHelp(): string {
  return `Usage: sortition redis status --url URL --namespace NAME [OPTIONS]

Shows the state of a fleet of workers that shares its configuration in Redis: who polls, what is stored
and how old it is, who listens, and what waits in the outbox. Sends read-only commands, and none that
walks over keys. Needs @sortition/redis and ioredis beside this command.

Options:
${optionHelp("--url URL", ["redis://… or rediss://… (default: the variable SORTITION_REDIS_URL)", "of a Cluster, any of its nodes"])}
${optionHelp("--namespace NAME", ["the fleet: fleet.status.namespace, or the log line `became leader`"])}
${optionHelp("--prefix PREFIX", ["what its keys begin with (default: sortition)"])}
${optionHelp("--json", ["print one JSON object instead"])}
${optionHelp("-h, --help", ["this help"])}

Exit codes:
  0   healthy
  1   overdue (no worker polls), or empty (no configuration is stored)
  2   usage error, Redis cannot be reached or used, or a package is missing; nothing is written to stdout

Example:
  SORTITION_REDIS_URL=redis://cache:6379 sortition redis status --namespace eppo-1f9a30c2b7d4
`;
}
