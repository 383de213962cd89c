import { hashToken, tokenAuthenticator } from "@slipway/rpc";
import { createHealth, createMetrics } from "@slipway/runtime";
import { type HttpServer, httpServer } from "./http-server.ts";

const TOKEN = "test-token-of-the-owner";
const health = createHealth();
const metrics = createMetrics();
let server: HttpServer;

beforeAll(async () => {
  const authenticate = tokenAuthenticator([{ actor: "user:owner", sha256: hashToken(TOKEN) }]);
  server = httpServer({ host: "127.0.0.1", port: 0, health, metrics, authenticate });
  await server.start(new AbortController().signal);
});
afterAll(async () => {
  await server.stop(0);
  await metrics.stop();
});

const get = (path: string, token?: string) =>
  fetch(`${server.url()}${path}`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

describe("the gateway's HTTP side", () => {
  it("tells anybody whether it works, and no more", async () => {
    expect(await (await get("/healthz")).text()).toBe("ok\n");
    expect((await get("/readyz")).status).toBe(503);
    health.started();
    expect(await (await get("/readyz")).json()).toEqual({ ready: true, reasons: [] });
  });

  it("shows its metrics to the owner only", async () => {
    metrics.counter("slipway_test", "A test.").add(1);
    expect(await (await get("/metrics", TOKEN)).text()).toContain("slipway_test_total 1");
    const refused = await get("/metrics");
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await refused.json()).toMatchObject({ code: "Unauthenticated" });
    expect((await get("/metrics", "wrong")).status).toBe(401);
    expect((await get("/metrics?token=x")).status).toBe(401);
  });

  it("tells nobody without a token what there is not", async () => {
    expect((await get("/nothing")).status).toBe(401);
    expect((await get("/nothing", TOKEN)).status).toBe(404);
  });

  it("says when its port is taken", async () => {
    const { port } = new URL(server.url() ?? "");
    const authenticate = tokenAuthenticator([]);
    const second = httpServer({ host: "127.0.0.1", port: Number(port), health, metrics, authenticate });
    await expect(second.start(new AbortController().signal)).rejects.toMatchObject({ code: "PortTaken" });
  });
});
