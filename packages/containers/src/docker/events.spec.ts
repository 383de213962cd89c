import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred } from "@slipway/kernel";
import type { EngineEvent } from "../port.ts";
import { dockerEngine } from "./engine.ts";

const raw = (Action: string, ID: string) =>
  `${JSON.stringify({ Action, Actor: { ID, Attributes: { name: "web", image: "web:1", exitCode: "3", tier: "a" } }, time: 1767323045, timeNano: Number("1767323045123456789") })}\n`;

describe("events of an engine that goes and comes", () => {
  let folder: string;
  let socketPath: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-"));
    socketPath = join(folder, "docker.sock");
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** An engine that answers each /events request with the next of `answers`. */
  const serve = async (answers: ((response: ServerResponse) => void)[]): Promise<Server> => {
    const server = createServer((_request, response) => answers.shift()?.(response));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    return server;
  };
  const stop = (server: Server) =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  it("are waited for while it is away, and said to be reconnected after a break", async () => {
    const engine = dockerEngine({ socketPath });
    const controller = new AbortController();
    const seen: EngineEvent[] = [];
    const first = deferred();
    const reading = (async () => {
      for await (const event of engine.events({ signal: controller.signal })) {
        seen.push(event);
        if (event.type === "die") first.resolve();
        if (event.type === "start") controller.abort();
      }
    })();
    let server = await serve([(response) => void response.write(`${raw("die", "one")}${raw("exec_die", "one")}`)]);
    await first.promise;
    await stop(server);
    server = await serve([(response) => void response.write(raw("start", "two"))]);
    await reading;
    await stop(server);
    expect(seen.map((event) => event.type)).toEqual(["connected", "die", "reconnected", "start"]);
    expect(seen[1]).toEqual({
      type: "die",
      containerId: "one",
      name: "web",
      image: "web:1",
      labels: { tier: "a" },
      at: "2026-01-02T03:04:05.123457000Z",
      exitCode: 3,
    });
  });

  it("end quietly under an aborted signal, and calls say that the engine does not answer", async () => {
    const engine = dockerEngine({ socketPath });
    const seen: EngineEvent[] = [];
    for await (const event of engine.events({ signal: AbortSignal.timeout(60) })) seen.push(event);
    expect(seen).toEqual([]);
    await expect(engine.ping()).rejects.toMatchObject({ code: "EngineUnavailable", class: "Transient" });
    await expect(engine.containers.start("web")).rejects.toMatchObject({ code: "EngineUnavailable" });
    await expect(engine.images.pull("web:1")).rejects.toMatchObject({ code: "EngineUnavailable" });
    await expect(engine.images.build(Buffer.alloc(1_024), {})).rejects.toMatchObject({ code: "EngineUnavailable" });
  });
});
