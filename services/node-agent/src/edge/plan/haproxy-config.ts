import type { EdgeBackend, EdgeServer } from "./edge-backends.ts";
import { type EdgeSlots, slotName } from "./edge-slots.ts";

export interface HaproxyOptions {
  /** Where the edge listens. */
  readonly host: string;
  readonly port: number;
  readonly socket: string;
  readonly mapFile: string;
  /** Whom HAProxy becomes once it listens; absent: it stays who it is. */
  readonly user?: string;
}

/** Where a slot without a server points: nowhere, and it is switched off. */
const NOWHERE = "127.0.0.1:9";

/**
 * The whole configuration of the edge. A request is looked up by host and path in the map (the longest path wins) and
 * goes straight to a pod. A pod that refuses or drops the connection costs a GET nothing: it is sent to another one.
 */
export const haproxyConfig = (backends: readonly EdgeBackend[], slots: EdgeSlots, options: HaproxyOptions): string =>
  [
    "global",
    `  stats socket ${options.socket} mode 600 level admin expose-fd listeners`,
    "  hard-stop-after 60s",
    ...(options.user === undefined ? [] : [`  user ${options.user}`, `  group ${options.user}`]),
    "",
    "defaults",
    "  mode http",
    "  timeout connect 1s",
    "  timeout client 60s",
    "  timeout server 60s",
    "  timeout tunnel 1h",
    "  timeout http-request 10s",
    "  timeout http-keep-alive 30s",
    "  timeout queue 10s",
    "  balance roundrobin",
    "  retries 3",
    "  option redispatch 1",
    "  retry-on conn-failure empty-response",
    "  option forwardfor",
    "  option dontlognull",
    "",
    "frontend edge",
    `  bind ${options.host}:${options.port}`,
    "  http-request disable-l7-retry unless METH_GET",
    "  http-request set-var(txn.host) req.hdr(Host),host_only,lower",
    '  http-request set-var(txn.path) path,concat("/")',
    "  http-request set-var(txn.place) var(txn.host),concat(,txn.path)",
    `  http-request set-var(txn.backend) var(txn.place),map_beg(${options.mapFile})`,
    "  http-request set-header X-Forwarded-Proto http",
    "  http-request set-header X-Forwarded-Host %[req.hdr(Host)]",
    "  http-request set-header X-Forwarded-Port %[dst_port]",
    "  use_backend %[var(txn.backend)] if { var(txn.backend) -m found }",
    "  default_backend unknown_host",
    "",
    "backend unknown_host",
    '  http-request return status 503 content-type "text/plain; charset=utf-8" lf-string "No route leads to %[var(txn.host)]: create one, or check the host name.\\n"',
    ...backends.flatMap((backend) => ["", ...backendLines(backend, slots.get(backend.name) ?? [])]),
    "",
  ].join("\n");

const backendLines = (backend: EdgeBackend, slots: readonly (EdgeServer | undefined)[]): string[] => [
  `backend ${backend.name}`,
  `  http-error status 503 content-type "text/plain; charset=utf-8" string "${noEndpoints(backend)}\\n"`,
  ...slots.map((server, index) =>
    server === undefined
      ? `  server ${slotName(index)} ${NOWHERE} disabled`
      : `  server ${slotName(index)} ${server.address} weight ${server.weight}`,
  ),
];

const noEndpoints = ({ host, path, services }: EdgeBackend): string =>
  `No ready pod stands behind ${host}${path.replace(/[^A-Za-z0-9/._~-]/g, "?")} (${services.length === 1 ? "service" : "services"} ${services.join(", ")}).`;

/** `host/path/` to backend. Both sides end in a slash, so that `/shop` does not catch `/shopping`. */
export const haproxyMap = (backends: readonly EdgeBackend[]): string =>
  backends.map(({ host, path, name }) => `${host}${path}/ ${name}\n`).join("");
