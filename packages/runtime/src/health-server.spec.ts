import { fastify } from "fastify";
import { createHealth } from "./health.ts";
import { healthServer, registerHealth } from "./health-server.ts";
import { createMetrics } from "./metrics.ts";

const setUp = () => {
  const health = createHealth();
  const metrics = createMetrics();
  metrics.counter("slipway_calls", "Calls.").add(3);
  return { health, metrics };
};

describe("registerHealth", () => {
  it("puts the three pages into a server that has others", async () => {
    const { health, metrics } = setUp();
    const app = fastify();
    app.get("/hooks", () => "other");
    registerHealth(app, { health, metrics });

    expect((await app.inject("/healthz")).body).toBe("ok\n");
    const starting = await app.inject("/readyz");
    expect(starting.statusCode).toBe(503);
    expect(starting.json()).toEqual({ ready: false, reasons: ["process: starting"] });
    health.started();
    expect((await app.inject("/readyz")).statusCode).toBe(200);
    health.stopping();
    expect((await app.inject("/readyz")).statusCode).toBe(503);
    const scrape = await app.inject("/metrics");
    expect(scrape.headers["content-type"]).toContain("text/plain");
    expect(scrape.body).toContain("slipway_calls_total 3");
    expect((await app.inject("/hooks")).body).toBe("other");
    await app.close();
    await metrics.stop();
  });
});

describe("healthServer", () => {
  it("listens on loopback between its start and its stop", async () => {
    const server = healthServer({ port: 0, ...setUp() });
    await server.start(new AbortController().signal);
    const url = server.url() ?? "";
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await server.stop(1_000);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it("says which port is taken", async () => {
    const first = healthServer({ port: 0, ...setUp() });
    await first.start(new AbortController().signal);
    const port = Number(new URL(first.url() ?? "").port);
    const second = healthServer({ port, ...setUp() });
    await expect(second.start(new AbortController().signal)).rejects.toMatchObject({
      code: "PortTaken",
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    await first.stop(1_000);
  });
});
