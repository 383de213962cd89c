import { asSlipwayError, SlipwayError } from "@slipway/kernel";
import { type Authenticate, bearerToken, httpStatusOf } from "@slipway/rpc";
import { type Component, type HealthRoutes, registerHealth } from "@slipway/runtime";
import { type FastifyInstance, fastify } from "fastify";

export interface HttpServerOptions extends HealthRoutes {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly authenticate: Authenticate;
}

export interface HttpServer extends Component {
  /** Where it listens, once started: `http://127.0.0.1:7481`. */
  url(): string | undefined;
}

/** Whether the process works, and no more: probes have no token. */
const OPEN_PATHS: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);

/** The gateway's HTTP side. Everything but the two pages for probes needs a token, also what does not exist. */
export const httpServer = ({ host, port, authenticate, ...routes }: HttpServerOptions): HttpServer => {
  const app = fastify({ forceCloseConnections: true });
  requireToken(app, authenticate);
  registerHealth(app, routes);
  let url: string | undefined;
  return {
    name: "http",
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

const requireToken = (app: FastifyInstance, authenticate: Authenticate): void => {
  app.addHook("onRequest", async ({ headers, routeOptions, method }) => {
    const path = routeOptions.url ?? "";
    if (OPEN_PATHS.has(path)) return;
    await authenticate(bearerToken(headers.authorization), `http ${method} ${path}`);
  });
  app.setNotFoundHandler((_request, reply) => reply.status(404).send({ code: "NotFound", message: "No such page." }));
  app.setErrorHandler((thrown, _request, reply) => {
    const error = asSlipwayError(thrown);
    const message = error.class === "Fatal" ? "The gateway failed: look at its log." : error.message;
    if (error.code === "Unauthenticated") reply.header("www-authenticate", "Bearer");
    return reply.status(httpStatusOf(error.code)).send({ code: error.code, message });
  });
};

const listenError = (cause: unknown, host: string, port: number): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause && cause.code === "EADDRINUSE"
    ? new SlipwayError(
        "PortTaken",
        `Another program listens on ${host}:${port}: stop it, or give the gateway another SLIPWAY_HTTP_PORT.`,
        { cause, fields: { host, port } },
      )
    : cause;
