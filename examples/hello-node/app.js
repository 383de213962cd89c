import { hostname } from "node:os";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import fastify from "fastify";

/** The application without its socket, so that a test can ask it directly. */
export const makeApp = ({ replica = hostname(), logger = false } = {}) => {
  const app = fastify({ logger });
  const startedAt = new Date();
  let visits = 0;

  app.register(fastifyStatic, { root: join(import.meta.dirname, "public") });
  app.get("/whoami", () => {
    visits += 1;
    return { replica, visits, startedAt, message: process.env.GREETING ?? "Hello from Slipway" };
  });
  app.get("/healthz", () => ({ status: "ok" }));
  return app;
};
