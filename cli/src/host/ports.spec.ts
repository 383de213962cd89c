import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { holderOf, isPortFree, requireFreePorts } from "./ports.ts";

describe("ports", () => {
  let server: Server;
  let port: number;
  beforeEach(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterEach(async () => {
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  });

  it("that are taken are refused with the holder's name and the way out", async () => {
    await expect(requireFreePorts([{ port, what: "the API", setting: "--api-port" }])).rejects.toMatchObject({
      code: "PortTaken",
      message: expect.stringMatching(
        new RegExp(
          `^Port ${port} for the API is taken by .+ \\(process ${process.pid}\\): stop it, or choose another port with --api-port\\.$`,
        ),
      ),
      fields: { port, pid: process.pid },
    });
    expect(await isPortFree(port)).toBe(false);
  });

  it("that are free pass, and have no holder", async () => {
    server.close();
    await once(server, "close");
    await requireFreePorts([{ port, what: "the API" }]);
    expect(await isPortFree(port)).toBe(true);
    expect(await holderOf(port)).toBeUndefined();
  });

  it("on an address of somebody else are refused for that", async () => {
    await expect(requireFreePorts([{ port: 1, host: "198.51.100.1", what: "the edge" }])).rejects.toMatchObject({
      message: expect.stringContaining("198.51.100.1 is not an address of this host"),
    });
  });
});
