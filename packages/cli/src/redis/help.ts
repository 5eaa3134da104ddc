import {
  type CommandHelp,
  type CommandOption,
  HELP_OPTION,
  JSON_OPTION,
} from "../help/command-help.js";

const URL_OPTION: CommandOption = {
  name: "url",
  value: "URL",
  help: [
    "redis://… or rediss://…; for a Redis Cluster, any of its nodes",
    "(default: the variable SORTITION_REDIS_URL)",
  ],
};
const PREFIX_OPTION: CommandOption = {
  name: "prefix",
  value: "PREFIX",
  help: ["the prefix of the fleet's keys (default: sortition)"],
};

export const REDIS_STATUS: CommandHelp = {
  name: "redis status",
  summary: "show the state of a fleet that shares its configuration in Redis",
  usage: "--url URL --namespace NAME [OPTIONS]",
  about: [
    "Shows the state of a fleet of workers that shares its configuration in Redis: which worker polls, which",
    "configuration is stored and how old it is, the number of subscribers, and the state of all outboxes. Sends only",
    "read-only commands and does not scan keys. Requires the packages @sortition/redis and ioredis.",
  ],
  options: [
    URL_OPTION,
    {
      name: "namespace",
      value: "NAME",
      help: [
        "the fleet's namespace: see fleet.status.namespace or the log line `became leader`; with the hash",
        "of a source (NAME-1f9a30c2b7d4), shows the configuration of that source",
      ],
    },
    PREFIX_OPTION,
    JSON_OPTION,
    HELP_OPTION,
  ],
  exitCodes: {
    0: "the fleet is healthy",
    1: "the fleet is mixed (two sources use the namespace), overdue (no worker polls) or empty (no configuration is stored)",
    2: "usage error, Redis is unreachable or unusable, or a package is missing; nothing is written to stdout",
  },
  example: [
    "SORTITION_REDIS_URL=redis://cache:6379 sortition redis status --namespace shop-production",
  ],
};

export const REDIS_MOVE: CommandHelp = {
  name: "redis move",
  summary: "move the exposures of an outbox in Redis to another outbox",
  usage: "--url URL --namespace NAME [OPTIONS]",
  about: [
    "Moves exposures that no process delivers to another outbox, for example because the outbox or the namespace was",
    "renamed. `sortition redis status` lists such outboxes. Can be repeated after an interruption. Requires the",
    "packages @sortition/redis and ioredis.",
  ],
  options: [
    URL_OPTION,
    { name: "namespace", value: "NAME", help: ["the namespace that has the exposures"] },
    {
      name: "outbox",
      value: "NAME",
      help: ["the name of the outbox that has the exposures (default: outbox)"],
    },
    {
      name: "to-namespace",
      value: "NAME",
      help: ["the namespace that gets the exposures (default: the same)"],
    },
    {
      name: "to-outbox",
      value: "NAME",
      help: ["the name of the outbox that gets the exposures (default: outbox)"],
    },
    PREFIX_OPTION,
    HELP_OPTION,
  ],
  exitCodes: {
    0: "no exposures are left in the first outbox",
    2: "usage error, a process delivers the first outbox, Redis is unreachable, or a package is missing",
  },
  example: [
    "SORTITION_REDIS_URL=redis://cache:6379 sortition redis move --namespace eppo-1f9a30c2b7d4 --to-namespace shop-production",
  ],
};
