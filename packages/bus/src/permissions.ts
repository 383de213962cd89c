import { SlipwayError } from "@slipway/kernel";
import { assignmentsLayout, endpointsLayout } from "./feed-layout.ts";
import { escapeToken } from "./subject.ts";
import { TOPOLOGY } from "./topology.ts";

/** Somebody who may connect to NATS. */
export type NatsUser = {
  readonly user: string;
  /** In clear or as a bcrypt hash (`$2a$…`). */
  readonly password: string;
} & ({ readonly role: "control-plane" } | { readonly role: "node"; readonly node: string });

/** Subjects that a user may publish and subscribe to. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Where the answers to a node agent's own requests go, so that no node can read another's. */
export const nodeInboxPrefix = (node: string): string => `_INBOX.node.${escapeToken(node)}`;

/**
 * What a user may do. The services of the control plane may do everything. A node agent writes its own reports,
 * heartbeats and answers and any container's logs, and reads its own assignments and all endpoints: a consumer's
 * filter stands in the subject that creates it, so that the server can tell.
 */
export const permissionsOf = (user: NatsUser): NatsPermissions => {
  if (user.role === "control-plane") return { publish: [">"], subscribe: [">"] };
  const node = escapeToken(user.node);
  const create = "$JS.API.CONSUMER.CREATE";
  const { assignments, endpoints } = TOPOLOGY;
  return {
    publish: [
      `slipway.report.${node}.*`,
      `slipway.heartbeat.${node}`,
      `slipway.answer.${node}.*`,
      "slipway.logs.>",
      `$JS.API.STREAM.INFO.${assignments.name}`,
      `$JS.API.STREAM.INFO.${endpoints.name}`,
      `${create}.${assignments.name}.*.${assignmentsLayout.subject({ node: user.node })}`,
      `${create}.${endpoints.name}.*.${endpointsLayout.subject({})}`,
      // Flow control and heartbeats of push consumers are answered here.
      "$JS.FC.>",
    ],
    subscribe: [`${nodeInboxPrefix(user.node)}.>`, `slipway.request.${node}.*`, `slipway.call.${node}.*`],
  };
};

export interface NatsConfigOptions {
  /** Default 127.0.0.1: nothing but this machine reaches NATS unless told otherwise. */
  readonly host?: string;
  readonly port: number;
  /** Where JetStream keeps its streams. */
  readonly storeDir: string;
  readonly serverName?: string;
  /** Nobody else is answered. At least one. */
  readonly users: readonly NatsUser[];
}

/** The text of `nats-server.conf`. It holds passwords: write it with mode 0600. */
export const renderNatsConfig = (options: NatsConfigOptions): string => {
  if (options.users.length === 0) {
    throw new SlipwayError("Invalid", "NATS needs at least one user: without any it would answer everybody.");
  }
  return [
    `server_name: ${quoted(options.serverName ?? "slipway")}`,
    `listen: ${quoted(`${options.host ?? "127.0.0.1"}:${options.port}`)}`,
    "jetstream {",
    `  store_dir: ${quoted(options.storeDir)}`,
    "}",
    "authorization {",
    "  users: [",
    ...options.users.map(renderUser),
    "  ]",
    "}",
    "",
  ].join("\n");
};

const renderUser = (user: NatsUser): string => {
  const { publish, subscribe } = permissionsOf(user);
  const list = (subjects: readonly string[]) => `[${subjects.map(quoted).join(", ")}]`;
  return [
    "    {",
    `      user: ${quoted(user.user)}, password: ${quoted(user.password)}`,
    `      permissions: { publish: { allow: ${list(publish)} }, subscribe: { allow: ${list(subscribe)} } }`,
    "    }",
  ].join("\n");
};

/** A string of the configuration language. Its escapes are not JSON's beyond `\\` and `\"`. */
const quoted = (text: string): string => {
  if (!/^[\x20-\x7e]*$/.test(text)) {
    throw new SlipwayError("Invalid", "A name, path or password for NATS may hold only printable ASCII characters.");
  }
  return `"${text.replace(/[\\"]/g, (sign) => `\\${sign}`)}"`;
};
