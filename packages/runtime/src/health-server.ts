import { SlipwayError } from "@slipway/kernel";
import { type FastifyInstance, fastify } from "fastify";
import type { Component } from "./components.ts";
import type { Health } from "./health.ts";
import { METRICS_CONTENT_TYPE, type MetricsRegistry } from "./metrics.ts";

export interface HealthRoutes {
  readonly health: Health;
  readonly metrics: MetricsRegistry;
}

/**
 * Adds the three pages that every process has: `/healthz` (the process answers), `/readyz` (200, or 503 with the
 * reasons against giving it work) and `/metrics`. They show no object's content and need no credentials, so that a
 * probe can read them; they listen on loopback unless told otherwise.
 */
export const registerHealth = (app: FastifyInstance, { health, metrics }: HealthRoutes): void => {
  app.get("/healthz", (_request, reply) => reply.type("text/plain").send("ok\n"));
  app.get("/readyz", (_request, reply) => {
    const { ready, reasons } = health.readiness();
    return reply.status(ready ? 200 : 503).send({ ready, reasons });
  });
  app.get("/metrics", async (_request, reply) => reply.type(METRICS_CONTENT_TYPE).send(await metrics.text()));
};

export interface HealthServerOptions extends HealthRoutes {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface HealthServer extends Component {
  /** Where it listens, once started: `http://127.0.0.1:9101`. */
  url(): string | undefined;
}

/** A server of its own for processes that have no HTTP side. Comes first in the array of components, so that it goes last. */
export const healthServer = ({ host = "127.0.0.1", port, ...routes }: HealthServerOptions): HealthServer => {
  const app = fastify({ forceCloseConnections: true });
  registerHealth(app, routes);
  let url: string | undefined;
  return {
    name: "health",
    url: () => url,
    start: async () => {
      try {
        url = await app.listen({ host, port });
      } catch (cause) {
        throw listenError(cause, host, port);
      }
    },
    stop: () => app.close(),
  };
};

const listenError = (cause: unknown, host: string, port: number): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause && cause.code === "EADDRINUSE"
    ? new SlipwayError(
        "PortTaken",
        `Another program listens on ${host}:${port}: stop it, or give this service another port for its health pages.`,
        { cause, fields: { host, port } },
      )
    : cause;
